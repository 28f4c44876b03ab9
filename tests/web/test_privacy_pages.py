"""Personal data in an office's texts: on no page, list, workbook, photo or answer of the API but after a look the ledger knows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import pytest
from django.http import HttpResponse
from openpyxl import load_workbook
from tests.living import Office
from tests.web.addresses import Things, address, names
from tests.web.test_moves_door import client_of, office, post
from tests.web.test_rights import _batch, _record, _things

from xiuhua.analytics.actions import freeze
from xiuhua.cases.actions import look_at_texts
from xiuhua.cases.models import Case, Evidence, Report
from xiuhua.cases.queries.now import CaseUnknown
from xiuhua.cases.words.moves import EvidenceKind, Verb
from xiuhua.exchange.models import Finding, SourceRecord
from xiuhua.kernel.models import LedgerLine
from xiuhua.kernel.rules import Period
from xiuhua.notices.models import Message, Notice
from xiuhua.privacy.words import Kind
from xiuhua.responsibility.models import Post
from xiuhua.web.access import ACCESS, PUBLIC
from xiuhua.web.api.urls import api
from xiuhua.web.desk.marking import mark_lines

__all__ = ["office"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

NAME, PHONE, IDENTITY = "段正淳", "13800007731", "320299197805143025"
PLATE, MAIL, WECHAT, DOOR = "苏B·6X731", "duanzc@example.com", "duan_7731", "3栋2单元501室"
REPORTER, NUMBER = "钟灵儿", "15900008842"
#: What must not be seen by anybody who has not looked.
SECRETS = (NAME, PHONE, IDENTITY, PLATE, MAIL, WECHAT, DOOR, REPORTER, NUMBER, "0510-82707731")
TEXT = (
    f"投诉人{NAME}，电话{PHONE}，身份证{IDENTITY}，车牌{PLATE}，邮箱{MAIL}，微信号{WECHAT}，住{DOOR}，座机0510-82707731"
)
#: What stays, so that a test sees that the text itself is there.
SHOWN = "投诉人段**，电话138****7731，身份证3202**********3025，车牌苏B·***31，邮箱d***@example.com，微信号du****，住*栋*单元***室，座机0510-****7731"


def _said(office: Office) -> Case:
    """Return a case in which everything that people type is full of personal data."""
    case = office.report("cleo", name=REPORTER, phone=NUMBER, title=f"{TEXT}（标题）", address=f"翠竹苑{DOOR}")
    Case.objects.filter(pk=case.pk).update(description=f"{TEXT}（描述）", longitude=120.3, latitude=31.5)
    case.refresh_from_db()
    office.move(case, Verb.FILE, "cleo", condition=office.condition.pk, remedy=f"{TEXT}（措施）")
    office.move(case, Verb.DISPATCH, "dan", body=office.bodies["sweepers"].pk, note=f"{TEXT}（派遣）")
    office.move(case, Verb.ACCEPT, "uma", person=office.at("hal"), note=f"{TEXT}（接单）")
    office.move(case, Verb.COMMENT, "hal", note=f"{TEXT}（备注）")
    office.move(case, Verb.SUPERVISE, "sue", kind="normal", demand=f"{TEXT}（督办）")
    office.move(case, Verb.REPLY_SUPERVISION, "uma", note=f"{TEXT}（回复）")
    until = (office.now + timedelta(days=20)).date()
    office.move(case, Verb.REQUEST_SUSPENSION, "uma", reason="season", until=until, note=f"{TEXT}（挂账）")
    return case


def _merged(office: Office, case: Case) -> None:
    """Let a second citizen tell of the same, in words of his own."""
    other = office.report("cleo", name=REPORTER, phone=NUMBER, address=f"翠竹苑{DOOR}")
    Report.objects.filter(case=other).update(text=f"{TEXT}（并入）")
    office.move(other, Verb.MERGE, "cleo", target=case.number)


@pytest.fixture
def things(office: Office) -> Things:
    """One of each thing, with personal data in every text of it."""
    case = _said(office)
    _merged(office, case)
    batch = _batch(office)
    _record(batch, case, 1)
    SourceRecord.objects.filter(case=case).update(content=json.dumps({"问题描述": TEXT, "联系方式": PHONE}))
    Finding.objects.create(
        batch=batch, severity="warning", code="name_unknown", row=1, number=case.number, facts={"name": TEXT}
    )
    frozen = freeze(
        office.tenant, Period(2026, 11), as_of=office.later(days=30), by=office.actor("stan"), at=office.later(days=1)
    )
    office.now = datetime.now(UTC).replace(microsecond=0)
    return _things(office, case, batch, frozen.digest)


def _read(answer: HttpResponse) -> str:
    """Return everything an answer says, the cells of a workbook too; nothing of a picture."""
    kind = answer.headers.get("Content-Type", "")
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if kind.startswith("image/"):
        return ""
    if kind == "application/zip":
        return "\n".join(ZipFile(BytesIO(body)).namelist())
    if "spreadsheetml" in kind:
        book = load_workbook(BytesIO(body))
        return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    return unescape(body.decode())


def _leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


@pytest.mark.parametrize("who", ["stan", "cleo", "uma", "bo"])
def test_page_when_nobody_looked_then_no_address_shows_personal_data(office: Office, things: Things, who: str) -> None:
    client, me = client_of(office, who), office.at(who)
    leaks, read = {}, 0
    for name in names():
        if not name.startswith("desk:") or ACCESS[name].read == PUBLIC:
            continue
        answer = client.get(address(name, things, me))
        read += answer.status_code == 200
        if found := _leaks(_read(answer)):
            leaks[name] = found
    assert leaks == {}
    assert read >= 15


#: Addresses with what the walk adds to them: filters and forms in which texts stand.
VIEWS = (
    "/desk/?case={case}",
    "/desk/?q=段正淳",
    "/cases/?q=段正淳",
    "/cases/{case}/move/correct/",
    "/cases/{case}/move/merge/",
    "/cases/table.xlsx?q={number}",
    "/imports/{batch}/records/?what=created",
    "/imports/{batch}/findings/?code=name_unknown",
)


@pytest.mark.parametrize("view", VIEWS)
def test_view_when_its_texts_hold_personal_data_then_shows_none(office: Office, things: Things, view: str) -> None:
    path = view.format(case=things.case, number=things.number, batch=things.batch)
    answer = client_of(office, "stan").get(path)
    text = _read(answer)
    own = ["段正淳"] if "q=段正淳" in view else []  # the reader's own words, in the field where he typed them
    assert (answer.status_code, [one for one in _leaks(text) if one not in own]) == (200, [])


def test_case_page_when_masked_then_says_all_texts_in_the_prescribed_forms(office: Office, things: Things) -> None:
    text = _read(client_of(office, "cleo").get(f"/cases/{things.case}/"))
    wanted = {"描述", "措施", "派遣", "接单", "备注", "督办", "回复", "挂账", "并入"}
    assert {one for one in wanted if f"{SHOWN}（{one}）" in text} == wanted
    assert ("钟**" in text, "159****8842" in text) == (True, True)


def _paths(things: Things, report: UUID) -> Iterator[str]:
    """Yield every address of the API that is read, filled with the case's things; others name things of registers."""
    for path, methods in api.get_openapi_schema()["paths"].items():
        filled = path.replace("{number}", things.number).replace("{client_uuid}", str(report))
        if "get" in methods and "{" not in filled:
            yield filled


