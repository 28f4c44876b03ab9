"""A score as formulas of a spreadsheet: an auditor recomputes what docs/scoring.md says without this program.

Spreadsheets count in binary floating point, we in fractions. Before a formula rounds, it removes that noise at SETTLED
digits; where an exact value lies so near to a half that this would turn it over, `steady` says so and the cell carries
our value instead of a formula.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from xiuhua.assessment.rules import plain, rounded
from xiuhua.assessment.words import (
    Band,
    Bands,
    Complement,
    Deduction,
    Good,
    Indicator,
    OnEmpty,
    PerExposure,
    Ratio,
    RoundingMode,
    Step,
    Threshold,
    Ties,
)

#: What a cell without a value shows; sums and counts of a spreadsheet pass over it.
NONE = "—"
#: Decimals (of the last printed digit) at which the noise of binary numbers is cut off before anything is rounded.
SETTLED = 8
#: Decimals at which two exact totals are told apart where the exact total is ranked.
TOLD_APART = 10
_EMPTY = f'"{NONE}"'


@dataclass(frozen=True, slots=True)
class Refs:
    """Addresses of the cells a line's points are made of; `offs` and `bases` are ranges, "" where a line has no parts."""

    kept: str
    of: str
    full: str
    floor: str
    cap: str
    at: str = ""
    each: str = ""
    limit: str = ""
    offs: str = ""
    bases: str = ""


def points(indicator: Indicator, refs: Refs) -> str:
    """Return the formula of a line's points: one of the six functions, kept within floor and cap (docs/scoring.md 2.1)."""
    raw = f"MIN({refs.cap},MAX({refs.floor},{_raw(indicator, refs)}))"
    full = f"MIN({refs.cap},MAX({refs.floor},{refs.full}))"
    empty = full if indicator.on_empty is OnEmpty.FULL else _EMPTY
    base = f"SUM({refs.bases})" if isinstance(indicator.formula, Deduction) else refs.of
    return f"=IF({base}=0,{empty},{raw})"


def _raw(indicator: Indicator, refs: Refs) -> str:
    match indicator.formula:
        case Ratio():
            return f"{refs.full}*{refs.kept}/{refs.of}"
        case Complement():
            return f"{refs.full}*(1-{refs.kept}/{refs.of})"
        case Threshold() as formula:
            return f"{refs.full}-{refs.each}*{_short(formula, refs)}"
        case Bands() as formula:
            return _bands(formula, f"{refs.kept}/{refs.of}")
        case Deduction() | PerExposure():
            return f"{refs.full}-MIN(SUM({refs.offs}),{refs.limit or refs.full})"


def _short(formula: Threshold, refs: Refs) -> str:
    """Return by how many percentage points a rate misses its threshold, counted by the scheme's step."""
    rate = f"{refs.kept}/{refs.of}"
    distance = f"{refs.at}-{rate}" if formula.good is Good.HIGH else f"{rate}-{refs.at}"
    short = f"MAX(0,100*({distance}))"
    match formula.step:
        case Step.STARTED:
            return f"ROUNDUP(ROUND({short},{SETTLED}),0)"
        case Step.COMPLETED:
            return f"ROUNDDOWN(ROUND({short},{SETTLED}),0)"
        case Step.PROPORTIONAL:
            return short


def _bands(formula: Bands, rate: str) -> str:
    """Return the points of the band that holds a rate, as nested IFs; bands own their lower end."""
    table = formula.bands
    worth = [_number(band.points) for band in table]
    if formula.interpolate:
        worth = [_between(low, high, rate) for low, high in pairwise(table)] + worth[-1:]
    text = worth[0]
    for band, value in zip(table[1:], worth[1:], strict=True):
        text = f"IF({rate}>={_number(band.start)},{value},{text})"
    return text


def _between(low: Band, high: Band, rate: str) -> str:
    slope = (high.points - low.points) / (high.start - low.start)
    return f"({_number(low.points)}+{_number(slope)}*({rate}-{_number(low.start)}))"


def _number(value: Fraction) -> str:
    text = plain(value)
    return f"({text})" if "/" in text or value < 0 else text


def off(each: str, count: str, *, cap: str = "", base: str = "", unit: str = "", weight: str = "") -> str:
    """Return the formula of what one kind of thing costs: each·count up to its cap, or per unit of a base, weighed."""
    if base:
        return f"=IF({base}=0,0,{each}*{unit}*{weight}*{count}/{base})"
    return f"=MIN({each}*{count},{cap})" if cap else f"={each}*{count}"


def settled(value: str, digits: int, mode: RoundingMode) -> str:
    """Return the expression that rounds `value` to `digits` decimals as docs/scoring.md 2.6 says, noise removed first."""
    unit = 10**digits
    scaled = f"ROUND(({value})*{unit},{SETTLED})"
    match mode:
        case RoundingMode.HALF_UP:
            whole = f"ROUND({scaled},0)"
        case RoundingMode.TRUNCATE:
            whole = f"TRUNC({scaled})"
        case RoundingMode.HALF_EVEN:
            whole = f"IF({scaled}-INT({scaled})=0.5,2*ROUND({scaled}/2,0),ROUND({scaled},0))"
    return f"{whole}/{unit}"


def steady(value: Fraction, digits: int, mode: RoundingMode) -> bool:
    """Return whether removing the noise first leaves the rounded value what it is."""
    free = rounded(value * 10**digits, SETTLED, RoundingMode.HALF_UP)
    return bool(rounded(free, 0, mode) / 10**digits == rounded(value, digits, mode))


def steps_steady(indicator: Indicator, kept: int, of: int) -> bool:
    """Return whether removing the noise leaves the begun or completed percentage points of a line what they are."""
    formula = indicator.formula
    if not isinstance(formula, Threshold) or formula.step is Step.PROPORTIONAL or not of:
        return True
    short = 100 * (formula.threshold - Fraction(kept, of))
    return short.denominator == 1 or rounded(short, SETTLED, RoundingMode.HALF_UP).denominator != 1


def told_apart(totals: Iterable[Fraction]) -> bool:
    """Return whether different totals still differ at TOLD_APART decimals."""
    different = set(totals)
    return len({rounded(value, TOLD_APART, RoundingMode.HALF_UP) for value in different}) == len(different)


def rank(own: str, values: str, groups: str, group: str, ties: Ties) -> str:
    """Return the formula of a rank within a group, 1 being the highest; texts have none and move nobody (2.7)."""
    fits = f"({groups}={group})*ISNUMBER({values})"
    above = f"SUMPRODUCT({fits}*({values}>{own}))"
    match ties:
        case Ties.COMPETITION:
            place = f"1+{above}"
        case Ties.MODIFIED:
            place = f"SUMPRODUCT({fits}*({values}>={own}))"
        case Ties.AVERAGE:
            place = f"({above}+SUMPRODUCT({fits}*({values}>={own}))+1)/2"
        case Ties.DENSE:
            once = f"COUNTIFS({groups},{groups},{values},{values})"
            place = f"1+ROUND(SUMPRODUCT({fits}*({values}>{own})/{once}),0)"
    return f"=IF(ISNUMBER({own}),{place},{_EMPTY})"
