"""Doors without a browser, on either database: who may enter, what a page costs, that reading writes nothing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver
from openpyxl import load_workbook
from tests.exchange.conftest import bring, case, communities, mapping, table, take

from xiuhua.assessment.actions import assess
from xiuhua.assessment.models import Assessment
from xiuhua.cases.models import Case
from xiuhua.exchange.models import PendingCorrection
from xiuhua.exchange.words import ImportReport
from xiuhua.kernel.actions import create_tenant
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import create_user

__all__ = ["bring", "case", "communities", "mapping", "table", "take"]

OCTOBER = Period(2026, 10)
#: Doors that anybody may open.
OPEN = {"login", "look", "language", "stylesheet", "forgot", "reset", "invitation", "set-up"}
Rows = Callable[..., dict[str, str]]
Bring = Callable[..., ImportReport]

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def lin(street: Tenant, ana: Actor, at: datetime, client: Client) -> Client:
    """Lin, of the street's staff, signed in."""
    user = create_user("lin", "quiet-canal-31", name="林", tenant=street, by=ana, at=at)
    client.force_login(user)
    return client


@pytest.fixture
def eli(db: None, ana: Actor, at: datetime) -> Client:
    """Eli, of another office, signed in."""
    other = create_tenant("other", "别处", by=ana, at=at, zone="Asia/Shanghai")
    user = create_user("eli", "quiet-canal-32", name="", tenant=other, by=ana, at=at)
    client = Client()
    client.force_login(user)
    return client


def _assessed(office: Tenant, ana: Actor, at: datetime) -> None:
    assess(office, OCTOBER, scheme="basic", by_level="community", by=ana, at=at)


def _total(client: Client, address: str) -> int:
    answer = client.get(address)
    assert answer.status_code == 200, address
    found = re.search(r'data-total="(\d+)"', answer.content.decode())
    assert found, address
    return int(found[1])


def _doors() -> list[tuple[str, str]]:
    """Return (name, address) of every door of the site, from the resolver."""
    found = []
    for pattern in get_resolver().url_patterns[0].url_patterns:
        assert isinstance(pattern, URLPattern)
        address = re.sub(r"<int:\w+>", "1", re.sub(r"<str:\w+>", "A", str(pattern.pattern)))
        found.append((pattern.name or "", f"/{address}"))
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "address"), _doors())
def test_door_when_nobody_is_signed_in_then_only_the_open_ones_open(client: Client, name: str, address: str) -> None:
    answer = client.get(address)
    turned_away = answer.status_code == 302 and answer.headers["Location"].startswith("/login/")
    assert turned_away == (name not in OPEN)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "address"), _doors())
def test_door_when_opened_then_it_says_where_nothing_may_come_from(lin: Client, name: str, address: str) -> None:
    answer = lin.get(address)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"], name
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_case_when_it_is_another_offices_then_it_is_not_there(
    bring: Bring, case: Rows, lin: Client, eli: Client
) -> None:
    bring(case("1"))
    key = Case.objects.get().pk
    assert (lin.get(f"/cases/{key}/").status_code, eli.get(f"/cases/{key}/").status_code) == (200, 404)


def test_import_when_it_is_another_offices_then_it_is_not_there(
    bring: Bring, case: Rows, lin: Client, eli: Client
) -> None:
    batch = bring(case("1")).batch
    for door in ("", "findings/", "records/?what=created"):
        assert eli.get(f"/imports/{batch}/{door}").status_code == 404
    assert _total(lin, f"/imports/{batch}/records/?what=created") == 1


def test_frozen_list_when_it_is_another_offices_then_it_is_not_there(
    bring: Bring, case: Rows, communities: Tenant, lin: Client, eli: Client, ana: Actor, at: datetime
) -> None:
    bring(case("1"))
    _assessed(communities, ana, at)
    found = re.search(r'href="(/frozen/\?[^"]+)"', lin.get("/").content.decode())
    assert found
    address = found[1].replace("&amp;", "&")
    assert (lin.get(address).status_code, eli.get(address).status_code) == (200, 404)


