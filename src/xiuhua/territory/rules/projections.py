"""Plane coordinates: web Mercator, and Gauss–Krüger in zones of three degrees on the ellipsoid of CGCS2000.

Gauss–Krüger follows Krüger's series in the third flattening n, to its fourth power (L. Krüger 1912; the coefficients
as in C. F. F. Karney, "Transverse Mercator with an accuracy of a few nanometers", 2011): within three degrees of the
central meridian the rest is far below a millimetre.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: CGCS2000 (GB 22021-2008): semi-major axis in metres and flattening; scale 1 on the meridian, which lies at 500 km.
_AXIS = 6378137.0
_FLATTENING = 1 / 298.257222101
EASTING_0 = 500_000.0
#: What a zone number in front of an easting multiplies: 40 500 000 is zone 40 at its meridian.
PREFIX = 1_000_000.0
#: Zones of three degrees over China: 25 (75° E) to 45 (135° E); the meridian is thrice the number.
FIRST_ZONE, LAST_ZONE, ZONE_WIDTH = 25, 45, 3
#: Half the side of the square of web Mercator (EPSG:3857), in metres.
EDGE = np.pi * _AXIS

_N = _FLATTENING / (2 - _FLATTENING)
_ECCENTRICITY = np.sqrt(_FLATTENING * (2 - _FLATTENING))
_RADIUS = _AXIS / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_ALPHA = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16 + 41 * _N**4 / 180,
    13 * _N**2 / 48 - 3 * _N**3 / 5 + 557 * _N**4 / 1440,
    61 * _N**3 / 240 - 103 * _N**4 / 140,
    49561 * _N**4 / 161280,
)
_BETA = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96 - _N**4 / 360,
    _N**2 / 48 + _N**3 / 15 - 437 * _N**4 / 1440,
    17 * _N**3 / 480 - 37 * _N**4 / 840,
    4397 * _N**4 / 161280,
)
_DELTA = (
    2 * _N - 2 * _N**2 / 3 - 2 * _N**3 + 116 * _N**4 / 45,
    7 * _N**2 / 3 - 8 * _N**3 / 5 - 227 * _N**4 / 45,
    56 * _N**3 / 15 - 136 * _N**4 / 35,
    4279 * _N**4 / 630,
)


def to_web_mercator(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return degrees as metres of web Mercator (EPSG:3857): the sphere's formula, as every tile service has it."""
    return np.radians(lon) * _AXIS, _AXIS * np.arcsinh(np.tan(np.radians(lat)))


def from_web_mercator(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return metres of web Mercator as degrees."""
    return np.degrees(x / _AXIS), np.degrees(np.arcsin(np.tanh(y / _AXIS)))


def to_gauss_krueger(lon: Floats, lat: Floats, meridian: float | Floats) -> tuple[Floats, Floats]:
    """Return degrees as (easting, northing) in metres about a central meridian; the easting without a zone number."""
    phi, lam = np.radians(lat), np.radians(lon - meridian)
    tangent = np.tan(phi)
    sigma = np.sinh(_ECCENTRICITY * np.arctanh(_ECCENTRICITY * np.sin(phi)))
    conformal = tangent * np.hypot(1.0, sigma) - sigma * np.hypot(1.0, tangent)  # tangent of the conformal latitude
    xi = np.arctan2(conformal, np.cos(lam))
    eta = np.arctanh(np.sin(lam) / np.hypot(1.0, conformal))
    north, east = xi, eta
    for at, alpha in enumerate(_ALPHA, start=1):
        north = north + alpha * np.sin(2 * at * xi) * np.cosh(2 * at * eta)
        east = east + alpha * np.cos(2 * at * xi) * np.sinh(2 * at * eta)
    return EASTING_0 + _RADIUS * east, _RADIUS * north


def from_gauss_krueger(x: Floats, y: Floats, meridian: float | Floats) -> tuple[Floats, Floats]:
    """Return (easting without a zone number, northing) about a central meridian as degrees (longitude, latitude)."""
    xi = first_xi = y / _RADIUS
    eta = first_eta = (x - EASTING_0) / _RADIUS
    for at, beta in enumerate(_BETA, start=1):
        xi = xi - beta * np.sin(2 * at * first_xi) * np.cosh(2 * at * first_eta)
        eta = eta - beta * np.cos(2 * at * first_xi) * np.sinh(2 * at * first_eta)
    chi = np.arcsin(np.clip(np.sin(xi) / np.cosh(eta), -1.0, 1.0))
    phi = chi
    for at, delta in enumerate(_DELTA, start=1):
        phi = phi + delta * np.sin(2 * at * chi)
    return meridian + np.degrees(np.arctan2(np.sinh(eta), np.cos(xi))), np.degrees(phi)


def split_zone(x: Floats) -> tuple[Floats, Floats]:
    """Return eastings without their zone numbers, and the central meridians these mean: NaN where there is no number."""
    zone = np.floor(x / PREFIX)
    known = (zone >= FIRST_ZONE) & (zone <= LAST_ZONE)
    return np.where(known, x - zone * PREFIX, x), np.where(known, zone * ZONE_WIDTH, np.nan)
