"""The sheet everybody looks at first: ranks, counts, the lines' points, totals, and the change to last month."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext, pgettext

from xiuhua.assessment.phrases import list_sentence, rank_sentence, title, unranked_sentence
from xiuhua.assessment.queries import named
from xiuhua.assessment.words import SubjectView
from xiuhua.disclosure.rules import printing
from xiuhua.disclosure.workbook.book import NONE, Cell, Col, Kind, Page, address, elsewhere, span
from xiuhua.disclosure.workbook.lines import POINTS, lines_sheet
from xiuhua.disclosure.workbook.month import Month
from xiuhua.disclosure.workbook.totals import PRINTED, RANK, totals_sheet

#: Words on a list of fewer signs stand in a narrow column.
NARROW = 5
# columns before the lines' points
DUE, ON_TIME, RATE, OVERDUE, LINES = 3, 4, 5, 6, 7
# columns after them, counted from the first
TOTAL, BEFORE, CHANGE, PLACES, LIST, REST = range(6)


def scores_sheet() -> str:
    """Return the name of the sheet of scores."""
    return gettext("成绩")


def scores_page(month: Month, about: str) -> Page:
    """Return the sheet of scores; every subject of the month stands on it, ranked or not."""
    after = LINES + len(month.lines)
    codes = [subject.group for subject in month.subjects]
    return Page(
        scores_sheet(),
        gettext("%(office)s%(month)s考核成绩") % {"office": month.told.office.name, "month": month.name},
        about,
        _columns(month),
        [
            *(_row(month, number, subject, after) for number, subject in enumerate(month.subjects)),
            *_others(month, after),
        ],
        last=_sums(month, after),
        notes=_notes(month),
        rules=frozenset(row for row, code in enumerate(codes) if row and code != codes[row - 1]),
        freeze=3,
        listed=(after + LIST, gettext("红榜"), gettext("黑榜")),
    )


def _columns(month: Month) -> list[Col]:
    return [
        Col(gettext("名次"), Kind.RANK, 6),
        Col(gettext("编码"), Kind.TEXT, month.code_width),
        Col(gettext("单位"), Kind.TEXT, month.name_width),
        Col(gettext("应结"), Kind.WHOLE, 7),
        Col(pgettext("table", "按期结案"), Kind.WHOLE, 7),
        Col(gettext("按期率"), Kind.RATE, 8),
        Col(gettext("超期未结"), Kind.WHOLE, 7),
        *(Col(title(line.title), Kind.POINTS, 8) for line in month.lines),
        Col(gettext("总分"), Kind.SCORE, 9),
        Col(gettext("上月总分"), Kind.POINTS, 8),
        Col(gettext("较上月"), Kind.CHANGE, 8),
        Col(gettext("名次升降"), Kind.RANK, 6),
        Col(gettext("榜"), Kind.RANK, 8 if len(gettext("黑榜")) < NARROW else 13),
        *([Col(gettext("组"), Kind.RANK, 10)] if month.grouped else []),
        *(_without_source(one.part) for one in month.absent),
        Col(gettext("不排名的原因"), Kind.TEXT, _reasons(month)),
    ]


def _without_source(head: str) -> Col:
    """Return a column of dashes: a Latin head is turned, so that it takes no more room than they do."""
    return Col(head, Kind.RANK, 5, turned=True) if head.isascii() else Col(head, Kind.RANK, 7)


def _reasons(month: Month) -> int:
    """Return how wide the reasons for having no rank are: longer ones take two lines."""
    found = [unranked_sentence(one.unranked) for one in month.subjects]
    return min(26, max(10, *(3 + sum(1 if sign.isascii() else 2 for sign in text) for text in found), 10))


def _notes(month: Month) -> list[str]:
    """Return what must be read with the table: how it was rounded and ranked, the lists' rule, what is not in it."""
    view = month.told.view
    notes = [rank_sentence(view), list_sentence(view, month.told.listed, view.rule.red, view.rule.black)]
    if month.absent:
        parts = gettext("；").join(f"{one.part}：{one.source}" for one in month.absent)
        notes.append(gettext("印作“—”的各列没有来源，缺：%(parts)s。") % {"parts": parts})
    if view.unplaced:
        notes.append(
            gettext("有 %(count)s 件应结案件不属于任何考核对象，单列一行，计入合计。") % {"count": view.unplaced}
        )
    return notes


