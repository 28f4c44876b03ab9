"""How long closings hold: the share not yet followed, day by day, with closings still being watched counted as far as they were.

Kaplan and Meier's product over the instants at which something came back: S(t) = Π (1 - d/n), n still watched just before,
d followed then; what stops being watched at the same instant was watched to it. A closing is never watched longer than D, so
that a half-life beyond D is only known to be that, and the mean is restricted to D (docs/scoring.md 5.5).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from math import exp, log, sqrt

from xiuhua.insight.words import Holding

#: The normal quantile of a two-sided 95 % (docs/scoring.md 0.3).
Z = 1.959963984540054
#: Decimals to which shares are kept before anything is judged by them (docs/scoring.md 0.3).
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Step:
    """From an instant on (microseconds after closing) `share` of the closings hold; its standard error by Greenwood."""

    at: int
    share: float
    error: float


def steps(times: Iterable[tuple[int, bool]]) -> tuple[Step, ...]:
    """Return the curve of (how long, whether something came back then), in the order of its falls."""
    ordered = sorted(times)
    left, share, variance, found = len(ordered), 1.0, 0.0, []
    for at, group in groupby(ordered, key=lambda one: one[0]):
        ended = [again for _at, again in group]
        fell = sum(ended)
        if fell:
            share *= 1 - fell / left
            variance += fell / (left * (left - fell)) if left > fell else 0.0
            found.append(Step(at, round(share, DIGITS), round(share * sqrt(variance), DIGITS)))
        left -= len(ended)
    return tuple(found)


def holding(times: Iterable[tuple[int, bool]], within: int) -> Holding:
    """Return how long closings hold within D, of at least one."""
    known = list(times)
    curve = steps(known)
    last = curve[-1] if curve else Step(0, 1.0, 0.0)
    ends = [*(step.at for step in curve), within]
    area = sum(share * (end - begin) for share, begin, end in zip(
        [1.0, *(step.share for step in curve)], [0, *ends[:-1]], ends, strict=True
    ))  # fmt: skip
    half = next((step.at for step in curve if step.share <= 1 / 2), None)
    return Holding(len(known), last.share, limits(last), half, area)


def limits(step: Step) -> tuple[float, float] | None:
    """Return the 95 % limits of a share on the scale of log(-log S), which keeps them between 0 and 1."""
    if not 0 < step.share < 1:
        return None
    bend = Z * step.error / step.share / log(step.share)
    low, high = sorted((step.share ** exp(bend), step.share ** exp(-bend)))
    return round(low, DIGITS), round(high, DIGITS)
