"""The annexes of a bulletin: the table of scores, and the task list."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext, pgettext

from xiuhua.assessment.words import CutOff, SubjectView
from xiuhua.disclosure.footing import foot_notes, lacking, made_by
from xiuhua.disclosure.official.measures import TABLE
from xiuhua.disclosure.official.words import Attachment, Paragraph, Table
from xiuhua.disclosure.rules import printing
from xiuhua.disclosure.words import Told
from xiuhua.kernel.rules import Period
from xiuhua.ui.formats import NONE, day, english

#: Relative widths of the columns of scores and of tasks, and the size of their type: Latin words are longer than Han ones
#: and may not be broken.
_HAN = ((6, 16, 9, 10, 10, 8, 8, 8, 8, 11, 8, 8, 8, 8, 8, 8), (6, 30, 42, 17, 20, 17, 10), TABLE)
_LATIN = ((8, 22, 11, 11, 10, 13, 8, 11, 12, 11, 12, 11, 10, 12, 10, 9), (7, 28, 54, 13, 20, 21, 13), 9.0)
#: Columns of the table that bulletins print and that have no source here, by the code of what is missing.
WITHOUT_SOURCE = ("rework", "city_off", "district_off", "street_off")


def annexes(told: Told) -> tuple[Attachment, ...]:
    """Return the annexes in the active language: scores on a turned sheet, tasks upright."""
    month = {"month": Period.parse(told.period).month}
    return (
        Attachment(gettext("%(month)s月份考核成绩表") % month, (scores(told),), landscape=True),
        Attachment(gettext("%(month)s月份问题整改任务清单") % month, tasks(told)),
    )


def scores(told: Told) -> Table:
    """Return the table of scores; a column without a source prints "—" and is named under the table."""
    head = (
        gettext("名次"),
        told.office.level,
        gettext("得分"),
        gettext("得分比上月"),
        gettext("名次比上月"),
        gettext("问题数"),
        gettext("应结案"),
        gettext("结案"),
        pgettext("table", "按期结案"),
        gettext("按期结案率"),
        gettext("超期未结"),
        gettext("返工数"),
        gettext("市级扣分"),
        gettext("区级扣分"),
        gettext("街道扣分"),
        pgettext("table", "红黑榜"),
    )
    rows = [_row(told, subject) for subject in told.view.subjects]
    missing = (*WITHOUT_SOURCE, *(("previous",) if told.previous is None else ()))
    widths, _tasks, size = _set(told)
    return Table(head, (*rows, _total(told)), widths, foot_notes(told, *missing), frozenset({1}), size)


def _set(told: Told) -> tuple[tuple[int, ...], tuple[int, ...], float]:
    return _LATIN if english(told.language) else _HAN


def _row(told: Told, subject: SubjectView) -> tuple[str, ...]:
    change = told.changes[subject.code]
    return (
        printing.place(subject.rank),
        subject.name,
        printing.score(subject),
        printing.change(change.points, told.view.rounding.digits),
        printing.change(change.places, 0),
        *_counts(subject.counts),
        *[_off(told, code) for code in WITHOUT_SOURCE],
        _list_of(told, subject),
    )


def _counts(counts: printing.Counted) -> tuple[str, ...]:
    on_time = counts.get("on_time", (0, 0))
    first = [printing.kept(counts, name) for name in ("reported", "due", "closed", "on_time")]
    return (*first, printing.rate(*on_time), printing.kept(counts, "overdue_open"))


def _off(told: Told, code: str) -> str:
    """Return what stands in a column that has no source; one that has is written by who brings it."""
    return NONE if told.lacks(code) else ""


def _list_of(told: Told, subject: SubjectView) -> str:
    if told.view.cut_off is CutOff.RUNNING:
        return ""
    sides = [
        name
        for name, side in ((gettext("红"), told.listed.red), (gettext("黑"), told.listed.black))
        if any(one.code == subject.code for one in side)
    ]
    return gettext("、").join(sides)


def _total(told: Told) -> tuple[str, ...]:
    return (
        "",
        gettext("合计"),
        "",
        "",
        "",
        *_counts(told.view.totals),
        *[_off(told, code) for code in WITHOUT_SOURCE],
        "",
    )


def _day(told: Told, due: str) -> str:
    return day(date.fromisoformat(due), told.language, this_year=Period.parse(told.period).year)


def tasks(told: Told) -> tuple[Paragraph | Table, ...]:
    """Return the task list, or the sentence that there is none."""
    if not told.tasks:
        return (Paragraph(gettext("到截止时点没有超期未结的案件，本月不下达任务。")),)
    head = (
        gettext("序号"),
        gettext("问题"),
        gettext("措施"),
        gettext("完成时限"),
        gettext("责任单位"),
        gettext("责任人"),
        gettext("完成情况"),
    )
    rows = tuple(
        (printing.count(number), one.problem, one.remedy, _day(told, one.due), one.unit, one.person, "")
        for number, one in enumerate(told.tasks, 1)
    )
    notes = (gettext("草稿：经例会通过后下达；责任人写岗位，不写姓名。"), *lacking(told, ("recurrent",)), made_by(told))
    _scores, widths, size = _set(told)
    return (Table(head, rows, widths, notes, frozenset({1, 2}), size),)
