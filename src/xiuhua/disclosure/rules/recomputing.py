"""Whether a written month is what a scheme makes of its counts: only then may formulas stand for its points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from xiuhua.assessment.rules import printed
from xiuhua.assessment.rules import sheets as made_sheets
from xiuhua.assessment.rules.totals import carried
from xiuhua.assessment.words import (
    AssessmentView,
    Carry,
    Line,
    RankOn,
    Rounding,
    RoundingStage,
    Scheme,
    Sheet,
    Subject,
    SubjectView,
)
from xiuhua.disclosure.rules.formulas import steady, steps_steady, told_apart


@dataclass(frozen=True, slots=True)
class Remade:
    """A subject's written sheet beside the exact one that the scheme makes of the same counts."""

    written: SubjectView
    exact: Sheet


def remade(view: AssessmentView, scheme: Scheme) -> tuple[Remade, ...] | None:
    """Return every subject's sheet made again from its written counts, in the view's order; None if anything differs.

    A scheme edited after the month was written, or a month written by other rules, makes other points: then a workbook
    shows what was written and no formulas.
    """
    if (view.scheme, view.version) != (scheme.code, scheme.version):
        return None
    counts = {subject.code: subject.counts for subject in view.subjects}
    try:
        found = {
            sheet.subject.code: sheet
            for sheet in made_sheets(scheme, counts, [Subject(one.code, one.name) for one in view.subjects])
        }
    except KeyError:  # a measure the month was not counted by
        return None
    pairs = tuple(Remade(one, found[one.code]) for one in view.subjects)
    digits = view.rounding.digits
    return pairs if all(_same(pair, scheme, digits) for pair in pairs) else None


def _same(pair: Remade, scheme: Scheme, digits: int) -> bool:
    written, exact = pair.written, pair.exact
    mode = scheme.rounding.mode
    score = None if exact.total is None else printed(exact.total, digits, mode)
    heads = (written.score, written.exact, written.rank, written.unranked, written.group)
    lines = tuple((line.indicator, line.points) for line in written.lines)
    again = tuple(
        (line.indicator, None if line.points is None else printed(line.points, scheme.rounding.digits, mode))
        for line in exact.lines
    )
    return heads == (score, exact.total, exact.rank, exact.unranked, exact.group) and lines == again


def before_rounding(lines: Sequence[Line], rounding: Rounding) -> Fraction | None:
    """Return a section's points out of all its full marks as they are before the section is rounded (docs/scoring.md 2.3)."""
    whole = sum((line.full for line in lines), Fraction(0))
    scored = [(line.points, line.full) for line in lines if line.points is not None]
    full = sum((full for _points, full in scored), Fraction(0))
    reached = sum((carried(points, RoundingStage.LINE, rounding) for points, _full in scored), Fraction(0))
    return whole * reached / full if full else None


def holds(pairs: Sequence[Remade], scheme: Scheme, shown: int) -> bool:
    """Return whether binary numbers, with their noise removed, give every rounded value and every rank of the month.

    `shown` is how many decimals the totals are printed with.
    """
    rounding = scheme.rounding
    totals = [pair.exact.total for pair in pairs if pair.exact.total is not None]
    if scheme.rank_on is RankOn.EXACT and not told_apart(totals):
        return False
    if not all(_steps_hold(pair, scheme) for pair in pairs):
        return False
    carry = [] if rounding.carry is Carry.EXACT else [each for pair in pairs for each in _carried(pair, scheme)]
    return all(steady(value, shown, rounding.mode) for value in totals) and all(
        steady(value, rounding.digits, rounding.mode) for value in carry
    )


def _steps_hold(pair: Remade, scheme: Scheme) -> bool:
    indicators = {each.code: each for section in scheme.sections for each in section.indicators}
    return all(
        steps_steady(indicators[line.indicator], line.numerator, line.denominator or 0) for line in pair.exact.lines
    )


def _carried(pair: Remade, scheme: Scheme) -> list[Fraction]:
    """Return the values of a sheet that are rounded before they are added up."""
    lines = pair.exact.lines
    sections = [
        before_rounding([line for line in lines if line.section == section.code], scheme.rounding)
        for section in scheme.sections
    ]
    return [line.points for line in lines if line.points is not None] + [each for each in sections if each is not None]
