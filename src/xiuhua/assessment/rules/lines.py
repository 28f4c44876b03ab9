"""One line of a score sheet: counts through a formula to points, and why."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from xiuhua.assessment.rules import functions
from xiuhua.assessment.rules.evidence import PHI_WITHOUT_HISTORY, wilson
from xiuhua.assessment.rules.rounding import plain
from xiuhua.assessment.words import (
    Bands,
    Because,
    Complement,
    Counts,
    Deduction,
    Formula,
    Indicator,
    Line,
    OnEmpty,
    PerExposure,
    Ratio,
    Threshold,
)
from xiuhua.kernel.words import Fact

Parts = tuple[tuple[str, int, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """What a formula makes of counts, before floor and cap: integers, points, and the facts of the sentence."""

    numerator: int
    denominator: int | None
    points: Fraction | None
    code: str
    facts: dict[str, Fact]
    parts: Parts = ()


def measures_of(formula: Formula) -> tuple[str, ...]:
    """Return the measures a formula reads, the one it is shown under first."""
    match formula:
        case Deduction(items=items):
            return tuple(item.measure for item in items)
        case PerExposure(sources=sources, base=base):
            return (*(source.measure for source in sources), base)
        case _:
            return (formula.measure,)


def score(formula: Formula, counts: Counts, full: Fraction) -> Scored:
    """Return the points of a formula on a subject's counts, not yet kept within floor and cap (docs/scoring.md 2.1)."""
    match formula:
        case Deduction():
            return _deduction(formula, counts, full)
        case PerExposure():
            return _per_exposure(formula, counts, full)
        case _:
            return _rate(formula, counts, full)


def _rate(formula: Ratio | Complement | Threshold | Bands, counts: Counts, full: Fraction) -> Scored:
    kept, of = counts[formula.measure]
    facts: dict[str, Fact] = {}
    match formula:
        case Ratio():
            points, code = functions.ratio(kept, of, full), "ratio"
        case Complement():
            points, code = functions.complement(kept, of, full), "complement"
        case Bands(bands=bands, interpolate=interpolate):
            points, code = functions.bands(kept, of, bands, interpolate=interpolate), "bands"
        case Threshold(threshold=at, each=each, step=step, good=good):
            points, code = functions.threshold(kept, of, full, at=at, each=each, step=step, good=good), "threshold"
            short = functions.short_of(kept, of, threshold=at, step=step, good=good)
            facts = {
                "threshold": plain(100 * at),
                "each": plain(each),
                "short": None if short is None else plain(short),
            }
    return Scored(kept, of, points, code, {"kept": kept, "of": of, **facts})


def _deduction(formula: Deduction, counts: Counts, full: Fraction) -> Scored:
    parts = tuple(
        (item.measure, counts[item.measure][0], functions.deducted(counts[item.measure][0], item.each, item.cap))
        for item in formula.items
    )
    found = sum(count for _measure, count, _off in parts)
    # who had nothing at all to be judged on has no clean record either
    judged = any(counts[item.measure][1] for item in formula.items)
    points = functions.deduction([off for *_rest, off in parts], full, limit=formula.limit) if judged else None
    facts: dict[str, Fact] = {"kept": found}
    return Scored(found, None, points, "deduction", facts, parts)


def _per_exposure(formula: PerExposure, counts: Counts, full: Fraction) -> Scored:
    base = counts[formula.base][0]
    found = [(counts[source.measure][0], source.weight) for source in formula.sources]
    each, unit = formula.each, formula.unit
    points = functions.per_exposure(functions.effective(found), base, full, each=each, unit=unit, limit=formula.limit)
    parts = tuple(
        (source.measure, count, each * unit * weight * count / base if base else Fraction(0))
        for source, (count, weight) in zip(formula.sources, found, strict=True)
    )
    number = sum(count for count, _weight in found)
    facts: dict[str, Fact] = {"kept": number, "of": base, "each": plain(each), "unit": plain(unit)}
    return Scored(number, base, points, "per_exposure", facts, parts)


def line(section: str, indicator: Indicator, counts: Counts, phi: Fraction = PHI_WITHOUT_HISTORY) -> Line:
    """Return an indicator's line: points within floor and cap, None where the base is zero (docs/scoring.md 1.5, 2.1).

    `phi` is the dispersion of its measure: it widens the interval beside the points.
    """
    full = indicator.full
    scored = score(indicator.formula, counts, full)
    points, code, facts = scored.points, scored.code, scored.facts
    if points is None:
        points = full if indicator.on_empty is OnEmpty.FULL else None
        code = "empty_full" if indicator.on_empty is OnEmpty.FULL else "empty"
    kept_within = None if points is None else functions.within(points, indicator.floor, indicator.cap)
    if points is not None and kept_within != points:
        facts = {**facts, "limited": "floor" if points < indicator.floor else "cap"}
    rate = isinstance(indicator.formula, Ratio | Complement | Threshold | Bands)
    return Line(
        section=section,
        indicator=indicator.code,
        title=indicator.title,
        measure=indicator.formula.measure,
        numerator=scored.numerator,
        denominator=scored.denominator,
        points=kept_within,
        full=full,
        because=Because(code, facts),
        parts=scored.parts,
        interval=wilson(scored.numerator, scored.denominator or 0, phi) if rate else None,
    )
