"""Rounding by integers: no float, no Decimal division (docs/scoring.md 0.2, 2.6)."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from xiuhua.assessment.words import RoundingMode

_HALF = Fraction(1, 2)
#: Enough to tell any two totals of a real scheme apart.
MOST_DIGITS = 12


def rounded(value: Fraction, digits: int, mode: RoundingMode) -> Fraction:
    """Return `value` rounded to `digits` decimals: half_up away from zero, truncate towards zero (docs/scoring.md 2.6)."""
    scaled = abs(value) * 10**digits
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    left = Fraction(rest, scaled.denominator)
    if mode is RoundingMode.HALF_UP:
        whole += left >= _HALF
    elif mode is RoundingMode.HALF_EVEN:
        whole += left > _HALF or (left == _HALF and whole % 2 == 1)
    return Fraction(whole if value >= 0 else -whole, 10**digits)


def printed(value: Fraction, digits: int, mode: RoundingMode) -> str:
    """Return `value` rounded and written with exactly `digits` decimals; zero never carries a sign."""
    units = rounded(value, digits, mode) * 10**digits
    text = str(abs(units.numerator)).rjust(digits + 1, "0")
    sign = "-" if units < 0 else ""
    return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else f"{sign}{text}"


def plain(value: Fraction) -> str:
    """Return an exact decimal without trailing zeros ("0.7"), or "p/q" where no decimal is exact."""
    for digits in range(MOST_DIGITS + 1):
        if (value * 10**digits).denominator == 1:
            return printed(value, digits, RoundingMode.TRUNCATE)
    return f"{value.numerator}/{value.denominator}"


def telling_digits(values: Iterable[Fraction], digits: int, mode: RoundingMode) -> int:
    """Return the fewest decimals, at least `digits`, at which different values print differently (docs/scoring.md 2.6)."""
    different = set(values)
    for wanted in range(digits, MOST_DIGITS):
        if len({rounded(value, wanted, mode) for value in different}) == len(different):
            return wanted
    return MOST_DIGITS