def test_api_when_read_completely_then_no_answer_holds_personal_data(office: Office, things: Things) -> None:
    client = client_of(office, "stan")
    report = Report.objects.get(pk=things.report)
    answers = {path: client.get(path) for path in _paths(things, report.client_uuid)}
    assert {path: found for path, answer in answers.items() if (found := _leaks(_read(answer)))} == {}
    case = answers[f"/api/v1/cases/{things.number}"].json()
    assert (case["description"], case["remedy"]) == (f"{SHOWN}（描述）", f"{SHOWN}（措施）")
    notes = [one["note"] for one in answers[f"/api/v1/cases/{things.number}/history"].json()["lines"]]
    assert f"{SHOWN}（备注）" in notes


def test_api_when_somebody_was_faster_then_the_changes_are_masked(office: Office, things: Things) -> None:
    version = Case.objects.get(pk=things.case).version
    office.move(
        Case.objects.get(pk=things.case), Verb.CORRECT, "cleo", changes={"address": f"翠竹苑{DOOR}北"}, note="写全"
    )
    answer = client_of(office, "cleo").post(
        f"/api/v1/cases/{things.number}/moves",
        {"verb": "comment", "client_uuid": str(UUID(int=7)), "note": "x"},
        content_type="application/json",
        headers={"If-Match": f'"{version}"'},
    )
    assert (answer.status_code, _leaks(answer.content.decode())) == (409, [])
    assert [one["field"] for one in answer.json()["changes"]] == ["address"]


def test_photo_when_the_address_names_a_door_then_the_mark_does_not(office: Office, things: Things) -> None:
    lines = mark_lines(Evidence.objects.filter(case=things.case, kind=EvidenceKind.BEFORE).select_related()[0])
    assert _leaks("\n".join(lines)) == []
    assert "翠竹苑*栋*单元***室" in "\n".join(lines)


