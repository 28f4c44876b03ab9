"""Bringing small grounds in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from tests.territory.ground import Importer

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
