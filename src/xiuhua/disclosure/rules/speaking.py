"""What fits into the two minutes a speaker has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

#: How long a speaker has, in seconds.
TIME = 120
#: Signs read aloud in a second: Chinese about four, Latin letters about fifteen.
_HAN, _LATIN = 4, 15
#: Signs that nobody reads aloud.
_SILENT = frozenset("，。；：、“”（）《》—·,.;:()\"' ")


@dataclass(frozen=True, slots=True)
class Point:
    """Something to say. Of what does not fit, the point with the highest `weight` is left out first; 0 always stays."""

    head: str
    text: str
    weight: int = 0


def seconds(text: str) -> int:
    """Return how long a text takes to read aloud, in whole seconds, at least 1; numbers are read digit by digit."""
    spoken = [sign for sign in text if sign not in _SILENT]
    han = sum(1 for sign in spoken if "\u4e00" <= sign <= "\u9fff" or sign.isdigit())
    return max(1, ceil(han / _HAN + (len(spoken) - han) / _LATIN))


def total(points: Iterable[Point]) -> int:
    """Return how long the points take together."""
    return sum(seconds(point.text) for point in points)


def fitting(points: Sequence[Point], most: int = TIME) -> tuple[Point, ...]:
    """Return the points in their order, the least important ones left out until the rest fits into `most` seconds."""
    kept = list(points)
    while total(kept) > most and any(point.weight for point in kept):
        kept.remove(max(kept, key=lambda point: point.weight))
    return tuple(kept)
