"""Part (e) of the meeting pack: the draft task list as a document that the meeting changes."""

from __future__ import annotations

from django.utils.translation import gettext, override

from xiuhua.disclosure.paper import Grid, Heading, Paper, Text, docx_bytes
from xiuhua.disclosure.said import month_said, source
from xiuhua.disclosure.words import Told
from xiuhua.disclosure.workbook import task_workbook

__all__ = ["task_workbook", "tasks_docx", "tasks_page"]


def tasks_docx(told: Told) -> bytes:
    """Return the draft task list as a DOCX with one table, in the language of the telling."""
    return docx_bytes(tasks_page(told))


def tasks_page(told: Told) -> Paper:
    """Return the draft task list as sheets of paper; the last column is left for what comes of it."""
    with override(told.language):
        title = gettext("%(month)s城市管理任务清单") % {"month": month_said(told)}
        head = tuple(_heads())
        rows = tuple(
            (str(number), task.problem, task.remedy, task.due or "—", task.unit, task.person, "")
            for number, task in enumerate(told.tasks, 1)
        )
        return Paper(
            title=title,
            author=told.office.name,
            blocks=(
                Heading(title),
                Text(gettext("草稿：由规则从本月数据起草，措施、时限、单位、岗位以会议议定的为准"), quiet=True),
                Grid(head, rows or (("—",) * len(head),), (6, 24, 34, 13, 14, 13, 14), left=frozenset({1, 2})),
            ),
            made=told.made,
            language=told.language,
            foot=source(told),
            landscape=True,
        )


def _heads() -> list[str]:
    return [
        gettext("序号"),
        gettext("问题"),
        gettext("措施"),
        gettext("完成时限"),
        gettext("责任单位"),
        gettext("责任岗位"),
        gettext("完成情况"),
    ]
