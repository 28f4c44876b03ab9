"""From the coordinates of a file to an outline that can be kept: valid polygons in WGS-84 and their area."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from xiuhua.kernel.words import Fact
from xiuhua.territory.rules.coordinates import Floats, to_wgs84
from xiuhua.territory.words import Drawing

#: Outlines whose vertices differ by less than this many degrees (0.1 mm) are the same.
SAME_DEGREES = 1e-9

_CORNERS = 4
_EARTH = Geod(ellps="WGS84")
_Rings = list[Floats]


class Unfit(Exception):
    """An outline that cannot be used; carries the code and facts of the fault to report."""

    def __init__(self, code: str, /, **facts: Fact) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code, facts)


def area_m2(geometry: BaseGeometry) -> int:
    """Return the area on the WGS-84 ellipsoid in whole square metres (geodesic edges, Karney 2013)."""
    area, _perimeter = _EARTH.geometry_area_perimeter(shapely.orient_polygons(geometry))
    return round(abs(area))


def polygons_of(geometry: BaseGeometry) -> list[BaseGeometry]:
    """Return the polygons in a geometry of any kind; points and lines are left out."""
    parts: list[BaseGeometry] = []
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Polygon" and not part.is_empty:
            parts.append(part)
        elif part.geom_type in {"MultiPolygon", "GeometryCollection"}:
            parts += polygons_of(part)
    return parts


def joined(polygons: list[BaseGeometry]) -> BaseGeometry:
    """Return one polygon as itself and any other number as a multipolygon; shells run counter-clockwise (RFC 7946)."""
    whole: Any = polygons[0] if len(polygons) == 1 else shapely.multipolygons(np.array(polygons, dtype=object))
    oriented: BaseGeometry = shapely.orient_polygons(whole)
    return oriented


def drawing(geometry: dict[str, Any], crs: str) -> Drawing:
    """Return the outline that a GeoJSON geometry in `crs` draws, repaired if it is invalid. Raises Unfit.

    Repair rebuilds each ring from its structure (shells united, holes cut out) and drops what collapses to lines.
    """
    raw = joined([shapely.Polygon(rings[0], rings[1:]) for rings in _in_wgs84(_polygon_rings(geometry), crs)])
    if shapely.is_valid(raw):
        return Drawing(raw, _positive(area_m2(raw)))
    sound = polygons_of(shapely.make_valid(raw, method="structure", keep_collapsed=False))
    if not sound:
        raise Unfit("territory.geometry_empty")
    repaired = joined(sound)
    return Drawing(repaired, _positive(area_m2(repaired)), shapely.is_valid_reason(raw), area_m2(raw))


def place_in(reason: str) -> str:
    """Return the place that GEOS gives with its reason, "123.045, 31.415" from "Self-intersection[123.045 31.415]"; else "—"."""
    return ", ".join(reason.partition("[")[2].partition("]")[0].split()) or "—"


def same_outline(kept: bytes | None, drawn: BaseGeometry | None) -> bool:
    """Return whether a file's outline is the one kept (WKB). A file without an outline says nothing against it."""
    if drawn is None:
        return True
    if kept is None:
        return False
    if kept == wkb(drawn):
        return True
    old = shapely.normalize(shapely.from_wkb(kept))
    return bool(shapely.equals_exact(old, shapely.normalize(drawn), tolerance=SAME_DEGREES))


def wkb(geometry: BaseGeometry) -> bytes:
    """Return a geometry as well-known binary, always in the same byte order."""
    data: bytes = shapely.to_wkb(geometry, byte_order=1)
    return data


def _positive(area: int) -> int:
    if area == 0:
        raise Unfit("territory.geometry_empty")
    return area


def _polygon_rings(geometry: dict[str, Any]) -> list[_Rings]:
    try:
        found = [[_ring(ring) for ring in _list(polygon)] for polygon in _polygon_lists(geometry)]
    except RecursionError as error:  # collections in collections without end
        raise Unfit("territory.coordinates_malformed") from error
    if not found or not all(found):
        raise Unfit("territory.geometry_empty")
    return found


def _polygon_lists(geometry: Any) -> Iterator[Any]:
    """Yield the coordinate lists of the polygons within; lines and points beside polygons are left out."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind == "Polygon":
        yield geometry.get("coordinates")
    elif kind == "MultiPolygon":
        yield from _list(geometry.get("coordinates"))
    elif kind == "GeometryCollection":
        parts = _list(geometry.get("geometries"))
        areal = [part for part in parts if isinstance(part, dict) and part.get("type") in _AREAL]
        if parts and not areal:
            raise Unfit("territory.geometry_kind", kind=_kinds(parts))
        for part in areal:
            yield from _polygon_lists(part)
    else:
        raise Unfit("territory.geometry_kind", kind=_kinds([geometry]))


_AREAL = frozenset({"Polygon", "MultiPolygon", "GeometryCollection"})


def _kinds(parts: list[Any]) -> str:
    return ", ".join(sorted({str(part.get("type")) if isinstance(part, dict) else "?" for part in parts}))[:60]


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Unfit("territory.coordinates_malformed")
    return value


def _ring(positions: Any) -> Floats:
    """Return a closed ring of at least four corners as an array of (longitude, latitude). Raises Unfit."""
    try:
        ring = np.array([position[:2] for position in _list(positions)], dtype=np.float64)
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        raise Unfit("territory.coordinates_malformed") from error
    if ring.ndim != 2 or ring.shape[1] != 2:  # noqa: PLR2004 - a table of pairs
        raise Unfit("territory.ring_short" if ring.size == 0 else "territory.coordinates_malformed")
    outside = ~((np.abs(ring[:, 0]) <= 180.0) & (np.abs(ring[:, 1]) <= 90.0))  # noqa: PLR2004 - degrees; also NaN
    if outside.any():
        lon, lat = ring[outside][0]
        raise Unfit("territory.coordinates_outside", lon=str(lon), lat=str(lat))
    if (ring[0] != ring[-1]).any():
        ring = np.vstack([ring, ring[:1]])
    if len(ring) < _CORNERS:
        raise Unfit("territory.ring_short")
    return ring


def _in_wgs84(polygons: list[_Rings], crs: str) -> list[_Rings]:
    if crs == "wgs84":
        return polygons
    return [[np.column_stack(to_wgs84(ring[:, 0], ring[:, 1], crs)) for ring in rings] for rings in polygons]
