"""The measurement of locating measures what it says: the same points, and an answer that is right."""

from __future__ import annotations

import numpy as np
import shapely

from xiuhua.bench.locate import CHANGE, DEGREES, SOUTH, WEST, ground, run
from xiuhua.territory.queries.locator import Locator


def test_ground_when_made_then_each_half_tiles_it_without_overlap() -> None:
    made = ground(200)
    assert len(made.shapes) >= 200
    assert bool(shapely.is_valid(made.shapes).all())
    for begins in np.unique(made.begins):
        layer = made.shapes[made.begins == begins]
        whole = shapely.box(WEST, SOUTH, WEST + DEGREES, SOUTH + DEGREES).area
        assert abs(shapely.area(layer).sum() - 2 * whole) < 0.05 * whole


def test_locate_when_measured_then_the_finest_of_the_day_is_found() -> None:
    made = ground(50)
    chance = np.random.default_rng(7)
    lon, lat = WEST + chance.random(300) * DEGREES, SOUTH + chance.random(300) * DEGREES
    for day in (CHANGE - 1, CHANGE):
        found = Locator(made).locate_many(lon, lat, day)
        slow = [
            next(
                (
                    place
                    for place, shape in enumerate(made.shapes)
                    if made.begins[place] <= day < made.ends[place] and shape.intersects(shapely.Point(x, y))
                ),
                -1,
            )
            for x, y in zip(lon, lat, strict=True)
        ]
        assert found.tolist() == slow


def test_run_when_small_then_the_report_has_both_and_their_ratio() -> None:
    report = run(points=2000, polygons=60, runs=1)
    assert report["name"] == "locate"
    assert (report["rows"], report["unit"]) == (2000, "s")
    assert report["ours_seconds"] > 0
    assert report["baseline"] == min(report["tree_of_outlines_seconds"], report["tree_of_points_seconds"])
    assert report["located"] > 1900
