"""Where cases lie: which coordinates are one's own, and all of them on one plane in whole centimetres."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from xiuhua.territory.rules.projections import ZONE_WIDTH, to_gauss_krueger

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

DEGREE_E7 = 10_000_000
#: A point farther than this from the middle one, along or across, is not of this office (degrees).
FAR = 2
_CENTIMETRES = 100
#: How many points are drawn at once: as many as stay in a processor's cache.
CHUNK = 1 << 15


def shared(lon_e7: Ints, lat_e7: Ints, kind: Ints, *, least: int, kinds: int) -> Bools:
    """Return for each point whether its coordinate is a default or shared one, nobody's own.

    It is if at least `least` cases of at least `kinds` different classes lie at exactly it, or if it is 0, 0. Many cases of
    one class at one coordinate may be a real nuisance and stay.
    """
    answer: Bools = (lon_e7 == 0) & (lat_e7 == 0)
    at = _numbered(lon_e7, lat_e7)
    many = np.flatnonzero((np.bincount(at) >= least)[at]) if len(at) else at
    pairs = np.unique(_numbered(at[many], kind[many]), return_index=True)[1]
    different = np.bincount(at[many][pairs])
    answer[many] |= different[at[many]] >= kinds
    return answer


def _numbered(one: Ints, other: Ints) -> Ints:
    """Return a number for each pair, the same for the same pair."""
    if not len(one):
        return one
    first, second = one - one.min(), other - other.min()
    if int(first.max()) < (2**62) // (int(second.max()) + 1):
        key = first * (second.max() + 1) + second
    else:  # pragma: no cover - degrees never are so large; kept exact for whatever else comes
        key = np.unique(first, return_inverse=True)[1] * (len(second) + 1) + np.unique(second, return_inverse=True)[1]
    return np.unique(key, return_inverse=True)[1].astype(np.int64)


def plane(lon_e7: Ints, lat_e7: Ints) -> tuple[Ints, Ints, Bools]:
    """Return (easting, northing) of points in whole centimetres, and which of them lie too far off to be this office's.

    Gauss–Krüger on the ellipsoid of CGCS2000, in the zone of three degrees of the middle point: the plane in which
    Chinese cities survey, so that a distance is one that a tape on their map confirms. It is conformal, a length within
    the zone is true to 0.04 % (2 cm over 50 m), and it is one plane for all cases of a month, so that distance is symmetric.
    """
    if not len(lon_e7):
        return lon_e7, lat_e7, np.zeros(0, np.bool_)
    lon, lat = _middle(lon_e7), _middle(lat_e7)
    far: Bools = (np.abs(lon_e7 - lon) > FAR * DEGREE_E7) | (np.abs(lat_e7 - lat) > FAR * DEGREE_E7)
    meridian = ZONE_WIDTH * round(lon / DEGREE_E7 / ZONE_WIDTH)
    x, y = np.empty_like(lon_e7), np.empty_like(lat_e7)

    def part(begin: int) -> None:
        cut = slice(begin, begin + CHUNK)
        near_lon, near_lat = np.where(far[cut], lon, lon_e7[cut]), np.where(far[cut], lat, lat_e7[cut])
        east, north = to_gauss_krueger(near_lon / DEGREE_E7, near_lat / DEGREE_E7, float(meridian))
        x[cut], y[cut] = np.rint(east * _CENTIMETRES), np.rint(north * _CENTIMETRES)

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as workers:
        list(workers.map(part, range(0, len(lon_e7), CHUNK)))
    return x, y, far


def _middle(values: Ints) -> int:
    half = (len(values) - 1) // 2
    return int(np.partition(values, half)[half])
