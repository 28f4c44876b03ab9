"""Pile-ups: one exact coordinate carrying more rows than a place can."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from xiuhua.exchange.words import Coordinate, PileUp, Placing

#: Lesser pile-ups that are listed, the largest first.
LISTED = 20


def pile_ups(counts: Iterable[tuple[Coordinate, int]], rows: int, place: Placing) -> list[PileUp]:
    """Return the coordinates that carry many rows, largest first.

    Withheld are those with more than max(pile_min, pile_share × rows); of the others at most LISTED with at least
    pile_listed rows are listed and stay in use.
    """
    limit = max(Fraction(place.pile_min), place.pile_share * rows)
    floor = min(Fraction(place.pile_listed), limit)
    found = sorted(((n, spot) for spot, n in counts if n >= floor), key=lambda one: (-one[0], one[1]))
    withheld = [PileUp(*spot, n, withheld=True) for n, spot in found if n > limit]
    lesser = [PileUp(*spot, n, withheld=False) for n, spot in found if n <= limit]
    return withheld + lesser[:LISTED]
