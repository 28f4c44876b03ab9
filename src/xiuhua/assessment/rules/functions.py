"""The six scoring functions (docs/scoring.md 2.1). Each returns exact points, or None where the base is zero.

None of them keeps its points within floor and cap, except that a deduction is never more than its limit; `within`
does that for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from xiuhua.assessment.words import Band, Good, Step


def within(points: Fraction, low: Fraction, high: Fraction) -> Fraction:
    """Return `points` kept between floor `low` and cap `high` (docs/scoring.md 2.1)."""
    return min(high, max(low, points))


def ratio(kept: int, of: int, full: Fraction) -> Fraction | None:
    """Return full·kept/of: function 1."""
    return full * Fraction(kept, of) if of else None


def complement(kept: int, of: int, full: Fraction) -> Fraction | None:
    """Return full·(1 − kept/of), kept being bad events: function 2. Below zero where they outnumber the base."""
    return full * (1 - Fraction(kept, of)) if of else None


def short_of(kept: int, of: int, *, threshold: Fraction, step: Step, good: Good) -> Fraction | None:
    """Return by how many percentage points kept/of misses the threshold, counted by `step`; 0 when it does not."""
    if not of:
        return None
    rate = Fraction(kept, of)
    short = max(Fraction(0), 100 * (threshold - rate if good is Good.HIGH else rate - threshold))
    match step:
        case Step.STARTED:
            return Fraction(ceil(short))
        case Step.COMPLETED:
            return Fraction(floor(short))
        case Step.PROPORTIONAL:
            return short


def threshold(
    kept: int,
    of: int,
    full: Fraction,
    *,
    at: Fraction,
    each: Fraction,
    step: Step = Step.PROPORTIONAL,
    good: Good = Good.HIGH,
) -> Fraction | None:
    """Return full marks at `at` (a share), less `each` per percentage point short of it: function 3."""
    short = short_of(kept, of, threshold=at, step=step, good=good)
    return None if short is None else full - each * short


def tiered(cases_by_events: Mapping[int, int], tiers: Iterable[tuple[int, Fraction]]) -> Fraction:
    """Return what is deducted when each case falls into the highest tier its number of events reaches.

    `cases_by_events` counts cases by how often something happened to them (returned once, twice …), `tiers` are
    (from this many events, points off per case). Function 4's table per case, e.g. cases returned three times.
    """
    steps = sorted(tiers, reverse=True)
    total = Fraction(0)
    for events, cases in cases_by_events.items():
        total += cases * next((each for start, each in steps if events >= start), Fraction(0))
    return total


def deducted(count: int | Fraction, each: Fraction, cap: Fraction | None) -> Fraction:
    """Return each·count, at most `cap`."""
    off = each * count
    return off if cap is None else min(off, cap)


def deduction(parts: Iterable[Fraction], full: Fraction, *, limit: Fraction | None = None) -> Fraction:
    """Return full marks less the sum of the parts, of which at most `limit` counts (full marks if None): function 4."""
    return full - min(sum(parts, Fraction(0)), full if limit is None else limit)


def bands(kept: int, of: int, table: tuple[Band, ...], *, interpolate: bool = False) -> Fraction | None:
    """Return the points of the band that holds kept/of; bands own their lower end: function 5.

    With `interpolate` the points run straight from one band's start to the next one's; the last band is flat.
    """
    if not of:
        return None
    rate = Fraction(kept, of)
    here = [band for band in table if band.start <= rate][-1]
    if not interpolate:
        return here.points
    for low, high in pairwise(table):
        if low == here:
            return low.points + (high.points - low.points) * (rate - low.start) / (high.start - low.start)
    return here.points


def effective(found: Iterable[tuple[int, Fraction]]) -> Fraction:
    """Return Σ weight·count over the finders: c_eff of docs/scoring.md 2.1, where self-found problems weigh 0 by default."""
    return sum((weight * count for count, weight in found), Fraction(0))


def per_exposure(
    found: Fraction,
    base: int,
    full: Fraction,
    *,
    each: Fraction,
    unit: Fraction = Fraction(1),
    limit: Fraction | None = None,
) -> Fraction | None:
    """Return full marks less `each` for every problem per `unit` of the base: function 6."""
    if not base:
        return None
    return deduction([each * unit * found / base], full, limit=limit)
