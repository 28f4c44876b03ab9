"""The calendar and the deadline form, without a browser: what they say, what they refuse, what they cost."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from xiuhua.kernel.actions import install_pack
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.queries import read_pack
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import create_user

PACKS = Path(__file__).parents[2] / "packs"
DEADLINE = "/clock/deadline/"

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def lin(street: Tenant, ana: Actor, at: datetime, client: Client) -> Client:
    """Lin, of the street's staff, signed in."""
    user = create_user("lin", "quiet-canal-31", name="林", tenant=street, by=ana, at=at)
    client.force_login(user)
    return client


@pytest.fixture
def calendar(street: Tenant, ana: Actor, at: datetime) -> None:
    """The street's calendar, installed."""
    for name in ("holidays/cn/2026-1", "calendar/demo-street/2026-1"):
        install_pack(street, read_pack(PACKS / name), by=ana, at=at)


def _text(client: Client, path: str, **given: str) -> str:
    answer = client.get(path, given)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize("path", ["/clock/", DEADLINE])
def test_page_without_a_calendar_says_what_to_do(lin: Client, path: str) -> None:
    said = _text(lin, path)
    assert "还没有日历，期限推算不了" in said
    assert "xiuhua pack install" in said


@pytest.mark.usefixtures("calendar")
def test_year_names_its_holidays_with_their_make_up_days(lin: Client) -> None:
    said = _text(lin, "/clock/", year="2025")
    assert "国庆节、中秋节 10月1日 – 10月8日 8 9月28日、10月11日" in said
    assert "未公布" not in said
    # 261 weekdays, less 18 holidays that fall on them – 28 days less ten at weekends –, and five make-up days
    assert "上班 248 天" in said


@pytest.mark.usefixtures("calendar")
def test_year_that_is_not_announced_says_so_in_words(lin: Client) -> None:
    said = _text(lin, "/clock/", year="2027")
    assert "2027 年有 12 个月的放假和调休还没有公布" in said
    assert said.count("未公布") == 12
    assert said.count("未全公布") == 3  # no number where nothing is known


@pytest.mark.usefixtures("calendar")
@pytest.mark.parametrize("year", ["", "x", "1", "99999", "2200"])
def test_year_that_is_none_shows_this_year(lin: Client, year: str) -> None:
    assert lin.get("/clock/", {"year": year}).status_code == 200


@pytest.mark.usefixtures("calendar")
def test_deadline_is_shown_with_its_bill(lin: Client) -> None:
    said = _text(lin, DEADLINE, start="2025-09-30T16:00", amount="4", unit="work_hour")
    assert "10月9日 周四 10:30 到期" in said
    assert "10月1日 周三 到 10月8日 周三 国庆节、中秋节放假 8 天不计" in said


@pytest.mark.usefixtures("calendar")
def test_deadline_in_a_year_not_announced_is_called_provisional(lin: Client) -> None:
    said = _text(lin, DEADLINE, start="2026-12-31T16:00", amount="1", unit="work_day")
    assert "到期时间是暂定的" in said


WRONG = {
    "no start": ({"start": "", "amount": "2"}, "请写收到的日期和时间"),
    "a year beyond": ({"start": "9999-01-01T00:00", "amount": "2"}, "请写收到的日期和时间"),
    "no amount": ({"start": "2025-09-30T16:00", "amount": ""}, "请写一个大于零的数"),
    "nothing": ({"start": "2025-09-30T16:00", "amount": "0"}, "请写一个大于零的数"),
    "two stages": ({"start": "2025-09-30T16:00", "amount": "1wd+2"}, "请写一个大于零的数"),
    "too much": ({"start": "2025-09-30T16:00", "amount": "20001"}, "最多算 2000"),
    "too many extensions": ({"start": "2025-09-30T16:00", "amount": "2", "extensions": "3"}, "最多延期 2 次"),
}


@pytest.mark.usefixtures("calendar")
@pytest.mark.parametrize(("given", "sentence"), WRONG.values(), ids=WRONG)
def test_deadline_refuses_with_a_sentence_and_keeps_the_input(
    lin: Client, given: dict[str, str], sentence: str
) -> None:
    answer = lin.get(DEADLINE, {"unit": "work_day", **given})
    page = answer.content.decode()
    assert sentence in page
    assert all(f'value="{text}"' in page for name, text in given.items() if text and name != "extensions")
    assert "到期</p>" not in page


@pytest.mark.usefixtures("calendar")
@pytest.mark.parametrize("path", ["/clock/?year=2025", DEADLINE + "?start=2025-09-30T16:00&amount=2&unit=work_day"])
def test_page_reads_little_and_writes_nothing(lin: Client, path: str, django_assert_num_queries: Any) -> None:
    before = LedgerLine.objects.count()
    with django_assert_num_queries(
        9
    ):  # session, user, office, posts and their classes, unread; chosen calendar, its pack, its holidays
        lin.get(path)
    assert LedgerLine.objects.count() == before
