"""A small office with a tree, sites, classes and units, and duty packs for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import shapely
from tests.responsibility.accounts import OLD
from tests.responsibility.duty_ground import ABOVE, CLASS_ABOVE

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import read_pack
from xiuhua.kernel.words import Actor, PackContent
from xiuhua.responsibility.actions import create_user, describe
from xiuhua.responsibility.models import Body, User
from xiuhua.responsibility.rules.duty.reading import COLUMNS, TEST_COLUMNS
from xiuhua.responsibility.words import Role
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.models import Site, Territory, TerritoryVersion

PACK = """schema = 1
kind = "duty"
code = "street"
version = "{version}"
title = {{ zh = "责任矩阵", en = "Duty" }}
effective_from = {day}

[provenance]
source = "made up for this test"
"""
#: Squares of the four grids, side by side along the equator.
SQUARES = {"A1": 0, "A2": 1, "B1": 2, "B2": 3}

Write = Callable[..., Path]
Read = Callable[..., PackContent]


@pytest.fixture
def office(street: Tenant) -> Tenant:
    """The street with the small ground: territories, classes, units U V W, a compound and a market."""
    places = {code: Territory.objects.create(tenant=street, code=code, level=_level(code)) for code in ABOVE}
    for code, parent in ABOVE.items():
        box = _box([one for one in SQUARES if one.startswith(code) or code == "S"])
        TerritoryVersion.objects.create(
            territory=places[code],
            parent=places[parent] if parent else None,
            name=f"地{code}",
            outline=shapely.to_wkb(box),
            min_lon=box.bounds[0],
            min_lat=box.bounds[1],
            max_lon=box.bounds[2],
            max_lat=box.bounds[3],
            area_m2=round(box.area * 1e12),
        )
    classes: dict[str, CaseClass] = {}
    for code, above in CLASS_ABOVE.items():
        classes[code] = CaseClass.objects.create(
            tenant=street, scheme="own", code=code, name=f"类{code}", parent=classes[above] if above else None
        )
    for code in "UVW":
        Body.objects.create(tenant=street, code=code, name=f"单位{code}")
    for code, kind, where, lon in (("P05-1", "P05", "A1", 0.0005), ("P08-1", "P08", "B2", 0.0035)):
        Site.objects.create(
            tenant=street,
            code=code,
            name=f"点{code}",
            type=kind,
            territory=places[where],
            geometry=shapely.to_wkb(shapely.Point(lon, 0.0005)),
            min_lon=lon,
            max_lon=lon,
            min_lat=0.0005,
            max_lat=0.0005,
            reach_m=20,
            crs="wgs84",
        )
    street.settings = {**street.settings, "by": "community"}
    street.save()
    return street


def _level(code: str) -> str:
    return "street" if code == "S" else "grid" if code in SQUARES else "community"


def _box(codes: list[str]) -> shapely.Polygon:
    places = [SQUARES[code] / 1000 for code in codes]
    return shapely.box(min(places), 0, max(places) + 0.001, 0.001)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a duty pack from lines of "tier,territory,…" and of tests; returns its folder."""

    def written(*rows: str, tests: tuple[str, ...] = (), version: str = "1", day: str = "2026-01-01") -> Path:
        folder = tmp_path / f"duty-{version}"
        folder.mkdir(exist_ok=True)
        (folder / "pack.toml").write_text(PACK.format(version=version, day=day), encoding="utf-8")
        (folder / "matrix.csv").write_text("\n".join([",".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
        if tests:
            (folder / "tests.csv").write_text("\n".join([",".join(TEST_COLUMNS), *tests]) + "\n", encoding="utf-8")
        return folder

    return written


@pytest.fixture
def read(write: Write) -> Read:
    """The same as a pack that has been read."""
    return lambda *rows, **given: read_pack(write(*rows, **given))


@pytest.fixture
def lin(street: Tenant, ana: Actor, at: datetime) -> User:
    """Lin with a password and an e-mail address."""
    user = create_user("lin", OLD, name="林", tenant=street, by=ana, at=at, role=Role.CLERK)
    describe(user, name="林", email="lin@example.org", by=ana, at=at)
    return user
