"""The desk without scripts: what each post sees, acts through and is told, and that nothing else gets in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.living import PEOPLE, Office, make_office

from xiuhua.cases.actions import claim
from xiuhua.cases.models import Case, CaseMove, SavedView
from xiuhua.cases.queries import queues
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import Verb
from xiuhua.kernel.actions import create_tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import Post, User
from xiuhua.responsibility.words import Role

FRAGMENT = {"HTTP_X_FRAGMENT": "case"}


@pytest.fixture
def office(db: None) -> Office:
    """The office, at the present moment: doors know no other."""
    made = make_office()
    made.now = datetime.now(UTC).replace(microsecond=0)
    return made


def client_of(office: Office, name: str) -> Client:
    """Return a person's browser."""
    client = Client()
    client.force_login(office.users[name])
    return client


def _act(client: Client, case: Case, verb: str, version: int, /, **sent: Any) -> Any:
    fields = {"case": case.pk, "version": version, "verb": verb, "back": "queue=reported", **sent}
    headers = fields.pop("headers", {})
    return client.post("/desk/act/", fields, **headers)


def _filing(office: Office) -> dict[str, Any]:
    return {"condition": office.condition.pk, "remedy": "清理干净", "body": office.bodies["sweepers"].pk}


def _tabs(page: Any) -> dict[str, int]:
    found = re.findall(r'data-queue-tab="(\w+)".*?<b>([\d,]+)</b>', page.content.decode())
    return {name: int(number.replace(",", "")) for name, number in found}


