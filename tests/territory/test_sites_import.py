"""Sites come in whole or not at all, mean what the file says, and the same file again changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
import shapely
from django.conf import settings as django_settings
from tests.territory.ground import EAST, NORTH, Importer, collection, square

from xiuhua.kernel.actions import install_pack
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.queries import PackUndecided, read_pack
from xiuhua.kernel.rules.packs import pack_of
from xiuhua.kernel.words import Actor
from xiuhua.territory.actions import SitesRefused, import_sites
from xiuhua.territory.actions.sites import SiteCrsUnknown, SiteEndUndated
from xiuhua.territory.models import Site
from xiuhua.territory.queries import SiteLocator, site_template, site_types, sites_of
from xiuhua.territory.rules.coordinates import from_wgs84
from xiuhua.territory.rules.site_types import types_in
from xiuhua.territory.words.sites import SiteOrder, SiteReport

TYPES = Path(django_settings.PACKS, "sites/cn-types/1")
HEADER = "编码,名称,类型,社区,网格,经度,纬度,图形,影响半径,启用日期,停用日期,别名"
Taker = Callable[..., SiteReport]


@pytest.fixture
def town(street: Tenant, bring: Importer, ana: Actor, at: datetime) -> Tenant:
    """Two communities of a block each, the western one with a grid over its lower half; types installed."""
    bring(
        collection(({"name": "东社区", "code": "C2"}, square(1, 0)), ({"name": "西社区", "code": "C1"}, square(0, 0))),
        level="community",
    )
    bring(collection(({"name": "一格", "code": "G1"}, square(0, 0, 1, 0.5))), level="grid", parent="C1")
    install_pack(street, read_pack(TYPES), by=ana, at=at)
    return street


@pytest.fixture
def take(town: Tenant, ana: Actor, at: datetime) -> Taker:
    """Import rows of a table under HEADER, or bytes."""

    def taker(*rows: str | bytes, dry_run: bool = False, **order: object) -> SiteReport:
        data = rows[0] if isinstance(rows[0], bytes) else "\n".join([HEADER, *map(str, rows)]).encode()
        return import_sites(town, data, SiteOrder(**order), by=ana, at=at, dry_run=dry_run)  # type: ignore[arg-type]

    return taker


def row(code: str = "S1", name: str = "一号", kind: str = "公共厕所", **more: str) -> str:
    cells = {"编码": code, "名称": name, "类型": kind, "经度": str(EAST + 0.002), "纬度": str(NORTH + 0.002)} | more
    return ",".join(cells.get(column, "") for column in HEADER.split(","))


def _one() -> Site:
    return Site.objects.select_related("territory").get()


def test_site_when_new_then_everything_is_as_the_row_says(take: Taker) -> None:
    report = take(row(影响半径="35", 启用日期="2026年3月1日", 停用日期="2026/9/1", 别名="甲厕；乙厕"))
    made = _one()
    assert (report.created, report.updated, report.unchanged, report.unplaced) == (1, 0, 0, ())
    assert (made.code, made.name, made.type, made.reach_m, made.aliases) == ("S1", "一号", "P10", 35, ["甲厕", "乙厕"])
    assert (made.valid_from, made.valid_to, made.confirmed, made.crs) == (
        date(2026, 3, 1),
        date(2026, 9, 1),
        True,
        "wgs84",
    )
    assert shapely.from_wkb(bytes(made.geometry)).equals(shapely.Point(EAST + 0.002, NORTH + 0.002))
    assert (made.min_lon, made.max_lat) == (EAST + 0.002, NORTH + 0.002)


@pytest.mark.parametrize("kind", ["P10", "公共厕所", "Public toilet", "ｐ１０", "P10 公共厕所"])
def test_type_when_written_as_code_or_name_then_the_same_and_its_reach(take: Taker, kind: str) -> None:
    take(row(kind=kind))
    assert (_one().type, _one().reach_m) == ("P10", 20)


@pytest.mark.parametrize(
    ("cells", "territory", "elsewhere"),
    [
        ({}, "G1", ()),
        ({"社区": "西社区"}, "G1", ()),
        ({"纬度": str(NORTH + 0.008)}, "C1", ()),
        ({"经度": str(EAST + 0.5)}, None, ()),
        ({"经度": str(EAST + 0.5), "社区": "C2"}, "C2", ()),
        ({"社区": "东社区"}, "C2", ("S1",)),
        ({"网格": "G1", "经度": str(EAST + 0.015)}, "G1", ("S1",)),
    ],
    ids=[
        "finest",
        "community agrees",
        "no grid there",
        "off the map",
        "off the map, named",
        "named elsewhere",
        "grid counts",
    ],
)
def test_territory_when_map_and_file_speak_then_the_finest_and_differences_are_told(
    take: Taker, cells: dict[str, str], territory: str | None, elsewhere: tuple[str, ...]
) -> None:
    report = take(row(**cells))
    found = _one().territory
    assert (found.code if found else None, report.elsewhere) == (territory, elsewhere)
    assert report.unplaced == (() if territory else ("S1",))


def test_shape_when_drawn_as_wkt_then_line_or_area(take: Taker) -> None:
    lane = f"LINESTRING ({EAST} {NORTH}; {EAST + 0.001} {NORTH})".replace(";", ",")
    take(
        row(经度="", 纬度="", 图形=f'"{lane}"'),
        row("S2", 图形=f'"{shapely.box(EAST, NORTH, EAST + 0.01, NORTH + 0.01).wkt}"'),
    )
    assert [shapely.from_wkb(bytes(one.geometry)).geom_type for one in sites_of(_one_tenant())] == [
        "LineString",
        "Polygon",
    ]


def _one_tenant() -> Tenant:
    return Tenant.objects.get()


@pytest.mark.parametrize("crs", ["gcj02", "bd09"])
def test_coordinates_when_enciphered_then_kept_as_wgs84(take: Taker, crs: str) -> None:
    lon, lat = from_wgs84([120.3], [31.5], crs)
    take(row(经度=str(lon[0]), 纬度=str(lat[0])), crs=crs)
    assert (_one().min_lon, _one().min_lat) == (pytest.approx(120.3, abs=1e-8), pytest.approx(31.5, abs=1e-8))
    assert _one().crs == crs


def test_geojson_when_it_draws_sites_then_the_same_headings_count(take: Taker) -> None:
    line = {"type": "LineString", "coordinates": [[EAST, NORTH], [EAST + 0.001, NORTH]]}
    features = [{"type": "Feature", "properties": {"编码": "L1", "name": "小巷", "类型": "P03"}, "geometry": line}]
    report = take(json.dumps({"type": "FeatureCollection", "features": features}).encode())
    assert (report.created, _one().type, _one().reach_m) == (1, "P03", 20)


def test_file_when_brought_again_then_nothing_changes_and_no_line_is_written(take: Taker) -> None:
    rows = [row(), row("S2", 别名="x")]
    take(*rows)
    lines = LedgerLine.objects.count()
    again = take(*rows)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
    assert LedgerLine.objects.count() == lines


def test_site_when_it_says_something_else_then_changed_in_place_with_digests(take: Taker) -> None:
    take(row(), row("S2"))
    report = take(row(name="改名"), row("S2"))
    line = LedgerLine.objects.filter(verb="site.import").latest("pk")
    assert (report.created, report.updated, report.unchanged) == (0, 1, 1)
    assert [one.name for one in sites_of(_one_tenant())] == ["改名", "一号"]
    assert len({line.before, line.after}) == 2
    assert (line.facts["updated"], line.facts["created"]) == (1, 0)


def test_sites_when_absent_then_they_stay_unless_told_to_end(take: Taker) -> None:
    take(row(), row("S2"), row("S3", 停用日期="2026-01-01"))
    assert (take(row()).absent, Site.objects.filter(valid_to=None).count()) == (("S2",), 2)
    report = take(row(), end_absent=True, effective=date(2026, 12, 1))
    assert (report.absent, report.ended) == (("S2",), ("S2",))
    assert Site.objects.get(code="S2").valid_to == date(2026, 12, 1)
    assert SiteLocator.load(_one_tenant()).near(EAST + 0.002, NORTH + 0.002, date(2026, 12, 1)) == (
        Site.objects.get(code="S1").pk,
    )


def test_dry_run_when_asked_then_it_counts_and_writes_nothing(take: Taker) -> None:
    lines = LedgerLine.objects.count()
    report = take(row(), dry_run=True)
    assert (report.created, report.dry_run, Site.objects.count(), LedgerLine.objects.count()) == (1, True, 0, lines)


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"编码": ""}, "编码", "form.cell_missing"),
        ({"编码": "1.2E+17"}, "编码", "form.code_mangled"),
        ({"名称": ""}, "名称", "form.cell_missing"),
        ({"类型": ""}, "类型", "site.type_missing"),
        ({"类型": "茶馆"}, "类型", "site.type_unknown"),
        ({"社区": "南社区"}, "社区", "site.territory_unknown"),
        ({"网格": "G9"}, "网格", "site.territory_unknown"),
        ({"经度": ""}, "经度", "site.place_missing"),
        ({"经度": "181"}, "经度", "form.number_outside"),
        ({"经度": "", "纬度": ""}, "经度", "site.place_missing"),
        ({"图形": "LINESTRING (1 2"}, "图形", "site.shape_malformed"),
        ({"图形": "POINT EMPTY"}, "图形", "site.shape_empty"),
        ({"图形": '"LINESTRING (1 2, 1 2)"'}, "图形", "site.shape_empty"),
        ({"图形": "POINT (500000 3400000)"}, "图形", "territory.coordinates_outside"),
        ({"影响半径": "很大"}, "影响半径", "form.not_whole"),
        ({"启用日期": "2026-05-01", "停用日期": "2026-05-01"}, "停用日期", "site.days_crossed"),
    ],
)
def test_row_when_wrong_then_refused_with_its_place_and_nothing_is_kept(
    take: Taker, cells: dict[str, str], column: str, code: str
) -> None:
    with pytest.raises(SitesRefused) as refused:
        take(row("S0"), row(**cells) if "编码" not in cells else row(cells["编码"]))
    first = refused.value.faults[0]
    assert (first.code, first.row, first.column, Site.objects.count()) == (code, 3, column, 0)


def test_faults_when_several_then_all_are_told_in_order(take: Taker) -> None:
    with pytest.raises(SitesRefused) as refused:
        take(row(kind="x", 社区="y"), row("S1"), row("", 经度=""))
    assert [(one.row, one.code) for one in refused.value.faults] == [
        (2, "site.type_unknown"), (2, "site.territory_unknown"), (3, "site.code_repeated"),
        (4, "form.cell_missing"), (4, "site.place_missing"),
    ]  # fmt: skip


def test_order_when_it_cannot_be_then_refused(take: Taker) -> None:
    with pytest.raises(SiteCrsUnknown):
        take(row(), crs="mars")
    with pytest.raises(SiteEndUndated):
        take(row(), end_absent=True)


def test_types_when_no_pack_is_installed_then_refused(street: Tenant, ana: Actor, at: datetime) -> None:
    with pytest.raises(PackUndecided):
        import_sites(street, f"{HEADER}\n{row()}".encode(), SiteOrder(), by=ana, at=at)


def test_dictionary_has_21_types_in_order(town: Tenant) -> None:
    assert [one.code for one in site_types(town)] == [f"P{number:02d}" for number in range(1, 22)]


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("P 1,甲,A,point,5,", "code", "site.type_code"),
        ("P1,甲,A,dot,5,", "shape", "site.type_shape"),
        ("P1,甲,A,point,5.5,", "reach_m", "site.type_reach"),
        ("P1,甲,A,point,5001,", "reach_m", "site.type_reach"),
        ("P0,甲,A,point,5,", "code", "site.type_repeated"),
        ("P1,零,A,point,5,", "name_zh", "site.type_repeated"),
        ("P1,,A,point,5,", "name_zh", "pack.cell_empty"),
    ],
)
def test_pack_when_a_type_is_wrong_then_its_line_and_column(line: str, column: str, code: str) -> None:
    table = f"code,name_zh,name_en,shape,reach_m,group\nP0,零,Zero,point,5,\n{line}\n"
    pack, _faults = pack_of({"pack.toml": (TYPES / "pack.toml").read_text(encoding="utf-8"), "types.csv": table})
    assert pack
    faults = types_in(pack)[1]
    assert (code, "types.csv", 3, column) in [(one.code, one.file, one.row, one.column) for one in faults]


def test_export_when_brought_back_then_nothing_changes(take: Taker, town: Tenant, ana: Actor, at: datetime) -> None:
    lane = f'"LINESTRING ({EAST + 0.001} {NORTH + 0.001}, {EAST + 0.0015} {NORTH + 0.0017})"'
    take(row(别名="x"), row("S2", 经度="", 纬度="", 图形=lane, 启用日期="2026-01-01"), row("S3", 经度=str(EAST + 0.5)))
    again = import_sites(town, site_template(town, sites_of(town)), SiteOrder(), by=ana, at=at)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 3)
