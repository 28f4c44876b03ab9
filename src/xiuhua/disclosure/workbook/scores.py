"""The sheet everybody looks at first: ranks, counts, the lines' points, totals, and the change to last month."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext

from xiuhua.assessment.phrases import list_sentence, rank_sentence, title, unranked_sentence
from xiuhua.assessment.queries import named
from xiuhua.assessment.rules import rounded
from xiuhua.assessment.words import RankOn, RoundingMode, SubjectView
from xiuhua.disclosure.rules.formulas import TOLD_APART, rank, settled
from xiuhua.disclosure.workbook.book import NONE, Cell, Col, Kind, Page, address, elsewhere, span
from xiuhua.disclosure.workbook.lines import POINTS, lines_sheet, sections_sheet
from xiuhua.disclosure.workbook.month import Month
from xiuhua.disclosure.workbook.sections import AVAILABLE, BROUGHT, HEAVY

# columns before the lines' points
RANK, CODE, NAME, GROUP, DUE, ON_TIME, RATE, OVERDUE, LINES = 0, 1, 2, 3, 4, 5, 6, 7, 8
# columns after them, counted from the first
TOTAL, COVERAGE, PRINTED, BASIS, BEFORE, CHANGE, PLACES, LIST, REST = range(9)

def scores_sheet() -> str:
    """Return the name of the sheet of scores."""
    return gettext("成绩")


def scores_page(month: Month, about: str) -> Page:
    """Return the sheet of scores; every subject of the month stands on it, ranked or not."""
    after = LINES + len(month.lines)
    absent = month.absent
    rows = [_row(month, number, subject, after) for number, subject in enumerate(month.subjects)]
    columns = [
        Col(gettext("名次"), Kind.RANK, 6),
        Col(gettext("编码"), Kind.TEXT, 13),
        Col(gettext("单位"), Kind.TEXT, 14),
        Col(gettext("组"), Kind.TEXT, 8),
        Col(gettext("应结"), Kind.WHOLE, 7),
        Col(gettext("按期结案"), Kind.WHOLE, 7),
        Col(gettext("按期率"), Kind.RATE, 8),
        Col(gettext("超期未结"), Kind.WHOLE, 7),
        *(Col(title(line.title), Kind.POINTS, 9) for line in month.lines),
        Col(gettext("总分（未取整）"), Kind.EXACT, 11),
        Col(gettext("能计分的权重"), Kind.RATE, 8),
        Col(gettext("总分"), Kind.POINTS, 8),
        Col(gettext("排名用分"), Kind.POINTS if month.told.view.rank_on is RankOn.PRINTED else Kind.EXACT, 9),
        Col(gettext("上月总分"), Kind.POINTS, 8),
        Col(gettext("较上月"), Kind.CHANGE, 8),
        Col(gettext("名次升降"), Kind.RANK, 7),
        Col(gettext("榜"), Kind.RANK, 7),
        *(Col(one.part, Kind.RANK, 8) for one in absent),
        Col(gettext("不排名的原因"), Kind.TEXT, 16),
    ]
    view = month.told.view
    rule = view.rule
    notes = [rank_sentence(view), list_sentence(view, month.told.listed, rule.red, rule.black)]
    notes += [gettext("“%(part)s”一列没有来源（%(source)s），印作“—”。") % {"part": one.part, "source": one.source} for one in absent]
    if view.unplaced:
        notes.append(gettext("另有 %(count)s 件应结案件不属于任何考核对象，不在上面各行之内。") % {"count": view.unplaced})
    return Page(
        scores_sheet(),
        gettext("%(office)s%(month)s考核成绩") % {"office": month.told.office.name, "month": month.name},
        about,
        columns,
        rows,
        last=_sums(month, after),
        notes=notes,
        rules=frozenset(_group_starts(month)),
        freeze=3,
        listed=(after + LIST, gettext("红榜"), gettext("黑榜")),
    )


def _group_starts(month: Month) -> list[int]:
    codes = [subject.group for subject in month.subjects]
    return [row for row, code in enumerate(codes) if row and code != codes[row - 1]]


def _row(month: Month, number: int, subject: SubjectView, after: int) -> list[Cell]:
    due, on_time, overdue = (
        subject.counts.get(measure, (None, None))[0] for measure in ("due", "on_time", "overdue_open")
    )
    return [
        month.cell(_rank(month, number, after), subject.rank),
        subject.code,
        subject.name,
        month.group(subject),
        due,
        on_time,
        month.cell(_rate(number), Fraction(on_time, due) if due and on_time is not None else None),
        overdue,
        *_line_cells(month, number),
        *_totals(month, number, subject, after),
        *_history(month, number, subject, after),
        *(NONE for _one in month.absent),
        unranked_sentence(subject.unranked),
    ]


def _rate(number: int) -> str:
    return f'=IF(N({address(number, DUE)})=0,"—",{address(number, ON_TIME)}/{address(number, DUE)})'


def _line_cells(month: Month, number: int) -> list[Cell]:
    wide = len(month.lines)
    return [
        month.cell(f"={elsewhere(lines_sheet(), address(number * wide + place, POINTS))}", month.points(number, place))
        for place in range(wide)
    ]


def _totals(month: Month, number: int, subject: SubjectView, after: int) -> list[Cell]:
    """Return the exact total, how much of the weight could be scored, the printed total, and what is ranked."""
    printed = None if subject.score is None else Fraction(subject.score)
    if not month.live:
        return [subject.exact, subject.coverage, printed, subject.ranked_on]
    scheme = month.scheme
    wide = len(scheme.sections)
    top = number * wide
    brought, heavy, available = (
        elsewhere(sections_sheet(), span(top, top + wide - 1, column)) for column in (BROUGHT, HEAVY, AVAILABLE)
    )
    exact, shown = address(number, after + TOTAL), address(number, after + PRINTED)
    rounding = scheme.rounding
    digits = month.told.view.rounding.digits
    ranks_exact = scheme.rank_on is RankOn.EXACT
    why = address(number, after + REST + len(month.absent))
    told_apart = f"ROUND({exact},{TOLD_APART})"
    basis = told_apart if ranks_exact else shown
    ranked_on = subject.ranked_on
    if ranks_exact and ranked_on is not None:
        ranked_on = rounded(ranked_on, TOLD_APART, RoundingMode.HALF_UP)
    return [
        month.cell(f'=IF(COUNT({brought})=0,"—",SUM({brought}))', subject.exact),
        month.cell(f"=SUMPRODUCT({heavy},{available})/SUM({heavy})", subject.coverage),
        month.cell(f'=IF(ISNUMBER({exact}),{settled(exact, digits, rounding.mode)},"—")', printed),
        month.cell(f'=IF(AND({why}="",ISNUMBER({exact})),{basis},"—")', ranked_on),
    ]


def _rank(month: Month, number: int, after: int) -> str:
    last = len(month.subjects) - 1
    return rank(
        address(number, after + BASIS),
        span(0, last, after + BASIS),
        span(0, last, GROUP),
        address(number, GROUP),
        month.told.view.ties,
    )


def _history(month: Month, number: int, subject: SubjectView, after: int) -> list[Cell]:
    """Return last month's total, the change, places gained, and the list the subject stands on."""
    change = month.told.changes.get(subject.code)
    previous = month.told.previous.subject(subject.code) if month.told.previous and change else None
    points = change.points if change else None
    before = Fraction(previous.score) if previous and previous.score is not None and points is not None else None
    now, then = address(number, after + PRINTED), address(number, after + BEFORE)
    digits = month.told.view.rounding.digits
    moved = f'=IF(AND(ISNUMBER({now}),ISNUMBER({then})),ROUND({now}-{then},{digits}),"—")'
    words = {"red": gettext("红榜"), "black": gettext("黑榜"), "": ""}
    return [before, month.cell(moved, points), _places(change.places if change else None), words[_listed(month, subject)]]


