"""A platform's small export, its mapping, and an office to import it into."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from xiuhua.exchange.actions import import_cases
from xiuhua.exchange.rules.mappings import parse_mapping
from xiuhua.exchange.words import ImportReport, Mapping
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor
from xiuhua.territory.actions import import_territories
from xiuhua.territory.words import Order, Reading

MAPPING = """
schema = 1
code = "platform"
name = "城运平台"
zone = "Asia/Shanghai"
date_order = "ymd"
crs = "wgs84"
[columns]
number = "编号"
reported_at = "上报"
due_at = "截止"
closed_at = "结案"
title = "标题"
main_class = "大类"
sub_class = "小类"
body = "部门"
territory_code = "网格"
territory_name = "社区"
longitude = "经度"
latitude = "纬度"
stage = "阶段"
verdict = "超时"
[stage]
void = ["[作废]"]
[verdict]
on_time = ["否"]
overdue = ["是"]
[place]
order = ["point", "code", "name"]
level = "community"
pile_min = 5
pile_share = "0.5"
pile_listed = 2
"""
COLUMNS = (
    "编号",
    "上报",
    "截止",
    "结案",
    "标题",
    "大类",
    "小类",
    "部门",
    "网格",
    "社区",
    "经度",
    "纬度",
    "阶段",
    "超时",
)

#: Two squares beside each other, 0.01 degrees wide.
WEST, EAST = "A", "B"


def _square(x: float, y: float, side: float = 0.01) -> dict[str, Any]:
    ring = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def mapping_text() -> str:
    """The mapping of the platform's export as its file has it."""
    return MAPPING


@pytest.fixture
def mapping() -> Mapping:
    """How the platform's export is read."""
    return parse_mapping(MAPPING)


@pytest.fixture
def mapped() -> Callable[..., Mapping]:
    """A maker of mappings: pairs of text to replace in the usual one."""

    def make(*changes: tuple[str, str]) -> Mapping:
        text = MAPPING
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        return parse_mapping(text)

    return make


@pytest.fixture
def communities(street: Tenant, ana: Actor, at: datetime) -> Tenant:
    """The office with two communities: 东河 (code A) and 西河 (code B)."""
    features = [
        {"type": "Feature", "properties": {"n": name, "c": code}, "geometry": _square(120.0 + 0.01 * place, 31.0)}
        for place, (code, name) in enumerate([(WEST, "东河社区"), (EAST, "西河社区")])
    ]
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    order = Order(level="community", reading=Reading(name_field="n", code_field="c"))
    import_territories(street, data, order, by=ana, at=at)
    return street


@pytest.fixture
def case() -> Callable[..., dict[str, str]]:
    """A maker of rows: reported, due and closed on time, at a point in 东河, unless told otherwise."""

    def make(number: str, **changed: str) -> dict[str, str]:
        usual = {"编号": number, "上报": "2026-10-03 08:00", "截止": "2026-10-05 08:00", "结案": "2026-10-04 08:00"}
        usual |= {"标题": "井盖缺失", "大类": "公用设施", "小类": "井盖", "部门": "养护一队", "网格": "", "社区": ""}
        usual |= {"经度": "120.005", "纬度": "31.005", "阶段": "结案", "超时": "否"}
        return usual | changed

    return make


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """A writer of CSV files from rows."""

    def write(*rows: dict[str, str], name: str = "cases.csv") -> Path:
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, fieldnames=rows[0] if rows else COLUMNS)
            out.writeheader()
            out.writerows(rows)
        return path

    return write


@pytest.fixture
def take(ana: Actor, at: datetime) -> Callable[..., ImportReport]:
    """Import a file into an office."""

    def run(office: Tenant, path: Path, how: Mapping, **more: Any) -> ImportReport:
        return import_cases(office, path, how, by=ana, at=at, **more)

    return run


@pytest.fixture
def bring(
    communities: Tenant, table: Callable[..., Path], mapping: Mapping, take: Callable[..., ImportReport]
) -> Callable[..., ImportReport]:
    """Import rows into the office with its communities."""

    def run(*rows: dict[str, str], how: Mapping | None = None, dry_run: bool = False) -> ImportReport:
        return take(communities, table(*rows), how or mapping, dry_run=dry_run)

    return run
