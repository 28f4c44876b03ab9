"""Outlines as drawings: geographic polygons become SVG paths in pixels, borders shared by neighbours staying shared."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

#: Detail finer than this many pixels is left out.
DETAIL = 0.6
#: No outline is made plainer than to such a part of the whole: a map of less is none.
COARSEST = 64


@dataclass(frozen=True, slots=True)
class Drawn:
    """One territory's path and where its label stands, in pixels of the drawing."""

    code: str
    path: str
    x: float
    y: float
    #: Side of a square of the shape's area: how much room a label has.
    room: float
    #: Width and height of what is free around that place, measured straight through it.
    wide: float
    high: float

    def holds(self, letters: int, size: float) -> bool:
        """Return whether so many square letters of a size (in pixels of the drawing) stand inside the shape, in one line."""
        return letters * size <= self.wide and size <= self.high


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map of the given width; the height follows from the shapes."""

    width: int
    height: int
    shapes: Sequence[Drawn]


@dataclass(frozen=True, slots=True)
class Plane:
    """How places become pixels of a drawing: equirectangular around the middle latitude, north up.

    At the size of a city its error is below a pixel.
    """

    west: float
    north: float
    squeeze: float
    scale: float
    margin: int

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a place (WGS-84 degrees) falls, in pixels; it may be outside."""
        x = (lon - self.west) * self.squeeze * self.scale + self.margin
        y = (self.north - lat) * self.scale + self.margin
        return round(float(x), 1), round(float(y), 1)

    def project(self, shape: BaseGeometry) -> BaseGeometry:
        """Return a shape (WGS-84 degrees) in pixels."""
        return shapely.transform(shape, self._project)

    def path(self, shape: BaseGeometry) -> str:
        """Return a shape's areas (WGS-84 degrees) as an SVG path."""
        return "".join(
            _ring(ring)
            for part in shapely.get_parts(_areal(self.project(shape)))
            for ring in (part.exterior, *part.interiors)
        )

    def _project(self, lonlat: np.ndarray) -> np.ndarray:
        moved: np.ndarray = (lonlat - (self.west, self.north)) * (self.squeeze * self.scale, -self.scale) + self.margin
        return moved


def plane(outlines: Mapping[str, BaseGeometry], *, width: int, margin: int = 8) -> Plane | None:
    """Return the plane of the drawing that `drawing` makes of the same outlines; None if there are none."""
    shapes = [outlines[code] for code in sorted(outlines) if not outlines[code].is_empty]
    if not shapes:
        return None
    west, south, east, north = shapely.total_bounds(shapes)
    squeeze = math.cos(math.radians((south + north) / 2))
    return Plane(west, north, squeeze, (width - 2 * margin) / max((east - west) * squeeze, 1e-9), margin)


def drawing(outlines: Mapping[str, BaseGeometry], *, width: int, margin: int = 8) -> Drawing | None:
    """Return the outlines (WGS-84 degrees, by code) drawn north up in `width` pixels; None if there are none."""
    flat = plane(outlines, width=width, margin=margin)
    if flat is None:
        return None
    codes = sorted(code for code, shape in outlines.items() if not shape.is_empty)
    south = shapely.total_bounds([outlines[code] for code in codes])[1]
    height = round((flat.north - south) * flat.scale) + 2 * margin
    projected = [flat.project(_areal(outlines[code])) for code in codes]
    simple = shapely.coverage_simplify(projected, DETAIL) if len(codes) > 1 else shapely.simplify(projected, DETAIL)
    kept = [fine if small.is_empty else small for fine, small in zip(projected, simple, strict=True)]
    return Drawing(width, height, [_drawn(code, shape) for code, shape in zip(codes, kept, strict=True) if shape.area])


def plain(outlines: Mapping[str, BaseGeometry], *, parts: int, most: int) -> dict[str, shapely.MultiPolygon]:
    """Return the outlines (WGS-84 degrees, by code) for a map that can be enlarged, borders shared by neighbours staying so.

    Detail finer than one of `parts` parts of the whole is left out, and twice as coarse as often as it takes for all
    together to have at most `most` corners (a coarsest one is kept however many it has).
    """
    codes = sorted(code for code, shape in outlines.items() if _areal(shape).area)
    whole = [_areal(outlines[code]) for code in codes]
    if not codes:
        return {}
    west, south, east, north = shapely.total_bounds(whole)
    detail = max(east - west, north - south) / parts
    while True:
        small = shapely.coverage_simplify(whole, detail) if len(codes) > 1 else shapely.simplify(whole, detail)
        kept = [_areal(fine if simple.is_empty else simple) for fine, simple in zip(whole, small, strict=True)]
        if shapely.get_num_coordinates(kept).sum() <= most or detail > (east - west) / COARSEST:
            return dict(zip(codes, kept, strict=True))
        detail *= 2


