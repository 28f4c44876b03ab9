"""The pages and the API of duty without a browser: what they say, what they cost, that numbers equal their lists."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from tests.responsibility.conftest import Read, office, read, write
from tests.responsibility.duty_ground import SUNDAY

from xiuhua.kernel.actions import create_tenant, install_pack
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import create_user

__all__ = ["office", "read", "write"]

ALL = "territory,*,,,*,,,,U,,街规"
OWNER = "owner,A,P05,,M,,,,V,W,合同"
#: Gaps in B2, a conflict in B1 for M, an idle row.
FLAWED = ("trade,A,,,*,,,,U,,b", "trade,B1,,,M,,,,U,,b", "trade,B1,,,M,,,,V,,b", "territory,A1,,,M1,,,,W,,b")
DAY = SUNDAY.isoformat()


@pytest.fixture
def lin(office: Tenant, ana: Actor, at: datetime, client: Client) -> Client:
    """Lin, of the street's staff, signed in."""
    client.force_login(create_user("lin", "quiet-canal-31", name="林", tenant=office, by=ana, at=at))
    return client


@pytest.fixture
def sound(office: Tenant, read: Read, ana: Actor, at: datetime) -> None:
    """A matrix that answers everywhere."""
    install_pack(office, read(ALL, OWNER), by=ana, at=at)


@pytest.fixture
def flawed(office: Tenant, read: Read, ana: Actor, at: datetime) -> None:
    """A matrix with gaps, a conflict and an idle row."""
    install_pack(office, read(*FLAWED), by=ana, at=at)


def _page(client: Client, address: str, **given: str) -> str:
    answer = client.get(address, given)
    assert answer.status_code == 200, address
    return answer.content.decode()


def _text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1].split("</main", 1)[0]).split())


def _api(client: Client, name: str, **given: str) -> tuple[int, str, dict[str, Any]]:
    answer = client.get(f"/api/v1/duty/{name}", given)
    return answer.status_code, answer.headers["Content-Type"].split(";")[0], json.loads(answer.content)


@pytest.mark.parametrize("path", ["/duty/", "/duty/who/", "/duty/map/", "/duty/rows/", "/duty/found/gaps/"])
def test_page_without_a_matrix_says_the_first_step(lin: Client, path: str) -> None:
    assert "还没有责任矩阵" in _text(_page(lin, path))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"territory": "A1"}, "由单位U负责：按属地，矩阵第 2 行（全域 · 各类）"),
        ({"site": "P05-1"}, "由单位V负责：按产权或合同，矩阵第 3 行（地A · P05（各处） · 类M）"),
        ({"lon": "0.0005", "lat": "0.0005"}, "由单位V负责"),
        ({"territory": "A1", "class": "类M1"}, "地A1的“类M · 类M1”（2026-10-04 周日）由单位U负责"),
    ],
    ids=["territory", "site", "point", "class by name"],
)
def test_who_answers_with_the_row_and_the_reason(sound: None, lin: Client, given: dict[str, str], said: str) -> None:
    page = _page(lin, "/duty/who/", **{"class": "own:M1", "day": DAY, **given})
    assert said in _text(page)
    assert "由这一层回答" in page


def test_who_shows_every_tier_in_its_order_and_links_the_rows(sound: None, lin: Client) -> None:
    page = _page(lin, "/duty/who/", **{"class": "own:M1", "day": DAY, "site": "P05-1"})
    text = _text(page)
    chain = text[text.index("怎么得出来的") :]
    places = [chain.index(word) for word in ("产权或合同 由这一层回答", "行业主管 没有适用的行", "第 2 行", "用不着")]
    assert places == sorted(places)
    assert "没有采用：层次在后" in chain
    assert f'href="/duty/rows/?day={DAY}#line-3"' in page
    assert 'id="line-3"' in _page(lin, "/duty/rows/", day=DAY)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"lon": "abc", "lat": "1"}, "“abc”不是度数"),
        ({"lon": "181", "lat": "1"}, "“181”不是度数"),
        ({"lon": "1"}, "经度和纬度要一起写。"),
        ({"day": "2026-13-01"}, "“2026-13-01”不是日期"),
        ({"territory": "X"}, "没有代码为 X 的地域。"),
        ({"class": "X"}, "“X”不是一个类别的编码或唯一的名称。"),
    ],
    ids=str,
)
def test_who_when_asked_wrongly_then_it_says_why_and_keeps_what_was_written(
    sound: None, lin: Client, given: dict[str, str], said: str
) -> None:
    asked = {"class": "own:M1", "day": DAY, "territory": "A1", **given}
    page = _page(lin, "/duty/who/", **asked)
    assert said in _text(page)
    assert "责任单位" not in _text(page)
    for name in set(given) & {"lon", "day"}:
        assert f'value="{given[name]}"' in page


