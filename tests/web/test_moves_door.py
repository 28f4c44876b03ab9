"""Every verb has its form: who may sees it and moves with it, what is missing is said beside its field, nothing else moves."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid5

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.files.pictures import encode, exif_of, scene
from tests.living import NAMESPACE, Office, make_office
from tests.staged import STAGED, TRIES, Try

from xiuhua.cases.models import Case, CaseMove, Evidence
from xiuhua.cases.queries.offers import condition_offers
from xiuhua.cases.rules.moves import MOVES
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import Verb
from xiuhua.kernel.actions import create_tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import Post, User
from xiuhua.responsibility.words import Role

pytestmark = pytest.mark.usefixtures("home")
NUMBER = uuid5(NAMESPACE, "sent")


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


def picture(seed: int = 1, name: str = "after.jpg", **exif: Any) -> SimpleUploadedFile:
    """Return a photo as a browser sends it."""
    data = encode(scene(seed), exif=exif_of(**exif)) if exif else _plain(seed)
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


@cache
def _plain(seed: int) -> bytes:
    return encode(scene(seed))


def post(client: Client, case: Case, verb: Verb, number: UUID = NUMBER, **sent: Any) -> Any:
    """Send the form of a move as somebody who has just seen the case."""
    version = Case.objects.values_list("version", flat=True).get(pk=case.pk)
    given = {"version": version, "client_uuid": str(number), **sent}
    return client.post(f"/cases/{case.pk}/move/{verb}/", given)


def _row(case: Case) -> dict[str, Any]:
    return Case.objects.filter(pk=case.pk).values().get()


def test_every_verb_is_tried() -> None:
    assert set(TRIES) == set(MOVES) - {Verb.REPORT}
    assert set(STAGED) == set(Stage)


@pytest.mark.parametrize(("verb", "tried"), TRIES.items(), ids=[str(verb) for verb in TRIES])
def test_form_when_opened_and_sent_then_moves_and_without_what_it_needs_says_so(
    office: Office, stranger: Client, verb: Verb, tried: Try
) -> None:
    case, client = tried.case(office), client_of(office, tried.by)
    address = f"/cases/{case.pk}/move/{verb}/"
    shown = client.get(address)
    assert shown.status_code == 200, shown.content.decode()
    assert f">{verb.label}</button>" in shown.content.decode()
    before = _row(case)
    if tried.lacking:
        answer = post(client, case, verb)
        text = answer.content.decode()
        assert answer.status_code == 400
        assert "<title>错误：" in text
        beside = re.findall(r'<p class="error" id="id_(\w+)-error">', text)
        assert sorted(beside) == sorted("title" if name == "changes" else name for name in tried.lacking)
        linked = re.findall(r'<a href="#id_(\w+)">', text)
        assert linked == beside
        assert _row(case) == before
    others = [(client_of(office, tried.not_by), 403)] if tried.not_by else []
    for asked, status in [*others, (stranger, 404)]:
        assert (asked.get(address).status_code, post(asked, case, verb).status_code) == (status, status)
    assert _row(case) == before
    sent = tried.sent(office) | ({"photo": picture()} if tried.photo else {})
    done = post(client, case, verb, **sent)
    assert done.status_code == 302, done.content.decode()
    case.refresh_from_db()
    assert (case.stage, case.version) == (tried.to, before["version"] + 1)
    again = {"version": before["version"], "client_uuid": str(NUMBER), **sent}
    twice = client.post(address, again | ({"photo": picture()} if tried.photo else {}))
    assert twice.status_code == 302, twice.content.decode()
    assert CaseMove.objects.filter(case=case, client_uuid=NUMBER).count() == 1


@pytest.fixture
def stranger(db: None, ana: Actor, at: datetime) -> Client:
    """The browser of somebody of another office, who may everything there."""
    user = User.objects.create(username="stan@elsewhere", tenant=create_tenant("elsewhere", "别处", by=ana, at=at))
    Post.objects.create(user=user, role=Role.STAFF)
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(("stage", "make"), STAGED.items(), ids=[str(stage) for stage in STAGED])
def test_move_when_the_table_has_none_from_the_stage_then_409_and_no_row_changes(
    office: Office, stage: Stage, make: Callable[[Office], Case]
) -> None:
    case, client = make(office), client_of(office, "stan")
    before, moves = _row(case), CaseMove.objects.count()
    for verb, move in MOVES.items():
        if verb != Verb.REPORT and stage not in move.sources:
            sent = post(client, case, verb, photo=picture(), note="。", reason="x", demand="x", target="x", remedy="x")
            assert (verb, sent.status_code) == (verb, 409)
    assert _row(case) == before
    assert (CaseMove.objects.count(), Evidence.objects.filter(user=office.users["stan"]).count()) == (moves, 0)


def test_form_when_the_case_moved_on_then_says_how_and_keeps_what_was_typed(office: Office) -> None:
    case = office.file(office.report())
    client, seen = client_of(office, "dan"), case.version
    office.move(case, Verb.COMMENT, "cleo", note="居民说在东侧")
    sent = {"body": office.bodies["repairs"].pk, "note": "先围挡", "version": seen, "client_uuid": str(NUMBER)}
    answer = client.post(f"/cases/{case.pk}/move/dispatch/", sent)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert ("居民说在东侧" in text, ">先围挡</textarea>" in text) == (True, True)
    assert f'name="version" value="{case.version}"' in text
    assert case.moves.filter(verb=Verb.DISPATCH).count() == 0
    answer = client.post(f"/cases/{case.pk}/move/dispatch/", sent | {"version": case.version})
    assert (answer.status_code, case.moves.filter(verb=Verb.DISPATCH).count()) == (302, 1)


def test_form_when_the_case_left_the_stage_meanwhile_then_says_who_did_what_and_offers_no_button(
    office: Office,
) -> None:
    case = office.file(office.report())
    seen = case.version
    office.dispatch(case)
    sent = {"body": office.bodies["repairs"].pk, "version": seen, "client_uuid": str(NUMBER)}
    answer = client_of(office, "lea").post(f"/cases/{case.pk}/move/dispatch/", sent)
    assert answer.status_code == 403  # a shift lead does not dispatch, whatever the stage
    answer = client_of(office, "stan").post(f"/cases/{case.pk}/move/dispatch/", sent)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert ("dan：派遣" in text, ">派遣</button>" in text) == (True, False)


def test_photos_when_the_form_is_wrong_then_stay_chosen(office: Office) -> None:
    case, client = STAGED[Stage.REPORTED](office), client_of(office, "ina")
    answer = post(client, case, Verb.FIX_ON_SPOT, photo=[picture(1), picture(2, "two.jpg")])
    assert answer.status_code == 400
    kept = re.findall(r'name="photos" value="(\d+)" checked', answer.content.decode())
    assert len(kept) == 2
    assert case.evidence.count() == 2
    answer = post(client, case, Verb.FIX_ON_SPOT, photos=kept[:1], remedy="当场清走")
    assert answer.status_code == 302
    assert [str(one.pk) for one in case.evidence.exclude(move=None)] == kept[:1]


def test_photos_when_one_is_no_photo_then_says_which_and_keeps_the_others(office: Office) -> None:
    case, client = STAGED[Stage.HANDLING](office), client_of(office, "hal")
    bad = SimpleUploadedFile("virus.jpg", b"MZ not a picture", content_type="image/jpeg")
    answer = post(client, case, Verb.RECTIFY, photo=[picture(1), bad])
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "virus.jpg：这不是能收的照片" in text
    assert (text.count('name="photos"'), case.evidence.count(), case.moves.filter(verb=Verb.RECTIFY).count()) == (
        1,
        1,
        0,
    )


def test_conditions_when_offered_then_say_the_deadline_that_filing_gives(office: Office) -> None:
    case, client = office.report(), client_of(office, "cleo")
    text = client.get(f"/cases/{case.pk}/move/file/").content.decode()
    offers = condition_offers(office.tenant, case, at=office.now)
    assert offers
    assert re.findall(r'name="condition" value="(\d+)"', text) == [str(one.condition.pk) for one in offers]
    for one in offers:
        again = office.report()
        office.move(again, Verb.FILE, "cleo", condition=one.condition.pk, remedy="清理")
        twin = next(
            two for two in condition_offers(office.tenant, again, at=office.now) if two.condition.pk == one.condition.pk
        )
        assert again.due_at == twin.due_at
        assert one.due_at is not None


def test_reasons_when_the_reader_is_english_then_are_english(office: Office) -> None:
    case, client = STAGED[Stage.DISPATCHED](office), client_of(office, "uma")
    client.cookies["django_language"] = "en"
    text = client.get(f"/cases/{case.pk}/move/refuse/").content.decode()
    assert ("Not on our ground" in text, "不在本单位地段" in text) == (True, False)


def test_undo_when_in_time_then_takes_the_move_back_and_later_refuses(office: Office) -> None:
    case, client = STAGED[Stage.FILED](office), client_of(office, "dan")
    post(client, case, Verb.DISPATCH, body=office.bodies["repairs"].pk, note="改派")
    made = case.moves.get(verb=Verb.DISPATCH)
    assert client_of(office, "cleo").post(f"/cases/{case.pk}/undo/{made.pk}/").status_code == 404
    assert client.get(f"/cases/{case.pk}/undo/{made.pk}/").status_code == 405
    assert client.post(f"/cases/{case.pk}/undo/{made.pk}/").status_code == 302
    case.refresh_from_db()
    assert (case.stage, case.body) == (Stage.FILED, None)
    assert client.post(f"/cases/{case.pk}/undo/{made.pk}/").status_code == 409


def test_form_when_asked_as_a_fragment_then_comes_without_the_page_and_answers_json(office: Office) -> None:
    case, client = STAGED[Stage.FILED](office), client_of(office, "dan")
    shown = client.get(f"/cases/{case.pk}/move/dispatch/", headers={"X-Fragment": "1"}).content.decode()
    assert ("<form" in shown, "<html" in shown) == (True, False)
    version = case.version
    answer = client.post(
        f"/cases/{case.pk}/move/dispatch/",
        {"version": version, "client_uuid": str(NUMBER), "body": office.bodies["sweepers"].pk},
        headers={"X-Fragment": "1"},
    )
    told = answer.json()
    made = case.moves.get(verb=Verb.DISPATCH)
    assert (told["stage"], told["version"], told["move"], told["seconds"]) == ("dispatched", version + 1, made.pk, 10)
    assert told["undo"] == f"/cases/{case.pk}/undo/{made.pk}/"


def test_form_when_told_where_to_go_then_goes_there_but_never_elsewhere(office: Office) -> None:
    client = client_of(office, "cleo")
    for target, home in (("/cases/?q=1", True), ("https://elsewhere.example/", False), ("//elsewhere.example/", False)):
        case = office.report()
        answer = post(client, case, Verb.COMMENT, number=uuid5(NAMESPACE, target), note="好", next=target)
        assert answer["Location"] == (target if home else f"/cases/{case.pk}/")


@pytest.mark.parametrize("sent", [{"body": "x"}, {"body": "999999"}, {"body": "-1"}, {"body": "9" * 40}])
def test_form_when_sent_nonsense_for_a_unit_then_says_so_beside_it(office: Office, sent: dict[str, str]) -> None:
    case, client = STAGED[Stage.FILED](office), client_of(office, "dan")
    answer = post(client, case, Verb.DISPATCH, **sent)
    assert (answer.status_code, 'id="id_body-error"' in answer.content.decode()) == (400, True)
