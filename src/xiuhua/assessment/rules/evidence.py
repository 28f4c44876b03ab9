"""The evidence layer: intervals beside the points, which they never change (docs/scoring.md 0.1, 4.1, 4.2)."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import sqrt

from xiuhua.assessment.words import Interval

#: The normal quantile of a two-sided 95 % (docs/scoring.md 0.3).
Z = 1.959963984540054
#: Cases come in clusters; without a history to measure it, variance is taken to be twice the binomial (docs/scoring.md 4.2).
PHI_WITHOUT_HISTORY = Fraction(2)
#: Cells with fewer cases say nothing about clustering.
LEAST_CELL = 5


def wilson(kept: int, of: int, phi: Fraction = PHI_WITHOUT_HISTORY) -> Interval | None:
    """Return Wilson's 95 % interval of kept/of with of/phi effective cases, ends rounded half-even to 6 decimals.

    None where the base is zero or kept is no part of it. Formula: docs/scoring.md 4.1.
    """
    if not of or not 0 <= kept <= of:
        return None
    n, k, square = float(of / phi), float(kept / phi), Z * Z
    centre = (k + square / 2) / (n + square)
    half = Z / (n + square) * sqrt(k * (n - k) / n + square / 4)
    low = 0.0 if kept == 0 else max(0.0, centre - half)
    high = 1.0 if kept == of else min(1.0, centre + half)
    return Interval(round(low, 6), round(high, 6), phi)


def dispersion(months: Iterable[Iterable[tuple[int, int]]]) -> Fraction:
    """Return φ from the weekly (kept, of) of unit-months, at least 1; 2 where there is no history to tell.

    Each month of a unit is one iterable of weeks; the month's own rate is the expectation, so that differences between
    units do not count as clustering. Formula and limits: docs/scoring.md 4.2.
    """
    surplus, freedom = Fraction(0), 0
    for month in months:
        weeks = list(month)
        total = sum(of for _kept, of in weeks)
        rate = Fraction(sum(kept for kept, _of in weeks), total) if total else Fraction(0)
        cells = [(kept, of) for kept, of in weeks if of >= LEAST_CELL]
        if not cells or not 0 < rate < 1:
            continue
        surplus += sum((kept - of * rate) ** 2 / (of * rate * (1 - rate)) for kept, of in cells)
        freedom += len(cells) - 1
    return max(Fraction(1), surplus / freedom) if freedom else PHI_WITHOUT_HISTORY
