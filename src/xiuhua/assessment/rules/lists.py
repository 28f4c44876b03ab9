"""Red and black lists, and the change to last month, from written months (docs/scoring.md 2.7, 3.5)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from xiuhua.assessment.rules.ranks import placed
from xiuhua.assessment.words import AssessmentView, Bar, Change, CutOff, GroupView, Listed, SubjectView


def holds(bar: Bar, subject: SubjectView) -> bool:
    """Return whether a bar keeps the subject off a list; a share of nothing keeps nobody off."""
    kept, of = subject.counts[bar.measure]
    if bar.share and not of:
        return False
    value = Fraction(kept, of) if bar.share else Fraction(kept)
    if bar.at_least is not None:
        return value >= bar.at_least
    return bar.at_most is not None and value <= bar.at_most


def lists(view: AssessmentView, red: int | None = None, black: int | None = None) -> Listed:
    """Return the top `red` and bottom `black` of each group by the printed rule (the scheme's numbers, if None).

    Only ranked subjects stand on lists. Who is barred is left out and the next one moves up. A group with fewer
    subjects than the rule's least has no list at all (docs/scoring.md 3.5).
    """
    rule = view.rule
    wanted = (rule.red if red is None else red, rule.black if black is None else black)
    groups = [group for group in view.groups if _members(view, group)]
    without = tuple(group for group in groups if len(_members(view, group)) < rule.least_group)
    tops: list[SubjectView] = []
    bottoms: list[SubjectView] = []
    for group in groups:
        if group in without:
            continue
        ranked = [subject for subject in _members(view, group) if subject.ranked_on is not None]
        tops += _side(view, ranked, wanted[0], rule.not_red, best=True)
        bottoms += _side(view, ranked, wanted[1], rule.not_black, best=False)
    listed = {subject.code for subject in tops} & {subject.code for subject in bottoms}
    return Listed(
        red=tuple(tops),
        black=tuple(bottoms),
        barred_red=_barred(view, rule.not_red),
        barred_black=_barred(view, rule.not_black),
        both=tuple(sorted(listed)),
        without=without,
    )


def named(view: AssessmentView) -> dict[str, str]:
    """Return {code: "red" or "black"} by the scheme's own numbers; nobody before the month is over."""
    if view.cut_off is CutOff.RUNNING:
        return {}
    found = lists(view)
    return {one.code: "black" for one in found.black} | {one.code: "red" for one in found.red}


def _members(view: AssessmentView, group: GroupView) -> list[SubjectView]:
    return [subject for subject in view.subjects if subject.group == group.code]


def _barred(view: AssessmentView, bars: Sequence[Bar]) -> tuple[SubjectView, ...]:
    ranked = [subject for subject in view.subjects if subject.ranked_on is not None]
    return tuple(subject for subject in ranked if any(holds(bar, subject) for bar in bars))


def _side(
    view: AssessmentView, ranked: Sequence[SubjectView], places: int, bars: Sequence[Bar], *, best: bool
) -> list[SubjectView]:
    free = {subject.code: subject for subject in ranked if not any(holds(bar, subject) for bar in bars)}
    totals = {code: subject.ranked_on for code, subject in free.items() if subject.ranked_on is not None}
    return [free[code] for code in placed(totals, places, view.rule.ties, best=best)]


def change(now: SubjectView | None, before: SubjectView | None) -> Change:
    """Return how a subject's printed score and rank moved from last month; None where either month has none."""
    if now is None or before is None:
        return Change(None, None)
    points = None
    if now.score is not None and before.score is not None:
        points = Fraction(now.score) - Fraction(before.score)
    places = before.rank - now.rank if now.rank is not None and before.rank is not None else None
    return Change(points, places)


def changes(view: AssessmentView, previous: AssessmentView | None) -> dict[str, Change]:
    """Return each subject's change to last month's written assessment.

    Like is compared with like: the same version of the same scheme, each month as of its own end, or both as of one
    cut-off. A running month has no change to a finished one.
    """
    before = previous if previous and comparable(view, previous) else None
    return {
        subject.code: change(subject, before.subject(subject.code) if before else None) for subject in view.subjects
    }


def comparable(view: AssessmentView, previous: AssessmentView) -> bool:
    """Return whether two months compare: one scheme version, each as of its own end or both as of one cut-off."""
    if view.as_of != previous.as_of and not view.cut_off == previous.cut_off == CutOff.END:
        return False
    mine = (view.scheme, view.version, view.by, view.month_by)
    return mine == (previous.scheme, previous.version, previous.by, previous.month_by)
