"""The declared coordinate system met with where the office's territory lies: what fits, what likely went wrong.

Nothing here is decided: a suspicion has its numbers and the reader judges. Systems a few hundred metres apart (WGS-84,
GCJ-02, BD-09) can be told from each other by the share of points within the outlines at best, and then only said so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiuhua.territory.rules.coordinates import DEGREES, SYSTEMS, misfit, to_wgs84
from xiuhua.territory.rules.projections import FIRST_ZONE, LAST_ZONE, ZONE_WIDTH

Floats = NDArray[np.float64]
#: Says of each point (WGS-84 degrees) whether it lies in the territory.
Inside = Callable[[Floats, Floats], NDArray[np.bool_]]

#: A system fits from this share of points inside; another is suspected that has so much more than the declared one.
FITS, MORE = 0.8, 0.3
#: Points that are enough to judge by.
POINTS = 2000
_PLANE = "cgcs2000-gk3"
#: Powers of ten by which decimal points get lost.
_POWERS = range(1, 9)
_WHOLE = 0.8
#: Metres in a degree of latitude, for saying how far apart two readings lie.
_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What likely went wrong, with the share of points that would then lie inside.

    crs_looks_like (another system), crs_swapped (longitude and latitude exchanged), crs_decimals (the decimal point was
    lost), crs_whole (only whole degrees are left), crs_zone_missing (no zone number and no meridian), crs_other_zone
    (another meridian), crs_close (another system, not far off, fits as well: nothing can be told from the outlines).
    """

    code: str
    share: float
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SystemCheck:
    """How the points of a file lie to the territory; shares are of the points, 0 to 1."""

    points: int
    declared: str
    share: float
    shares: dict[str, float]
    suspicions: tuple[Suspicion, ...]

    @property
    def fits(self) -> bool:
        """Return whether most points lie inside as declared."""
        return self.share >= FITS


def check_system(x: Floats, y: Floats, crs: str, inside: Inside, *, meridian: float | None = None) -> SystemCheck:
    """Return how points given in the declared system lie to the territory, and what that makes one suspect.

    Up to POINTS of them, evenly picked; NaN are passed over.
    """
    usable = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    picked = usable[:: max(1, len(usable) // POINTS)]
    points = _Points(x[picked], y[picked], inside)
    shares = {one: points.share(one, meridian) for one in SYSTEMS}
    share = shares[crs]
    found = sorted(_suspicions(points, crs, meridian, shares), key=lambda one: -one.share) if len(picked) else []
    return SystemCheck(len(picked), crs, share, shares, tuple(found))


class _Points:
    """Points as the file has them, and who knows whether a place is inside."""

    def __init__(self, x: Floats, y: Floats, inside: Inside) -> None:
        self.x, self.y, self._inside = x, y, inside

    def share(self, crs: str, meridian: float | None) -> float:
        """Return the share of points that are inside when read in `crs`."""
        return self.read(self.x, self.y, crs, meridian)

    def read(self, x: Floats, y: Floats, crs: str, meridian: float | None) -> float:
        """Return the share of these coordinates that are inside when read in `crs`; what cannot be there is outside."""
        able = np.array(
            [not misfit(a, b, crs, meridian) for a, b in zip(x.tolist(), y.tolist(), strict=True)], dtype=bool
        )
        if not able.any():
            return 0.0
        lon, lat = to_wgs84(x[able], y[able], crs, meridian=meridian)
        return float(self._inside(lon, lat).sum() / len(x))

    def apart(self, one: str, other: str) -> float:
        """Return how far apart, in metres on average, two readings in degrees put these points."""
        (lon, lat), (lon2, lat2) = to_wgs84(self.x, self.y, one), to_wgs84(self.x, self.y, other)
        east = (lon2 - lon) * _DEGREE * np.cos(np.radians(lat))
        return float(np.mean(np.hypot(east, (lat2 - lat) * _DEGREE)))


def _suspicions(points: _Points, crs: str, meridian: float | None, shares: dict[str, float]) -> Iterator[Suspicion]:
    share = shares[crs]
    for other in (one for one in shares if one != crs):
        yield from _other(points, crs, other, shares)
    if share >= FITS:
        return
    swapped = points.read(points.y, points.x, crs, meridian)
    if swapped >= share + MORE:
        yield Suspicion("crs_swapped", swapped, {})
    if crs in DEGREES:
        yield from _decimals(points, crs, share)
    yield from _zones(points, crs, meridian, share)


def _other(points: _Points, crs: str, other: str, shares: dict[str, float]) -> Iterator[Suspicion]:
    """Yield what another system's share says beside the declared one's."""
    share, theirs = shares[crs], shares[other]
    if theirs >= max(FITS, share + MORE):
        yield Suspicion("crs_looks_like", theirs, {"system": other})
    elif crs in DEGREES and other in DEGREES and min(theirs, share) >= FITS:
        metres = round(points.apart(crs, other))
        if metres:  # CGCS2000 and WGS-84 are one; abroad nothing is enciphered
            yield Suspicion("crs_close", theirs, {"system": other, "metres": metres})


def _decimals(points: _Points, crs: str, share: float) -> Iterator[Suspicion]:
    best = max((points.read(points.x / 10**n, points.y / 10**n, crs, None), -n) for n in _POWERS)
    if best[0] >= share + MORE:
        yield Suspicion("crs_decimals", best[0], {"digits": -best[1]})
    whole = float(np.mean((points.x % 1 == 0) & (points.y % 1 == 0)))
    if whole >= _WHOLE and float(np.max(np.abs(points.x))) <= 180:  # noqa: PLR2004 - degrees
        yield Suspicion("crs_whole", share, {"percent": round(100 * whole)})


def _zones(points: _Points, crs: str, meridian: float | None, share: float) -> Iterator[Suspicion]:
    """Yield the zone of three degrees that eastings without a number fit, if one does."""
    tried = {zone: points.share(_PLANE, float(zone * ZONE_WIDTH)) for zone in range(FIRST_ZONE, LAST_ZONE + 1)}
    zone = max(tried, key=lambda one: tried[one])
    if tried[zone] < share + MORE or max(tried.values()) == min(tried.values()):
        return  # no zone, or zone numbers in the eastings: those speak for themselves
    facts = {"zone": zone, "meridian": zone * ZONE_WIDTH}
    if crs != _PLANE:
        yield Suspicion("crs_looks_like", tried[zone], {"system": _PLANE, **facts})
    else:
        yield Suspicion("crs_zone_missing" if meridian is None else "crs_other_zone", tried[zone], facts)
