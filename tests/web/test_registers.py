"""Doors to registers: filters in the address, counts that agree, an import that is tried before it is done."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from xiuhua.kernel.actions import create_tenant, install_pack
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.queries import read_pack
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import create_user, import_units, observe_bodies
from xiuhua.responsibility.models import Body
from xiuhua.territory.actions import import_sites, observe_territories
from xiuhua.territory.models import Site
from xiuhua.territory.words.sites import SiteOrder

pytestmark = pytest.mark.usefixtures("home")
SITES = "编码,名称,类型编码,社区,经度,纬度,别名\nA,甲厕,P10,东社区,120.1,31.1,\nB,乙市场,P07,西社区,120.2,31.2,大市场\nC,丙厕,P10,,120.3,31.3,\n"
UNITS = "编码,名称,类别,本地域\nU1,东居委,社区,东社区\nU2,环卫所,环境卫生,\n"


@pytest.fixture
def office(street: Tenant, ana: Actor, at: datetime) -> Tenant:
    """An office with two communities, three sites, two units and one that a case named."""
    observe_territories(street, "community", ["东社区", "西社区"])
    for pack in ("sites/cn-types/1", "units/cn-kinds/1"):
        install_pack(street, read_pack(Path(django_settings.PACKS, pack)), by=ana, at=at)
    import_sites(street, SITES.encode(), SiteOrder(), by=ana, at=at)
    import_units(street, UNITS.encode(), by=ana, at=at)
    observe_bodies(street, ["路灯站"])
    return street


@pytest.fixture
def lin(office: Tenant, ana: Actor, at: datetime, client: Client) -> Client:
    """Lin, of the office's staff, signed in."""
    client.force_login(create_user("lin", "quiet-canal-31", name="林", tenant=office, by=ana, at=at))
    return client


def _total(client: Client, address: str) -> int:
    found = re.search(r'data-total="(\d+)"', client.get(address).content.decode())
    assert found, address
    return int(found[1])


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("", 3),
        ("?type=P10", 2),
        ("?q=市场", 1),
        ("?q=大市", 1),
        ("?q=a", 1),
        ("?territory=community-01", 1),
        ("?territory=community-01&type=P07", 0),
        ("?territory=nowhere", 0),
        ("?from=999&sort=;", 3),
    ],
)
def test_sites_when_filtered_then_only_such(lin: Client, query: str, total: int) -> None:
    assert _total(lin, f"/sites/{query}") == total


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("", 3),
        ("?kind=sanitation", 1),
        ("?known=no", 1),
        ("?known=yes", 2),
        ("?territory=community-01", 1),
        ("?q=居委", 1),
    ],
)
def test_units_when_filtered_then_only_such(lin: Client, query: str, total: int) -> None:
    assert _total(lin, f"/units/{query}") == total


@pytest.mark.parametrize("address", ["/sites/", "/sites/?q=甲", "/units/"])
def test_number_when_opened_then_its_list_has_that_many(lin: Client, address: str) -> None:
    page = lin.get(address).content.decode()
    links = re.findall(r'href="([^"]+)" data-count="(\d+)"', page)
    assert links
    for href, count in links:
        assert _total(lin, href.replace("&amp;", "&")) == int(count)


@pytest.mark.parametrize("sort", ["code", "-code", "name", "type", "reach", "begins"])
def test_sites_when_sorted_then_all_of_them_in_order(lin: Client, sort: str) -> None:
    page = lin.get(f"/sites/?sort={sort}").content.decode()
    assert sorted(re.findall(r"[甲乙丙][厕市]", re.sub(r"<title>.*?</title>", "", page))) == ["丙厕", "乙市", "甲厕"]


def test_sites_when_longer_than_a_page_then_the_pager_keeps_the_filter(
    lin: Client, office: Tenant, ana: Actor, at: datetime
) -> None:
    rows = "\n".join(f"N{number:03d},点{number},P01,120.1,31.1" for number in range(60))
    import_sites(office, f"编码,名称,类型编码,经度,纬度\n{rows}".encode(), SiteOrder(), by=ana, at=at)
    page = lin.get("/sites/?type=P01").content.decode()
    assert "第 1–50 条，共 60 条" in page
    assert 'href="?type=P01&amp;sort=code&amp;from=50"' in page
    assert "第 51–60 条，共 60 条" in lin.get("/sites/?type=P01&from=50").content.decode()