def test_who_when_nobody_answers_then_it_says_gap_and_when_two_do_conflict(flawed: None, lin: Client) -> None:
    gap = _text(_page(lin, "/duty/who/", **{"class": "own:M1", "territory": "B2", "day": DAY}))
    clash = _text(_page(lin, "/duty/who/", **{"class": "own:M1", "territory": "B1", "day": DAY}))
    assert "没有人负责 空白" in gap
    assert "但这里有冲突：单位V同样有据，请改矩阵。" in clash
    assert "同样有据的单位： 单位U、单位V" in clash


def test_matrix_marks_gaps_and_conflicts_in_words_and_shape(flawed: None, lin: Client) -> None:
    text = _text(_page(lin, "/duty/", day=DAY))
    # B is B1 and B2: of M's 2 × 2 cells two are gaps and two in conflict, of N's 2 × 1 both are gaps
    assert "地B 单位U □ 空白 2 / 4 ◆ 冲突 2 / 4 □ 空白 2 / 2" in text
    assert "地A 单位U 单位U" in text


def test_matrix_goes_deeper_by_territory_and_by_main_class(flawed: None, lin: Client) -> None:
    text = _text(_page(lin, "/duty/", day=DAY, territory="B", main="own:M"))
    assert "全部 地S 地B 类M" in text.replace(" › ", " ")
    assert "地域 类M1 类M2 地B1 单位U ◆ 冲突 1 / 1 单位U ◆ 冲突 1 / 1 地B2 □ 空白 1 / 1 □ 空白 1 / 1" in text


def test_matrix_of_one_unit_leaves_the_others_out(sound: None, lin: Client) -> None:
    assert "地A · ·" in _text(_page(lin, "/duty/", day=DAY, unit="V"))


@pytest.mark.parametrize(("what", "total"), [("gaps", (2 * 3 + 1) * 366), ("conflicts", 2 * 366), ("idle", 2)])
def test_number_opens_the_list_with_the_same_count(flawed: None, lin: Client, what: str, total: int) -> None:
    page = _page(lin, "/duty/", day=DAY)
    href = f"/duty/found/{what}/?day={DAY}"
    assert f'href="{href}"' in page
    listed = lin.get(href).content.decode()
    found = re.search(r'data-total="(\d+)"', listed)
    assert found
    assert int(found[1]) == total
    assert f"{total:,}" in _text(page)


def test_map_says_k_of_n_for_each_territory(flawed: None, lin: Client) -> None:
    text = _text(_page(lin, "/duty/map/", day=DAY))
    # A: three places (A1, its compound, A2); B: three (B1, B2, its market), each × 3 classes × 366 days
    clear, every = 0, 3 * 3 * 366
    assert f"地A {every:,} / {every:,} 格 地B {clear:,} / {every:,} 格" in text


@pytest.mark.parametrize("path", ["/duty/", "/duty/who/?class=own:M1&territory=A1", "/duty/map/", "/duty/rows/"])
def test_page_when_read_then_nothing_is_written(sound: None, lin: Client, path: str) -> None:
    before = LedgerLine.objects.count()
    assert lin.get(path).status_code == 200
    assert LedgerLine.objects.count() == before


@pytest.mark.parametrize("name", ["who", "check"])
def test_api_when_nobody_is_signed_in_then_401_as_a_problem(db: None, client: Client, name: str) -> None:
    status, media, body = _api(client, name)
    assert (status, media, body["code"], body["status"]) == (
        401,
        "application/problem+json",
        "request.unauthenticated",
        401,
    )


def test_api_answers_as_the_command_does(sound: None, lin: Client) -> None:
    status, _media, body = _api(lin, "who", **{"class": "M1", "lon": "0.0005", "lat": "0.0005", "day": DAY})
    assert (status, body["unit"]["code"], body["tier"], body["row"]["line"]) == (200, "V", "owner", 3)
    assert [(one["line"], one["why"]) for one in body["losers"]] == [(2, "tier")]
    assert body["question"] == {
        "territory": "A1",
        "sites": [{"code": "P05-1", "type": "P05"}],
        "case_class": "own:M1",
        "day": DAY,
    }


