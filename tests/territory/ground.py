"""Small grounds to try things on: blocks of about a kilometre, nowhere in particular."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from xiuhua.territory.models import TerritoryVersion
from xiuhua.territory.words import ImportReport

#: Imports bytes with the options of an order.
Importer = Callable[..., ImportReport]

#: Corner of the ground: block (0, 0) spans 0.01° east and north of it.
EAST, NORTH = 10.0, 50.0

Square = dict[str, Any]


def square(x: float, y: float, width: float = 1, height: float = 1) -> Square:
    """Return a GeoJSON polygon in hundredths of a degree from the corner of the ground."""
    west, south = EAST + x / 100, NORTH + y / 100
    east, north = EAST + (x + width) / 100, NORTH + (y + height) / 100
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def collection(*features: tuple[dict[str, Any], Any]) -> bytes:
    """Return a FeatureCollection of (properties, geometry) as a file's bytes."""
    members = [{"type": "Feature", "properties": fields, "geometry": shape} for fields, shape in features]
    return json.dumps({"type": "FeatureCollection", "features": members}).encode()


def spans(code: str) -> list[tuple[str, str | None, date | None, date | None]]:
    """Return (name, parent, first day, end) of each version of a territory, in the order in which they were written."""
    versions = TerritoryVersion.objects.filter(territory__code=code).order_by("pk").select_related("parent")
    return [(one.name, one.parent and one.parent.code, one.valid_from, one.valid_to) for one in versions]
