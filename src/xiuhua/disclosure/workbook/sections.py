"""The sheet between lines and total: what each section reached, what of it could be scored, what it brings."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import gettext

from xiuhua.assessment.phrases import title
from xiuhua.assessment.rules.totals import carried, part
from xiuhua.assessment.words import Carry, Line, RoundingStage, Scheme
from xiuhua.disclosure.rules.formulas import settled
from xiuhua.disclosure.workbook.book import Cell, Col, Kind, Page, address, elsewhere, span
from xiuhua.disclosure.workbook.lines import FULL, POINTS, WEIGHT, WHOLE, lines_sheet, scheme_sheet, sections_sheet
from xiuhua.disclosure.workbook.month import Month

# columns of this sheet
HEAVY, REACHED, AVAILABLE, SHARE, OWN, BROUGHT = 3, 4, 5, 6, 7, 8
#: Smaller than any points: what SUMIF counts as a number.
_ANY = '">-1E+300"'


def sections_page(month: Month, about: str) -> Page:
    """Return the sheet of sections; without formulas it shows what was written."""
    rows = _live_rows(month) if month.live else _written_rows(month)
    columns = [
        Col(gettext("编码"), Kind.TEXT, month.code_width),
        Col(gettext("单位"), Kind.TEXT, month.name_width),
        Col(gettext("分项"), Kind.TEXT, 20),
        Col(gettext("权重"), Kind.RANK, 10),
        Col(gettext("各项得分之和"), Kind.EXACT, 14),
        Col(gettext("能计分的满分占比"), Kind.RATE, 14),
        Col(gettext("得分占比"), Kind.EXACT, 14),
        Col(gettext("摊配后满分"), Kind.EXACT, 14),
        Col(gettext("计入总分"), Kind.EXACT, 14),
    ]
    return Page(
        sections_sheet(),
        gettext("%(month)s分项合计") % {"month": month.name},
        about,
        columns,
        rows,
        rules=frozenset(range(0, len(rows), max(1, len(rows) // max(1, len(month.subjects))))),
        notes=[gettext("没有基数的指标，分值摊给同一分项的其他指标；整个分项都没有的，摊给其他分项。")],
        freeze=2,
    )


def _written_rows(month: Month) -> list[list[Cell]]:
    return [
        [
            subject.code,
            subject.name,
            title(section.title),
            None,
            None,
            None,
            None,
            Fraction(section.full),
            None if section.points is None else Fraction(section.points),
        ]
        for subject in month.subjects
        for section in subject.sections
    ]


def _live_rows(month: Month) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for number in range(len(month.subjects)):
        rows += _of_subject(month, number, len(rows))
    return rows


def _of_subject(month: Month, number: int, top: int) -> list[list[Cell]]:
    """Return the rows of one subject; `top` is the first of them on this sheet."""
    scheme = month.scheme
    sheet = (month.pairs or ())[number].exact
    first = number * len(month.lines)
    shares = span(top, top + len(scheme.sections) - 1, SHARE)
    weights = span(top, top + len(scheme.sections) - 1, HEAVY)
    full = elsewhere(scheme_sheet(), address(len(month.lines), FULL, fixed=True))
    rows: list[list[Cell]] = []
    for place, section in enumerate(scheme.sections):
        row, last = top + place, first + len(section.indicators) - 1
        points = elsewhere(lines_sheet(), span(first, last, POINTS))
        fulls = elsewhere(lines_sheet(), span(first, last, WHOLE))
        lines = [line for line in sheet.lines if line.section == section.code]
        made = part(section, lines, scheme.rounding)
        brought = sheet.sections[place]
        reached = None if made.share is None else _sum(scheme, lines)
        where = elsewhere(scheme_sheet(), address(_row_of(scheme, place), WEIGHT, fixed=True))
        share = _share(scheme, address(row, REACHED), address(row, AVAILABLE), fulls)
        own = f"=IF(ISNUMBER({address(row, SHARE)}),{full}*{address(row, HEAVY)}/SUMIF({shares},{_ANY},{weights}),0)"
        times = f'=IF(ISNUMBER({address(row, SHARE)}),{address(row, OWN)}*{address(row, SHARE)},"—")'
        rows.append(
            [
                month.subjects[number].code,
                month.subjects[number].name,
                title(section.title),
                month.cell(f"={where}", section.weight),
                month.cell(_reached(scheme, points, first, last), reached),
                month.cell(f"=SUMIF({points},{_ANY},{fulls})/SUM({fulls})", made.available),
                month.cell(share, made.share),
                month.cell(own, brought.full),
                month.cell(times, brought.points),
            ]
        )
        first = last + 1
    return rows


def _row_of(scheme: Scheme, place: int) -> int:
    """Return the row of the scheme's sheet on which a section begins."""
    return sum(len(section.indicators) for section in scheme.sections[:place])


def _rounds(scheme: Scheme, stage: RoundingStage) -> bool:
    order = [RoundingStage.LINE, RoundingStage.SECTION, RoundingStage.TOTAL]
    return scheme.rounding.carry is Carry.PRINTED and order.index(stage) >= order.index(scheme.rounding.stage)


def _reached(scheme: Scheme, points: str, first: int, last: int) -> str:
    if not _rounds(scheme, RoundingStage.LINE):
        return f'=IF(COUNT({points})=0,"—",SUM({points}))'
    rounding = scheme.rounding
    each = [elsewhere(lines_sheet(), address(row, POINTS)) for row in range(first, last + 1)]
    summed = "+".join(f"IF(ISNUMBER({one}),{settled(one, rounding.digits, rounding.mode)},0)" for one in each)
    return f'=IF(COUNT({points})=0,"—",{summed})'


def _share(scheme: Scheme, reached: str, available: str, fulls: str) -> str:
    """Return the formula of the share of a section's full marks that was reached, over what could be scored."""
    value = f"{reached}/{available}"
    if _rounds(scheme, RoundingStage.SECTION):
        value = settled(value, scheme.rounding.digits, scheme.rounding.mode)
    return f'=IF(ISNUMBER({reached}),{value}/SUM({fulls}),"—")'


def _sum(scheme: Scheme, lines: list[Line]) -> Fraction:
    """Return the points of a section's lines as they are added up."""
    scored = [line.points for line in lines if line.points is not None]
    return sum((carried(points, RoundingStage.LINE, scheme.rounding) for points in scored), Fraction(0))
