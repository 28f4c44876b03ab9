"""The queue of disagreements without scripts: counts and lists, one click, many, the way back, and who gets in."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.living import Office, make_office

from xiuhua.cases.models import Case
from xiuhua.cases.words import Stage
from xiuhua.exchange.actions import import_cases
from xiuhua.exchange.models import Disagreement, ImportBatch
from xiuhua.exchange.rules.mappings import parse_mapping
from xiuhua.kernel.models import LedgerLine

MAPPING = """
schema = 1
code = "platform"
name = "城运平台"
zone = "Asia/Shanghai"
date_order = "ymd"
[columns]
number = "编号"
reported_at = "上报"
closed_at = "结案"
title = "标题"
body = "部门"
territory_code = "社区"
"""
Bring = Callable[..., int]


@pytest.fixture
def office(db: None) -> Office:
    """The office, at the present moment: doors know no other."""
    made = make_office()
    made.now = datetime.now(UTC).replace(microsecond=0)
    return made


@pytest.fixture
def bring(office: Office, tmp_path: Path) -> Bring:
    """Import rows (number, closed, unit) and return the batch."""

    def run(*rows: tuple[str, str, str]) -> int:
        path = tmp_path / "cases.csv"
        lines = [f"{number},2026-10-03 08:00,{closed},=标题,{body},A" for number, closed, body in rows]
        path.write_text("\n".join(["编号,上报,结案,标题,部门,社区", *lines]), encoding="utf-8")
        at = office.later(seconds=1)
        return import_cases(office.tenant, path, parse_mapping(MAPPING), by=office.actor("cleo"), at=at).batch or 0

    return run


@pytest.fixture
def apart(office: Office, bring: Bring) -> int:
    """Three cases in hand of 环卫所 and one of 市政队; the new file has two of the first closed, and the third elsewhere."""
    bring(*((number, "", "") for number in "1234"))
    for number in "1234":
        office.dispatch(Case.objects.get(number=number), "repairs" if number == "4" else "sweepers")
    closed = "2026-10-04 08:00"
    return bring(("1", closed, ""), ("2", closed, ""), ("3", "", "市政队"), ("4", closed, ""))


def client_of(office: Office, name: str) -> Client:
    """Return a person's browser."""
    client = Client()
    client.force_login(office.users[name])
    return client


def _sent(number: str, kind: str = "closed_there", **more: Any) -> dict[str, Any]:
    one = Disagreement.objects.select_related("case").get(case__number=number, kind=kind, state="open")
    return {"disagreement": one.pk, "version": one.case.version, "back": "kind=closed_there", **more}


def _rows(page: str) -> int:
    return page.count('<li class="xr-row')


@pytest.mark.parametrize(("who", "total"), [("stan", 4), ("cleo", 4), ("uma", 3), ("uri", 1), ("bo", 4)], ids=str)
def test_page_when_opened_then_every_tab_counts_what_its_list_shows(
    office: Office, apart: int, who: str, total: int
) -> None:
    client = client_of(office, who)
    page = client.get("/reconcile/").content.decode()
    tabs = dict(re.findall(r'<a href="\?([^"]*)"[^>]*>[^<]* <b data-count="(\d+)"', page))
    assert tabs[""] == str(total)
    for query, number in tabs.items():
        listed = client.get(f"/reconcile/?{query}".replace("&amp;", "&")).content.decode()
        assert (_rows(listed), f'data-total="{number}"' in listed) == (int(number), True)
    assert apart


def test_page_when_nothing_disagrees_then_it_says_why_and_where_to_look(office: Office) -> None:
    page = client_of(office, "stan").get("/reconcile/").content.decode()
    assert "两边一致，没有要对的账" in page
    assert 'href="/differences/"' in page


def test_door_when_somebody_sees_no_cases_then_403(office: Office) -> None:
    assert client_of(office, "ada").get("/reconcile/").status_code == 403


def test_row_when_settled_with_one_click_then_closed_and_the_next_page_offers_the_way_back(
    office: Office, apart: int
) -> None:
    client = client_of(office, "lea")
    answer = client.post("/reconcile/settle/", _sent("1", how="force_close"))
    assert (answer.status_code, answer["Location"]) == (302, "/reconcile/?kind=closed_there")
    assert Case.objects.get(number="1").stage == Stage.FORCED
    page = client.get(answer["Location"]).content.decode()
    assert (_rows(page), "1：强制结案" in page) == (2, True)
    way = re.search(r'action="(/reconcile/undo/[^"]+)"', page)
    assert way is not None
    back = client.post(way[1].replace("&amp;", "&"))
    assert (back.status_code, back["Location"]) == (302, "/reconcile/?kind=closed_there")
    assert (Case.objects.get(number="1").stage, _rows(client.get("/reconcile/").content.decode())) == (
        *(Stage.DISPATCHED, 4),
    )
    assert list(
        LedgerLine.objects.filter(about="case:1", verb__startswith="case.").order_by("pk").values_list("verb")
    ) == [
        *(("case.dispatch",), ("case.force_close",), ("case.undo",)),
    ]
    assert apart


