"""The enciphered systems against pairs that others published, and the way back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Geod, Proj, Transformer

from xiuhua.territory.rules import baidu, from_wgs84, to_wgs84
from xiuhua.territory.rules.coordinates import misfit

EARTH = Geod(ellps="WGS84")
WEB = Transformer.from_crs(4326, 3857, always_xy=True)

#: WGS-84 → GCJ-02 as published in the tests of eviltransform (three cities) and of coordtransform (Tian'anmen).
GCJ02 = {
    "shanghai": ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    "shenzhen": ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    "beijing": ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    "tiananmen": ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
}


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(EARTH.inv(*a, *b)[2])


def moved(point: tuple[float, float], crs: str, *, back: bool = False) -> tuple[float, float]:
    lon, lat = (to_wgs84 if back else from_wgs84)(np.array([point[0]]), np.array([point[1]]), crs)
    return float(lon[0]), float(lat[0])


@pytest.mark.parametrize(("wgs", "gcj"), GCJ02.values(), ids=GCJ02)
def test_gcj02_when_a_published_point_is_enciphered_then_it_lies_within_5_cm(
    wgs: tuple[float, float], gcj: tuple[float, float]
) -> None:
    assert metres(moved(wgs, "gcj02"), gcj) < 0.05


@pytest.mark.parametrize(("wgs", "gcj"), GCJ02.values(), ids=GCJ02)
def test_gcj02_when_a_published_point_is_deciphered_then_it_lies_within_5_cm(
    wgs: tuple[float, float], gcj: tuple[float, float]
) -> None:
    assert metres(moved(gcj, "gcj02", back=True), wgs) < 0.05


def test_bd09_when_gcj02_published_is_enciphered_further_then_it_lies_within_1_mm() -> None:
    wgs = moved((116.404, 39.915), "gcj02", back=True)
    assert metres(moved(wgs, "bd09"), (116.41036949371029, 39.92133699351021)) < 0.001


def test_bd09_when_a_published_point_is_deciphered_then_it_lies_within_the_three_metres_of_their_one_step() -> None:
    # coordtransform's way back takes one step of approximation; ours iterates
    assert metres(moved((116.404, 39.915), "bd09", back=True), (116.3913836995125, 39.907253214522164)) < 3


@pytest.mark.parametrize("crs", ["wgs84", "gcj02", "bd09"])
@settings(max_examples=60, deadline=None)
@given(lon=st.floats(73, 136), lat=st.floats(2, 54.5))
def test_coordinates_when_sent_there_and_back_then_they_are_within_a_centimetre(
    crs: str, lon: float, lat: float
) -> None:
    assert metres(moved(moved((lon, lat), crs), crs, back=True), (lon, lat)) < 0.01


@pytest.mark.parametrize("crs", ["gcj02", "bd09"])
@pytest.mark.parametrize("point", [(-71.0587, 42.3594), (0.0, 0.0), (139.8, 35.7), (120.0, -30.0)])
def test_coordinates_when_outside_china_then_they_stay(crs: str, point: tuple[float, float]) -> None:
    assert (moved(point, crs), moved(point, crs, back=True)) == (point, point)


@pytest.mark.parametrize("crs", ["gcj02", "bd09"])
def test_coordinates_when_a_thousand_come_at_once_then_each_is_as_if_alone(crs: str) -> None:
    lon, lat = np.meshgrid(np.linspace(80, 130, 40), np.linspace(18, 50, 25))
    lon, lat = lon.ravel(), lat.ravel()
    there = from_wgs84(lon, lat, crs)
    back = to_wgs84(*there, crs)
    apart = EARTH.inv(lon, lat, *back)[2]
    assert (len(apart), float(apart.max()) < 0.01) == (1000, True)
    assert [moved((lon[n], lat[n]), crs) for n in (0, 499, 999)] == [(there[0][n], there[1][n]) for n in (0, 499, 999)]


def test_coordinates_when_missing_then_they_stay_missing_and_the_input_is_untouched() -> None:
    lon, lat = np.array([np.nan, 116.404]), np.array([39.9, 39.915])
    there = to_wgs84(lon, lat, "gcj02")
    assert np.isnan(there[0]).tolist() == [True, False]
    assert (lon[1], lat[1]) == (116.404, 39.915)


#: BD-09 degrees and their metres as Baidu's map script gives them.
BAIDU = ((116.404, 39.915), (12958175.0, 4825923.77))


def test_bd09mc_when_a_published_point_is_drawn_then_it_lies_within_a_centimetre_and_back() -> None:
    degrees, metres_ = BAIDU
    x, y = baidu.to_metres(*(np.array([one]) for one in degrees))
    assert (abs(float(x[0]) - metres_[0]) < 0.01, abs(float(y[0]) - metres_[1]) < 0.01) == (True, True)
    assert metres(moved(metres_, "bd09mc", back=True), moved(degrees, "bd09", back=True)) < 0.02


@settings(max_examples=200, deadline=None)
@given(lon=st.floats(-180, 180), lat=st.floats(-74, 74))
@example(lon=-87.2, lat=60.0)
def test_bd09mc_when_drawn_and_undrawn_then_it_is_the_same_place_in_every_band(lon: float, lat: float) -> None:
    there = baidu.to_metres(np.array([lon]), np.array([lat]))
    back = baidu.to_degrees(*there)
    # where two bands meet the published polynomials are metres apart, so there the northing has no single latitude
    beside_an_edge = min(abs(abs(lat) - edge) for edge in (15, 30, 45, 60)) < 1e-3
    assert metres((float(back[0][0]), float(back[1][0])), (lon, lat)) < (10 if beside_an_edge else 0.01)


@pytest.mark.parametrize("crs", ["bd09mc", "webmercator", "cgcs2000", "cgcs2000-gk3"])
@settings(max_examples=100, deadline=None)
@given(lon=st.floats(73.6, 135), lat=st.floats(3, 53.5))
def test_systems_in_metres_when_sent_there_and_back_then_within_a_centimetre(crs: str, lon: float, lat: float) -> None:
    assert metres(moved(moved((lon, lat), crs), crs, back=True), (lon, lat)) < 0.01


@settings(max_examples=100, deadline=None)
@given(away=st.floats(-3, 3), lat=st.floats(0, 55), zone=st.integers(25, 45))
def test_gauss_krueger_when_compared_with_proj_then_within_a_millimetre(away: float, lat: float, zone: int) -> None:
    meridian = 3.0 * zone
    proj = Proj(proj="tmerc", lat_0=0, lon_0=meridian, k=1, x_0=500_000, y_0=0, ellps="GRS80", algo="poder_engsager")
    ours = from_wgs84([meridian + away], [lat], "cgcs2000-gk3", meridian=meridian)
    theirs = proj(meridian + away, lat)
    assert [abs(float(one[0]) - other) < 0.001 for one, other in zip(ours, theirs, strict=True)] == [True, True]


@pytest.mark.parametrize(("zone", "code"), [(25, 4513), (38, 4526), (40, 4528), (45, 4533)])
def test_gauss_krueger_when_compared_with_the_epsg_zone_then_zone_number_and_metres_agree(zone: int, code: int) -> None:
    point = (3.0 * zone + 0.75, 31.57)
    theirs = Transformer.from_crs(4490, code, always_xy=True).transform(*point)
    ours = moved(point, "cgcs2000-gk3")
    assert [abs(one - other) < 0.001 for one, other in zip(ours, theirs, strict=True)] == [True, True]


def test_gauss_krueger_when_on_the_meridian_then_half_a_million_and_the_length_of_the_arc() -> None:
    x, y = from_wgs84([120.0, 120.0], [0.0, 90.0], "cgcs2000-gk3", meridian=120.0)
    assert [round(float(one), 3) for one in x] == [500_000.0, 500_000.0]
    assert round(float(y[0]), 6) == 0.0
    assert (
        abs(float(y[1]) - 10_001_965.729) < 0.001
    )  # a quarter of the meridian of this ellipsoid (GRS 80: 10 001 965.7293 m)


def test_gauss_krueger_when_the_easting_has_a_zone_number_then_it_beats_the_declared_meridian() -> None:
    numbered = moved((120.3, 31.57), "cgcs2000-gk3")
    lon, _lat = to_wgs84([numbered[0]], [numbered[1]], "cgcs2000-gk3", meridian=117.0)
    assert round(float(lon[0]), 9) == 120.3


def test_gauss_krueger_when_neither_number_nor_meridian_then_nowhere() -> None:
    lon, lat = to_wgs84([528_479.5], [3_494_211.7], "cgcs2000-gk3")
    assert (bool(np.isnan(lon[0])), bool(np.isnan(lat[0]))) == (True, True)


@settings(max_examples=60, deadline=None)
@given(lon=st.floats(-180, 180), lat=st.floats(-85, 85))
def test_web_mercator_when_compared_with_epsg_3857_then_within_a_millimetre(lon: float, lat: float) -> None:
    theirs = WEB.transform(lon, lat)
    ours = from_wgs84([lon], [lat], "webmercator")
    assert [abs(float(one[0]) - other) < 0.001 for one, other in zip(ours, theirs, strict=True)] == [True, True]


@pytest.mark.parametrize(
    ("pair", "crs", "meridian", "code"),
    [
        ((120.3, 31.5), "gcj02", None, ""),
        ((0.0, 0.0), "bd09mc", None, "coordinate_null"),
        ((120301.0, 31.5), "wgs84", None, "coordinate_outside"),
        ((13390000.0, 3700000.0), "bd09mc", None, ""),
        ((120.3, 31.5), "bd09mc", None, "coordinate_metres"),
        ((13390000.0, 37000000.0), "webmercator", None, "coordinate_metres"),
        ((40528479.5, 3494211.7), "cgcs2000-gk3", None, ""),
        ((528479.5, 3494211.7), "cgcs2000-gk3", 120.0, ""),
        ((528479.5, 3494211.7), "cgcs2000-gk3", None, "coordinate_zone"),
        ((3494211.7, 528479.5), "cgcs2000-gk3", 120.0, "coordinate_metres"),
    ],
)
def test_coordinates_when_they_cannot_be_of_the_system_then_it_is_said_why(
    pair: tuple[float, float], crs: str, meridian: float | None, code: str
) -> None:
    assert misfit(*pair, crs, meridian) == code
