"""A city's half-year, as published."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from xiuhua.exchange.actions import import_cases
from xiuhua.exchange.queries import load_mapping
from xiuhua.kernel.actions import create_tenant
from xiuhua.kernel.words import Actor
from xiuhua.territory.actions import import_territories
from xiuhua.territory.words import Order, Reading

PACKS = Path(__file__).parents[2] / "packs"


@pytest.mark.real
def test_import_of_bostons_half_year_gives_the_counted_figures(
    db: None, real_data: Path, ana: Actor, at: datetime
) -> None:
    city = create_tenant("city", "city", by=ana, at=at)
    outlines = (real_data / "boundaries/boston-neighbourhoods.geojson").read_bytes()
    order = Order(level="neighbourhood", reading=Reading(name_field="name"))
    import_territories(city, outlines, order, by=ana, at=at)
    mapping = load_mapping(PACKS / "mappings/boston-311.toml")
    file = real_data / "boston311/boston311_2015_H1_dev.csv.gz"
    first = import_cases(city, file, mapping, by=ana, at=at).contract()
    assert (first["rows"], first["created"], first["refused"]) == (58_119, 58_119, 0)
    assert first["placed"] == {"point": 49_357, "code": 0, "name": 1_701}
    assert first["unplaced"] == 7_061
    assert (first["verdicts"]["compared"], first["verdicts"]["agree"]) == (37_257, 37_257)
    assert first["warnings"] == {"closed_before_reported": 84, "coordinate_pile": 1, "name_unknown": 748}
    assert first["piles"][0] == {"lon": -71.0587, "lat": 42.3594, "rows": 8_752, "withheld": True}
    assert [pile["rows"] for pile in first["piles"][1:]] == [110, 92, 73, 53, 50, 50]
    assert first["zone_declared"]
    again = import_cases(city, file, mapping, by=ana, at=at).contract()
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 58_119)
    same = ("placed", "unplaced", "verdicts", "warnings", "piles")
    assert {key: again[key] for key in same} == {key: first[key] for key in same}