def _listed(month: Month, subject: SubjectView) -> str:
    return named(month.told.view).get(subject.code, "")


def _places(places: Fraction | None) -> Cell:
    """Return places gained as people write them: ▲2, ▼1, 0."""
    if places is None:
        return None
    sign = "▲" if places > 0 else "▼" if places < 0 else ""
    size = abs(places)
    return f"{sign}{size.numerator if size.denominator == 1 else float(size)}"


def _sums(month: Month, after: int) -> list[Cell]:
    """Return the row of sums over the subjects."""
    last = len(month.subjects) - 1
    row: list[Cell] = ["", "", gettext("合计"), ""]
    totals: list[int | None] = []
    for column, measure in ((DUE, "due"), (ON_TIME, "on_time"), (OVERDUE, "overdue_open")):
        known = [subject.counts[measure][0] for subject in month.subjects if measure in subject.counts]
        totals.append(sum(known) if known else None)
        row.append(month.cell(f"=SUM({span(0, last, column, fixed=False)})", totals[-1]) if known else None)
    due, on_time, overdue = row[4:]
    rate = Fraction(totals[1] or 0, totals[0]) if totals[0] and totals[1] is not None else None
    return [
        *row[:4],
        due,
        on_time,
        month.cell(_rate(len(month.subjects)), rate),
        overdue,
        *("" for _column in range(after - LINES + REST + len(month.absent) + 1)),
    ]
