"""Sheets of how points come about: the scheme's parameters, every subject's lines, their parts, their sections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext

from xiuhua.assessment.phrases import because, measure_title, title
from xiuhua.assessment.rules import plain
from xiuhua.assessment.words import (
    Bands,
    Complement,
    Deduction,
    Formula,
    Indicator,
    OnEmpty,
    PerExposure,
    Ratio,
    Step,
    Threshold,
)
from xiuhua.disclosure.rules.formulas import Refs, off, points
from xiuhua.disclosure.workbook.book import Cell, Col, Kind, Page, address, elsewhere, span
from xiuhua.disclosure.workbook.month import Month

# columns of the scheme's sheet
WEIGHT, FULL, FLOOR, CAP, AT, EACH, LIMIT, UNIT = 1, 5, 6, 7, 8, 9, 10, 11
# columns of the lines' sheet
KEPT, OF, WHOLE, POINTS = 4, 5, 6, 7
# columns of the parts' sheet
COUNT, BASE, PRICE, HEAVY, MOST, OFF = 4, 5, 6, 7, 8, 9
HUNDRED = 100


def scheme_sheet() -> str:
    """Return the name of the sheet of parameters."""
    return gettext("方案")


def lines_sheet() -> str:
    """Return the name of the sheet of deductions."""
    return gettext("扣分")


def parts_sheet() -> str:
    """Return the name of the sheet of what is deducted piece by piece."""
    return gettext("扣分件")


def sections_sheet() -> str:
    """Return the name of the sheet of sections."""
    return gettext("分项")


@dataclass(frozen=True, slots=True)
class Placed:
    """An indicator with the row of the scheme's sheet that holds its parameters."""

    indicator: Indicator
    row: int

    def at(self, column: int) -> str:
        """Return the address of one of its parameters."""
        return elsewhere(scheme_sheet(), address(self.row, column, fixed=True))


def placed(month: Month) -> tuple[Placed, ...]:
    """Return the indicators of the scheme in the order of every sheet's lines."""
    every = [each for section in month.scheme.sections for each in section.indicators]
    return tuple(Placed(each, row) for row, each in enumerate(every))


def function_words(formula: Formula) -> str:
    """Return which of the six functions it is, as the scheme's sheet says it."""
    match formula:
        case Ratio():
            return gettext("满分 × 分子 ÷ 分母")
        case Complement():
            return gettext("满分 ×（1 − 分子 ÷ 分母）")
        case Threshold(step=step):
            steps = {
                Step.PROPORTIONAL: gettext("按比例"),
                Step.STARTED: gettext("不足 1 个的算 1 个"),
                Step.COMPLETED: gettext("不足 1 个的不算"),
            }
            return gettext("达到满分线得满分，每差 1 个百分点扣“每件扣分”（%(step)s）") % {"step": steps[step]}
        case Deduction():
            return gettext("满分 − 各类扣分之和，最多扣到“最多扣”")
        case Bands(bands=bands, interpolate=interpolate):
            table = gettext("；").join(f"≥ {plain(HUNDRED * band.start)}% → {plain(band.points)}" for band in bands)
            return gettext("按分段：%(table)s") % {"table": table} + (gettext("（段间插值）") if interpolate else "")
        case PerExposure():
            return gettext("满分 − 每“单位”基数 1 件扣“每件扣分”，最多扣到“最多扣”")


