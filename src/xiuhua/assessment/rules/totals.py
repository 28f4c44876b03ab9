"""From lines to a total: redistribution, sections, rounding (docs/scoring.md 2.2, 2.3, 2.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from xiuhua.assessment.rules.rounding import rounded
from xiuhua.assessment.words import Carry, Line, Rounding, RoundingStage, Scheme, Section, SectionScore

#: With less of the weight available than this, a total is shown but not ranked (docs/scoring.md 2.3).
LEAST_COVERAGE = Fraction(60, 100)


@dataclass(frozen=True, slots=True)
class Part:
    """A section before weighing: the share of its full marks that was reached, and how much of it was available."""

    section: Section
    share: Fraction | None
    available: Fraction


@dataclass(frozen=True, slots=True)
class Total:
    """A subject's total, its sections, and which share of the weight could be scored."""

    value: Fraction | None
    printed: Fraction | None
    sections: tuple[SectionScore, ...]
    coverage: Fraction


def carried(value: Fraction, stage: RoundingStage, rounding: Rounding) -> Fraction:
    """Return what is carried on from `stage`: the printed value where the scheme rounds there and says so."""
    order = list(RoundingStage)[::-1]  # line, section, total
    if rounding.carry is Carry.EXACT or order.index(stage) < order.index(rounding.stage):
        return value
    return rounded(value, rounding.digits, rounding.mode)


def part(section: Section, lines: Sequence[Line], rounding: Rounding) -> Part:
    """Return a section's share of full marks over the lines that could be scored (docs/scoring.md 2.3).

    Inside a section missing lines give their full marks to the others; the section's points, out of all its full
    marks, are what a scheme with stage "section" rounds.
    """
    whole = sum((line.full for line in lines), Fraction(0))
    scored = [(line.points, line.full) for line in lines if line.points is not None]
    full = sum((full for _points, full in scored), Fraction(0))
    if not full:
        return Part(section, None, Fraction(0))
    reached = sum((carried(points, RoundingStage.LINE, rounding) for points, _full in scored), Fraction(0))
    points = carried(whole * reached / full, RoundingStage.SECTION, rounding)
    return Part(section, points / whole, full / whole)


def total(scheme: Scheme, lines: Sequence[Line]) -> Total:
    """Return full·Σ W·f / Σ W over the sections that could be scored, and the same share by section.

    The weights only matter relative to each other: multiplying all of them by a constant changes nothing. Coverage is
    the share of all weight that could be scored, inside sections too (docs/scoring.md 2.3).
    """
    parts = [
        part(section, [line for line in lines if line.section == section.code], scheme.rounding)
        for section in scheme.sections
    ]
    weights = sum((each.section.weight for each in parts), Fraction(0))
    available = sum((each.section.weight for each in parts if each.share is not None), Fraction(0))
    coverage = sum((each.section.weight * each.available for each in parts), Fraction(0)) / weights
    sections = tuple(_section(each, scheme.full, available) for each in parts)
    if not available:
        return Total(None, None, sections, coverage)
    value = sum((each.points for each in sections if each.points is not None), Fraction(0))
    return Total(value, rounded(value, scheme.rounding.digits, scheme.rounding.mode), sections, coverage)


def _section(part: Part, full: Fraction, available: Fraction) -> SectionScore:
    score = SectionScore(part.section.code, part.section.title, None, Fraction(0))
    if part.share is None:
        return score
    own = full * part.section.weight / available
    return replace(score, points=own * part.share, full=own)
