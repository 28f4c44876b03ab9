"""Between WGS-84 and the systems that Chinese platforms hand out, for whole arrays.

CGCS2000 degrees are taken as WGS-84: the two frames differ by centimetres, below what a report's place can mean. Its
plane form is Gauss–Krüger in zones of three degrees; web Mercator is WGS-84 in metres. GCJ-02 moves a point by a few hundred metres: a polynomial plus sines on Krasovsky's ellipsoid. BD-09 turns and
stretches GCJ-02 a little more. Both are published only as these forward formulas; the way back is found by iteration.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xiuhua.territory.rules import baidu, projections

Floats = NDArray[np.float64]

#: Semi-major axis in metres and squared eccentricity of Krasovsky's ellipsoid (1940).
AXIS = 6378245.0
ECCENTRICITY2 = 0.00669342162296594323

#: The customary rectangle outside which map services do not encipher: west, south, east, north.
CHINA = (72.004, 0.8293, 137.8347, 55.8271)

#: Each round leaves at most 2 % of the error of the round before: from 1.3 km, ten rounds end below a micrometre.
ROUNDS = 10

#: How far from its meridian an easting can reach (a zone and its neighbour, at the equator), and the pole's northing.
_HALF_ZONE, _POLE = 350_000.0, 10_002_000.0
BAIDU_TURN = np.pi * 3000.0 / 180.0


def in_china(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    """Return for each point whether it lies in the rectangle where coordinates are enciphered; never for NaN."""
    west, south, east, north = CHINA
    inside: NDArray[np.bool_] = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return inside


def _waves(along: Floats, across: Floats, long: tuple[float, float], short: tuple[float, float]) -> Floats:
    """Return the three pairs of sines common to both directions, in metres; `along` carries the finest waves."""
    pi = np.pi
    fine: Floats = 20.0 * np.sin(6.0 * along * pi) + 20.0 * np.sin(2.0 * along * pi)
    middle: Floats = 20.0 * np.sin(across * pi) + 40.0 * np.sin(across / 3.0 * pi)
    coarse: Floats = long[0] * np.sin(across / short[0] * pi) + long[1] * np.sin(across * pi / short[1])
    total: Floats = (fine + middle + coarse) * (2.0 / 3.0)
    return total


def _gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return the GCJ-02 coordinates of WGS-84 points, anywhere on earth."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north = north + _waves(x, y, (160.0, 320.0), (12.0, 30.0))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east = east + _waves(x, x, (150.0, 300.0), (12.0, 30.0))
    latitude = np.radians(lat)
    magic = 1.0 - ECCENTRICITY2 * np.sin(latitude) ** 2
    along_meridian = AXIS * (1.0 - ECCENTRICITY2) / (magic * np.sqrt(magic))
    along_parallel = AXIS / np.sqrt(magic) * np.cos(latitude)
    return lon + np.degrees(east / along_parallel), lat + np.degrees(north / along_meridian)


def _bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return the BD-09 coordinates of WGS-84 points, anywhere on earth."""
    x, y = _gcj02(lon, lat)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * BAIDU_TURN)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * BAIDU_TURN)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


_FORWARD = {"gcj02": _gcj02, "bd09": _bd09}

#: Systems in degrees, and in metres; `cgcs2000-gk3` needs a central meridian or zone numbers in its eastings.
DEGREES = ("wgs84", "gcj02", "bd09", "cgcs2000")
METRES = ("bd09mc", "cgcs2000-gk3", "webmercator")
SYSTEMS = (*DEGREES, *METRES)


def from_wgs84(lon: ArrayLike, lat: ArrayLike, crs: str, *, meridian: float | None = None) -> tuple[Floats, Floats]:
    """Return WGS-84 degrees in `crs` (one of SYSTEMS); GCJ-02 and what builds on it is identity outside China.

    Gauss–Krüger coordinates are (easting, northing) about `meridian`, without a zone number; without a meridian they
    are in the point's own zone of three degrees, with its number in front. Raises KeyError for another system.
    """
    lon, lat = np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)
    if crs in ("wgs84", "cgcs2000"):
        return lon, lat
    if crs == "webmercator":
        return projections.to_web_mercator(lon, lat)
    if crs == "cgcs2000-gk3":
        return _to_zone(lon, lat, meridian)
    if crs == "bd09mc":
        return baidu.to_metres(*from_wgs84(lon, lat, "bd09"))
    inside = in_china(lon, lat)
    lon[inside], lat[inside] = _FORWARD[crs](lon[inside], lat[inside])
    return lon, lat