def test_api_checks_the_whole_space(flawed: None, lin: Client) -> None:
    status, _media, body = _api(lin, "check", first=DAY, days="2")
    assert (status, body["sound"], body["cells"], body["gap_cells"], body["conflict_cells"]) == (200, False, 36, 14, 4)
    assert sum(block["cells"] for block in body["gaps"]) == 14
    assert [one["line"] for one in body["idle"]] == [4, 5]


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"class": "M1"}, 400, "duty.place_missing"),
        ({"class": "X", "territory": "A1"}, 400, "duty.class_unclear"),
        ({"class": "M1", "territory": "X"}, 404, "territory.unknown"),
        ({"class": "M1", "site": "X"}, 404, "site.unknown"),
        ({"territory": "A1"}, 422, "request.malformed"),
        ({"class": "M1", "lon": "181", "lat": "0"}, 422, "request.malformed"),
        ({"class": "M1", "territory": "A1", "day": "soon"}, 422, "request.malformed"),
    ],
    ids=str,
)
def test_api_when_refused_then_a_problem_with_its_code(
    sound: None, lin: Client, given: dict[str, str], status: int, code: str
) -> None:
    found, media, body = _api(lin, "who", **given)
    assert (found, media, body["code"], body["status"]) == (status, "application/problem+json", code, status)


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("zh-hans", ["缺少参数 class。", "参数 lon 须是数，不能是“abc”。", "参数 lat 最大是 90，不能是“91”。"]),
        (
            "en",
            [
                "Parameter class is missing.",
                "Parameter lon must be a number, not “abc”.",
                "Parameter lat must be at most 90, not “91”.",
            ],
        ),
    ],
)
def test_api_when_parameters_are_wrong_then_a_sentence_for_each_in_the_readers_language(
    sound: None, lin: Client, language: str, sentences: list[str]
) -> None:
    lin.cookies["language"] = language
    answer = lin.get("/api/v1/duty/who", {"lon": "abc", "lat": "91"}, headers={"Accept-Language": language})
    body = json.loads(answer.content)
    assert [one["sentence"].replace("90.0", "90") for one in body["faults"]] == sentences
    assert [one["column"] for one in body["faults"]] == ["class", "lon", "lat"]


@pytest.mark.parametrize("day", ["9999-12-31", "9997-12-31", "0001-01-01"])
@pytest.mark.parametrize("path", ["/duty/", "/duty/map/", "/duty/rows/", "/duty/found/gaps/", "/duty/who/"])
def test_page_when_the_day_is_at_the_end_of_the_calendar_then_it_opens(
    sound: None, lin: Client, path: str, day: str
) -> None:
    assert lin.get(path, {"class": "own:M1", "territory": "A1", "day": day}).status_code == 200


@pytest.mark.parametrize(("first", "status"), [("9999-12-31", 422), ("0001-01-01", 200)])
def test_api_when_the_check_would_leave_the_calendar_then_a_problem(
    sound: None, lin: Client, first: str, status: int
) -> None:
    assert _api(lin, "check", first=first, days="366")[0] == status


@pytest.mark.parametrize("address", ["/api/v1/duty/nothing", "/api/v1/", "/api/v2/duty/who"])
def test_api_when_it_has_no_such_address_then_a_problem(db: None, client: Client, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Content-Type"], answer.json()["code"]) == (
        404,
        "application/problem+json",
        "request.not_found",
    )


def test_api_when_asked_by_another_method_then_a_problem_that_names_the_right_one(sound: None, lin: Client) -> None:
    answer = lin.post("/api/v1/duty/who")
    assert (answer.status_code, answer.headers["Allow"], answer.json()["code"]) == (405, "GET", "request.method")


def test_api_without_a_matrix_is_a_conflict_that_says_what_to_do(lin: Client) -> None:
    status, _media, body = _api(lin, "who", **{"class": "M1", "territory": "A1"})
    assert (status, body["code"]) == (409, "pack.undecided")


def test_api_of_another_office_knows_nothing_of_this_one(sound: None, client: Client, ana: Actor, at: datetime) -> None:
    other = create_tenant("other", "别处", by=ana, at=at, zone="Asia/Shanghai")
    client.force_login(create_user("eli", "quiet-canal-32", name="", tenant=other, by=ana, at=at))
    status, _media, body = _api(client, "who", **{"class": "M1", "territory": "A1"})
    assert (status, body["code"]) == (409, "pack.undecided")


def test_api_describes_itself_without_anything_from_elsewhere(db: None, client: Client) -> None:
    answer = client.get("/api/v1/openapi.json")
    body = json.loads(answer.content)
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert body["openapi"] == "3.1.0"
    assert {"/api/v1/duty/check", "/api/v1/duty/who"} <= set(body["paths"])
    assert client.get("/api/v1/docs").status_code in {302, 404}
