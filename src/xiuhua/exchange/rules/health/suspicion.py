"""Whether the points of a file look like another coordinate system than the one declared."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xiuhua.territory.rules.coordinates import to_wgs84

Floats = NDArray[np.float64]
Extent = tuple[float, float, float, float]
SYSTEMS = ("wgs84", "gcj02", "bd09")
#: Latitude and longitude in each other's column.
SWAPPED = "swapped"

#: Fewer points than this show nothing.
LEAST_POINTS = 20
#: Points outside under the declared system from which on another one is tried, and what that other one must leave of
#: them: enciphered systems lie some hundred metres apart, so that a street's edge shows them.
OUTSIDE, LEFT = 0.02, 1 / 3


class Suspicion(NamedTuple):
    """Another system under which more points lie within the office's outlines, and how many more; "" for none."""

    system: str
    points: int


def suspect(points: tuple[Floats, Floats], declared: str, extent: Extent) -> Suspicion:
    """Return the system that fits the points better than the declared one by far, if there is one.

    `points` are the two columns as the file has them, `extent` west, south, east and north of the office in WGS-84
    degrees. Raises KeyError for a declared system that is none.
    """
    x, y = points
    usable = np.isfinite(x) & np.isfinite(y)
    x, y = x[usable], y[usable]
    if x.size < LEAST_POINTS:
        return Suspicion("", 0)
    own = _outside(x, y, declared, extent)
    if own <= OUTSIDE * x.size:
        return Suspicion("", 0)
    others = [(_outside(x, y, one, extent), one) for one in SYSTEMS if one != declared]
    others.append((_outside(y, x, declared, extent), SWAPPED))
    left, system = min(others, key=lambda one: one[0])
    return Suspicion(system, own - left) if left <= own * LEFT else Suspicion("", 0)


def _outside(x: Floats, y: Floats, system: str, extent: Extent) -> int:
    lon, lat = to_wgs84(x, y, system)
    west, south, east, north = extent
    return int(np.count_nonzero((lon < west) | (lon > east) | (lat < south) | (lat > north)))
