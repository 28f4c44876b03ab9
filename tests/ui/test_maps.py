"""Drawings of outlines: which labels have room."""

from __future__ import annotations

import pytest
import shapely

from xiuhua.ui.maps import drawing

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
