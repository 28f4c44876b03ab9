"""Where a subject's points went: lines in the order of what they cost, each with the rows that cost it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from xiuhua.analytics.words import Part
from xiuhua.assessment.rules.lines import score
from xiuhua.assessment.rules.sheets import sheet
from xiuhua.assessment.rules.totals import carried
from xiuhua.assessment.words import (
    AssessmentView,
    Bands,
    Carry,
    Complement,
    Counts,
    Deduction,
    Good,
    Indicator,
    Line,
    Loss,
    PerExposure,
    Ratio,
    RoundingStage,
    Scheme,
    Section,
    Sheet,
    Step,
    Subject,
    SubjectView,
    Threshold,
)


def losses_of(view: AssessmentView, code: str, scheme: Scheme) -> tuple[Loss, ...]:
    """Return what each line has cost a subject, in points of the total, the dearest first.

    The points are exact: over all lines they add up to full marks less the exact total, except where a scheme carries
    printed sections on or lets a line have more than full marks. Empty where the subject has no score, or where `scheme`
    does not give the total that was written (another version of it). Weights and redistribution: docs/scoring.md 2.3.
    """
    subject = view.subject(code)
    if subject is None or subject.exact is None:
        return ()
    made = sheet(scheme, Subject(subject.code, subject.name), subject.counts)
    if made.total != subject.exact:
        return ()
    found = [loss for section in scheme.sections for loss in _of_section(scheme, section, made, subject)]
    return tuple(sorted(found, key=lambda loss: -loss.lost))


def _of_section(scheme: Scheme, section: Section, made: Sheet, subject: SubjectView) -> Iterator[Loss]:
    lines = [line for line in made.lines if line.section == section.code]
    available = sum((line.full for line in lines if line.points is not None), Fraction(0))
    own = next(each.full for each in made.sections if each.code == section.code)
    if not available:
        return
    for indicator, line in zip(section.indicators, lines, strict=True):
        for loss in _of_line(scheme, indicator, line, subject):
            yield Loss(
                loss.line,
                loss.lost * own / available,
                loss.measure,
                loss.part,
                loss.count,
                None if loss.each is None else loss.each * own / available,
            )


def _of_line(scheme: Scheme, indicator: Indicator, line: Line, subject: SubjectView) -> Iterator[Loss]:
    """Yield what a line has cost in points of its own."""
    if line.points is None:
        return
    lost = indicator.full - carried(line.points, RoundingStage.LINE, scheme.rounding)
    if lost <= 0:
        return
    shown = next(each for each in subject.lines if (each.section, each.indicator) == (line.section, line.indicator))
    free = _unbound(indicator, subject.counts) and scheme.rounding.carry is Carry.EXACT
    for measure, part, count, share, each in _shares(indicator, line, subject.counts):
        if share:
            yield Loss(shown, lost * share, measure, part, count, each if free else None)


def _unbound(indicator: Indicator, counts: Counts) -> bool:
    """Return whether the line's points are its formula's own: no floor, cap or limit holds them."""
    points = score(indicator.formula, counts, indicator.full).points
    if points is None or not indicator.floor <= points <= indicator.cap:
        return False
    formula = indicator.formula
    if not isinstance(formula, Deduction | PerExposure):
        return True
    off = indicator.full - points
    limit = indicator.full if formula.limit is None else formula.limit
    return off < limit and all(
        item.cap is None or item.each * counts[item.measure][0] <= item.cap
        for item in (formula.items if isinstance(formula, Deduction) else ())
    )


Share = tuple[str, Part, int, Fraction, Fraction | None]


def _shares(indicator: Indicator, line: Line, counts: Counts) -> Iterator[Share]:
    """Yield (measure, part, rows, share of the line's loss, points per row) for each kind of row that cost points."""
    formula, one = indicator.formula, Fraction(1)
    match formula:
        case Ratio(measure=measure):
            kept, of = counts[measure]
            yield measure, Part.REST, of - kept, one, indicator.full / of
        case Complement(measure=measure):
            kept, of = counts[measure]
            yield measure, Part.KEPT, kept, one, indicator.full / of
        case Threshold() | Bands():
            kept, of = counts[formula.measure]
            each = _each_of_threshold(formula, kept, of) if isinstance(formula, Threshold) else None
            high = formula.good is Good.HIGH
            yield formula.measure, Part.REST if high else Part.KEPT, of - kept if high else kept, one, each
        case Deduction() | PerExposure():
            whole = sum((off for _measure, _count, off in line.parts), Fraction(0))
            for measure, count, off in line.parts:
                yield measure, Part.KEPT, count, off / whole if whole else Fraction(0), off / count if count else None


def _each_of_threshold(formula: Threshold, kept: int, of: int) -> Fraction | None:
    """Return the points per case where percentage points count exactly and one more case does not reach the threshold."""
    if formula.step is not Step.PROPORTIONAL:
        return None
    step = 1 if formula.good is Good.HIGH else -1
    rate = Fraction(kept + step, of)
    still = rate <= formula.threshold if formula.good is Good.HIGH else rate >= formula.threshold
    return formula.each * 100 / of if still else None
