"""What a change of outlines moves: counted by hand on squares, and lawful on any."""

from __future__ import annotations

import math
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry
from tests.territory.ground import EAST, NORTH, square

from xiuhua.territory.rules.moves import holders, moves
from xiuhua.territory.rules.shapes import area_m2
from xiuhua.territory.words import GroundMove, PointMove

#: A block of the ground in square metres, and a tenth of one (the blocks of one row are alike).
BLOCK = 797_383
#: Metres from the middle of the earth.
EARTH = 6_371_000


def box(*corner: float) -> BaseGeometry:
    return shapely.geometry.shape(square(*corner))


BEFORE = {"1": box(0, 0), "2": box(1, 0)}
POINTS = [(0.5, 0.5), (1.05, 0.5), (1.5, 0.5), (2.5, 0.5)]


def after(**changed: BaseGeometry) -> dict[str, BaseGeometry]:
    return BEFORE | {key.removeprefix("b"): shape for key, shape in changed.items()}


def around(points: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [EAST + x / 100 for x, _y in points], [NORTH + y / 100 for _x, y in points]


CASES: list[tuple[str, dict[str, BaseGeometry], Any, Any, Any, int]] = [
    ("nothing", after(), [], [], [], 0),
    (
        "a strip changes hands",
        after(b1=box(0, 0, 1.1), b2=box(1.1, 0, 0.9)),
        [(("2",), ("1",), 79_738)],
        [("2", "1", (1,))],
        [],
        0,
    ),
    (
        "a strip is claimed twice: the smaller keeps its points",
        after(b1=box(0, 0, 1.1)),
        [(("2",), ("1", "2"), 79_738)],
        [],
        [("1", "2", 79_738)],
        0,
    ),
    ("a strip is nobody's", after(b2=box(1.1, 0, 0.9)), [(("2",), (), 79_738)], [("2", "", (1,))], [], 79_738),
    (
        "new ground comes in",
        after(b2=box(1, 0, 2)),
        [((), ("2",), BLOCK)],
        [("", "2", (3,))],
        [],
        0,
    ),
    ("one goes", {"1": BEFORE["1"]}, [(("2",), (), BLOCK)], [("2", "", (1, 2))], [], BLOCK),
]


@pytest.mark.parametrize(
    ("after_", "ground", "points", "shared", "gap"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_moves_when_an_outline_changes_then(
    after_: dict[str, BaseGeometry], ground: Any, points: Any, shared: Any, gap: int
) -> None:
    found = moves(BEFORE, after_, *around(POINTS))
    assert [(one.before, one.after) for one in found.ground] == [(one[0], one[1]) for one in ground]
    assert all(abs(one.m2 - wanted[2]) <= 2 for one, wanted in zip(found.ground, ground, strict=True))
    assert found.points == tuple(PointMove(*one) for one in points)
    assert [(one.a, one.b) for one in found.overlaps] == [(a, b) for a, b, _m2 in shared]
    assert abs(sum(one.m2 for one in found.gaps) - gap) <= 2


def test_moves_when_they_overlapped_already_then_that_is_no_news() -> None:
    before = {"1": box(0, 0, 1.1), "2": box(1, 0)}
    found = moves(before, before | {"2": box(1, 0, 1.5)}, [], [])
    assert (found.overlaps, found.gaps) == ((), ())
    assert [(one.before, one.after) for one in found.ground] == [((), ("2",))]


def _bulge(block: BaseGeometry) -> float:
    """Return how much ground lies between the northern and southern edges of a square and their parallels, in m²."""
    west, _south, east, north = block.bounds
    length = math.radians(east - west) * math.cos(math.radians(north)) * EARTH
    return 2 * length**3 * math.tan(math.radians(north)) / (12 * EARTH)


@given(st.lists(st.tuples(*[st.integers(0, 12)] * 2, *[st.integers(1, 8)] * 2), min_size=2, max_size=2))
def test_moves_when_any_square_replaces_another_then_ground_and_points_balance(
    squares: list[tuple[int, int, int, int]],
) -> None:
    (old, new) = [box(*(side / 4 for side in one)) for one in squares]
    before, later = BEFORE | {"3": old}, BEFORE | {"3": new}
    xs, ys = around([(x / 3 + 0.01, y / 3 + 0.01) for x in range(12) for y in range(6)])
    found = moves(before, later, xs, ys, sliver_m2=0)
    gained = sum(one.m2 for one in found.ground if "3" in one.after and "3" not in one.before)
    lost = sum(one.m2 for one in found.ground if "3" in one.before and "3" not in one.after)
    # a parallel that is cut has more corners, and the geodesic edges between them bulge less: by L³·tan φ / 12R at most
    assert abs((gained - lost) - (area_m2(new) - area_m2(old))) <= _bulge(old) + _bulge(new) + 5
    then, now = holders(before, xs, ys), holders(later, xs, ys)
    assert sum(len(one.points) for one in found.points) == int((then != now).sum())
    assert all(then[place] == one.before and now[place] == one.after for one in found.points for place in one.points)
    assert all(isinstance(one, GroundMove) and one.before != one.after for one in found.ground)
