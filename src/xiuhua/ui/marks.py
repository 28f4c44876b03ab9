"""Points, lines and areas drawn on a map that `ui.maps.drawing` made of outlines."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import shapely
from shapely.geometry.base import BaseGeometry

_KINDS: dict[str, Literal["point", "line", "area"]] = {"Point": "point", "LineString": "line", "Polygon": "area"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing on the map: a dot at (x, y) or a path, in pixels of the drawing."""

    code: str
    kind: Literal["point", "line", "area"]
    x: float
    y: float
    path: str = ""


def marks(
    ground: Mapping[str, BaseGeometry], things: Mapping[str, BaseGeometry], *, width: int, margin: int = 8
) -> list[Mark]:
    """Return the things (WGS-84 degrees, by code) in the drawing that `drawing` makes of `ground` in the same width.

    Several parts of one thing are several marks; what lies outside the ground's box is left out.
    """
    west, south, east, north = shapely.total_bounds(list(ground.values()))
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = (width - 2 * margin) / max((east - west) * squeeze, 1e-9)

    def project(lonlat: Any) -> Any:
        return (lonlat - (west, north)) * (squeeze * scale, -scale) + margin

    box = shapely.box(west, south, east, north)
    parts = ((code, part) for code, thing in things.items() for part in shapely.get_parts(thing))
    return [
        _mark(code, shapely.transform(part, project))
        for code, part in parts
        if part.geom_type in _KINDS and part.intersects(box)
    ]


def _mark(code: str, part: Any) -> Mark:
    kind = _KINDS[part.geom_type]
    if kind == "point":
        return Mark(code, kind, round(part.x, 1), round(part.y, 1))
    line = part.exterior if kind == "area" else part
    rings = [line, *part.interiors] if kind == "area" else [line]
    path = "".join("M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in ring.coords) for ring in rings)
    return Mark(
        code, kind, round(part.centroid.x, 1), round(part.centroid.y, 1), path + ("Z" if kind == "area" else "")
    )
