"""The shortest way to a score: the fewest closings that reach it, exact and proved (docs/scoring.md 8)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fractions import Fraction

from xiuhua.assessment.rules.closings import rank_among, signs_of
from xiuhua.assessment.rules.lines import line
from xiuhua.assessment.rules.search import Search, worth
from xiuhua.assessment.rules.totals import total
from xiuhua.assessment.words import Closable, Counts, Lift, RankOn, Scheme, Target


def shortest(
    scheme: Scheme, counts: Counts, items: Iterable[Closable], target: Target, *, others: Collection[Fraction] = ()
) -> Lift:
    """Return the fewest `items` whose closing brings the counts of a subject to `target`, with the proof.

    `counts` are those of the month's end if nothing more is closed; `others` the scores of the rest of the group, for the
    ranks. Where nothing reaches the target, the fewest items that give the best score there is. Of like items those with
    the earliest deadline that can still be kept are chosen. Scores are those that the scheme ranks by.
    """
    search = Search(scheme, counts, tuple(items))
    goal, reached = target, target.reached(search.shown(search.most))
    if not reached:
        goal = Target(worth(search.shown(search.most)))
    wanted = search.fewest(goal)
    chosen = search.chosen(wanted)
    before, after = search.shown(0), ranked_score(scheme, closed(counts, chosen))
    rank = [None if score is None or not others else rank_among(scheme, score, others) for score in (before, after)]
    return Lift(
        target=target,
        items=chosen,
        reached=reached,
        before=before,
        after=after,
        cheaper=search.shown(wanted - 1) if wanted else None,
        moved=_moved(search, chosen),
        possible=len(search.items),
        rank_before=rank[0],
        rank_after=rank[1],
    )


def ranked_score(scheme: Scheme, counts: Counts) -> Fraction | None:
    """Return the score of counts that the scheme ranks by: the printed or the exact total, None without one."""
    lines = [line(section.code, each, counts) for section in scheme.sections for each in section.indicators]
    made = total(scheme, lines)
    return made.value if scheme.rank_on is RankOn.EXACT else made.printed


def closed(counts: Counts, items: Iterable[Closable]) -> Counts:
    """Return the counts with the items closed; no base changes."""
    found = dict(counts)
    for item in items:
        for measure, by in item.effect.items():
            if measure in found:
                kept, of = found[measure]
                found[measure] = kept + by, of
    return found


def lifting(scheme: Scheme, item: Closable) -> bool:
    """Return whether the scheme reads anything that closing the item makes better."""
    signs = signs_of(scheme)
    return any(by * sign > 0 for measure, by in item.effect.items() for sign in signs.get(measure, ()))


def _moved(search: Search, items: Iterable[Closable]) -> dict[str, tuple[int, int]]:
    """Return what the items change of what the scheme reads: {measure: kept before and after}."""
    before, after = search.counts, closed(search.counts, items)
    return {name: (before[name][0], after[name][0]) for name in search.moved if before[name] != after[name]}
