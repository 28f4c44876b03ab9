"""Outlines: repaired, measured, or refused with the reason."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from tests.territory.ground import EAST, NORTH, square

from xiuhua.territory.rules import from_wgs84
from xiuhua.territory.rules.neighbours import gaps, overlaps
from xiuhua.territory.rules.shapes import Unfit, area_m2, drawing, same_outline, wkb

#: Two triangles that meet in a point: each a quarter of the square from (0, 0) to (2, 2).
BOW = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}
LINE = {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}


def block(x: float, y: float, width: float = 1, height: float = 1) -> shapely.Polygon:
    return shapely.box(EAST + x / 100, NORTH + y / 100, EAST + (x + width) / 100, NORTH + (y + height) / 100)


def test_area_when_the_whole_ellipsoid_is_halved_then_it_is_the_published_half() -> None:
    # surface of the WGS-84 ellipsoid: 510 065 621.724 km²
    north = shapely.box(-180, 0, 180, 90)
    assert area_m2(shapely.segmentize(north, 1.0)) == pytest.approx(510_065_621_724_000 / 2, rel=1e-4)


def test_area_when_a_hole_is_cut_then_it_is_taken_off() -> None:
    whole, hole = block(0, 0, 3, 3), block(1, 1)
    ring = shapely.Polygon(whole.exterior, [hole.exterior])
    assert abs(area_m2(ring) - (area_m2(whole) - area_m2(hole))) <= 1


def test_drawing_when_valid_then_it_is_kept_as_it_is() -> None:
    drawn = drawing(square(0, 0), "wgs84")
    assert (drawn.reason, drawn.area_m2, shapely.equals(drawn.geometry, block(0, 0))) == ("", 797_383, True)


def test_drawing_when_the_ring_crosses_itself_then_it_is_repaired_and_says_why() -> None:
    drawn = drawing(BOW, "wgs84")
    assert drawn.reason == "Self-intersection[1 1]"
    assert (drawn.geometry.geom_type, shapely.is_valid(drawn.geometry)) == ("MultiPolygon", True)
    assert drawn.area_m2 == area_m2(shapely.from_wkt("MULTIPOLYGON(((0 0,1 1,0 2,0 0)),((2 0,2 2,1 1,2 0)))"))


def test_drawing_when_lines_stand_beside_polygons_then_the_polygons_are_kept() -> None:
    mixed = {"type": "GeometryCollection", "geometries": [LINE, square(0, 0), {"type": "Point", "coordinates": [0, 0]}]}
    assert drawing(mixed, "wgs84") == drawing(square(0, 0), "wgs84")


def test_drawing_when_the_ring_is_open_or_has_heights_then_it_is_closed_and_flat() -> None:
    ring = [[*corner, 12.5] for corner in square(0, 0)["coordinates"][0][:-1]]
    assert drawing({"type": "Polygon", "coordinates": [ring]}, "wgs84") == drawing(square(0, 0), "wgs84")


def test_drawing_when_enciphered_then_it_is_moved_to_wgs84() -> None:
    ring = [[120.30, 31.57], [120.31, 31.57], [120.31, 31.58], [120.30, 31.57]]
    lon, lat = from_wgs84(*np.array(ring).T, "gcj02")
    sent = np.column_stack([lon, lat]).tolist()
    drawn = drawing({"type": "Polygon", "coordinates": [sent]}, "gcj02")
    assert shapely.equals_exact(drawn.geometry, shapely.Polygon(ring), tolerance=1e-9)


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        ({"type": "Point", "coordinates": [1, 2]}, "territory.geometry_kind"),
        (LINE, "territory.geometry_kind"),
        ({"type": "GeometryCollection", "geometries": [LINE]}, "territory.geometry_kind"),
        ({"coordinates": []}, "territory.geometry_kind"),
        ({"type": "GeometryCollection", "geometries": []}, "territory.geometry_empty"),
        ({"type": "MultiPolygon", "coordinates": []}, "territory.geometry_empty"),
        (polygon(), "territory.geometry_empty"),
        (polygon([[0, 0], [1, 1], [2, 2], [0, 0]]), "territory.geometry_empty"),
        (polygon([[0, 0], [1, 1], [0, 0]]), "territory.ring_short"),
        (polygon([]), "territory.ring_short"),
        (polygon([[0, 0], [1, "x"], [1, 1], [0, 0]]), "territory.coordinates_malformed"),
        (polygon([[0], [1], [1], [0]]), "territory.coordinates_malformed"),
        (polygon({"a": 1}), "territory.coordinates_malformed"),
        ({"type": "Polygon"}, "territory.coordinates_malformed"),
        (polygon([[500000, 4000000], [500100, 4000000], [500100, 4000100]]), "territory.coordinates_outside"),
        (polygon([[0, 0], [1, None], [1, 1], [0, 0]]), "territory.coordinates_outside"),
    ],
    ids=[
        "point",
        "line",
        "lines only",
        "no type",
        "nothing collected",
        "no polygon",
        "no ring",
        "flat",
        "two points",
        "empty ring",
        "text",
        "one number",
        "object",
        "no coordinates",
        "projected",
        "null",
    ],
)
def test_drawing_when_it_is_no_area_then_the_fault_says_so(geometry: dict[str, Any], code: str) -> None:
    with pytest.raises(Unfit) as refused:
        drawing(geometry, "wgs84")
    assert refused.value.code == code


def test_outline_when_the_ring_starts_elsewhere_then_it_is_the_same() -> None:
    ring = square(0, 0)["coordinates"][0]
    turned = {"type": "Polygon", "coordinates": [[*ring[2:-1], *ring[:3]]]}
    kept = wkb(drawing(square(0, 0), "wgs84").geometry)
    assert same_outline(kept, drawing(turned, "wgs84").geometry)
    assert not same_outline(kept, drawing(square(0, 0, 1, 1.01), "wgs84").geometry)
    assert (same_outline(kept, None), same_outline(None, block(0, 0))) == (True, False)


def test_overlaps_when_siblings_share_ground_then_each_pair_is_named_once_largest_first() -> None:
    blocks = [("c", block(1.5, 0)), ("a", block(0, 0)), ("b", block(0.9, 0)), ("d", block(5, 5))]
    found = overlaps(blocks, 1)
    assert [(one.a, one.b) for one in found] == [("b", "c"), ("a", "b")]
    assert [one.m2 for one in found] == [area_m2(block(1.5, 0, 0.4)), area_m2(block(0.9, 0, 0.1))]


def test_overlaps_when_smaller_than_a_sliver_then_not_reported() -> None:
    assert overlaps([("a", block(0, 0)), ("b", block(0.9, 0))], 100_000) == ()


def test_overlaps_when_blocks_only_touch_then_none() -> None:
    assert overlaps([("a", block(0, 0)), ("b", block(1, 0)), ("c", block(1, 1))], 0) == ()


def test_gaps_when_siblings_surround_ground_then_it_is_reported_with_a_point_in_it() -> None:
    around = shapely.difference(block(0, 0, 3, 3), block(1, 1))
    found = gaps([around], None, 1)
    assert [(gap.m2, shapely.contains_xy(block(1, 1), gap.lon, gap.lat)) for gap in found] == [
        (area_m2(block(1, 1)), True)
    ]


def test_gaps_when_an_island_lies_in_the_hole_then_only_the_rest_is_a_gap() -> None:
    around, island = shapely.difference(block(0, 0, 5, 5), block(1, 1, 3, 3)), block(2, 2)
    assert [gap.m2 for gap in gaps([around, island], None, 1)] == [
        area_m2(shapely.difference(block(1, 1, 3, 3), island))
    ]


def test_gaps_when_the_parent_is_not_covered_then_the_rest_is_a_gap() -> None:
    assert [gap.m2 for gap in gaps([block(0, 0)], block(0, 0, 2, 1), 1)] == [area_m2(block(1, 0))]


def test_gaps_when_nothing_is_drawn_then_none() -> None:
    assert gaps([], block(0, 0), 1) == ()


def test_drawing_when_collections_are_nested_without_end_then_a_fault_not_a_crash() -> None:
    nested = square(0, 0)
    for _level in range(2000):
        nested = {"type": "GeometryCollection", "geometries": [nested]}
    with pytest.raises(Unfit) as refused:
        drawing(nested, "wgs84")
    assert refused.value.code == "territory.coordinates_malformed"
