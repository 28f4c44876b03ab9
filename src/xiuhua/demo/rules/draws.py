"""Chance that is the same everywhere.

Everything is derived from `random.Random(text).random()`: the one method whose sequence Python promises to keep for a
seed (library reference, "Notes on Reproducibility"). Each part of the street draws from a stream of its own, so that a
change in one part does not move the others.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """A named stream of draws."""

    def __init__(self, seed: int, name: str) -> None:
        self._next = random.Random(f"{seed}/{name}").random  # noqa: S311 - a made-up street needs repeatable chance

    def chance(self, share: float) -> bool:
        """Return True in `share` of the draws."""
        return self._next() < share

    def between(self, low: float, high: float) -> float:
        """Return a number in [low, high)."""
        return low + (high - low) * self._next()

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int((high - low + 1) * self._next())

    def pick(self, items: Sequence[T]) -> T:
        """Return one of `items`, each as likely as another."""
        return items[int(len(items) * self._next())]

    def weighted(self, items: Sequence[T], weights: Sequence[float]) -> T:
        """Return one of `items` with a chance proportional to its weight."""
        sums = list(accumulate(weights))
        return items[min(bisect_right(sums, sums[-1] * self._next()), len(items) - 1)]

    def normal(self) -> float:
        """Return a number near the standard normal: the sum of twelve uniform draws less six (variance 1, |x| ≤ 6).

        Sums of doubles are the same on every machine; logarithms and cosines are not promised to be.
        """
        return sum(self._next() for _ in range(12)) - 6.0

    def poisson(self, mean: float) -> int:
        """Return a Poisson count by multiplying uniform draws (Knuth, TAOCP 2, 3.4.1); fit for small means."""
        floor, product, count = math.exp(-mean), self._next(), 0
        while product > floor:
            product *= self._next()
            count += 1
        return count