def _row(month: Month, number: int, subject: SubjectView, after: int) -> list[Cell]:
    due, on_time, overdue = (_kept(subject, measure) for measure in ("due", "on_time", "overdue_open"))
    printed = None if subject.score is None else Fraction(subject.score)
    return [
        month.cell(f"={elsewhere(totals_sheet(), address(number, RANK))}", subject.rank),
        subject.code,
        subject.name,
        due,
        on_time,
        month.cell(_rate(number), Fraction(on_time, due) if due and on_time is not None else None),
        overdue,
        *_line_cells(month, number),
        month.cell(f"={elsewhere(totals_sheet(), address(number, PRINTED))}", printed),
        *_history(month, number, subject, after),
        *([month.group(subject)] if month.grouped else []),
        *(NONE for _one in month.absent),
        unranked_sentence(subject.unranked),
    ]


def _kept(subject: SubjectView, measure: str) -> int | None:
    return subject.counts[measure][0] if measure in subject.counts else None


def _rate(number: int) -> str:
    return f'=IF(N({address(number, DUE)})=0,"—",{address(number, ON_TIME)}/{address(number, DUE)})'


def _line_cells(month: Month, number: int) -> list[Cell]:
    wide = len(month.lines)
    return [
        month.cell(f"={elsewhere(lines_sheet(), address(number * wide + place, POINTS))}", month.points(number, place))
        for place in range(wide)
    ]


def _history(month: Month, number: int, subject: SubjectView, after: int) -> list[Cell]:
    """Return last month's total, the change, places gained, and the list the subject stands on."""
    told = month.told
    change = told.changes.get(subject.code)
    previous = told.previous.subject(subject.code) if told.previous else None
    points = change.points if change else None
    before = Fraction(previous.score) if previous and previous.score is not None and points is not None else None
    now, then = address(number, after + TOTAL), address(number, after + BEFORE)
    moved = f'=IF(AND(ISNUMBER({now}),ISNUMBER({then})),ROUND({now}-{then},{told.view.rounding.digits}),"—")'
    words = {"red": gettext("红榜"), "black": gettext("黑榜"), "": ""}
    listed = words[named(told.view).get(subject.code, "")]
    return [before, month.cell(moved, points), printing.change(change.places if change else None, 0), listed]


#: What is summed over the subjects, by its column.
_SUMMED = {DUE: "due", ON_TIME: "on_time", OVERDUE: "overdue_open"}


def _elsewhere(month: Month) -> dict[int, int | None]:
    """Return the cases of no subject by column, so that the sheet adds up to the month; none where all have a subject."""
    totals = month.told.view.totals
    found = {
        column: totals[measure][0] - sum(_kept(subject, measure) or 0 for subject in month.subjects)
        if measure in totals
        else None
        for column, measure in _SUMMED.items()
    }
    return dict(found) if any(found.values()) else {}


def _others(month: Month, after: int) -> list[list[Cell]]:
    """Return the row of the cases of no subject, if there are any."""
    found = _elsewhere(month)
    if not found:
        return []
    due, on_time = found[DUE], found[ON_TIME]
    rate = Fraction(on_time, due) if due and on_time is not None else None
    cells: dict[int, Cell] = {**found, 2: gettext("不属于任何对象")}
    cells[RATE] = month.cell(_rate(len(month.subjects)), rate)
    return [[cells.get(column, "") for column in range(_wide(month, after))]]


def _wide(month: Month, after: int) -> int:
    return after + REST + month.grouped + len(month.absent) + 1


def _sums(month: Month, after: int) -> list[Cell]:
    """Return the row of sums, which are those of the month; — where a month does not count something."""
    others = _elsewhere(month)
    last = len(month.subjects) - (not others)
    sums: dict[int, Cell] = {}
    values: dict[int, int] = {}
    for column, measure in _SUMMED.items():
        known = [value for subject in month.subjects if (value := _kept(subject, measure)) is not None]
        values[column] = sum(known) + (others.get(column) or 0)
        formula = f"=SUM({span(0, last, column, fixed=False)})"
        sums[column] = month.cell(formula, values[column]) if known else None
    rate = Fraction(values[ON_TIME], values[DUE]) if values[DUE] and sums[ON_TIME] is not None else None
    sums |= {2: gettext("合计"), RATE: month.cell(_rate(last + 1), rate)}
    return [sums.get(column, "") for column in range(_wide(month, after))]