def scheme_page(month: Month, about: str) -> Page:
    """Return the sheet of parameters: change one here, and every sheet follows."""
    rows: list[list[Cell]] = []
    starts: set[int] = set()
    for section in month.scheme.sections:
        starts.add(len(rows))
        for number, each in enumerate(section.indicators):
            at, price, limit, unit = _parameters(each.formula)
            rows.append(
                [
                    title(section.title) if not number else "",
                    section.weight if not number else "",
                    title(each.title),
                    function_words(each.formula) + _empty_words(each),
                    measure_title(each.formula.measure),
                    each.full,
                    each.floor,
                    each.cap,
                    at,
                    price,
                    limit,
                    unit,
                ]
            )
    last: list[Cell] = [gettext("总分满分"), "", "", "", "", month.scheme.full, "", "", "", "", "", ""]
    columns = [
        Col(gettext("分项"), Kind.TEXT, 14),
        Col(gettext("权重"), Kind.RANK, 8),
        Col(gettext("指标"), Kind.TEXT, 18),
        Col(gettext("怎样计分"), Kind.LONG, 44),
        Col(gettext("数的是什么"), Kind.TEXT, 18),
        Col(gettext("满分"), Kind.RANK, 8),
        Col(gettext("保底"), Kind.RANK, 8),
        Col(gettext("封顶"), Kind.RANK, 8),
        Col(gettext("满分线"), Kind.RATE, 8),
        Col(gettext("每件扣分"), Kind.RANK, 8),
        Col(gettext("最多扣"), Kind.RANK, 8),
        Col(gettext("单位"), Kind.RANK, 8),
    ]
    return Page(
        scheme_sheet(),
        gettext("考核方案：%(title)s（%(code)s，第 %(version)s 版）")
        % {"title": title(month.scheme.title), "code": month.scheme.code, "version": month.scheme.version},
        about,
        columns,
        rows,
        last=last,
        rules=frozenset(starts),
        notes=[gettext("本页是公式的参数：改动这里的数，其他各页随之重算；正式成绩以系统里的考核结果为准。")],
    )


def _parameters(formula: Formula) -> tuple[Cell, Cell, Cell, Cell]:
    """Return threshold, points per piece, limit and unit, each None where the function has none."""
    match formula:
        case Threshold(threshold=at, each=each):
            return at, each, None, None
        case Deduction(limit=limit):
            return None, None, limit, None
        case PerExposure(each=each, unit=unit, limit=limit):
            return None, each, limit, unit
        case _:
            return None, None, None, None


def _empty_words(each: Indicator) -> str:
    return gettext("；没有任务按满分计") if each.on_empty is OnEmpty.FULL else ""


def lines_page(month: Month, about: str) -> Page:
    """Return the sheet of deductions: subject by subject, line by line, from counts to points and why."""
    known = placed(month) if month.live else ()
    parts = _part_rows(month) if month.live else {}
    rows: list[list[Cell]] = []
    for number, subject in enumerate(month.subjects):
        for place, line in enumerate(subject.lines):
            row = len(rows)
            value = month.points(number, place)
            of: Cell = line.denominator
            full: Cell = Fraction(line.full)
            formula = ""
            if month.live:
                one = known[place]
                full = month.cell(f"={one.at(FULL)}", Fraction(line.full))
                formula = points(one.indicator, _refs(one, row, parts.get(row)))
            lost = f'=IF(ISNUMBER({address(row, POINTS)}),{address(row, WHOLE)}-{address(row, POINTS)},"—")'
            rows.append(
                [
                    subject.code,
                    subject.name,
                    title(line.title),
                    measure_title(line.measure),
                    line.numerator,
                    of,
                    full,
                    month.cell(formula, value),
                    month.cell(lost, None if value is None else Fraction(line.full) - value),
                    because(line),
                ]
            )
    columns = [
        Col(gettext("编码"), Kind.TEXT, month.code_width),
        Col(gettext("单位"), Kind.TEXT, month.name_width),
        Col(gettext("指标"), Kind.TEXT, 18),
        Col(gettext("数的是什么"), Kind.TEXT, 16),
        Col(gettext("分子"), Kind.WHOLE, 8),
        Col(gettext("分母"), Kind.WHOLE, 8),
        Col(gettext("满分"), Kind.POINTS, 9),
        Col(gettext("得分"), Kind.POINTS, 9),
        Col(gettext("扣分"), Kind.POINTS, 9),
        Col(gettext("为什么"), Kind.LONG, 56),
    ]
    width = max(1, len(month.lines))
    return Page(
        lines_sheet(),
        gettext("%(month)s逐项扣分") % {"month": month.name},
        about,
        columns,
        rows,
        rules=frozenset(range(0, len(rows), width)),
        notes=[gettext("得分未取整，只按公布的位数显示；取整只在方案规定的那一步做。“—”是基数为 0，不计分。")],
        freeze=2,
    )


