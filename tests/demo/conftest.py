"""The made-up street, generated once for all its tests."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from shapely.geometry import Polygon, shape

from xiuhua.demo.actions.files import SEED, contents, made_up_city
from xiuhua.demo.rules.flow import incidents
from xiuhua.demo.words import City, Incident


@pytest.fixture(scope="session")
def files() -> dict[str, bytes]:
    """The files by name."""
    return contents()


@pytest.fixture(scope="session")
def city() -> City:
    """The street that stands still."""
    return made_up_city()


@pytest.fixture(scope="session")
def went(city: City) -> list[Incident]:
    """What really happened, before the export's faults."""
    return incidents(city, SEED)


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.fixture(scope="session")
def cases(files: dict[str, bytes]) -> list[dict[str, str]]:
    """The rows of the export."""
    return _rows(files["cases.csv"])


@pytest.fixture(scope="session")
def sites(files: dict[str, bytes]) -> list[dict[str, str]]:
    """The rows of the sites."""
    return _rows(files["sites.csv"])


@pytest.fixture(scope="session")
def units(files: dict[str, bytes]) -> list[dict[str, str]]:
    """The rows of the units."""
    return _rows(files["units.csv"])


@pytest.fixture(scope="session")
def layers(files: dict[str, bytes]) -> dict[str, list[dict[str, Any]]]:
    """The features by layer."""
    names = ("street", "communities", "grids", "water")
    return {name: json.loads(files[f"{name}.geojson"])["features"] for name in names}


@pytest.fixture(scope="session")
def outlines(layers: dict[str, list[dict[str, Any]]]) -> dict[str, Polygon]:
    """Street, community and grid outlines by code, in metres on a plane of the street's own."""
    found = {}
    for name in ("street", "communities", "grids"):
        for feature in layers[name]:
            ring = feature["geometry"]["coordinates"][0]
            plane = [((lon - 123.05) * 95070.0, (lat - 31.42) * 110870.0) for lon, lat in ring]
            found[feature["properties"]["code"]] = shape({"type": "Polygon", "coordinates": [plane]})
    return found
