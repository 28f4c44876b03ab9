"""From the coordinates of a file to a place that can be kept: a point, a line or an area in WGS-84."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from xiuhua.territory.rules.coordinates import to_wgs84
from xiuhua.territory.rules.shapes import Unfit, drawing

_LINEAR = frozenset({"Point", "MultiPoint", "LineString", "MultiLineString"})


def place(geometry: dict[str, Any], crs: str) -> BaseGeometry:
    """Return the point, line or area that a GeoJSON geometry in `crs` draws, areas repaired as outlines are.

    Raises Unfit: for no geometry, for coordinates that are no degrees, for a line without length.
    """
    kind = geometry.get("type")
    if kind not in _LINEAR:
        return drawing(geometry, crs).geometry
    try:
        raw = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
    except (shapely.errors.GEOSException, TypeError, ValueError) as error:
        raise Unfit("territory.coordinates_malformed") from error
    if raw is None or raw.is_empty or (str(kind).endswith("String") and raw.length == 0):
        raise Unfit("site.shape_empty")
    return _in_wgs84(raw, crs)


def spot(lon: float, lat: float, crs: str) -> BaseGeometry:
    """Return the point at degrees given in `crs`. Raises Unfit for what are no degrees."""
    return _in_wgs84(shapely.Point(lon, lat), crs)


def from_text(text: str, crs: str) -> BaseGeometry:
    """Return the place that a WKT text in `crs` draws. Raises Unfit."""
    try:
        raw = shapely.from_wkt(text)
    except (shapely.errors.GEOSException, TypeError, ValueError) as error:
        raise Unfit("site.shape_malformed", text=text[:60]) from error
    if raw.is_empty:
        raise Unfit("site.shape_empty")
    return place(json.loads(shapely.to_geojson(shapely.force_2d(raw))), crs)


def _in_wgs84(raw: BaseGeometry, crs: str) -> BaseGeometry:
    corners = shapely.get_coordinates(raw)
    outside = ~((np.abs(corners[:, 0]) <= 180.0) & (np.abs(corners[:, 1]) <= 90.0))  # noqa: PLR2004 - degrees; also NaN
    if outside.any():
        lon, lat = corners[outside][0]
        raise Unfit("territory.coordinates_outside", lon=str(lon), lat=str(lat))

    def moved(xy: Any) -> Any:
        return np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], crs))

    found: BaseGeometry = shapely.transform(raw, moved)
    return found
