"""Photos of the made-up street: drawn, so that nobody's street, face or plate is in them."""

from __future__ import annotations

from dataclasses import dataclass

#: Width and height in pixels.
SIZE = (960, 720)
_HORIZON = 330
_GROUND = 470


@dataclass(frozen=True, slots=True)
class Shape:
    """One thing to draw: what it is, its corners in pixels and its colour."""

    kind: str
    points: tuple[tuple[int, int], ...]
    colour: tuple[int, int, int]


def scene(seed: int, *, mess: bool) -> tuple[Shape, ...]:
    """Return a street corner of the seed, with a heap in front of its wall or without: the same corner both times."""
    state = _Numbers(seed)
    sky, wall = (206 - state.below(20), 221, 232), (236 - state.below(24), 230 - state.below(20), 216 - state.below(30))
    shapes = [
        Shape("box", ((0, 0), SIZE), sky),
        Shape("box", ((0, _GROUND), SIZE), (150 + state.below(20), 148, 146)),
        *_houses(state, wall),
        Shape("box", ((0, _GROUND - 16), (SIZE[0], _GROUND)), (112, 112, 116)),
        *_bins(state),
    ]
    heap = _heap(state)
    return tuple(shapes + heap) if mess else tuple(shapes)


def _houses(state: _Numbers, wall: tuple[int, int, int]) -> list[Shape]:
    shapes, left = [], -state.below(80)
    while left < SIZE[0]:
        width, top = 150 + state.below(130), _HORIZON - 60 - state.below(170)
        shade = state.below(26)
        colour = (wall[0] - shade, wall[1] - shade, wall[2] - shade)
        shapes.append(Shape("box", ((left, top), (left + width, _GROUND - 16)), colour))
        roof = ((left - 12, top), (left + width + 12, top), (left + width, top - 34), (left, top - 34))
        shapes.append(Shape("area", roof, (66, 72, 78)))
        for column in range(left + 24, left + width - 40, 62):
            rows = range(top + 26, _GROUND - 90, 84)
            shapes += [Shape("box", ((column, row), (column + 32, row + 46)), (122, 146, 160)) for row in rows]
        left += width + 6 + state.below(40)
    return shapes


def _bins(state: _Numbers) -> list[Shape]:
    left = 120 + state.below(520)
    return [
        Shape("box", ((left + at, _GROUND - 92), (left + at + 54, _GROUND + 12)), colour)
        for at, colour in ((0, (58, 108, 86)), (70, (70, 92, 140)))
    ]


def _heap(state: _Numbers) -> list[Shape]:
    middle, shapes = 260 + state.below(440), []
    for _piece in range(26):
        x, y = middle - 170 + state.below(340), _GROUND + 20 + state.below(150)
        w, h = 26 + state.below(70), 18 + state.below(48)
        colour = (60 + state.below(170), 60 + state.below(150), 50 + state.below(140))
        if state.below(2):
            shapes.append(Shape("oval", ((x, y), (x + w, y + h)), colour))
        else:
            corners = ((x, y + state.below(h)), (x + w, y), (x + w - state.below(w), y + h), (x - 8, y + h))
            shapes.append(Shape("area", corners, colour))
    return shapes


class _Numbers:
    """A small generator whose sequence is the same everywhere (linear congruential, as in Numerical Recipes)."""

    def __init__(self, seed: int) -> None:
        self._state = seed * 2654435761 % 2**32

    def below(self, limit: int) -> int:
        """Return a whole number from 0 up to `limit`, without it."""
        self._state = (self._state * 1664525 + 1013904223) % 2**32
        return (self._state >> 8) * limit >> 24
