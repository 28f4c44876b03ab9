"""The plan as GeoJSON: outlines in WGS-84 whose neighbours share every corner."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from xiuhua.demo.rules.frame import degrees
from xiuhua.demo.rules.tiling import Corners, outline
from xiuhua.demo.words import City, Grid, Plan, Rect, Spot

Feature = dict[str, Any]


def polygon(ring: Sequence[Spot], plan: Plan) -> dict[str, Any]:
    """Return a GeoJSON polygon (closed, anticlockwise) of an open ring of the plan."""
    corners = [list(degrees(spot, plan.origin)) for spot in ring]
    return {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}


def feature(geometry: dict[str, Any], **properties: str) -> Feature:
    """Return a GeoJSON feature that says it is made up."""
    return {"type": "Feature", "properties": {**properties, "made_up": True}, "geometry": geometry}


def collection(name: str, features: Iterable[Feature]) -> dict[str, Any]:
    """Return a FeatureCollection (RFC 7946: always WGS-84)."""
    return {"type": "FeatureCollection", "name": name, "features": list(features)}


def layers(city: City) -> dict[str, dict[str, Any]]:
    """Return the layers street, communities, grids and water by file stem."""
    plan = city.plan
    corners = Corners(grid.rect for grid in city.grids)
    rings = {grid.code: corners.ring(grid.rect) for grid in city.grids}
    communities = [
        feature(
            polygon(outline(rings[g.code] for g in city.grids if g.community == c.code), plan),
            code=c.code,
            name=c.name,
            parent=plan.code,
        )
        for c in plan.communities
    ]
    street = feature(polygon(outline(rings.values()), plan), code=plan.code, name=plan.name, parent=plan.division)
    return {
        "street": collection("street", [street]),
        "communities": collection("communities", communities),
        "grids": collection("grids", [_grid(grid, rings[grid.code], plan) for grid in city.grids]),
        "water": collection("water", [feature(_course(rect, plan), name=name) for name, rect in plan.water]),
    }


def _grid(grid: Grid, ring: Sequence[Spot], plan: Plan) -> Feature:
    return feature(polygon(ring, plan), code=grid.code, name=grid.name, parent=grid.community)


def _course(rect: Rect, plan: Plan) -> dict[str, Any]:
    return polygon(Corners([rect]).ring(rect), plan)
