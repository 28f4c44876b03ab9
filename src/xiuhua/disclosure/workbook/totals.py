"""The sheet between sections and ranks: exact total, printed total, what is ranked, and the rank."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext

from xiuhua.assessment.phrases import rank_sentence, unranked_sentence
from xiuhua.assessment.rules import rounded
from xiuhua.assessment.words import RankOn, RoundingMode, SubjectView
from xiuhua.disclosure.rules.formulas import TOLD_APART, rank, settled
from xiuhua.disclosure.workbook.book import Cell, Col, Kind, Page, address, elsewhere, span
from xiuhua.disclosure.workbook.lines import sections_sheet
from xiuhua.disclosure.workbook.month import Month
from xiuhua.disclosure.workbook.sections import AVAILABLE, BROUGHT, HEAVY

# columns of this sheet
GROUP, EXACT, COVERAGE, WHY, PRINTED, BASIS, RANK = 2, 3, 4, 5, 6, 7, 8


def totals_sheet() -> str:
    """Return the name of the sheet of totals."""
    return gettext("总分")


def totals_page(month: Month, about: str) -> Page:
    """Return the sheet of totals: how the rounded score and the rank come from the sections."""
    ranked = Kind.POINTS if month.told.view.rank_on is RankOn.PRINTED else Kind.EXACT
    codes = [subject.group for subject in month.subjects]
    return Page(
        totals_sheet(),
        gettext("%(month)s总分与名次") % {"month": month.name},
        about,
        [
            Col(gettext("编码"), Kind.TEXT, month.code_width),
            Col(gettext("单位"), Kind.TEXT, month.name_width),
            Col(gettext("组"), Kind.TEXT, 12),
            Col(gettext("总分（未取整）"), Kind.EXACT, 14),
            Col(gettext("能计分的权重"), Kind.RATE, 12),
            Col(gettext("不排名的原因"), Kind.TEXT, 24),
            Col(gettext("总分"), Kind.POINTS, 10),
            Col(gettext("排名用分"), ranked, 12),
            Col(gettext("名次"), Kind.RANK, 8),
        ],
        [_row(month, number, subject) for number, subject in enumerate(month.subjects)],
        notes=[rank_sentence(month.told.view)],
        rules=frozenset(row for row, code in enumerate(codes) if row and code != codes[row - 1]),
        freeze=2,
    )


def _row(month: Month, number: int, subject: SubjectView) -> list[Cell]:
    head: list[Cell] = [subject.code, subject.name, month.group(subject)]
    why = unranked_sentence(subject.unranked)
    printed = None if subject.score is None else Fraction(subject.score)
    if not month.live:
        return [*head, subject.exact, subject.coverage, why, printed, subject.ranked_on, subject.rank]
    wide = len(month.scheme.sections)
    top = number * wide
    brought, heavy, available = (
        elsewhere(sections_sheet(), span(top, top + wide - 1, column)) for column in (BROUGHT, HEAVY, AVAILABLE)
    )
    exact = address(number, EXACT)
    basis, ranked_on = _ranked(month, number, subject)
    view = month.told.view
    return [
        *head,
        month.cell(f'=IF(COUNT({brought})=0,"—",SUM({brought}))', subject.exact),
        month.cell(f"=SUMPRODUCT({heavy},{available})/SUM({heavy})", subject.coverage),
        why,
        month.cell(f'=IF(ISNUMBER({exact}),{settled(exact, view.rounding.digits, view.rounding.mode)},"—")', printed),
        month.cell(f'=IF(AND({address(number, WHY)}="",ISNUMBER({exact})),{basis},"—")', ranked_on),
        month.cell(_rank(month, number), subject.rank),
    ]


def _ranked(month: Month, number: int, subject: SubjectView) -> tuple[str, Fraction | None]:
    """Return the expression of what is ranked and its value; of exact totals as many decimals as tell them apart."""
    if month.told.view.rank_on is RankOn.PRINTED:
        return address(number, PRINTED), subject.ranked_on
    value = None if subject.ranked_on is None else rounded(subject.ranked_on, TOLD_APART, RoundingMode.HALF_UP)
    return f"ROUND({address(number, EXACT)},{TOLD_APART})", value


def _rank(month: Month, number: int) -> str:
    last = len(month.subjects) - 1
    groups = span(0, last, GROUP)
    return rank(address(number, BASIS), span(0, last, BASIS), groups, address(number, GROUP), month.told.view.ties)
