"""Scales of charts: pure arithmetic from values to positions, ticks and colour classes."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

Number = int | float | Fraction


@dataclass(frozen=True, slots=True)
class Axis:
    """A linear scale from `low` to `high` with round ticks, and how many decimals they need."""

    low: Fraction
    high: Fraction
    ticks: tuple[Fraction, ...]
    digits: int

    def at(self, value: Number, *, start: float = 0.0, end: float = 100.0) -> float:
        """Return where `value` stands between `start` and `end`, to a hundredth; values outside stop at the edge."""
        share = float((Fraction(value) - self.low) / (self.high - self.low))
        return round(start + min(max(share, 0.0), 1.0) * (end - start), 2)


def axis(
    values: Sequence[Number], *, most: int = 5, floor: Number | None = None, ceiling: Number | None = None
) -> Axis:
    """Return an axis with at most about `most` round ticks that holds all values.

    `floor` and `ceiling` are bounds that values cannot pass (0 and 100 for a rate): the axis stops there. Ticks are
    multiples of 1, 2 or 5 times a power of ten (Heckbert, Graphics Gems 1990, "Nice numbers for graph labels").
    """
    low = Fraction(min(values, default=0))
    high = Fraction(max(values, default=1))
    if low == high:
        low, high = low - 1, high + 1
    step = _nice((high - low) / max(most - 1, 1))
    first, last = math.floor(low / step), math.ceil(high / step)
    low, high = first * step, last * step
    low = low if floor is None else max(low, Fraction(floor))
    high = high if ceiling is None else min(high, Fraction(ceiling))
    if low >= high:  # all values lie on a bound
        low, high = (low - step, low) if ceiling is not None and low == Fraction(ceiling) else (low, low + step)
        first, last = math.floor(low / step), math.ceil(high / step)
    ticks = tuple(step * i for i in range(first, last + 1) if low <= step * i <= high)
    return Axis(low, high, ticks, _digits(step))


def _nice(rough: Fraction) -> Fraction:
    power = Fraction(10) ** math.floor(math.log10(rough))
    return next(power * head for head in (1, 2, 5, 10) if power * head >= rough)


def _digits(step: Fraction) -> int:
    digits = 0
    while (step * 10**digits).denominator != 1:
        digits += 1
    return digits


def quantile_breaks(values: Sequence[Number], classes: int = 7) -> tuple[Fraction, ...]:
    """Return the inner limits of `classes` groups of about equal size, rounded to steps a legend can print.

    Fewer limits come back where values repeat: a class that no value could fall into is left out.
    """
    ordered = sorted(Fraction(value) for value in values)
    if len(set(ordered)) < 2:  # noqa: PLR2004 - one value makes one class
        return ()
    step = _nice((ordered[-1] - ordered[0]) / 40)
    cuts = (ordered[len(ordered) * i // classes] for i in range(1, classes))
    rounded = sorted({_floor(cut, step) for cut in cuts})
    inner = tuple(cut for cut in rounded if ordered[0] < cut <= ordered[-1])
    # where nearly all values are the lowest one, whatever lies above it still shows
    return inner or (next(value for value in ordered if value > ordered[0]),)


def symmetric_breaks(values: Sequence[Number]) -> tuple[Fraction, ...]:
    """Return six limits for a diverging map of seven classes: equal steps on both sides of "hardly changed"."""
    most = max((abs(Fraction(value)) for value in values), default=Fraction(0))
    step = _nice(most * 2 / 7) if most else Fraction(1)
    return tuple(step * Fraction(odd, 2) for odd in (-5, -3, -1, 1, 3, 5))


def class_of(value: Number, breaks: Sequence[Number], classes: int = 7) -> int:
    """Return the colour class of `value`, 1 to `classes`; with few limits the classes are spread over the ramp."""
    place = bisect_right([Fraction(cut) for cut in breaks], Fraction(value))
    return colour_of(place, len(breaks), classes)


def colour_of(place: int, limits: int, classes: int = 7) -> int:
    """Return which of `classes` colours the group `place` (from 0) of `limits` + 1 groups has."""
    if limits == 0:
        return (classes + 1) // 2
    return 1 + round(place * (classes - 1) / limits)


def _floor(value: Fraction, step: Fraction) -> Fraction:
    return step * math.floor(value / step)