REFUSED = {
    "keeping without a reason": ("cleo", {"how": "keep", "note": ""}, 400, "请选一条理由或写一句说明"),
    "without the post": ("cleo", {"how": "force_close"}, 403, "您的岗位不能在这里“强制结案”"),
    "after others": ("lea", {"how": "force_close", "version": "0"}, 409, "“派遣”"),
    "no such way": ("lea", {"how": "reopen"}, 409, "不能用“重开”来处理"),
    "out of sight": ("uri", {"how": "keep", "note": "x"}, 404, ""),
    "no verb": ("lea", {"how": "nonsense"}, 404, ""),
}


@pytest.mark.parametrize(("who", "sent", "status", "said"), REFUSED.values(), ids=REFUSED)
def test_row_when_it_cannot_be_settled_then_it_says_why_and_nothing_changed(
    *, office: Office, apart: int, who: str, sent: dict[str, str], status: int, said: str
) -> None:
    answer = client_of(office, who).post("/reconcile/settle/", _sent("1") | sent)
    assert answer.status_code == status
    assert said in answer.content.decode()
    assert (Case.objects.get(number="1").stage, Disagreement.objects.filter(state="open").count()) == (
        *(Stage.DISPATCHED, 4),
    )
    assert apart


def test_row_when_kept_then_it_leaves_the_list_and_stands_in_the_story(office: Office, apart: int) -> None:
    client = client_of(office, "cleo")
    client.post("/reconcile/settle/", _sent("1", how="keep", keep_reason="slower"))
    assert _rows(client.get("/reconcile/?kind=closed_there").content.decode()) == 2
    story = client.get(f"/cases/{Case.objects.get(number='1').pk}/").content.decode()
    assert "对账：保留我们的" in story
    assert "平台还没有更新" in story
    assert apart


def test_many_when_confirmed_then_each_is_settled_and_the_count_was_named(office: Office, apart: int) -> None:
    client = client_of(office, "lea")
    picks = [f"{sent['disagreement']}:{sent['version']}" for sent in map(_sent, "124")]
    asked = client.post("/reconcile/many/", {"how": "force_close", "pick": picks, "back": ""}).content.decode()
    assert "强制结案：3 件？" in asked
    assert Case.objects.filter(stage=Stage.FORCED).count() == 0
    stale = f"{picks[2].partition(':')[0]}:0"
    answer = client.post(
        "/reconcile/many/", {"how": "force_close", "pick": [*picks[:2], stale], "confirm": "1", "note": "平台先结"}
    )
    page = answer.content.decode()
    assert (answer.status_code, "1 件没有办成" in page, "另外 2 件办成了" in page) == (200, True, True)
    assert Case.objects.filter(stage=Stage.FORCED).count() == 2
    assert LedgerLine.objects.filter(verb="case.force_close").count() == 2
    way = re.search(r"/reconcile/undo/\?keys=[\d%C]+", client.get("/reconcile/").content.decode())
    assert way is not None
    client.post(way[0])
    assert Case.objects.filter(stage=Stage.FORCED).count() == 0
    assert apart


def test_table_when_kept_then_the_rows_of_the_list_and_no_formula(office: Office, apart: int) -> None:
    Case.objects.filter(number="3").update(number="=3")
    answer = client_of(office, "stan").get("/reconcile/table.csv?kind=unit")
    told = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[:6] for row in told[1:]] == [["'=3", "单位不同", "城运平台", "市政队", "环卫所", str(apart)]]


def test_other_pages_when_something_disagrees_then_they_lead_to_it(office: Office, apart: int) -> None:
    client = client_of(office, "stan")
    batch = client.get(f"/imports/{apart}/").content.decode()
    assert f'href="/reconcile/?batch={apart}" data-count="4"' in batch
    assert _rows(client.get(f"/reconcile/?batch={apart}").content.decode()) == 4
    case = Case.objects.get(number="3")
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "单位不同：城运平台说“市政队”，我们是“环卫所”。" in page
    assert _rows(client.get(f"/reconcile/?case={case.pk}").content.decode()) == 1
    assert 'href="/reconcile/"' in page


def test_page_when_the_office_is_another_then_nothing_of_it_is_there(office: Office, apart: int) -> None:
    other = make_office("other")
    client = client_of(other, "stan")
    assert _rows(client.get("/reconcile/").content.decode()) == 0
    assert client.post("/reconcile/settle/", _sent("1", how="force_close")).status_code == 404
    assert ImportBatch.objects.filter(pk=apart, tenant=office.tenant).exists()
