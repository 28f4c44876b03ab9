"""Drawings of outlines: which labels have room."""

from __future__ import annotations

import pytest
import shapely

from xiuhua.ui.maps import drawing, plain, plane, point

#: On the equator: a hundred by twenty, twenty by a hundred, and a frame whose middle is not its own. 216 pixels are 200 units.
SHAPES = {
    "flat": shapely.box(0, 0, 1, 0.2),
    "tall": shapely.box(1, 0, 1.2, 1),
    "hook": shapely.union(shapely.box(1.2, 0, 2, 0.2), shapely.box(1.8, 0, 2, 1)),
}


@pytest.mark.parametrize(
    ("code", "letters", "size", "fits"),
    [
        ("flat", 6, 15, True),
        ("flat", 7, 15, False),
        ("flat", 3, 24, False),
        ("tall", 1, 15, True),
        ("tall", 2, 15, False),
    ],
)
def test_label_when_it_is_wider_or_higher_than_its_shape_then_it_does_not_fit(
    code: str, letters: int, size: int, fits: bool
) -> None:
    drawn = drawing(SHAPES, width=216)
    assert drawn is not None
    shape = next(one for one in drawn.shapes if one.code == code)
    assert shape.holds(letters, size) is fits


def test_label_stands_within_its_shape_even_where_the_middle_is_outside() -> None:
    drawn = drawing(SHAPES, width=216)
    assert drawn is not None
    hook = next(one for one in drawn.shapes if one.code == "hook")
    assert 0 < hook.wide <= 80
    assert not hook.holds(6, 15)


def test_plane_places_points_and_shapes_where_the_drawing_has_them() -> None:
    flat = plane(SHAPES, width=216)
    assert flat is not None
    assert [flat.at(0, 1), flat.at(2, 0), flat.at(1, 0.5)] == [(8, 8), (208, 108), (108, 58)]
    assert flat.at(1, 0.5) == point(SHAPES, width=216, lon=1, lat=0.5)
    drawn = drawing(SHAPES, width=216)
    assert drawn is not None
    corners = {code: set(flat.path(shape)[1:-1].split(" ")) for code, shape in SHAPES.items()}
    assert all(set(one.path[1:-1].split(" ")) <= corners[one.code] for one in drawn.shapes)


def test_plane_of_nothing_is_none() -> None:
    assert plane({}, width=216) is None
    with pytest.raises(ValueError, match="outline"):
        point({}, width=216, lon=0, lat=0)


def test_plain_outlines_keep_their_shared_borders_and_their_limit() -> None:
    wavy = [(1 + 0.001 * (step % 2), step / 500) for step in range(501)]
    shapes = {
        "west": shapely.Polygon([(0, 0), *wavy, (0, 1)]),
        "east": shapely.Polygon([(2, 0), *wavy, (2, 1)]),
    }
    fine, coarse = plain(shapes, parts=100_000, most=10_000), plain(shapes, parts=100_000, most=100)
    assert (
        shapely.get_num_coordinates(list(fine.values())).sum()
        == shapely.get_num_coordinates(list(shapes.values())).sum()
    )
    assert shapely.get_num_coordinates(list(coarse.values())).sum() <= 100
    assert shapely.intersection(coarse["west"], coarse["east"]).area == 0
    assert shapely.union(coarse["west"], coarse["east"]).area == pytest.approx(2)
    assert plain({}, parts=10, most=10) == {}
