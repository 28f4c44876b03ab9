"""Cases and moves by API: seen within one's bounds, moved by version, once each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.living import Office, make_office
from tests.web.api.conftest import Programs, told, uuid

from xiuhua.cases.models import Case, CaseMove
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import Verb
from xiuhua.kernel.models import LedgerLine
from xiuhua.responsibility.models import ApiToken


def test_case_walks_from_report_to_closing(living: Office, program: Programs) -> None:
    people = {name: program(name) for name in ("ina", "cleo", "dan", "uma", "hal", "vera")}
    key = living.condition.case_class.key
    number = people["ina"].post("/reports", told(1, **{"class": key})).json()["case"]
    case = Case.objects.get(number=number)
    steps = [
        ("cleo", "file", {"condition": living.condition.pk, "remedy": "清理干净"}, Stage.FILED),
        ("dan", "dispatch", {"body": "sweepers", "note": "请尽快"}, Stage.DISPATCHED),
        ("uma", "accept", {"person": living.users["hal"].username}, Stage.HANDLING),
        ("hal", "rectify", {"photos": []}, None),
        ("hal", "rectify", {}, Stage.REVIEW),
        ("uma", "pass_review", {}, Stage.CHECKING),
        ("vera", "pass_check", {"note": "看过了"}, Stage.TO_CLOSE),
        ("cleo", "close", {}, Stage.CLOSED),
    ]
    for place, (name, verb, given, stage) in enumerate(steps):
        more = {"photos": [living.photo(case, "hal")]} if verb == "rectify" and "photos" not in given else {}
        answer = people[name].move(case, verb, 10 + place, **given, **more)
        if stage is None:
            assert (answer.status_code, [one["field"] for one in answer.json()["faults"]]) == (422, ["photos"])
            continue
        assert (answer.status_code, answer.json()["stage_to"]) == (201, stage), answer.content
        assert answer["ETag"] == f'"{answer.json()["version"]}"' == people["ina"].get(f"/cases/{number}")["ETag"]
    verbs = [one["verb"] for one in people["cleo"].get(f"/cases/{number}/history").json()["lines"]]
    assert [verb for verb in verbs if verb.startswith("case.")] == [
        f"case.{verb}"
        for verb in ("report", "file", "dispatch", Verb.ACCEPT, Verb.RECTIFY, Verb.PASS_REVIEW, "pass_check", "close")
    ]


def test_history_names_the_program_that_acted_to_whoever_may_know_who_did(living: Office, program: Programs) -> None:
    ina, cleo, uma = (program(name) for name in ("ina", "cleo", "uma"))
    number = ina.post("/reports", told(1)).json()["case"]
    case = Case.objects.get(number=number)
    living.dispatch(living.file(case))
    uma.move(case, "accept", 3, person=living.users["hal"].username)
    keys = {token.user.username.split("@")[0]: f"token:{token.pk}" for token in ApiToken.objects.select_related("user")}
    for reader, reported in ((cleo, keys["ina"]), (uma, "")):
        lines = reader.get(f"/cases/{number}/history").json()["lines"]
        via = {line["verb"]: line["via"] for line in lines}
        assert (via["case.report"], via["case.file"], via["case.accept"]) == (reported, "", keys["uma"])
    page = Client()
    page.force_login(living.users["stan"])
    assert page.get(f"/cases/{case.pk}/").content.decode().count("经程序“测试”") == len(("report", "accept"))


def test_case_when_nothing_changed_then_304(living: Office, program: Programs) -> None:
    case, cleo = living.report(), program("cleo")
    first = cleo.get(f"/cases/{case.number}")
    assert (first.status_code, first["ETag"]) == (200, '"1"')
    assert cleo.get(f"/cases/{case.number}", If_None_Match='"1"').status_code == 304
    living.file(case)
    assert cleo.get(f"/cases/{case.number}", If_None_Match='"1"').status_code == 200


@pytest.mark.parametrize(
    ("if_match", "status", "code"),
    [
        (None, 428, "request.version"),
        ("*", 428, "request.version"),
        ("1", 400, "request.malformed"),
        ('W/"1"', 400, "request.malformed"),
        ('"0"', 409, "case.stale"),
    ],
)
def test_move_when_it_does_not_name_the_version_then_it_is_refused(
    living: Office, program: Programs, if_match: str | None, status: int, code: str
) -> None:
    case = living.report()
    body = {"verb": "comment", "client_uuid": str(uuid(1)), "note": "看到了"}
    headers = {} if if_match is None else {"If_Match": if_match}
    answer = program("cleo").post(f"/cases/{case.number}/moves", body, **headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert CaseMove.objects.filter(case=case).count() == 1


def test_move_when_somebody_was_faster_then_409_with_the_difference(living: Office, program: Programs) -> None:
    case = living.report()
    living.file(case)
    body = {"verb": "comment", "client_uuid": str(uuid(1)), "note": "看到了"}
    answer = program("cleo").post(f"/cases/{case.number}/moves", body, If_Match='"1"')
    told_ = answer.json()
    assert (answer.status_code, told_["code"], answer["ETag"]) == (409, "case.stale", '"2"')
    changed = {one["field"]: (one["before"], one["after"]) for one in told_["changes"]}
    assert (changed["stage"], changed["remedy"]) == (("reported", "filed"), ("", "清理干净"))
    assert changed["condition"] == (None, living.condition.number)
    assert [fault["code"] for fault in told_["faults"]] == ["case.moved_meanwhile"]


def test_move_when_sent_again_then_200_and_the_same(living: Office, program: Programs) -> None:
    case, cleo = living.report(), program("cleo")
    body = {"verb": "comment", "client_uuid": str(uuid(1)), "note": "看到了"}
    first = cleo.post(f"/cases/{case.number}/moves", body, If_Match='"1"')
    again = cleo.post(f"/cases/{case.number}/moves", body, If_Match='"1"')
    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    other = cleo.post(f"/cases/{case.number}/moves", body | {"note": "别的"}, If_Match='"2"')
    assert (other.status_code, other.json()["code"]) == (409, "case.uuid_taken")


@pytest.mark.parametrize("verb", ["close", Verb.RECTIFY, "dispatch", "reopen", "report"])
def test_move_that_skips_a_step_then_refused_and_nothing_changed(living: Office, program: Programs, verb: str) -> None:
    case = living.report()
    answer = program("stan").move(case, verb, 1, body="sweepers", reason="x", note="x")
    assert answer.status_code in ({403} if verb == "report" else {409})
    case.refresh_from_db()
    assert (case.version, case.stage) == (1, Stage.REPORTED)


def test_move_taken_back_within_its_grace(living: Office, program: Programs) -> None:
    case, cleo = living.report(), program("cleo")
    made = cleo.move(case, "file", 1, condition=living.condition.pk, remedy="清理干净").json()
    answer = cleo.ask("DELETE", f"/cases/{case.number}/moves/{made['id']}")
    assert (answer.status_code, answer.json()["stage"], answer["ETag"]) == (200, "reported", '"3"')
    assert cleo.ask("DELETE", f"/cases/{case.number}/moves/{made['id']}").status_code == 409
    assert program("dan").ask("DELETE", f"/cases/{case.number}/moves/{made['id']}").status_code == 404


def test_open_moves_are_those_that_the_posts_and_the_table_allow(living: Office, program: Programs) -> None:
    case = living.dispatch(living.file(living.report()))
    Case.objects.filter(pk=case.pk).update(due_at=datetime.now(UTC) + timedelta(days=1))
    found = {one["verb"]: one for one in program("uma").get(f"/cases/{case.number}/moves").json()["moves"]}
    assert set(found) == {"refuse", Verb.ACCEPT, "request_extension", "request_suspension", "comment"}
    assert found["accept"]["needs"] == [{"field": "person", "label": "责任人", "missing": True}]
    assert "not_our_duty" in [one["code"] for one in found["refuse"]["reasons"]]


def test_open_moves_keep_off_who_handled_it(living: Office, program: Programs) -> None:
    living.users["hal"].posts.create(role="verifier")
    case = living.dispatch(living.file(living.report()))
    living.move(case, Verb.ACCEPT, "uma", person=living.at("hal"))
    living.move(case, Verb.RECTIFY, "hal", photos=(living.photo(case, "hal"),))
    living.move(case, Verb.PASS_REVIEW, "uma")
    open_to = {
        name: {one["verb"] for one in program(name).get(f"/cases/{case.number}/moves").json()["moves"]}
        for name in ("hal", "vera")
    }
    assert ("pass_check" in open_to["hal"], "pass_check" in open_to["vera"]) == (False, True)


def test_move_puts_right_what_was_wrong(living: Office, program: Programs) -> None:
    case = living.report()
    answer = program("cleo").move(case, "correct", 1, note="看错了", changes={"address": "一号", "territory": "B"})
    case.refresh_from_db()
    assert (answer.status_code, case.address, case.territory_id) == (201, "一号", living.places["B"].pk)
    wrong = program("cleo").move(case, "correct", 2, note="x", changes={"territory": "nowhere", "stage": "closed"})
    assert (wrong.status_code, wrong.json()["faults"][0]["field"]) == (400, "stage")
    wrong = program("cleo").move(case, "correct", 3, note="x", changes={"territory": "nowhere"})
    assert (wrong.status_code, wrong.json()["faults"][0]["code"]) == (422, "case.field_wrong")


def test_list_pages_through_all_that_one_sees_and_counts_the_same(living: Office, program: Programs) -> None:
    for number in range(7):
        living.report(place="A" if number % 2 else "B")
    stan, seen, cursor = program("stan"), [], ""
    while True:
        page = stan.get(f"/cases?limit=3&count=exact&cursor={cursor}").json()
        seen += [one["number"] for one in page["cases"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert (len(seen), len(set(seen)), page["count"]) == (7, 7, 7)
    only = stan.get("/cases?territory=A&count=exact").json()
    assert (only["count"], {one["territory"] for one in only["cases"]}) == (3, {"A"})
    assert stan.get("/cases?territory=nowhere").status_code == 400
    assert stan.get("/cases?cursor=!!").status_code == 400
    assert stan.get("/cases?colour=red").json()["faults"][0]["field"] == "colour"


def test_list_is_narrowed_by_what_was_asked(living: Office, program: Programs) -> None:
    first, told_ = living.report(), living.report()
    filed = living.file(first)
    Case.objects.filter(pk=filed.pk).update(due_at=living.now)
    stan = program("stan")

    def numbers(query: str) -> list[str]:
        return [one["number"] for one in stan.get(f"/cases?{query}").json()["cases"]]

    assert numbers("stage=filed") == [filed.number]
    assert numbers("overdue=true") == [filed.number]
    assert numbers("overdue=false") == [told_.number]
    assert numbers(f"q={told_.number}") == [told_.number]
    assert numbers("class=demo-street:event.01") == [told_.number, filed.number]
    assert numbers("updated_since=2026-11-23T02:00:30Z") == [filed.number]


def test_unit_sees_its_own_cases_only_and_others_are_not_there(living: Office, program: Programs) -> None:
    mine, theirs = (
        living.dispatch(living.file(living.report())),
        living.dispatch(living.file(living.report()), "repairs"),
    )
    uma = program("uma")
    listed = uma.get("/cases?count=exact").json()
    assert ([one["number"] for one in listed["cases"]], listed["count"]) == ([mine.number], 1)
    for way in ("", "/history", "/moves", "/evidence"):
        assert uma.get(f"/cases/{theirs.number}{way}").status_code == 404
    assert uma.move(theirs, "accept", 1, person=living.users["hal"].username).status_code == 404


def test_case_of_another_office_is_not_there_for_anybody(living: Office, program: Programs) -> None:
    other = make_office("other")
    case = living.dispatch(living.file(living.report()))
    photo = living.photo(case, "hal")
    stan = program("stan", office=other)
    for way in ("", "/history", "/moves", "/evidence"):
        assert stan.get(f"/cases/{case.number}{way}").status_code == 404
    assert stan.get("/cases?count=exact").json()["count"] == 0
    assert stan.move(case, "comment", 1, note="x").status_code == 404
    assert stan.post(f"/cases/{case.number}/reporters", None).status_code == 404
    made = CaseMove.objects.filter(case=case).latest("pk")
    assert stan.ask("DELETE", f"/cases/{case.number}/moves/{made.pk}").status_code == 404
    own = other.dispatch(other.file(other.report()))
    other.move(own, Verb.ACCEPT, "uma", person=other.at("hal"))
    answer = stan.move(own, "rectify", 2, photos=[photo])
    assert (answer.status_code, answer.json()["faults"][0]["code"]) == (422, "case.photo_unknown")
    answer = stan.move(own, "reopen", 3, condition=living.condition.pk)
    assert answer.json()["faults"][0]["code"] == "case.condition_unknown"


def test_reporter_is_told_to_who_may_know_with_a_line_and_never_to_a_unit(living: Office, program: Programs) -> None:
    answer = program("ina").post("/reports", told(1, name="王女士", phone="13800000000"))
    case = Case.objects.get(number=answer.json()["case"])
    Case.objects.filter(pk=case.pk).update(body=living.bodies["sweepers"])
    cleo, uma = program("cleo"), program("uma")
    shown = cleo.post(f"/cases/{case.number}/reporters", None)
    assert [(one["name"], one["phone"]) for one in shown.json()["reporters"]] == [("王女士", "13800000000")]
    assert LedgerLine.objects.filter(verb="reporter.look", facts__granted=True).count() == 1
    assert uma.post(f"/cases/{case.number}/reporters", None).status_code == 403
    for way in ("", "/history", "/evidence"):
        seen = uma.get(f"/cases/{case.number}{way}").content.decode()
        assert ("王女士" in seen, "13800000000" in seen, "ina@" in seen) == (False, False, False)
    assert "ina@" in cleo.get(f"/cases/{case.number}/history").content.decode()