def test_notices_and_messages_carry_no_texts_of_people(office: Office, things: Things) -> None:
    facts = [*Notice.objects.values_list("facts", flat=True), *Message.objects.values_list("facts", flat=True)]
    assert _leaks(json.dumps(facts, ensure_ascii=False)) == []


def test_ledger_when_texts_were_typed_and_looked_at_then_holds_none_of_them(office: Office, things: Things) -> None:
    client_of(office, "cleo").post(f"/cases/{things.case}/clear/")
    lines = LedgerLine.objects.filter(tenant=office.tenant).values_list("facts", "reason", "about")
    assert _leaks(json.dumps(list(lines), ensure_ascii=False)) == []


def test_search_when_it_names_what_is_masked_then_still_finds_it(office: Office, things: Things) -> None:
    text = _read(client_of(office, "cleo").get("/cases/?q=段正淳"))
    total = re.search(r'data-total="(\d+)"', text)
    assert total is not None
    assert (total[1], things.number in text) == ("1", True)


def _look(office: Office, who: str, case: int) -> tuple[int, str]:
    answer = client_of(office, who).post(f"/cases/{case}/clear/")
    return answer.status_code, _read(answer)


def test_look_when_the_clerk_asks_then_is_shown_once_and_noted(office: Office, things: Things) -> None:
    client = client_of(office, "cleo")
    assert f'action="/cases/{things.case}/clear/"' in client.get(f"/cases/{things.case}/").content.decode()
    status, text = _look(office, "cleo", things.case)
    held = {one for one in SECRETS if one not in {REPORTER, NUMBER}}
    assert (status, held <= set(_leaks(text)), {REPORTER, NUMBER} & set(_leaks(text))) == (200, True, set())
    line = LedgerLine.objects.get(verb="privacy.look")
    assert (line.actor, line.about) == ("user:cleo@living", f"case:{things.number}")
    fields = "address、description、notes、records、remedy、reports、requests、supervisions、title"
    assert line.facts == {"fields": fields, "kinds": "、".join(Kind.values)}
    assert _leaks(_read(client.get(f"/cases/{things.case}/"))) == []
    assert "查看原文里的个人信息" in _read(client.get(f"/cases/{things.case}/"))


@pytest.mark.parametrize("who", ["uma", "hal", "vera", "dan", "ina"])
def test_look_when_by_who_goes_to_the_place_then_shows_doors_and_plates_and_never_who_told(
    office: Office, things: Things, who: str
) -> None:
    status, text = _look(office, who, things.case)
    assert (status, set(_leaks(text))) == (200, {DOOR, PLATE})
    assert LedgerLine.objects.get(verb="privacy.look").facts["kinds"] == "plate、house"


@pytest.mark.parametrize(("who", "status"), [("bo", 403), ("ada", 403), ("uri", 404)])
def test_look_when_the_post_does_not_need_it_then_is_refused(
    office: Office, things: Things, who: str, status: int
) -> None:
    answered, text = _look(office, who, things.case)
    assert (answered, _leaks(text)) == (status, [])
    assert not LedgerLine.objects.filter(verb="privacy.look").exists()


def test_look_when_a_clerks_post_belongs_to_the_unit_then_never_shows_who_told(office: Office, things: Things) -> None:
    Post.objects.filter(user=office.users["cleo"]).update(body=office.bodies["sweepers"])
    assert set(_leaks(_look(office, "cleo", things.case)[1])) == {DOOR, PLATE}


def test_look_when_the_case_is_anothers_then_there_is_none(office: Office, things: Things) -> None:
    with pytest.raises(CaseUnknown):
        look_at_texts(office.tenant, things.case, by=office.actor("uri"), at=office.now)


def test_button_when_there_is_nothing_to_see_then_is_not_there(office: Office) -> None:
    case = office.report()
    assert "/clear/" not in client_of(office, "cleo").get(f"/cases/{case.pk}/").content.decode()


def test_correction_when_masks_come_back_then_nothing_is_lost(office: Office, things: Things) -> None:
    case = Case.objects.get(pk=things.case)
    before = case.description
    text = _read(client_of(office, "cleo").get(f"/cases/{case.pk}/move/correct/"))
    assert f"{SHOWN}（描述）" in text
    sent = {
        "title": f"{SHOWN}（标题）",
        "description": f"改过：{SHOWN}（描述）",
        "address": "翠竹苑*栋*单元***室",
        "note": "x",
    }
    answer = post(client_of(office, "cleo"), case, Verb.CORRECT, **sent)
    case.refresh_from_db()
    assert answer.status_code == 302
    assert (case.title, case.description, case.address) == (f"{TEXT}（标题）", f"改过：{before}", f"翠竹苑{DOOR}")
