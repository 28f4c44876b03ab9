"""Published files: three cities' outlines, Wuxi's districts, Liangxi's communities, the country's streets, a city's cases."""

from __future__ import annotations

import csv
import gzip
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from tests.territory.ground import Importer

from xiuhua.kernel.models import Tenant
from xiuhua.territory.queries import Locator, NameBook, levels, listed

pytestmark = pytest.mark.real

LIANGXI = "cn/admin/liangxi_320213_towns_communities_2016.csv"
STREETS = "cn/admin/streets-2023.csv"


@pytest.mark.parametrize(
    ("file", "count", "repaired"),
    [
        ("boston-neighbourhoods", 26, ["Beacon Hill", "Downtown", "East Boston", "Hyde Park"]),
        ("chicago-neighbourhoods", 98, ["Auburn Gresham", "Englewood", "Montclare", "South Chicago"]),
        ("new-york-boroughs", 5, ["Queens"]),
    ],
)
def test_outlines_when_imported_twice_then_repaired_once_and_unchanged(
    real_data: Path, bring: Importer, file: str, count: int, repaired: list[str]
) -> None:
    data = (real_data / "boundaries" / f"{file}.geojson").read_bytes()
    first, second = (bring(data, codes=False) for _time in range(2))
    assert (first.created, sorted(one.name for one in first.repaired)) == (count, repaired)
    assert (second.created, second.updated, second.unchanged) == (0, 0, count)
    assert (first.overlaps, first.gaps) == (second.overlaps, second.gaps)


def test_boston_when_its_outlines_meet_then_overlaps_and_gaps_are_those_of_the_file(
    real_data: Path, bring: Importer
) -> None:
    report = bring((real_data / "boundaries/boston-neighbourhoods.geojson").read_bytes(), codes=False)
    assert [(one.a, one.b, one.m2) for one in report.overlaps] == [("block-allston", "block-fenway", 31)]
    assert [gap.m2 for gap in report.gaps] == [578_964, 5]


def test_boston_when_its_cases_are_placed_by_point_then_by_name_then_the_counts_of_the_issue(
    real_data: Path, street: Tenant, bring: Importer
) -> None:
    bring((real_data / "boundaries/boston-neighbourhoods.geojson").read_bytes(), codes=False)
    with gzip.open(real_data / "boston311/boston311_2015_H1_dev.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    lon = np.array([float(row["LONGITUDE"] or "nan") for row in rows])
    lat = np.array([float(row["LATITUDE"] or "nan") for row in rows])
    pile = (lat == 42.3594) & (lon == -71.0587)
    lon[pile] = np.nan
    opened = (datetime.strptime(row["OPEN_DT"], "%m/%d/%Y %I:%M:%S %p") for row in rows)  # noqa: DTZ007 - local day
    days = np.array([moment.date() for moment in opened], dtype="datetime64[D]")
    found = Locator.load(street).locate_many(lon, lat, days)
    book = NameBook.load(street)
    others = [book.match(row["neighborhood"]).how for row, key in zip(rows, found, strict=True) if key < 0]
    assert (len(rows), int(pile.sum()), int((found >= 0).sum())) == (58_119, 8_752, 49_357)
    assert (others.count("exact"), others.count("unknown")) == (1_701, 7_061)


def test_liangxi_when_its_levels_are_imported_then_a_tree_of_three(
    real_data: Path, street: Tenant, bring: Importer
) -> None:
    data = (real_data / LIANGXI).read_bytes()
    bring(
        (real_data / "cn/admin/outlines/320200.json").read_bytes(),
        level="city",
        name_field="",
        name="无锡市",
        code="320200000000",
        crs="gcj02",
    )
    made = []
    for level in ("county", "town", "village"):
        report = bring(data, level=level, parent_field="parent", where=(("level", level),))
        made.append((report.created, report.skipped))
    assert made == [(1, 172), (16, 157), (156, 17)]
    assert levels(street) == ["city", "county", "town", "village"]
    assert NameBook.load(street).match("胜利门社区").rule == "zh.community"


def test_wuxi_when_its_districts_come_one_by_one_then_the_last_leaves_only_what_nobody_claims(
    real_data: Path, bring: Importer, street: Tenant
) -> None:
    folder = real_data / "cn/admin/outlines"
    options = {"name_field": "", "crs": "gcj02"}
    bring((folder / "320200.json").read_bytes(), level="city", name="无锡市", code="3202", **options)
    codes = sorted(path.stem for path in folder.glob("3202*.json") if path.stem != "320200")
    for code in codes:
        report = bring(
            (folder / f"{code}.json").read_bytes(), level="district", name=code, code=code, parent="3202", **options
        )
    whole = {one.code: one.area_m2 or 0 for one in listed(street)}
    claimed = sum(whole[code] for code in codes) - sum(one.m2 for one in report.overlaps)
    assert abs(whole["3202"] - claimed - sum(gap.m2 for gap in report.gaps)) < 1000
    assert report.repaired == ()


@pytest.mark.once
def test_streets_when_the_whole_country_is_imported_then_every_code_keeps_its_row(
    real_data: Path, bring: Importer
) -> None:
    data = (real_data / STREETS).read_bytes()
    report = bring(data, level="street", where=(("areaCode", "320213"),))
    assert (report.created, report.created + report.skipped) == (9, 41_352)
    report = bring(data, level="street")
    assert (report.created, report.unchanged) == (41_343, 9)
