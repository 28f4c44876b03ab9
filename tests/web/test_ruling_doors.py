"""What the rules say beside what the platform says, without a browser: each number is its list, and what pages cost."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from tests.exchange.conftest import bring, case, communities, mapping, table, take

from xiuhua.assessment.actions import assess
from xiuhua.cases.models import Case
from xiuhua.exchange.words import ImportReport
from xiuhua.kernel.actions import create_tenant, install_pack
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import read_pack, shipped_pack
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import create_user

__all__ = ["bring", "case", "communities", "mapping", "table", "take"]

pytestmark = pytest.mark.usefixtures("home")
Rows = Callable[..., dict[str, str]]
Bring = Callable[..., ImportReport]
OCTOBER = Period(2026, 10)
# 2 urgent hours; 5 working days; a class that no standard knows
PARKED, RUBBLE = {"大类": "街面秩序", "小类": "机动车乱停放"}, {"大类": "市容环境", "小类": "积存垃圾渣土"}
UNKNOWN = {"大类": "外星事务", "小类": "飞碟"}


@pytest.fixture
def office(communities: Tenant, ana: Actor, at: datetime) -> Tenant:
    """The office with calendar, holidays and filing standard."""
    for name in ("holidays/cn", "calendar/demo-street", "taxonomy/demo-street"):
        install_pack(communities, read_pack(shipped_pack(Path(settings.PACKS), name)), by=ana, at=at)
    return communities


@pytest.fixture
def lin(office: Tenant, ana: Actor, at: datetime, client: Client) -> Client:
    """Lin, of the street's staff, signed in."""
    client.force_login(create_user("lin", "quiet-canal-31", name="林", tenant=office, by=ana, at=at))
    return client


@pytest.fixture
def month(home: Path, bring: Bring, case: Rows, office: Tenant, ana: Actor, at: datetime) -> Tenant:
    """October with deadlines that agree, that skip National Day's holidays, that nothing explains, and one without ours."""

    def row(number: str, names: dict[str, str], reported: str, due: str, closed: str, late: str) -> dict[str, str]:
        return case(number, **names, 上报=reported, 截止=due, 结案=closed, 超时=late)

    bring(
        row("A1", PARKED, "2026-10-09 09:00", "2026-10-09 11:00", "2026-10-09 10:00", "否"),
        # Monday 28 September and five working days: 8–10 October ours; without holidays 5 October
        row("A2", RUBBLE, "2026-09-28 10:00", "2026-10-05 10:00", "2026-10-08 10:00", "是"),
        row("A3", RUBBLE, "2026-09-28 11:00", "2026-10-05 11:00", "2026-10-04 10:00", "否"),
        row("A4", PARKED, "2026-10-09 09:00", "2026-10-20 03:33", "2026-10-12 10:00", "否"),
        row("A5", PARKED, "2026-10-09 09:00", "2026-10-09 11:00", "2026-10-09 10:00", "是"),
        row("A6", UNKNOWN, "2026-10-09 09:00", "2026-10-12 09:00", "2026-10-10 10:00", "否"),
    )
    assess(office, OCTOBER, scheme="basic", by_level="community", by=ana, at=at)
    return office


def _page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def _numbers(client: Client, page: str) -> dict[str, tuple[int, int]]:
    """Return {what its address asks: (number on the page, length of the list)} of every counted link."""
    found = {}
    for href, count in re.findall(r'<a [^>]*href="([^"]*measure=[^"]*)"[^>]*data-count="(\d+)"', page):
        address = html.unescape(href)
        total = re.search(r'data-total="(\d+)"', _page(client, address))
        asked = re.search(r"measure=(\w+)", address), re.search(r"(?:_cause|duty)=(\w+)", address)
        found["/".join(each[1] for each in asked if each)] = (int(count), int(total[1]) if total else -1)
    return found


@pytest.mark.usefixtures("month")
def test_differences_when_a_number_is_opened_then_its_list_is_as_long(lin: Client) -> None:
    page = _page(lin, "/differences/?month=2026-10")
    assert _numbers(lin, page) == {
        "due": (6, 6),
        "no_own_deadline": (1, 1),
        "deadline_differs/holiday": (2, 2),
        "deadline_differs/other": (1, 1),
        "verdict_differs/holiday": (1, 1),
        "verdict_differs/other": (1, 1),
        "verdict_differs/statement": (1, 1),
    }
    assert page.count('class="xh-fig"') == 5


@pytest.mark.usefixtures("month")
def test_differences_when_nobody_scored_the_month_then_the_page_says_so(lin: Client) -> None:
    assert "还没有计分" in _page(lin, "/differences/?month=2026-09")


@pytest.mark.usefixtures("month")
def test_differences_when_it_is_another_offices_month_then_nothing_is_told(ana: Actor, at: datetime) -> None:
    other = create_tenant("other", "别处", by=ana, at=at, zone="Asia/Shanghai")
    eli = Client()
    eli.force_login(create_user("eli", "quiet-canal-32", name="", tenant=other, by=ana, at=at))
    assert "data-count" not in _page(eli, "/differences/?month=2026-10")


@pytest.mark.usefixtures("month")
def test_differences_cost_the_same_whatever_the_month_holds(lin: Client, django_assert_num_queries: object) -> None:
    lin.get("/differences/?month=2026-10")
    with django_assert_num_queries(14):  # type: ignore[operator] # a fixture of pytest-django
        lin.get("/differences/?month=2026-10")


SAID = {
    "A1": ["平台的期限和自算的一致。"],
    "A2": ["没算节假日和调休", "国庆节", "两边认定不同，因为期限不同。"],
    "A4": ["都算不出平台给的时刻。"],
    "A5": ["平台的认定和它自己的期限、结案时间对不上"],
    "A6": ["查不到立案条件"],
}


@pytest.mark.usefixtures("month")
@pytest.mark.parametrize("number", SAID)
def test_case_when_opened_then_it_says_why_the_platform_says_otherwise(lin: Client, number: str) -> None:
    page = _page(lin, f"/cases/{Case.objects.get(number=number).pk}/")
    assert [text for text in SAID[number] if text not in page] == []
    assert not re.search(r">(holiday|other|statement|same|no_condition|no_limit)<", page)


@pytest.mark.usefixtures("month")
def test_case_with_its_bill_costs_the_same_whatever_its_course(lin: Client, django_assert_num_queries: object) -> None:
    for number in ("A1", "A2"):
        lin.get(f"/cases/{Case.objects.get(number=number).pk}/")
        address = f"/cases/{Case.objects.get(number=number).pk}/"
        with django_assert_num_queries(31):  # type: ignore[operator] # a fixture of pytest-django
            lin.get(address)
