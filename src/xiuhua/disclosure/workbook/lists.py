"""Sheets beside the scores: classes by unit with their sums, recurrent places, the task list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from django.utils.translation import gettext

from xiuhua.disclosure.words import Tallied
from xiuhua.disclosure.workbook.book import Cell, Col, Formula, Kind, Page, address, span
from xiuhua.disclosure.workbook.month import Month

#: With more subjects than this the columns of a matrix are set narrow, so that it still fits on one page; and the longest
#: Latin word that stands over a column of the usual width.
MANY, LONGEST = 14, 7
#: How many cases are listed by number.
NAMED = 12
#: A class of more signs than this has a wider column.
LONG = 12


def tasks_sheet() -> str:
    """Return the name of the sheet of tasks."""
    return gettext("任务清单")


def matrix_pages(month: Month, about: str) -> list[Page]:
    """Return the two sheets of classes by unit: cases overdue and open, and cases due; sums are formulas."""
    overdue = gettext("%(month)s各类案件超期未结（件）") % {"month": month.name}
    due = gettext("%(month)s各类案件应结（件）") % {"month": month.name}
    return [
        _matrix(month, about, gettext("类别×单位 超期"), overdue, lambda one: one.overdue),
        _matrix(month, about, gettext("类别×单位 应结"), due, lambda one: one.due),
    ]


def _matrix(month: Month, about: str, name: str, heading: str, count: Callable[[Tallied], int]) -> Page:
    subjects = month.subjects
    grid, others = _counted(month, count)
    classes = sorted((each for each in grid if any(grid[each])), key=lambda each: (-sum(grid[each]), each))
    wide = len(subjects) + others
    rows: list[list[Cell]] = [
        [
            each or gettext("未分类"),
            *grid[each],
            Formula(f"=SUM({address(row, 1)}:{address(row, wide)})", sum(grid[each])),
        ]
        for row, each in enumerate(classes)
    ]
    sums = [sum(grid[each][place] for each in classes) for place in range(wide)]
    foot: list[Cell] = [
        Formula(f"=SUM({span(0, len(rows) - 1, column, fixed=False)})", value)
        for column, value in enumerate([*sums, sum(sums)], start=1)
    ]
    return Page(
        name,
        heading,
        about,
        [
            Col(gettext("类别"), Kind.TEXT, 32 if any(len(each) > LONG for each in grid) else 18),
            *(
                _over(head, wide)
                for head in [*(subject.name for subject in subjects), *[gettext("不属于任何对象")][:others]]
            ),
            Col(gettext("合计"), Kind.WHOLE, 8),
        ],
        rows,
        last=[gettext("合计"), *foot] if rows else (),
        notes=[gettext("“·”是 0 件，全是 0 的类别不列。合计是公式。")],
        freeze=1,
        shaded=(1, len(subjects)) if rows else None,
    )


def _over(head: str, wide: int) -> Col:
    """Return the column of a subject: narrow ones, and Latin names that would break, have their heads turned."""
    many = wide > MANY
    long = max((len(word) for word in head.split() if word.isascii()), default=0) > LONGEST
    return Col(head, Kind.COUNT, 6 if many else 10, turned=many or long)


def _counted(month: Month, count: Callable[[Tallied], int]) -> tuple[dict[str, list[int]], bool]:
    """Return the counts of each class by subject, and whether a last one holds the cases of no subject."""
    told = month.told
    pairs = {(one.class_name, one.subject): count(one) for one in told.matrix}
    whole = {one.class_name: count(one) for one in told.classes}
    grid = {
        each: [pairs.get((each, subject.code), 0) for subject in month.subjects]
        for each in [*whole, *(one.class_name for one in told.matrix if one.class_name not in whole)]
    }
    rest = {each: max(0, whole.get(each, 0) - sum(counts)) for each, counts in grid.items()}
    if not any(rest.values()):
        return grid, False
    return {each: [*counts, rest[each]] for each, counts in grid.items()}, True


def recurrent_page(month: Month, about: str) -> Page:
    """Return the sheet of places where problems came back; without the analysis it is empty and names what is missing."""
    told = month.told
    rows: list[list[Cell]] = [
        [number, one.class_name, told.name(one.subject), one.times, one.where, _numbers(one.cases)]
        for number, one in enumerate(told.recurrent or (), start=1)
    ]
    notes = [gettext("同一类问题在同一处反复发生的地点，从多到少；重复次数不含第一次。")]
    if told.recurrent is None:
        missing = told.lacks("recurrent")
        notes = [gettext("本表没有来源：%(source)s。") % {"source": missing.source if missing else "—"}]
        rows = [[None] * 6]
    elif not rows:
        notes.append(gettext("本月没有重复点位。"))
    return Page(
        gettext("重复点位"),
        gettext("%(month)s重复点位") % {"month": month.name},
        about,
        [
            Col(gettext("序号"), Kind.RANK, 6),
            Col(gettext("类别"), Kind.TEXT, 16),
            Col(gettext("单位"), Kind.TEXT, 14),
            Col(gettext("重复次数"), Kind.WHOLE, 8),
            Col(gettext("地点"), Kind.LONG, 38),
            Col(gettext("案件编号"), Kind.LONG, 62),
        ],
        rows,
        notes=notes,
    )


def _numbers(cases: Sequence[str]) -> str:
    """Return numbers of cases with a space after each mark, where a line may break without breaking a number.

    Of more than NAMED the first: a sheet to print is no list of hundreds, which the desk opens behind the count.
    """
    listed = f"{gettext('、').strip()} ".join(cases[:NAMED])
    return listed + gettext(" 等 %(count)s 件") % {"count": len(cases)} if len(cases) > NAMED else listed


def tasks_page(month: Month, about: str) -> Page:
    """Return the draft task list, to be changed and completed by the meeting."""
    rows: list[list[Cell]] = [
        [
            number,
            task.problem,
            task.remedy,
            date.fromisoformat(task.due) if task.due else None,
            task.unit,
            task.person,
            "",
            _numbers(task.cases),
        ]
        for number, task in enumerate(month.told.tasks, start=1)
    ]
    return Page(
        tasks_sheet(),
        gettext("%(month)s任务清单（草稿，待会议议定）") % {"month": month.name},
        about,
        [
            Col(gettext("序号"), Kind.RANK, 6),
            Col(gettext("问题"), Kind.LONG, 28),
            Col(gettext("措施"), Kind.LONG, 40),
            Col(gettext("完成时限"), Kind.DAY, 12),
            Col(gettext("责任单位"), Kind.TEXT, 14),
            Col(gettext("责任岗位"), Kind.TEXT, 14),
            Col(gettext("完成情况"), Kind.LONG, 20),
            Col(gettext("案件编号"), Kind.LONG, 34),
        ],
        rows,
        notes=[gettext("由规则从本月数据起草；措施、时限、单位、岗位都可以改，以会议议定的为准。")],
    )
