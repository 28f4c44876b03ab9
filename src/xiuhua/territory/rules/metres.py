"""Metres around a place: a plane that touches the WGS-84 ellipsoid there."""

from __future__ import annotations

import math

#: WGS-84: semi-major axis in metres and squared eccentricity.
AXIS = 6378137.0
ECCENTRICITY2 = 0.00669437999014

#: A box of degrees is made this much wider than the reach, so that nothing on its edge is lost to rounding.
SPARE = 1.001


def scales(lat: float) -> tuple[float, float]:
    """Return how many metres one degree of longitude and one of latitude measure at the latitude `lat` (degrees).

    Local equirectangular approximation: the parallel's radius N·cos φ and the meridian's radius of curvature M
    (Snyder, Map Projections – A Working Manual, 4-20 and 4-18). What it neglects is the change of both with latitude:
    within 1 km less than 0.05 % up to 70° of latitude, for a line over 0.2° from north to south less than 0.5 % up to 60°.
    """
    phi = math.radians(lat)
    root = 1.0 - ECCENTRICITY2 * math.sin(phi) ** 2
    parallel = AXIS / math.sqrt(root) * math.cos(phi)
    meridian = AXIS * (1.0 - ECCENTRICITY2) / (root * math.sqrt(root))
    return math.radians(1.0) * parallel, math.radians(1.0) * meridian


def degrees_of(metres: float, lat: float) -> tuple[float, float]:
    """Return the degrees of longitude and of latitude that are a little more than `metres` at the latitude `lat`."""
    east, north = scales(lat)
    return metres / max(east, 1e-9) * SPARE, metres / north * SPARE
