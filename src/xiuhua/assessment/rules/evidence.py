"""The evidence layer: intervals beside the points, which they never change (docs/scoring.md 0.1, 4.1, 4.2)."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import fsum, sqrt

from xiuhua.assessment.words import Dispersion, Interval

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


def dispersion(
    months: Iterable[Iterable[tuple[int, int]]],
    *,
    least: int = LEAST_CELL,
    usual: Fraction = PHI_WITHOUT_HISTORY,
) -> Dispersion:
    """Return φ from the weekly (kept, of) of unit-months, at least 1; the usual one where there is no history to tell.

    Each month of a unit is one iterable of weeks; the month's own rate is the expectation, so that differences between
    units do not count as clustering. Weeks of fewer than `least` cases do not count. φ is rounded half-even to 6 decimals and
    the same in any order of months and weeks. Formula and limits: docs/scoring.md 4.2.
    """
    surplus: list[float] = []
    units = 0
    for month in months:
        weeks = list(month)
        total = sum(of for _kept, of in weeks)
        rate = Fraction(sum(kept for kept, _of in weeks), total) if total else Fraction(0)
        cells = [(kept, of) for kept, of in weeks if of >= least]
        if not cells or not 0 < rate < 1:
            continue
        surplus += [float((kept - of * rate) ** 2 / (of * rate * (1 - rate))) for kept, of in cells]
        units += 1
    freedom = len(surplus) - units
    if not freedom:
        return Dispersion(usual)
    phi = max(1.0, fsum(surplus) / freedom)  # fsum is exact, so that no order of addends matters
    return Dispersion(Fraction(f"{phi:.6f}"), len(surplus), units)
