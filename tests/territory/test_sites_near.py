"""At which sites a point lies: inside an area, within reach of a point or line, on its day, never another answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from xiuhua.kernel.models import Tenant
from xiuhua.territory.models import Site
from xiuhua.territory.queries.sites import SiteLocator, SiteUnknown, site_coded, sites_of
from xiuhua.territory.rules.metres import scales
from xiuhua.territory.rules.shapes import wkb

DAY = np.datetime64("2026-11-25")
WGS84 = Geod(ellps="WGS84")
LON, LAT = 123.05, 31.42


def site(shape: Any, reach: int = 50, **more: Any) -> Site:
    west, south, east, north = shape.bounds
    box = {"min_lon": west, "min_lat": south, "max_lon": east, "max_lat": north}
    return Site(
        **({"code": "S", "name": "点", "type": "P10", "crs": "wgs84", "reach_m": reach} | box | more),
        geometry=wkb(shape),
    )


def _numbered(sites: list[Site]) -> SiteLocator:
    for place, one in enumerate(sites):
        one.pk = place + 100
    return SiteLocator(sites)


@pytest.mark.parametrize(
    ("azimuth", "metres", "reach", "there"),
    [(0, 49.5, 50, True), (0, 50.5, 50, False), (90, 49.5, 50, True), (90, 50.5, 50, False), (45, 995, 1000, True),
     (45, 1005, 1000, False), (200, 0.9, 1, True), (200, 1, 0, False)],
)  # fmt: skip
@pytest.mark.parametrize("lat", [0.0, 31.42, 53.5, -33.9])
def test_point_when_metres_are_walked_on_the_ellipsoid_then_reach_decides(
    lat: float, azimuth: float, metres: float, reach: int, there: bool
) -> None:
    lon, up, _back = WGS84.fwd(LON, lat, azimuth, metres)
    found = _numbered([site(shapely.Point(LON, lat), reach)]).near(lon, up, date(2026, 11, 25))
    assert found == ((100,) if there else ())


@given(st.floats(-65, 65), st.floats(0, 360), st.floats(1, 1000))
def test_plane_when_measured_up_to_a_kilometre_then_it_is_within_half_a_per_cent(
    lat: float, azimuth: float, metres: float
) -> None:
    lon, up, _back = WGS84.fwd(10.0, lat, azimuth, metres)
    east, north = scales(lat)
    assert np.hypot((lon - 10.0) * east, (up - lat) * north) == pytest.approx(metres, rel=0.005, abs=1e-3)


def test_line_when_a_point_lies_beside_it_then_the_nearest_part_counts() -> None:
    east, north = scales(LAT)
    lane = shapely.LineString([(LON, LAT), (LON + 400 / east, LAT), (LON + 400 / east, LAT + 300 / north)])
    locator = _numbered([site(lane, 20)])
    spots = [(200, -19), (200, -21), (381, 150), (379, 150), (-19, 0), (-21, 0), (400, 319), (400, 321)]
    x, y = np.array(spots, dtype=float).T
    points, _sites = locator.near_many(LON + x / east, LAT + y / north, DAY)
    assert points.tolist() == [0, 2, 4, 6]


def test_area_when_a_point_is_inside_or_on_the_border_then_it_is_there_and_reach_says_nothing() -> None:
    market = site(shapely.box(LON, LAT, LON + 0.001, LAT + 0.001), 500)
    hole = site(
        shapely.box(LON, LAT, LON + 0.001, LAT + 0.001).difference(shapely.box(LON, LAT, LON + 0.0005, LAT + 0.0005))
    )
    lon, lat = (
        np.array([LON + 0.0002, LON + 0.001, LON + 0.0011, LON + 0.0008]),
        np.array([LAT + 0.0002] * 3 + [LAT + 0.0008]),
    )
    points, sites = _numbered([market, hole]).near_many(lon, lat, DAY)
    assert list(zip(points.tolist(), sites.tolist(), strict=True)) == [(0, 0), (1, 0), (1, 1), (3, 0), (3, 1)]


@pytest.mark.parametrize(
    ("day", "there"),
    [("2026-01-31", False), ("2026-02-01", True), ("2026-06-30", True), ("2026-07-01", False), ("NaT", False)],
    ids=["before", "first day", "last day", "the day it ends", "no day"],
)
def test_site_when_it_has_days_then_the_first_counts_and_the_last_does_not(day: str, there: bool) -> None:
    kiosk = site(shapely.Point(LON, LAT), valid_from=date(2026, 2, 1), valid_to=date(2026, 7, 1))
    points, _sites = _numbered([kiosk]).near_many(np.array([LON]), np.array([LAT]), np.datetime64(day))
    assert len(points) == there


@pytest.mark.parametrize("sites", [[], [site(shapely.Point(LON, LAT))]], ids=["no sites", "one"])
def test_points_when_there_are_none_or_no_numbers_then_no_pairs(sites: list[Site]) -> None:
    locator = _numbered(sites)
    for lon in ([], [np.nan], [np.inf]):
        points, found = locator.near_many(np.array(lon), np.array([LAT] * len(lon)), DAY)
        assert (points.dtype, found.dtype, len(points), len(found)) == (np.int64, np.int64, 0, 0)


def _brute(sites: list[Site], lon: float, lat: float, day: np.datetime64) -> list[int]:
    """Return the positions of the sites at which a point lies, one after the other, without boxes or order."""
    found = []
    for position, one in enumerate(sites):
        shape = shapely.from_wkb(one.geometry)
        begun = one.valid_from is None or np.datetime64(one.valid_from) <= day
        over = one.valid_to is not None and day >= np.datetime64(one.valid_to)
        if shape.geom_type == "Polygon":
            there = shape.intersects(shapely.Point(lon, lat))
        else:
            east, north = scales((one.min_lat + one.max_lat) / 2)
            flat = shapely.transform(shape, lambda xy, k=(east, north): xy * np.array(k))
            there = flat.distance(shapely.Point(lon * east, lat * north)) <= one.reach_m
        if begun and not over and there:
            found.append(position)
    return found


@st.composite
def grounds(draw: st.DrawFn) -> tuple[list[Site], list[tuple[float, float, str]]]:
    step = st.integers(0, 40)
    spot = st.tuples(step, step).map(lambda xy: (LON + xy[0] * 1e-4, LAT + xy[1] * 1e-4))
    shape = st.one_of(
        spot.map(shapely.Point),
        st.lists(spot, min_size=2, max_size=4, unique=True).map(shapely.LineString),
        st.tuples(spot, st.integers(1, 20), st.integers(1, 20)).map(
            lambda one: shapely.box(*one[0], one[0][0] + one[1] * 1e-4, one[0][1] + one[2] * 1e-4)
        ),
    )
    days = st.sampled_from([None, date(2026, 3, 1)])
    ends = st.sampled_from([None, date(2026, 6, 1)])
    made = st.builds(
        lambda s, r, b, e: site(s, r, valid_from=b, valid_to=e), shape, st.sampled_from([0, 17, 83]), days, ends
    )
    # a quarter of a step off the grid of corners, so that no distance is a matter of the last digit
    point = st.tuples(step, step, st.sampled_from(["2026-02-01", "2026-03-01", "2026-06-01"]))
    points = st.lists(point.map(lambda p: (LON + (p[0] + 0.27) * 1e-4, LAT + (p[1] + 0.31) * 1e-4, p[2])), max_size=12)
    return draw(st.lists(made, max_size=6)), draw(points)


@given(grounds())
def test_pairs_are_those_found_one_by_one_and_in_order(
    ground: tuple[list[Site], list[tuple[float, float, str]]],
) -> None:
    sites, points = ground
    lon, lat = (np.array([point[axis] for point in points], dtype=float) for axis in (0, 1))
    days = np.array([point[2] for point in points], dtype="datetime64[D]")
    found = _numbered(sites).near_many(lon, lat, days)
    expected = [(row, one) for row, (x, y, day) in enumerate(points) for one in _brute(sites, x, y, np.datetime64(day))]
    assert list(zip(*(part.tolist() for part in found), strict=True)) == expected


def test_sites_when_asked_for_by_day_and_type_then_by_code(street: Tenant) -> None:
    for code, kind, ends in (("B", "P10", None), ("A", "P10", date(2026, 1, 1)), ("C", "P07", None)):
        site(shapely.Point(LON, LAT), tenant=street, code=code, type=kind, valid_to=ends).save()
    assert [one.code for one in sites_of(street)] == ["A", "B", "C"]
    assert [one.code for one in sites_of(street, date(2026, 1, 1))] == ["B", "C"]
    assert [one.code for one in sites_of(street, date(2025, 12, 31), type="P10")] == ["A", "B"]
    locator = SiteLocator.load(street)
    assert locator.near(LON, LAT, date(2026, 2, 1)) == tuple(site_coded(street, code).pk for code in "BC")
    assert locator.types.tolist() == ["P10", "P10", "P07"]
    with pytest.raises(SiteUnknown):
        site_coded(street, "Z")