@pytest.mark.parametrize(
    "address", ["/cases/?q=', \"<>%", "/cases/?month=x&sort=;&after=-1&territory=zz&body=%00", "/frozen/?snapshot=zz"]
)
def test_list_when_the_address_is_nonsense_then_it_answers_calmly(lin: Client, address: str) -> None:
    assert lin.get(address).status_code in {200, 400, 404}


@pytest.mark.parametrize("many", [1, 3])
def test_cases_when_longer_then_the_page_costs_the_same(
    bring: Bring, case: Rows, lin: Client, many: int, django_assert_num_queries: Callable[[int], object]
) -> None:
    bring(*(case(str(number)) for number in range(many)))
    lin.get("/cases/")
    with django_assert_num_queries(16):  # type: ignore[attr-defined]
        lin.get("/cases/")


@pytest.mark.parametrize("path", ["/", "/ranking/", "/lists/", "/map/", "/cases/", "/imports/", "/ranking/A/"])
def test_page_when_read_then_nothing_is_written(
    bring: Bring, case: Rows, communities: Tenant, lin: Client, ana: Actor, at: datetime, path: str
) -> None:
    bring(*(case(str(number)) for number in range(12)))
    _assessed(communities, ana, at)
    before = LedgerLine.objects.count()
    assert lin.get(path).status_code == 200
    assert LedgerLine.objects.count() == before


def test_month_when_not_assessed_then_one_button_does_it(bring: Bring, case: Rows, lin: Client) -> None:
    bring(*(case(str(number)) for number in range(12)))
    assert "还没有计分" in lin.get("/?month=2026-10").content.decode()
    given = {"month": "2026-10", "scheme": "basic", "by": "community", "next": "/?month=2026-10"}
    assert lin.post("/assess/", given).headers["Location"] == "/?month=2026-10"
    page = lin.get("/?month=2026-10").content.decode()
    assert "按期结案率" in page
    assert "还没有计分" not in page


@pytest.mark.parametrize(
    "given", [{"month": "x"}, {"month": "2026-10", "scheme": "../x"}, {"month": "2099-01", "scheme": "basic"}]
)
def test_assess_when_refused_then_it_says_why_and_writes_nothing(
    bring: Bring, case: Rows, lin: Client, given: dict[str, str]
) -> None:
    bring(case("1"))
    before = LedgerLine.objects.count()
    answer = lin.post("/assess/", {"by": "community", **given}, follow=True)
    assert answer.status_code == 200
    assert LedgerLine.objects.count() == before
    assert "xh-note" in answer.content.decode()


def test_month_when_cases_change_after_the_freeze_then_it_stays_until_frozen_again(
    bring: Bring, case: Rows, communities: Tenant, lin: Client, ana: Actor, at: datetime
) -> None:
    rows = [case(str(number)) for number in range(12)]
    bring(*rows)
    _assessed(communities, ana, at)
    frozen = _figure(lin)
    bring(*rows[:-1], case("11", 结案="2026-10-09 08:00", 超时="是"))
    assert _figure(lin) == frozen
    assert "冻结之后又有 1 件案子变了" in lin.get("/").content.decode()
    lin.post("/assess/", {"month": "2026-10", "scheme": "basic", "by": "community", "again": "1"})
    assert _figure(lin) != frozen
    assert "冻结之后" not in lin.get("/").content.decode()
    assert PendingCorrection.objects.filter(absorbed_at=None).count() == 0


def _figure(client: Client) -> str:
    found = re.search(r"<title>.*?</title>.*?按期结案率.*?([\d.]+|—)\s*<", client.get("/").content.decode(), re.DOTALL)
    assert found
    return found[0][-200:]


def test_case_page_when_it_has_two_versions_then_both_are_shown_and_the_story_names_the_imports(
    bring: Bring, case: Rows, lin: Client, table: Callable[..., Path]
) -> None:
    bring(case("1"))
    bring(case("1", 标题="井盖已补"))
    page = lin.get(f"/cases/{Case.objects.get().pk}/").content.decode()
    assert page.count("城运平台怎么说") == 2
    assert page.count("从平台导入") == 2
    assert "井盖已补" in page


