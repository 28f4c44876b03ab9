"""From the plan to the map: the canal meanders, the streets follow it, and the further away the straighter they run.

`u` runs down the canal and `v` across it, both in metres. The plan is bent by smooth functions whose derivatives stay
below one, so that it is never folded: what tiles in the plan tiles on the map.
"""

from __future__ import annotations

import math
from functools import lru_cache

from xiuhua.demo.words import Spot

#: Metres per degree of the WGS-84 ellipsoid at a latitude (series of the meridian and parallel arcs, first terms).
_LAT = (111132.954, -559.822, 1.175)
_LON = (111412.84, -93.5, 0.118)
#: The street is turned by this angle: nothing in a town is due north.
_TURN = math.radians(-7)
_FADE = 620.0  # metres from the canal at which half of its bends are left


def _canal(u: float) -> tuple[float, float]:
    """Return how far the canal lies east of its axis at `u`, and its slope there."""
    offset = 92 * math.sin(u / 415 + 0.55) + 30 * math.sin(u / 173 + 2.1)
    slope = 92 / 415 * math.cos(u / 415 + 0.55) + 30 / 173 * math.cos(u / 173 + 2.1)
    return offset, slope


def metres(spot: Spot) -> tuple[float, float]:
    """Return metres east and north of the street's origin for a spot of the plan."""
    u, v = spot
    offset, slope = _canal(u)
    near = 1 / (1 + (v / _FADE) ** 2)
    x = v + offset * (0.35 + 0.65 * near) + 13 * math.sin(u / 190 + v / 260 + 1.3) + 7 * math.sin(v / 97 - u / 310)
    # Cross streets leave the canal at a right angle and straighten out.
    y = -u + 0.55 * slope * v * near + 15 * math.sin(v / 175 + 0.9) + 8 * math.sin(u / 140 - v / 230 + 0.4)
    cos, sin = math.cos(_TURN), math.sin(_TURN)
    return x * cos - y * sin, x * sin + y * cos


def scales(latitude: float) -> tuple[float, float]:
    """Return metres per degree of longitude and of latitude at `latitude`, good to a decimetre in a kilometre."""
    phi = math.radians(latitude)
    north = _LAT[0] + _LAT[1] * math.cos(2 * phi) + _LAT[2] * math.cos(4 * phi)
    east = _LON[0] * math.cos(phi) + _LON[1] * math.cos(3 * phi) + _LON[2] * math.cos(5 * phi)
    return east, north


@lru_cache(maxsize=200_000)
def degrees(spot: Spot, origin: tuple[float, float]) -> tuple[float, float]:
    """Return WGS-84 longitude and latitude of a spot, rounded to 7 digits (about a centimetre).

    Equal spots give equal numbers: neighbours share their corners exactly.
    """
    x, y = metres(spot)
    east, north = scales(origin[1])
    return round(origin[0] + x / east, 7), round(origin[1] + y / north, 7)
