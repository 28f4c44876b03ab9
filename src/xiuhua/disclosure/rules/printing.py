"""The one way in which every file of a pack writes a number, so that equal numbers look equal wherever they stand.

Digits are plain, as in official documents: no separators, halves away from zero, "—" where there is no value.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from xiuhua.assessment.words import SubjectView
from xiuhua.ui.formats import NONE, decimal, percent

#: (kept, of) by measure.
Counted = Mapping[str, tuple[int, int]]


def count(value: int | None) -> str:
    """Return a whole number."""
    return NONE if value is None else str(value)


def kept(counts: Counted, measure: str) -> str:
    """Return how many cases a measure keeps, "—" where the month does not count it."""
    return count(counts[measure][0] if measure in counts else None)


def rate(kept: int, of: int) -> str:
    """Return a share as a percentage with one digit and its sign: "95.6%"; "—" over an empty base."""
    return f"{percent(kept, of)}%" if of else NONE


def moved(now: tuple[int, int], before: tuple[int, int]) -> Fraction | None:
    """Return by how many points of a hundred a share moved, None over an empty base.

    It is the difference of the two shares as printed, so that anybody can subtract them.
    """
    if not now[1] or not before[1]:
        return None
    first, second = (Fraction(rate(*pair).removesuffix("%")) for pair in (now, before))
    return first - second


def score(subject: SubjectView) -> str:
    """Return a subject's total as its sheet prints it."""
    return NONE if subject.score is None else subject.score


def place(rank: Fraction | None) -> str:
    """Return a rank: "3", or "2.5" where ties share the mean place."""
    if rank is None:
        return NONE
    return decimal(rank, 0 if rank.denominator == 1 else 1).replace(",", "")


def points(value: Fraction | None, digits: int) -> str:
    """Return points with `digits` digits, without a sign of their own."""
    return decimal(value, digits).replace(",", "")


def change(value: Fraction | None, digits: int) -> str:
    """Return a change with its sign, "+1.20" or "−0.75"; "0.00" is nothing; "—" where two months do not compare."""
    if value is None:
        return NONE
    text = points(value, digits)
    return f"+{text}" if value > 0 and text.strip("0.") else text
