"""Bringing small grounds in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from tests.territory.ground import Importer, collection, square

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor
from xiuhua.territory.actions import import_territories
from xiuhua.territory.words import ImportReport, Order, Reading


@pytest.fixture
def bring(street: Tenant, ana: Actor, at: datetime) -> Importer:
    """Import bytes as blocks named by "name" and, where `codes`, coded by "code"."""

    def importer(data: bytes, *, codes: bool = True, effective: str = "", **more: Any) -> ImportReport:
        fields = {
            name: more.pop(name)
            for name in ("name_field", "parent_field", "alias_field", "where", "externals", "name", "code")
            if name in more
        }
        reading = Reading(
            **({"name_field": "name"} | fields), code_field="code" if codes and "code" not in fields else ""
        )
        day = date.fromisoformat(effective) if effective else None
        order = Order(**({"level": "block"} | more), reading=reading, effective=day)
        return import_territories(street, data, order, by=ana, at=at)

    return importer


@pytest.fixture
def ground(street: Tenant, bring: Importer) -> Tenant:
    """A district 9 of three blocks side by side, 1 to 3; block 1 has the halves 11 and 12."""
    bring(collection(({"name": "区", "code": "9"}, square(0, 0, 3))), level="district")
    blocks = [("1", square(0, 0)), ("2", square(1, 0)), ("3", square(2, 0))]
    bring(collection(*(({"name": f"坊{code}", "code": code}, shape) for code, shape in blocks)), parent="9")
    halves = [("11", square(0, 0, 0.5)), ("12", square(0.5, 0, 0.5))]
    bring(collection(*(({"name": f"格{c}", "code": c}, shape) for c, shape in halves)), parent="1", level="grid")
    return street
