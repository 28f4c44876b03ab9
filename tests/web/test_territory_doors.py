"""Doors to territories without a browser: pages, the form without script, what would move, who came first."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
import shapely
from django.test import Client
from tests.territory.ground import EAST, NORTH, collection, square

from xiuhua.cases.models import Case
from xiuhua.kernel.actions import create_tenant
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import create_user
from xiuhua.territory.actions import import_territories, succeed
from xiuhua.territory.models import Redraw, Site, TerritoryVersion
from xiuhua.territory.words import Changeover, Order, Reading, SuccessionKind, Unit
from xiuhua.web.desk.preview import foreseen, sentences

pytestmark = pytest.mark.usefixtures("home")
NOW = datetime.fromisoformat("2026-11-23T02:00:00+00:00")


@pytest.fixture
def ground(street: Tenant, ana: Actor, at: datetime) -> Tenant:
    """Two blocks side by side."""
    blocks = [({"name": f"坊{code}", "code": code}, square(x, 0)) for code, x in (("1", 0), ("2", 1))]
    order = Order("block", Reading(name_field="name", code_field="code"), effective=date(2024, 1, 1))
    import_territories(street, collection(*blocks), order, by=ana, at=at)
    return street


@pytest.fixture
def lin(street: Tenant, ana: Actor, at: datetime, client: Client) -> Client:
    """Lin, of the street's staff, signed in."""
    client.force_login(create_user("lin", "quiet-canal-31", name="林", tenant=street, by=ana, at=at))
    return client


def form(client: Client, code: str = "1", **given: Any) -> dict[str, Any]:
    page = client.get(f"/territory/{code}/outline/").content.decode()
    mark = re.search(r'name="mark" value="([^"]+)"', page)
    assert mark
    shape = given.pop("shape", square(0, 0, 0.9))
    filled = {
        "geometry": json.dumps(shape),
        "effective": "2026-11-01",
        "reason": "文7号",
        "mark": mark[1],
        "do": "save",
    }
    return filled | given


def test_tree_when_opened_then_every_territory_is_there_with_its_state(
    ground: Tenant, lin: Client, ana: Actor, at: datetime
) -> None:
    succeed(ground, Changeover(SuccessionKind.CODE_CHANGE, date(2025, 1, 1), ("1",), (Unit("7"),)), by=ana, at=at)
    page = lin.get("/territory/").content.decode()
    assert re.findall(r'href="/territory/(\w+)/"', page) == ["1", "2", "7"]
    assert 'data-total="3"' in page
    assert page.count("已终止") == 1


def test_territory_when_it_became_another_then_both_pages_say_so(
    ground: Tenant, lin: Client, ana: Actor, at: datetime
) -> None:
    succeed(ground, Changeover(SuccessionKind.CODE_CHANGE, date(2025, 1, 1), ("1",), (Unit("7"),)), by=ana, at=at)
    old, new = (lin.get(f"/territory/{code}/").content.decode() for code in ("1", "7"))
    assert old.count('href="/territory/7/"') == 2
    assert "编码变更" in old
    assert new.count('href="/territory/1/"') == 1


@pytest.mark.parametrize("address", ["/territory/9/", "/territory/9/outline/"])
def test_territory_when_it_does_not_exist_then_not_found(ground: Tenant, lin: Client, address: str) -> None:
    assert lin.get(address).status_code == 404


def test_territory_when_it_is_another_offices_then_it_is_not_there(
    ground: Tenant, ana: Actor, at: datetime, client: Client
) -> None:
    other = create_tenant("other", "别处", by=ana, at=at, zone="Asia/Shanghai")
    client.force_login(create_user("eli", "quiet-canal-32", name="", tenant=other, by=ana, at=at))
    assert [client.get(path).status_code for path in ("/territory/1/", "/territory/1/outline/")] == [404, 404]


def test_outline_when_saved_without_script_then_undo_is_offered_and_restores(ground: Tenant, lin: Client) -> None:
    before = list(TerritoryVersion.objects.order_by("pk").values())
    answer = lin.post("/territory/1/outline/", form(lin))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/territory/1/")
    key = Redraw.objects.get().pk
    page = lin.get("/territory/1/").content.decode()
    assert page.count(f'action="/territory/1/outline/undo/{key}/"') == 2
    assert "data-undo=" in page
    assert lin.post(f"/territory/1/outline/undo/{key}/").status_code == 302
    assert list(TerritoryVersion.objects.order_by("pk").values()) == before
    assert lin.post(f"/territory/1/outline/undo/{key}/").status_code == 409
    line = LedgerLine.objects.get(verb="territory.redraw")
    assert (line.actor, line.reason) == ("user:lin", "文7号")