def to_wgs84(lon: ArrayLike, lat: ArrayLike, crs: str, *, meridian: float | None = None) -> tuple[Floats, Floats]:
    """Return the WGS-84 degrees of points given in `crs` (one of SYSTEMS), exact to well below a metre.

    For GCJ-02 and what builds on it: identity outside China's rectangle and for NaN; within a kilometre of the
    rectangle's edge the answer depends on which side the enciphered point falls, as it does at the map services. For
    Gauss–Krüger, a zone number in an easting decides its meridian, else `meridian` does; without either NaN. Raises
    KeyError for another system.
    """
    lon, lat = np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)
    if crs in ("wgs84", "cgcs2000"):
        return lon, lat
    if crs == "webmercator":
        return projections.from_web_mercator(lon, lat)
    if crs == "cgcs2000-gk3":
        bare, told = projections.split_zone(lon)
        middle = np.where(np.isnan(told), np.nan if meridian is None else meridian, told)
        return projections.from_gauss_krueger(bare, np.where(np.isnan(middle), np.nan, lat), middle)
    if crs == "bd09mc":
        return to_wgs84(*baidu.to_degrees(lon, lat), "bd09")
    return _deciphered(lon, lat, crs)


def _deciphered(lon: Floats, lat: Floats, crs: str) -> tuple[Floats, Floats]:
    forward, inside = _FORWARD[crs], in_china(lon, lat)
    goal_lon, goal_lat = lon[inside], lat[inside]
    guess_lon, guess_lat = goal_lon, goal_lat
    for _round in range(ROUNDS):
        there_lon, there_lat = forward(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + (goal_lon - there_lon), guess_lat + (goal_lat - there_lat)
    lon[inside], lat[inside] = guess_lon, guess_lat
    return lon, lat


def _to_zone(lon: Floats, lat: Floats, meridian: float | None) -> tuple[Floats, Floats]:
    if meridian is not None:
        return projections.to_gauss_krueger(lon, lat, meridian)
    zone = np.round(lon / projections.ZONE_WIDTH)
    x, y = projections.to_gauss_krueger(lon, lat, zone * projections.ZONE_WIDTH)
    return x + zone * projections.PREFIX, y


def misfit(x: float, y: float, crs: str, meridian: float | None = None) -> str:
    """Return why a pair of numbers cannot be a point in `crs`, empty if it can.

    coordinate_null (the origin), coordinate_outside (no degrees), coordinate_metres (no metres of that system),
    coordinate_zone (an easting without the zone number that nothing else states).
    """
    if x == 0 and y == 0:
        return "coordinate_null"
    if crs in DEGREES:
        return "" if abs(x) <= 180 and abs(y) <= 90 else "coordinate_outside"  # noqa: PLR2004 - degrees
    if crs == "cgcs2000-gk3":
        return _zone_misfit(x, y, meridian)
    edge = projections.EDGE
    degrees = abs(x) <= 180 and abs(y) <= 90  # noqa: PLR2004 - a few metres from the origin: degrees, not metres
    return "coordinate_metres" if degrees or abs(x) > edge or abs(y) > edge else ""


def _zone_misfit(x: float, y: float, meridian: float | None) -> str:
    zone, bare = divmod(x, projections.PREFIX)
    numbered = projections.FIRST_ZONE <= zone <= projections.LAST_ZONE
    near = abs(bare - projections.EASTING_0) <= _HALF_ZONE and 0 < y < _POLE
    if not near or not (numbered or zone == 0):
        return "coordinate_metres"
    return "" if numbered or meridian is not None else "coordinate_zone"