def test_desk_when_a_word_stands_in_more_than_are_counted_then_it_says_more_than(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _one in range(3):
        office.report()
    asked = {"queue": "reported", "q": "一堆垃圾"}
    exact = client_of(office, "cleo").get("/desk/", asked).content.decode()
    assert '<b data-total="3">3</b> 件' in exact
    assert "超过 <b data-total" not in exact
    monkeypatch.setattr(queues, "READ", 2)
    more = client_of(office, "cleo").get("/desk/", asked).content.decode()
    assert '超过 <b data-total="2">2</b> 件' in more
    assert "待受理 2+ 件" in more


@pytest.mark.parametrize("name", PEOPLE)
def test_desk_when_opened_then_every_count_is_that_of_its_list(office: Office, name: str) -> None:
    office.report()
    office.move(office.report(), Verb.REQUEST_CHECK, "cleo")
    office.file(office.report())
    office.dispatch(office.file(office.report()))
    office.dispatch(office.file(office.report()), "repairs")
    client = client_of(office, name)
    for queue, number in _tabs(client.get("/desk/")).items():
        page = client.get(f"/desk/?queue={queue}").content.decode()
        total = re.search(r'data-total="(\d+)"', page)
        assert (queue, total and int(total[1]), page.count('<li data-case="')) == (queue, number, number)


def test_desk_when_a_unit_opens_another_units_case_then_it_shows_nothing_of_it(office: Office) -> None:
    case = office.dispatch(office.file(office.report()), "repairs")
    page = client_of(office, "uma").get(f"/desk/?case={case.pk}").content.decode()
    assert case.number not in page
    assert "这个案件您看不到" in page


def test_desk_when_the_office_is_another_then_nothing_of_it_is_there(office: Office) -> None:
    case = office.report()
    other = create_tenant("other", "别处", by=Actor("shell:test"), at=office.now, zone="Asia/Shanghai")
    client = Client()
    stranger = User.objects.create(username="else", tenant=other)
    Post.objects.create(user=stranger, role=Role.STAFF)
    client.force_login(stranger)
    assert case.number not in client.get(f"/desk/?case={case.pk}").content.decode()
    assert client.post("/desk/act/", {"case": case.pk, "verb": "file", "version": 1}).status_code == 404
    assert client.post("/desk/watch/", {"keys": str(case.pk)}).status_code == 404


def test_act_when_filed_and_dispatched_then_the_page_says_so_and_offers_the_way_back(office: Office) -> None:
    case, client = office.report(), client_of(office, "stan")
    answer = _act(client, case, "file_dispatch", 1, **_filing(office))
    assert (answer.status_code, answer["Location"]) == (302, "/desk/?queue=reported")
    page = client.get(answer["Location"]).content.decode()
    moves = ",".join(
        f"{case.pk}:{key}"
        for key in CaseMove.objects.exclude(verb="report").order_by("pk").values_list("pk", flat=True)
    )
    assert f'name="moves" value="{moves}"' in page
    assert client.post("/desk/undo/", {"moves": moves}).status_code == 302
    case.refresh_from_db()
    assert (case.stage, case.body_id) == (Stage.REPORTED, None)


def test_act_when_something_is_missing_then_it_is_said_beside_its_field_and_the_rest_is_kept(office: Office) -> None:
    case, client = office.report(), client_of(office, "stan")
    answer = _act(client, case, "file_dispatch", 1, condition=office.condition.pk, remedy="写好的措施")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert re.search(r'data-name="body".*?请选责任单位', page, re.DOTALL)
    assert "写好的措施</textarea>" in page
    case.refresh_from_db()
    assert (case.stage, case.version) == (Stage.REPORTED, 1)


def test_act_when_somebody_was_faster_then_409_shows_who_did_what_and_keeps_what_was_typed(office: Office) -> None:
    case, client = office.report(), client_of(office, "cleo")
    office.move(case, Verb.COMMENT, "dan", note="已电话联系")
    office.move(case, Verb.CORRECT, "dan", changes={"address": "槐荫街 52 号"}, note="地址写错了")
    answer = _act(client, case, "file", 1, headers=FRAGMENT, condition=office.condition.pk, remedy="我的措施")
    page = answer.content.decode()
    assert answer.status_code == 409
    steps = re.findall(r"<b>(.+?)</b> · (\w+) ·", page)
    assert steps == [("批注", "dan"), ("更正", "dan")]
    assert re.search(r"<dt>地址</dt><dd><del>—</del> → <ins>槐荫街 52 号</ins>", page)
    assert "我的措施</textarea>" in page
    assert "按新的样子再立案" in page
    assert 'name="version" value="3"' in page
    again = _act(client, case, "file", 3, headers=FRAGMENT, condition=office.condition.pk, remedy="我的措施")
    assert (again.status_code, again.json()["said"]) == (200, f"{case.number}：立案")


def test_act_when_no_version_is_named_then_it_is_refused_as_stale(office: Office) -> None:
    case = office.report()
    fields = {"case": case.pk, "verb": "file", **_filing(office)}
    assert client_of(office, "cleo").post("/desk/act/", fields).status_code == 409


#: person, verb, status: no post, no sight, no such move.
DOORS: Mapping[str, tuple[str, str, int]] = {
    "without the post": ("vera", "file", 403),
    "without the sight": ("uma", "comment", 404),
    "from another stage": ("cleo", "close", 409),
    "a verb there is not": ("cleo", "burn", 404),
    "a second report": ("stan", "report", 403),
}


@pytest.mark.parametrize(("name", "verb", "status"), DOORS.values(), ids=DOORS)
def test_act_when_it_may_not_be_then_nothing_moves(office: Office, name: str, verb: str, status: int) -> None:
    case = office.report()
    answer = _act(client_of(office, name), case, verb, 1, headers=FRAGMENT, note="x", **_filing(office))
    assert answer.status_code == status
    case.refresh_from_db()
    assert (case.version, CaseMove.objects.count()) == (1, 1)


def test_undo_when_another_made_the_move_then_it_stands(office: Office) -> None:
    case = office.file(office.report())
    made = CaseMove.objects.get(verb="file")
    answer = client_of(office, "dan").post("/desk/undo/", {"moves": f"{case.pk}:{made.pk}"}, **FRAGMENT)
    assert answer.status_code == 409
    case.refresh_from_db()
    assert case.stage == Stage.FILED


def test_bulk_when_picked_then_it_asks_once_naming_the_count_and_then_does_all(office: Office) -> None:
    cases = [office.file(office.report()) for _n in range(5)]
    client = client_of(office, "dan")
    picks = [f"{one.pk}:2" for one in cases]
    asked = client.post("/desk/bulk/", {"verb": "dispatch", "pick": picks})
    assert "把 5 件派遣？" in asked.content.decode()
    assert Case.objects.filter(stage=Stage.FILED).count() == 5
    office.dispatch(cases[3])
    sent = {"verb": "dispatch", "pick": picks, "confirm": "1", "body": office.bodies["repairs"].pk, "note": "请处理"}
    done = client.post("/desk/bulk/", sent, **FRAGMENT).json()
    assert done["said"] == "派遣 4 件"
    assert [one["number"] for one in done["refused"]] == [cases[3].number]
    assert "动过" in done["refused"][0]["why"]
    undone = client.post("/desk/undo/", {"moves": done["undo"]["moves"]}, **FRAGMENT).json()
    assert (undone["said"], undone["refused"]) == ("已撤回 4 件", [])
    assert Case.objects.filter(stage=Stage.FILED).count() == 4


def test_bulk_when_a_unit_accepts_then_one_person_answers_for_all(office: Office) -> None:
    cases = [office.dispatch(office.file(office.report())) for _n in range(3)]
    client = client_of(office, "uma")
    sent = {"verb": "accept", "pick": [f"{one.pk}:3" for one in cases], "confirm": "1", "person": office.at("hal")}
    assert client.post("/desk/bulk/", sent).status_code == 302
    assert set(Case.objects.values_list("stage", "person_id")) == {(Stage.HANDLING, office.at("hal"))}


def test_bulk_when_nothing_was_done_then_the_page_names_each_and_why(office: Office) -> None:
    case = office.file(office.report())
    sent = {"verb": "dispatch", "pick": [f"{case.pk}:1"], "confirm": "1", "body": office.bodies["repairs"].pk}
    answer = client_of(office, "dan").post("/desk/bulk/", sent)
    assert (answer.status_code, case.number in answer.content.decode()) == (409, True)


def test_watch_when_two_look_then_the_second_learns_who_is_on_it(office: Office) -> None:
    case = office.report()
    first = client_of(office, "cleo").post("/desk/watch/", {"keys": str(case.pk), "claim": str(case.pk)}).json()
    second = client_of(office, "stan").post("/desk/watch/", {"keys": str(case.pk), "claim": str(case.pk)}).json()
    assert (first["claimed"], first["cases"][str(case.pk)]["busy"]) == (True, "")
    assert (second["claimed"], second["cases"][str(case.pk)]["busy"]) == (False, "cleo")
    assert second["counts"]["reported"] == 1
    assert "cleo" in client_of(office, "stan").get("/desk/").content.decode()
    assert client_of(office, "cleo").post("/desk/release/", {"case": str(case.pk)}).json() == {"released": True}


def test_watch_when_asked_then_it_costs_three_statements_beside_those_of_the_person(office: Office) -> None:
    case, client = office.report(), client_of(office, "cleo")
    client.post("/desk/watch/", {"keys": str(case.pk), "claim": str(case.pk)})
    with CaptureQueriesContext(connection) as asked:
        client.post("/desk/watch/", {"keys": str(case.pk), "claim": str(case.pk)})
    ours = [one["sql"] for one in asked if "cases_" in one["sql"]]
    assert len(ours) == 3


def test_list_when_a_hundred_wait_then_it_costs_as_many_statements_as_for_one(office: Office) -> None:
    client = client_of(office, "cleo")
    client.cookies["xh_desk"] = "normal~100~channel~body~territory"
    office.report()
    client.get("/desk/?case=0")
    numbers = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get("/desk/?case=0")
        numbers.append(len(asked))
        for _n in range(12):
            office.report()
    assert numbers[0] == numbers[1] <= 8 + 4  # and four that say who asks


def test_case_when_claimed_by_another_then_its_pane_says_who(office: Office) -> None:
    case = office.report()
    assert claim(office.tenant, case.pk, by=office.actor("cleo"), at=datetime.now(UTC))
    page = client_of(office, "stan").get(f"/desk/?case={case.pk}").content.decode()
    assert re.search(r'id="xt-busy"><span class="who">cleo', page)


def test_look_when_chosen_then_it_is_remembered_on_the_device(office: Office) -> None:
    client = client_of(office, "cleo")
    for _n in range(21):
        office.report()
    sent = {"density": "tight", "size": "20", "columns": ["number", "territory", "nonsense"], "back": "queue=reported"}
    answer = client.post("/desk/look/", sent)
    page = client.get(answer["Location"]).content.decode()
    assert page.count('<li data-case="') == 20
    assert "xt-list tight" in page
    next_page = re.search(r'href="(\?[^"]+)" id="xt-next"', page)
    assert next_page
    assert client.get("/desk/" + next_page[1].replace("&amp;", "&")).content.decode().count('<li data-case="') == 1


def test_view_when_kept_then_it_stands_in_the_list_and_opens_what_it_was(office: Office) -> None:
    office.report()
    client = client_of(office, "cleo")
    client.post("/desk/views/", {"name": "垃圾", "back": "queue=reported&q=垃圾&case=7"})
    assert list(SavedView.objects.values_list("user__name", "name")) == [("cleo", "垃圾")]
    page = client.get("/desk/?" + SavedView.objects.get().query).content.decode()
    assert re.search(r'aria-current="page">垃圾</a>', page)
    client.post("/desk/views/", {"forget": SavedView.objects.get().pk})
    assert not SavedView.objects.exists()


def test_help_when_asked_then_it_tells_a_post_its_own_queues(office: Office) -> None:
    page = client_of(office, "vera").get("/desk/help/").content.decode()
    assert re.findall(r"<div><dt>(待..|超期)</dt>", page) == ["待核实", "待核查", "超期"]


def test_roof_when_a_post_moves_cases_then_the_desk_stands_first(office: Office) -> None:
    assert re.search(r'aria-label="主要"><a href="/desk/"', client_of(office, "dan").get("/cases/").content.decode())
    assert 'href="/desk/"' not in client_of(office, "ada").get("/cases/").content.decode()