def _refs(one: Placed, row: int, parts: tuple[int, int] | None) -> Refs:
    formula = one.indicator.formula
    limited = isinstance(formula, Deduction | PerExposure) and formula.limit is not None
    return Refs(
        kept=address(row, KEPT),
        of=address(row, OF),
        full=address(row, WHOLE),
        floor=one.at(FLOOR),
        cap=one.at(CAP),
        at=one.at(AT),
        each=one.at(EACH),
        limit=one.at(LIMIT) if limited else "",
        offs=elsewhere(parts_sheet(), span(*parts, OFF)) if parts else "",
        bases=elsewhere(parts_sheet(), span(*parts, BASE)) if parts else "",
    )


@dataclass(frozen=True, slots=True)
class _Piece:
    """One kind of thing a line deducts for: row of the lines' sheet, subject, line, part."""

    row: int
    subject: int
    line: int
    part: int


def _pieces(month: Month) -> Iterator[_Piece]:
    row = 0
    for number, subject in enumerate(month.subjects):
        for place, line in enumerate(subject.lines):
            for part in range(len(line.parts)):
                yield _Piece(row, number, place, part)
            row += 1


def _part_rows(month: Month) -> dict[int, tuple[int, int]]:
    """Return {row of the lines' sheet: first and last row of its parts}."""
    found: dict[int, tuple[int, int]] = {}
    for place, piece in enumerate(_pieces(month)):
        found[piece.row] = (found.get(piece.row, (place, place))[0], place)
    return found


def parts_page(month: Month, about: str) -> Page | None:
    """Return the sheet of what is deducted piece by piece, or None where no line of the scheme deducts so."""
    rows = [_part_row(month, place, piece) for place, piece in enumerate(_pieces(month))]
    if not rows:
        return None
    columns = [
        Col(gettext("编码"), Kind.TEXT, month.code_width),
        Col(gettext("单位"), Kind.TEXT, month.name_width),
        Col(gettext("指标"), Kind.TEXT, 18),
        Col(gettext("扣分事项"), Kind.TEXT, 24),
        Col(gettext("件数"), Kind.WHOLE, 9),
        Col(gettext("基数"), Kind.WHOLE, 9),
        Col(gettext("每件扣分"), Kind.RANK, 9),
        Col(gettext("权重"), Kind.RANK, 9),
        Col(gettext("本类最多扣"), Kind.RANK, 11),
        Col(gettext("扣分"), Kind.POINTS, 10),
    ]
    return Page(parts_sheet(), gettext("%(month)s逐类扣分") % {"month": month.name}, about, columns, rows, freeze=2)


def _part_row(month: Month, place: int, piece: _Piece) -> list[Cell]:
    subject = month.subjects[piece.subject]
    line = subject.lines[piece.line]
    part = line.parts[piece.part]
    head: list[Cell] = [subject.code, subject.name, title(line.title), measure_title(part.measure), part.count]
    base = subject.counts.get(part.measure, (0, 0))[1] if line.denominator is None else line.denominator
    if not month.live or month.pairs is None:
        return [*head, base, None, None, None, Fraction(part.off)]
    one = placed(month)[piece.line]
    exact = month.pairs[piece.subject].exact.lines[piece.line].parts[piece.part][2]
    each, weight, cap = address(place, PRICE), address(place, HEAVY), address(place, MOST)
    count, based = address(place, COUNT), address(place, BASE)
    match one.indicator.formula:
        case Deduction(items=items):
            item = items[piece.part]
            formula = off(each, count, cap=cap if item.cap is not None else "")
            return [*head, base, item.each, None, item.cap, month.cell(formula, exact)]
        case PerExposure(sources=sources, each=price):
            formula = off(each, count, base=based, unit=one.at(UNIT), weight=weight)
            cells: list[Cell] = [base, month.cell(f"={one.at(EACH)}", price), sources[piece.part].weight, None]
            return [*head, *cells, month.cell(formula, exact)]
        case _:
            return [*head, base, None, None, None, Fraction(part.off)]