def test_outline_when_somebody_was_faster_then_409_says_who_and_keeps_the_drawing(ground: Tenant, lin: Client) -> None:
    mine = form(lin, shape=square(0, 0, 0.8))
    lin.post("/territory/1/outline/", form(lin))
    answer = lin.post("/territory/1/outline/", mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "lin 已经改过 1" in page
    assert "10.008" in page
    assert Redraw.objects.count() == 1
    mark = re.search(r'name="mark" value="([^"]+)"', page)
    assert mark
    assert lin.post("/territory/1/outline/", mine | {"mark": mark[1]}).status_code == 302


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": ""}, "f-reason"),
        ({"effective": "soon"}, "f-effective"),
        ({"effective": "2020-01-01"}, "f-effective"),
        ({"geometry": "{"}, "f-geometry"),
        ({"geometry": "[]"}, "f-geometry"),
        (
            {"geometry": '{"type":"Polygon","coordinates":[[[10,50],[10.01,50.01],[10.01,50],[10,50.01]]]}'},
            "f-geometry",
        ),
    ],
    ids=["no reason", "no day", "too early", "no JSON", "no object", "crossing"],
)
def test_outline_when_the_form_is_wrong_then_it_says_where_and_keeps_the_input(
    ground: Tenant, lin: Client, given: dict[str, str], field: str
) -> None:
    answer = lin.post("/territory/1/outline/", form(lin, **given))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'<a href="#{field}">' in page
    assert 'value="文7号"' in page or field == "f-reason"
    assert Redraw.objects.count() == 0


def test_foreseen_when_a_strip_goes_then_its_cases_are_named(
    ground: Tenant,
) -> None:
    for number, x, reported in (
        ("a", 0.95, "2026-10-01T00:00:00+00:00"),
        ("b", 0.5, "2026-10-01T00:00:00+00:00"),
        ("c", 0.95, "2026-07-01T00:00:00+00:00"),
        ("d", 0.97, "2026-08-01T00:00:00+00:00"),
    ):
        place = {"longitude": EAST + x / 100, "latitude": NORTH + 0.005}
        Case.objects.create(tenant=ground, number=number, reported_at=datetime.fromisoformat(reported), **place)
    for code, x, until in (("S1", 0.95, None), ("S2", 0.5, None), ("S3", 0.95, date(2026, 1, 1))):
        lon, lat = EAST + x / 100, NORTH + 0.005
        box = {"min_lon": lon, "max_lon": lon, "min_lat": lat, "max_lat": lat}
        shape = shapely.to_wkb(shapely.Point(lon, lat))
        own = {"tenant": ground, "code": code, "name": code, "type": "P10", "reach_m": 30, "crs": "wgs84"}
        Site.objects.create(**own, **box, geometry=shape, valid_to=until)
    found = foreseen(ground, "1", square(0, 0, 0.9), day=date(2026, 11, 23), now=NOW)
    assert [(one.before, one.after, found.numbers(one)) for one in found.moves.points] == [("1", "", ["a", "d"])]
    assert [(one.before, one.after, found.site_codes(one)) for one in found.site_moves] == [("1", "", ["S1"])]
    assert (len(found.cases), found.since, found.moved()) == (3, date(2026, 8, 1), 2)
    assert sentences(found)[0] == "看了 2026-08-01 以来有坐标的 3 件，会移动 2 件。"
    assert any("空隙" in line for line in sentences(found))


def test_outline_when_looked_at_first_then_each_number_has_its_list(ground: Tenant, lin: Client) -> None:
    Case.objects.create(
        tenant=ground,
        number="K-1",
        reported_at=datetime.now(UTC),
        longitude=EAST + 0.0095,
        latitude=NORTH + 0.005,
    )
    page = lin.post("/territory/1/outline/", form(lin, do="preview")).content.decode()
    counts = re.findall(r'data-count="(\d+)"', page)
    assert counts == re.findall(r'data-total="(\d+)"', page) == ["1"]
    assert "K-1" in page
    assert "空隙" in page
    assert (Redraw.objects.count(), LedgerLine.objects.filter(verb="territory.redraw").count()) == (0, 0)


def test_tree_when_it_is_large_then_one_level_and_one_page_at_a_time(
    ground: Tenant, lin: Client, ana: Actor, at: datetime
) -> None:
    rows = "".join(f"g{number:04},格{number}\n" for number in range(1001))
    order = Order("grid", Reading(name_field="name", code_field="code"), parent="1")
    import_territories(ground, f"code,name\n{rows}".encode(), order, by=ana, at=at)
    top = lin.get("/territory/").content.decode()
    assert re.findall(r'href="/territory/(\w+)/"', top) == ["1", "2"]
    assert "下级 1,001 个" in top
    last = lin.get("/territory/?below=1&page=6").content.decode()
    assert re.findall(r'href="/territory/(\w+)/"', last) == ["g1000"]
    assert lin.get("/territory/?below=nowhere&page=x").status_code == 200