def label_place(shape: BaseGeometry) -> tuple[float, float]:
    """Return where a label stands in a shape: the middle of its largest part, or a place in it where that is outside."""
    label = _middle(_largest(shape))
    return label.x, label.y


def point(
    drawing_of: Mapping[str, BaseGeometry], *, width: int, lon: float, lat: float, margin: int = 8
) -> tuple[float, float]:
    """Return where a point (WGS-84 degrees) falls in the drawing that `drawing` makes of the same outlines.

    Raises ValueError without outlines.
    """
    flat = plane(drawing_of, width=width, margin=margin)
    if flat is None:
        raise ValueError("a map needs an outline")
    return flat.at(lon, lat)


@dataclass(frozen=True, slots=True)
class CloseUp:
    """A map around one place, which is its middle: what of the outlines is seen, and how places become pixels."""

    width: int
    height: int
    shapes: Sequence[Drawn]
    #: Pixels to a metre.
    scale: float
    lon: float
    lat: float
    #: Metres to a degree of longitude and of latitude here.
    east: float
    north: float

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a place (WGS-84 degrees) falls, in pixels; it may be outside."""
        x = self.width / 2 + (lon - self.lon) * self.east * self.scale
        y = self.height / 2 - (lat - self.lat) * self.north * self.scale
        return round(x, 1), round(y, 1)


def close_up(
    outlines: Mapping[str, BaseGeometry], *, lon: float, lat: float, metres: float, width: int, height: int
) -> CloseUp:
    """Return what is seen within `metres` to either side of a place, in `width` by `height` pixels, north up.

    Equirectangular around the place on a sphere of the earth's mean radius: below a pixel wrong at the size of a street.
    """
    north = math.radians(1) * 6_371_008.8
    east = north * math.cos(math.radians(lat))
    scale = width / 2 / metres
    frame = CloseUp(width, height, (), scale, lon, lat, east, north)
    right, up = metres / east, metres * height / width / north
    seen = []
    for code in sorted(outlines):
        part = shapely.clip_by_rect(
            outlines[code], lon - 1.1 * right, lat - 1.1 * up, lon + 1.1 * right, lat + 1.1 * up
        )
        if not _areal(part).is_empty:
            seen.append((code, _areal(part)))

    def project(xy: object) -> object:
        around = (xy - (lon, lat)) * (east * scale, -north * scale)  # type: ignore[operator]
        return np.add(around, (width / 2, height / 2))

    drawn = [(code, shapely.transform(shape, project)) for code, shape in seen]  # type: ignore[arg-type]
    return replace(frame, shapes=[_drawn(code, _plainer(shape)) for code, shape in drawn if shape.area >= 1])


def _plainer(shape: BaseGeometry) -> BaseGeometry:
    simple = shapely.simplify(shape, DETAIL)
    return shape if simple.is_empty else simple


def _areal(shape: BaseGeometry) -> shapely.MultiPolygon:
    """Lines and points that a repair left over have no area to colour."""
    parts = shapely.get_parts(shapely.get_parts(shape))  # twice: a collection may hold multipolygons
    return shapely.MultiPolygon([part for part in parts if isinstance(part, shapely.Polygon)])


def _drawn(code: str, shape: BaseGeometry) -> Drawn:
    polygons = [part for part in shapely.get_parts(shape) if not part.is_empty]
    largest = _largest(shape)
    label = _middle(largest)
    path = "".join(_ring(ring) for polygon in polygons for ring in (polygon.exterior, *polygon.interiors))
    west, south, east, north = largest.bounds
    across = shapely.LineString([(west - 1, label.y), (east + 1, label.y)])
    along = shapely.LineString([(label.x, south - 1), (label.x, north + 1)])
    wide, high = _reach(largest, across, label), _reach(largest, along, label)
    return Drawn(code, path, round(label.x, 1), round(label.y, 1), round(math.sqrt(largest.area), 1), wide, high)


def _largest(shape: BaseGeometry) -> BaseGeometry:
    largest: BaseGeometry = max(shapely.get_parts(shape), key=lambda part: part.area)
    return largest


def _middle(part: BaseGeometry) -> shapely.Point:
    return part.centroid if part.contains(part.centroid) else shapely.point_on_surface(part)


def _reach(shape: BaseGeometry, line: shapely.LineString, at: shapely.Point) -> float:
    """Return twice the way from a point on the line to where the line first leaves the shape."""
    border = shapely.intersection(shape.boundary, line)
    return round(2 * at.distance(border), 1)


def _ring(ring: shapely.LinearRing) -> str:
    return "M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in ring.coords[:-1]) + "Z"