def test_export_when_filtered_then_it_holds_what_the_screen_holds(bring: Bring, case: Rows, lin: Client) -> None:
    bring(*(case(str(number)) for number in range(3)), case("9", 阶段="[作废]"))
    page = load_workbook(BytesIO(lin.get("/cases/table.xlsx?stage=void").content)).active
    assert [row[0] for row in page.iter_rows(min_row=2, values_only=True)] == ["9"]
    assert _total(lin, "/cases/?stage=void") == 1


def test_export_when_it_is_the_ranking_then_it_names_its_snapshot(
    bring: Bring, case: Rows, communities: Tenant, lin: Client, ana: Actor, at: datetime
) -> None:
    bring(*(case(str(number), 经度=f"120.00{number + 10}") for number in range(12)))
    _assessed(communities, ana, at)
    rows = list(load_workbook(BytesIO(lin.get("/ranking/table.xlsx").content)).active.iter_rows(values_only=True))
    assert rows[1][:3] == (1, "东河社区", 100)
    assert re.search(r"[0-9a-f]{64}$", str(rows[-1][0]))


def test_month_when_it_still_runs_then_it_is_assessed_as_of_now(
    bring: Bring, case: Rows, street: Tenant, lin: Client
) -> None:
    bring(case("1"))
    zone = zone_of(street)
    this = Period.of(datetime.now(UTC), zone)
    lin.post("/assess/", {"month": str(this), "scheme": "basic", "by": "community"})
    made = Assessment.objects.get(period=str(this))
    assert made.as_of < this.end(zone)
    page = lin.get(f"/?month={this}").content.decode()
    assert "本月未完" in page
    assert "黑榜" not in page.split("<main")[1]
    assert "不是榜" in lin.get(f"/lists/?month={this}").content.decode()


@pytest.mark.parametrize(
    "address", ["/?month=2026-10", "/ranking/", "/cases/", "/cases/table.xlsx", "/ranking/table.xlsx", "/imports/"]
)
def test_page_when_the_office_has_no_zone_yet_then_it_says_what_to_do(
    db: None, ana: Actor, at: datetime, client: Client, address: str
) -> None:
    bare = create_tenant("bare", "新办", by=ana, at=at)
    client.force_login(create_user("bo", "quiet-canal-33", name="", tenant=bare, by=ana, at=at))
    answer = client.get(address)
    assert answer.status_code in {200, 409}
    if answer.status_code == 409:
        assert "xiuhua init --zone" in answer.content.decode()


def test_number_when_the_scheme_takes_months_left_closed_then_its_list_agrees(
    bring: Bring, case: Rows, communities: Tenant, lin: Client, ana: Actor, at: datetime, tmp_path: Path, settings: Any
) -> None:
    shutil.copytree(settings.PACKS, tmp_path, dirs_exist_ok=True)
    text = (Path(settings.PACKS) / "schemes/basic.toml").read_text(encoding="utf-8")
    text = re.sub(r"^deadline_month = .*$", "", text, flags=re.MULTILINE).replace(
        'code = "basic"', 'code = "left"\ndeadline_month = "left_closed"', 1
    )
    (tmp_path / "schemes/left.toml").write_text(text, encoding="utf-8")
    settings.PACKS = tmp_path
    # due at the very end of October: November's under this scheme
    bring(case("1", 截止="2026-11-01 00:00"), case("2"))
    assess(communities, OCTOBER, scheme="left", by_level="community", by=ana, at=at)
    page = lin.get("/ranking/?scheme=left&month=2026-10").content.decode()
    links = re.findall(r'href="(/frozen/[^"]+)" data-count="(\d+)"', page)
    assert {int(count) for _href, count in links} == {0, 1}
    assert [_total(lin, href.replace("&amp;", "&")) for href, _count in links] == [int(count) for _href, count in links]


def test_list_when_there_are_more_than_it_counts_then_says_more_than(
    bring: Bring, case: Rows, lin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(case("1"), case("2"), case("3"))
    assert '<b data-total="3">3</b>' in lin.get("/cases/").content.decode()
    monkeypatch.setattr("xiuhua.cases.queries.lists.COUNTED", 2)
    page = lin.get("/cases/").content.decode()
    assert ('超过 <b data-total="2">2</b>' in page, "超过 2 条" in page) == (True, True)
