"""The declared coordinate system met with the territory: likely mistakes named with numbers, nothing decided."""

from __future__ import annotations

import numpy as np
import pytest

from xiuhua.exchange.rules.coordinates import coordinate_value
from xiuhua.exchange.rules.systems import Floats, check_system
from xiuhua.territory.rules import from_wgs84

#: A made-up street: 0.05 degrees by 0.05, some five kilometres.
WEST, SOUTH, SIDE = 120.30, 31.55, 0.05


def inside(lon: Floats, lat: Floats) -> np.ndarray:
    return (lon >= WEST) & (lon <= WEST + SIDE) & (lat >= SOUTH) & (lat <= SOUTH + SIDE)


def points() -> tuple[Floats, Floats]:
    """Four hundred points evenly within the street, WGS-84."""
    lon, lat = np.meshgrid(
        np.linspace(WEST + 0.001, WEST + SIDE - 0.001, 20), np.linspace(SOUTH + 0.001, SOUTH + SIDE - 0.001, 20)
    )
    return lon.ravel(), lat.ravel()


def given_in(crs: str, meridian: float | None = None) -> tuple[Floats, Floats]:
    return from_wgs84(*points(), crs, meridian=meridian)


@pytest.mark.parametrize("crs", ["wgs84", "gcj02", "bd09", "cgcs2000", "bd09mc", "webmercator", "cgcs2000-gk3"])
def test_system_when_declared_rightly_then_all_points_are_inside(crs: str) -> None:
    found = check_system(*given_in(crs), crs, inside)
    assert (found.points, found.share, found.fits) == (400, 1.0, True)
    assert {one.code for one in found.suspicions} <= {"crs_close"}


@pytest.mark.parametrize(
    ("true", "declared"),
    [
        ("bd09mc", "wgs84"),
        ("bd09mc", "webmercator"),
        ("webmercator", "gcj02"),
        ("cgcs2000-gk3", "bd09mc"),
        ("gcj02", "bd09mc"),
    ],
)
def test_system_when_another_is_meant_then_it_is_named_with_its_share(true: str, declared: str) -> None:
    found = check_system(*given_in(true), declared, inside)
    named = {one.facts.get("system"): one.share for one in found.suspicions if one.code == "crs_looks_like"}
    assert (found.fits, named[true]) == (False, 1.0)


def test_system_when_the_axes_are_swapped_then_said() -> None:
    lon, lat = given_in("gcj02")
    found = check_system(lat, lon, "gcj02", inside)
    assert [(one.code, one.share) for one in found.suspicions] == [("crs_swapped", 1.0)]


def test_system_when_the_decimal_point_is_lost_then_the_digits_are_told() -> None:
    lon, lat = given_in("wgs84")
    found = check_system(np.round(lon * 1e6), np.round(lat * 1e6), "wgs84", inside)
    assert ("crs_decimals", {"digits": 6}) in [(one.code, one.facts) for one in found.suspicions]


def test_system_when_only_whole_degrees_are_left_then_said() -> None:
    lon, lat = given_in("wgs84")
    found = check_system(np.floor(lon), np.floor(lat), "wgs84", inside)
    assert [(one.code, one.facts) for one in found.suspicions] == [("crs_whole", {"percent": 100})]


@pytest.mark.parametrize(
    ("declared", "meridian", "code"),
    [
        ("cgcs2000-gk3", None, "crs_zone_missing"),
        ("cgcs2000-gk3", 117.0, "crs_other_zone"),
        ("wgs84", None, "crs_looks_like"),
    ],
)
def test_system_when_the_zone_number_is_missing_then_the_zone_that_fits_is_named(
    declared: str, meridian: float | None, code: str
) -> None:
    found = check_system(*given_in("cgcs2000-gk3", 120.0), declared, inside, meridian=meridian)
    told = [one for one in found.suspicions if one.facts.get("zone")]
    assert [(one.code, one.share, one.facts["zone"], one.facts["meridian"]) for one in told] == [(code, 1.0, 40, 120)]


def test_system_when_gcj02_is_read_as_wgs84_then_both_fit_and_the_distance_is_told() -> None:
    lon, lat = given_in("gcj02")
    found = check_system(lon, lat, "wgs84", inside)
    close = {one.facts["system"]: one for one in found.suspicions if one.code == "crs_close"}
    assert found.share >= 0.8
    assert (close["gcj02"].share, 400 <= close["gcj02"].facts["metres"] <= 700) == (1.0, True)
    assert "cgcs2000" not in close


def test_system_when_no_point_is_usable_then_nothing_is_said() -> None:
    nowhere = np.full(3, np.nan)
    found = check_system(nowhere, nowhere, "wgs84", inside)
    assert (found.points, found.share, found.suspicions) == (0, 0.0, ())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("120.3012", 120.3012),
        ("-71.05", -71.05),
        ("1.2E2", 120.0),
        ("31°34′12″", 31.57),
        ("31度34分12秒", 31.57),
        ("120°18'E", 120.3),
        ("W71°3′", -71.05),
        ("南纬31°30′", -31.5),
        ("31°", 31.0),
        ("31°61′", None),
        ("N31°E", None),
        ("东经", None),
        ("31°34′12″ 120°", None),
        ("", None),
    ],
)
def test_coordinate_text_when_plain_or_in_degrees_minutes_seconds_then_its_number(
    text: str, value: float | None
) -> None:
    found = coordinate_value(text)
    assert (round(found, 9) if found is not None else None) == value
