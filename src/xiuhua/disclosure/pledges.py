"""Part (f) of the meeting pack: one page for every unit called up – what it lost, what it pledges, by when, which post signs."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext, override

from xiuhua.assessment.phrases import because, title
from xiuhua.assessment.words import SubjectView
from xiuhua.disclosure.paper import Block, Gap, Grid, Heading, NewPage, Paper, Text, docx_bytes, pdf_bytes
from xiuhua.disclosure.rules.losing import lost_lines
from xiuhua.disclosure.rules.printing import place, rate, score
from xiuhua.disclosure.rules.printing import points as printed_points
from xiuhua.disclosure.rules.tasking import worst
from xiuhua.disclosure.said import month_said, source
from xiuhua.disclosure.words import Told

#: How many losses and classes stand on a sheet, and how many lines are left for pledges.
MOST, LINES = 3, 4
_TALL = 17


def pledges_pdf(told: Told) -> bytes:
    """Return the pledge sheets as a PDF, one page for each unit called up; one page that says so where there is none."""
    return pdf_bytes(pledges_paper(told))


def pledges_docx(told: Told) -> bytes:
    """Return the pledge sheets as a DOCX, to be filled in on a screen or by hand."""
    return docx_bytes(pledges_paper(told))


def pledges_paper(told: Told) -> Paper:
    """Return the pledge sheets in the language of the telling."""
    with override(told.language):
        blocks: list[Block] = []
        for number, subject in enumerate(told.pledges):
            blocks += [NewPage()] if number else []
            blocks += _sheet(told, subject)
        heading = gettext("整改表态承诺书")
        if not blocks:
            blocks = [Heading(heading), Text(gettext("%(month)s没有需要表态的单位。") % {"month": month_said(told)})]
        return Paper(
            title=gettext("%(month)s%(heading)s") % {"month": month_said(told), "heading": heading},
            author=told.office.name,
            blocks=tuple(blocks),
            made=told.made,
            language=told.language,
            foot=source(told),
        )


def _sheet(told: Told, subject: SubjectView) -> Iterator[Block]:
    post = title(told.labels.posts.get(told.view.by, told.labels.posts["default"]))
    yield Heading(gettext("%(unit)s整改表态承诺书") % {"unit": subject.name})
    yield Text(_standing(told, subject))
    yield Heading(gettext("一、失分最多的项目"), small=True)
    yield _losses(told, subject)
    yield Heading(gettext("二、超期最多的问题"), small=True)
    yield _classes(told, subject)
    yield Heading(gettext("三、承诺"), small=True)
    yield Grid(
        (gettext("序号"), gettext("整改事项"), gettext("目标"), gettext("完成日期")),
        tuple((str(number), "", "", "") for number in range(1, LINES + 1)),
        (8, 46, 26, 20),
        least=_TALL,
    )
    yield Gap(4)
    yield Grid(
        (),
        ((gettext("%(post)s（签字）") % {"post": post}, "", gettext("日期"), ""),),
        (26, 32, 12, 30),
        least=14,
    )


def _standing(told: Told, subject: SubjectView) -> str:
    ranked = [one for one in told.view.subjects if one.group == subject.group and one.rank is not None]
    on_time, due = subject.counts.get("on_time", (0, 0))
    return gettext(
        "%(month)s总分 %(score)s 分，第 %(rank)s 名（参加排名 %(count)s 个）；应结案 %(due)s 件，按期结案 %(on_time)s 件，按期率 %(rate)s。"
    ) % {
        "month": month_said(told),
        "score": score(subject),
        "rank": place(subject.rank),
        "count": len(ranked),
        "due": due,
        "on_time": on_time,
        "rate": rate(on_time, due),
    }


def _losses(told: Told, subject: SubjectView) -> Grid:
    digits = told.view.rounding.digits
    rows = tuple(
        (title(one.line.title), printed_points(one.points, digits), because(one.line))
        for one in lost_lines(told, subject.code)[:MOST]
    )
    head = (gettext("项目"), gettext("失分"), gettext("怎样算的"))
    return Grid(head, rows or ((gettext("没有失分"), "—", "—"),), (24, 12, 64), left=frozenset({0, 2}))


def _classes(told: Told, subject: SubjectView) -> Grid:
    rows = tuple(
        (one.class_name or gettext("未分类"), str(one.due), str(one.overdue), str(one.late))
        for one in worst(told.matrix, subject.code, MOST)
    )
    head = (gettext("类别"), gettext("应结案（件）"), gettext("超期未结（件）"), gettext("逾期结案（件）"))
    return Grid(head, rows or ((gettext("没有超期或逾期"), "—", "—", "—"),), (40, 20, 20, 20), left=frozenset({0}))