@pytest.mark.parametrize(
    ("address", "codes"), [("/sites/table.xlsx?type=P10", ["A", "C"]), ("/units/table.xlsx?known=yes", ["U1", "U2"])]
)
def test_export_when_filtered_then_it_holds_what_the_screen_holds(lin: Client, address: str, codes: list[str]) -> None:
    page = load_workbook(BytesIO(lin.get(address).content)).worksheets[0]
    assert [row[0] for row in page.iter_rows(min_row=2, values_only=True)] == codes


def _upload(client: Client, address: str, text: str, **more: Any) -> str:
    file = SimpleUploadedFile("table.csv", text.encode("gb18030"))
    return client.post(address, {"file": file, **more}).content.decode()


def _digest(page: str) -> str:
    found = re.search(r'name="confirm" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def test_import_when_tried_then_nothing_is_written_until_it_is_confirmed(lin: Client) -> None:
    lines = LedgerLine.objects.count()
    page = _upload(lin, "/sites/import/", SITES + "D,丁,P01,,120.4,31.4,\n", crs="gcj02")
    assert (Site.objects.count(), LedgerLine.objects.count()) == (3, lines)
    answer = lin.post("/sites/import/", {"confirm": _digest(page), "crs": "gcj02"}, follow=True)
    assert answer.redirect_chain == [("/sites/", 302)]
    assert "已导入：新建 1，更新 3，没变 0。" in answer.content.decode()
    assert (Site.objects.count(), Site.objects.get(code="D").crs) == (4, "gcj02")
    assert LedgerLine.objects.filter(actor="user:lin", verb="site.import").count() == 1
    assert list((Path(django_settings.HOME) / "uploads").iterdir()) == []


def test_import_when_faulty_then_every_fault_by_row_and_no_way_to_confirm(lin: Client) -> None:
    page = _upload(lin, "/units/import/", "编码,名称,类别\nU1,东居委,茶馆\n,无名,\n")
    assert re.findall(r'<th scope="row" class="num">(\d+)</th><td>([^<]+)</td>', page) == [("2", "类别"), ("3", "编码")]
    assert 'name="confirm"' not in page
    assert Body.objects.count() == 3


@pytest.mark.parametrize("given", [{}, {"confirm": "0" * 64}, {"confirm": "../../db"}], ids=["none", "gone", "a path"])
def test_import_when_there_is_no_file_then_it_says_so(lin: Client, given: dict[str, str]) -> None:
    page = lin.post("/sites/import/", given).content.decode()
    assert "xh-errors" in page
    assert Site.objects.count() == 3


def test_import_when_another_person_tried_it_then_nobody_else_confirms_it(
    lin: Client, office: Tenant, ana: Actor, at: datetime
) -> None:
    digest = _digest(_upload(lin, "/sites/import/", SITES + "D,丁,P01,,120.4,31.4,\n"))
    other = Client()
    elsewhere = create_tenant("other", "别处", by=ana, at=at)
    other.force_login(create_user("eli", "quiet-canal-32", name="", tenant=elsewhere, by=ana, at=at))
    assert "xh-errors" in other.post("/sites/import/", {"confirm": digest}).content.decode()
    assert Site.objects.filter(code="D").count() == 0


@pytest.mark.parametrize("address", ["/sites/", "/units/", "/sites/table.xlsx", "/units/template.xlsx"])
def test_register_when_read_then_nothing_is_written(lin: Client, address: str) -> None:
    before = LedgerLine.objects.count()
    assert lin.get(address).status_code == 200
    assert LedgerLine.objects.count() == before


def test_register_when_it_is_another_offices_then_it_is_empty(lin: Client, ana: Actor, at: datetime) -> None:
    other = create_tenant("other", "别处", by=ana, at=at)
    client = Client()
    client.force_login(create_user("eli", "quiet-canal-32", name="", tenant=other, by=ana, at=at))
    for address in ("/sites/", "/units/"):
        assert _total(client, address) == 0


@pytest.mark.parametrize("address", ["/sites/?q=a%00b", "/units/?q=%00", "/cases/?q=%00", "/territory/%00/"])
def test_address_when_it_has_a_character_no_text_can_hold_then_refused(lin: Client, address: str) -> None:
    assert lin.get(address).status_code == 400


def test_form_when_it_has_a_character_no_text_can_hold_then_refused(lin: Client) -> None:
    assert lin.post("/units/import/", {"confirm": "a\0b"}).status_code == 400
