"""The enciphered systems against pairs that others published, and the way back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from xiuhua.territory.rules import from_wgs84, to_wgs84

EARTH = Geod(ellps="WGS84")

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
