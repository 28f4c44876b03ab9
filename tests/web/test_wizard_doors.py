"""Doors of bringing a file in, as a browser without script and as ours with it: answers, refusals, what is kept."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from tests.exchange.conftest import communities

from xiuhua.cases.models import Case
from xiuhua.exchange import shed
from xiuhua.exchange.intake_parts import propose, sample_of
from xiuhua.exchange.models import ImportBatch, Intake, KnownMapping, SourceRecord
from xiuhua.exchange.words import MARKS, BatchState, IntakeState
from xiuhua.kernel.actions.working import work
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import create_user

__all__ = ["communities"]
pytestmark = pytest.mark.usefixtures("home")

FILE = (
    "工单编号,登记时间,办理期限,办结时间,问题小类,经度,纬度,备注\n"
    "T1,2026-10-03 08:00,2026-10-05 08:00,2026-10-04 08:00,井盖,120.005,31.005,\n"
    "T2,2026-10-03 09:00,2026-10-05 09:00,,井盖,120.005,31.005,催办\n"
    "T3,昨天,2026-10-05 09:00,,井盖,120.005,31.005,\n"
)
FIELDS = ("number", "reported_at", "due_at", "closed_at", "sub_class", "longitude", "latitude", "")
FORM = {
    **{f"c{at}": which for at, which in enumerate(FIELDS)},
    "code": "hotline",
    "name": "热线",
    "crs": "wgs84",
    "zone": "Asia/Shanghai",
    "date_order": "ymd",
}


@pytest.fixture
def lin(communities: Tenant, ana: Actor, at: datetime, client: Client) -> Client:
    """Lin, of the office's staff, signed in."""
    client.force_login(create_user("lin", "quiet-canal-31", name="林", tenant=communities, by=ana, at=at))
    return client


@pytest.fixture
def sent(lin: Client) -> Intake:
    """A file that Lin has sent whole."""
    answer = lin.post("/imports/new/", {"file": SimpleUploadedFile("十月.csv", FILE.encode("gb18030"))})
    intake = Intake.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/imports/files/{intake.pk}/")
    return intake


def toil() -> None:
    """Let the worker do all there is to do."""
    while work(lambda: datetime.now(UTC)).anything:
        pass


def _page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_nothing_when_sent_then_the_form_says_so(lin: Client) -> None:
    answer = lin.post("/imports/new/", {})
    assert (answer.status_code, "请选一个文件。" in answer.content.decode()) == (422, True)


def test_same_form_when_sent_twice_then_it_is_one_file(lin: Client) -> None:
    number = str(uuid4())
    for _time in range(2):
        lin.post("/imports/new/", {"client_uuid": number, "file": SimpleUploadedFile("a.csv", FILE.encode())})
    assert Intake.objects.count() == 1


def _begin(client: Client, **told: Any) -> Any:
    said = {"client_uuid": str(uuid4()), "name": "a.csv", "size": len(FILE.encode()), "stamp": 7, **told}
    return client.post("/imports/begin/", json.dumps(said), content_type="application/json")


def _piece(client: Client, address: str, data: bytes, offset: object) -> Any:
    return client.post(
        address, data, content_type="application/offset+octet-stream", headers={"Upload-Offset": str(offset)}
    )


def test_pieces_when_one_begins_elsewhere_then_409_with_the_byte_and_it_goes_on_there(lin: Client) -> None:
    data = FILE.encode()
    begun = _begin(lin)
    assert (begun.status_code, begun.json()["offset"], begun.json()["whole"]) == (201, 0, False)
    address = begun.json()["piece"]
    assert _piece(lin, address, data[:40], 0).json()["offset"] == 40
    elsewhere = _piece(lin, address, data[60:], 60)
    assert (elsewhere.status_code, elsewhere.json()["offset"]) == (409, 40)
    assert _piece(lin, address, data[40:], 40).json()["whole"] is True


@pytest.mark.parametrize(
    ("told", "status"),
    [({"size": 0}, 422), ({"size": 10**12}, 422), ({"client_uuid": "x"}, 400), ({"size": "x"}, 400)],
    ids=["empty", "too large", "no number", "no size"],
)
def test_announcement_when_it_cannot_be_then_it_is_refused_in_words(
    lin: Client, told: dict[str, Any], status: int
) -> None:
    answer = _begin(lin, **told)
    assert (answer.status_code, bool(answer.json()["sentence"])) == (status, True)


@pytest.mark.parametrize(("offset", "data"), [("x", b"1"), ("-1", b"1"), ("0", b"")], ids=["text", "negative", "empty"])
def test_piece_when_malformed_then_400(lin: Client, offset: str, data: bytes) -> None:
    assert _piece(lin, _begin(lin).json()["piece"], data, offset).status_code == 400


def test_mapping_when_opened_then_columns_are_proposed_and_no_question_is_answered(lin: Client) -> None:
    good = FILE.rsplit("T3", 1)[0].encode()
    lin.post("/imports/new/", {"file": SimpleUploadedFile("十月.csv", good)})
    page = _page(lin, f"/imports/files/{Intake.objects.get().pk}/mapping/")
    chosen = re.findall(r'<select id="id_c\d+".*?</select>', page, re.DOTALL)
    taken = [(re.findall(r'value="(\w*)" selected', one) or [""])[0] for one in chosen]
    assert taken == list(FIELDS)
    asked = page[page.index('id="live-asked"') : page.index('id="live-rows"')]
    assert " checked" not in asked
    assert 'value="" selected' in asked  # the zone


def test_column_of_texts_when_shown_then_what_is_personal_is_masked(lin: Client) -> None:
    text = FILE.replace("催办", "请回电13812345678")
    lin.post("/imports/new/", {"file": SimpleUploadedFile("a.csv", text.encode())})
    page = _page(lin, f"/imports/files/{Intake.objects.get().pk}/mapping/")
    assert ("13812345678" in page, "请回电138****5678" in page) == (False, True)


def test_mapping_when_previewed_then_rows_are_read_by_what_was_chosen_and_it_is_kept(lin: Client, sent: Intake) -> None:
    address = f"/imports/files/{sent.pk}/mapping/"
    page = lin.post(address, {**FORM, "do": "preview"}).content.decode()
    rows = page[page.index('id="live-rows"') :]
    assert ("2026-10-04 08:00" in rows, "120.00500, 31.00500" in rows) == (True, True)
    assert "“昨天”不是按 ymd 次序写的时间。" in rows
    again = _page(lin, address)
    assert 'value="热线"' in again
    assert 'value="Asia/Shanghai" selected' in again


def test_header_when_a_person_says_where_it_is_then_the_file_is_read_so_and_checked_so(lin: Client) -> None:
    copied = FILE.splitlines(keepends=True)[0] + FILE  # the head stands there twice, the lower one is meant
    lin.post("/imports/new/", {"file": SimpleUploadedFile("a.csv", copied.encode())})
    intake = Intake.objects.get()
    address = f"/imports/files/{intake.pk}/mapping/"
    assert "现在认的是第 1 行" in _page(lin, address)
    page = lin.post(address, {**FORM, "header_row": "2", "do": "preview"}).content.decode()
    assert ("现在认的是第 2 行" in page, "第 2 行</span> <b>工单编号" in page) == (True, False)
    assert lin.post(address, {**FORM, "header_row": "2", "do": "check"}).status_code == 302
    toil()
    intake.refresh_from_db()
    assert (intake.state, intake.report["rows"]) == (IntakeState.CHECKED, 3)
    assert "header_row = 2" in intake.mapping


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"crs": ""}, "id_crs"),
        ({"zone": ""}, "id_zone"),
        ({"date_order": ""}, "id_date_order"),
        ({"name": ""}, "id_name"),
        ({"c1": ""}, "id_c0"),
        ({"c7": "number"}, "id_c7"),
        ({"c6": ""}, "id_c5"),
        ({"zone": "Moon/Base"}, "id_zone"),
    ],
    ids=["system", "zone", "order", "name", "no report", "twice", "half a coordinate", "no such zone"],
)
def test_mapping_when_something_is_open_then_it_is_said_at_its_field_and_nothing_is_asked_of_the_worker(
    lin: Client, sent: Intake, changed: dict[str, str], field: str
) -> None:
    answer = lin.post(f"/imports/files/{sent.pk}/mapping/", {**FORM, **changed, "do": "check"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#(\w+)">', page) == [field]
    assert f'id="{field}"' in page
    sent.refresh_from_db()
    assert sent.state == IntakeState.RECEIVED


def _checked(client: Client, intake: Intake) -> None:
    assert client.post(f"/imports/files/{intake.pk}/mapping/", {**FORM, "do": "check"}).status_code == 302
    told = client.get(f"/imports/files/{intake.pk}/state/").json()
    assert (told["state"], told["text"]) == ("checking:1", "在等后台")
    assert "正在检查" in _page(client, f"/imports/files/{intake.pk}/")
    toil()


def test_file_when_checked_imported_and_undone_then_each_page_tells(lin: Client, sent: Intake) -> None:
    _checked(lin, sent)
    here = f"/imports/files/{sent.pk}/"
    report = _page(lin, here)
    assert re.findall(r'data-effect="(\d+)"', report) == ["2", "0", "0", "0", "1"]
    assert "1 行有读不出来的时间。" in report
    back = load_workbook(BytesIO(lin.get(f"{here}marked.xlsx").content)).worksheets[0]
    assert [row[0] for row in back.iter_rows(min_row=2, values_only=True)] == ["T1", "T2", "T3"]
    lin.post(f"{here}do/", {"do": "apply"})
    toil()
    batch = ImportBatch.objects.get()
    assert lin.get(here)["Location"] == f"/imports/{batch.pk}/?new=1"
    assert "已入库：新建 2 件" in _page(lin, f"/imports/{batch.pk}/?new=1")
    assert KnownMapping.objects.get().confirmed_by == "user:lin"
    lin.post(f"/imports/{batch.pk}/undo/")
    batch.refresh_from_db()
    assert (batch.state, Case.objects.count()) == (BatchState.UNDONE, 0)
    assert "撤销整批" not in _page(lin, f"/imports/{batch.pk}/")


def test_import_when_its_file_is_taken_back_then_it_is_that_file_to_the_byte(lin: Client, sent: Intake) -> None:
    _checked(lin, sent)
    lin.post(f"/imports/files/{sent.pk}/do/", {"do": "apply"})
    toil()
    back = lin.get(f"/imports/{ImportBatch.objects.get().pk}/filled/")
    assert (back.status_code, back["Content-Type"]) == (200, "text/csv; charset=utf-8")
    body = b"".join(back.streaming_content) if back.streaming else back.content
    assert body == FILE.encode("gb18030")


def _attach(client: Client, intake: Intake, data: bytes, name: str = "名单.txt") -> str:
    given = {"do": "list", "list": SimpleUploadedFile(name, data)}
    answer = client.post(f"/imports/files/{intake.pk}/do/", given, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_second_list_when_attached_then_it_is_imported_with_the_file(lin: Client, sent: Intake) -> None:
    _checked(lin, sent)
    page = _attach(lin, sent, "延期：T1、T9\n超时 T2\n没有的字：T2\n".encode())
    assert (re.findall(r'data-list="(\d+)"', page), "1 处没有看懂" in page) == (["3"], True)
    lin.post(f"/imports/files/{sent.pk}/do/", {"do": "apply"})
    toil()
    batch = ImportBatch.objects.get()
    kept = SourceRecord.objects.order_by("number").values_list("number", "platform_verdict", "content")
    told = [(number, verdict, json.loads(content).get(MARKS, "")) for number, verdict, content in kept]
    assert told == [("T1", "", "extension"), ("T2", "overdue", "overdue")]
    assert sorted(batch.findings.filter(code__startswith="mark_").values_list("code", flat=True)) == [
        "mark_unmatched",
        "mark_unread",
    ]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no workbook"], ids=["empty", "broken"])
def test_second_list_when_refused_then_the_one_there_was_stays(data: bytes, lin: Client, sent: Intake) -> None:
    _checked(lin, sent)
    _attach(lin, sent, "延期：T1".encode())
    page = _attach(lin, sent, data)
    sent.refresh_from_db()
    assert (sent.marks["numbers"], "xh-note" in page or "错误" in page) == (1, True)
    lin.post(f"/imports/files/{sent.pk}/do/", {"do": "no-list"})
    sent.refresh_from_db()
    assert (sent.marks, shed.marks_place(sent).exists()) == ({}, False)


def test_marked_file_when_taken_then_the_ledger_says_who_saw_the_texts_as_they_came(lin: Client, sent: Intake) -> None:
    _checked(lin, sent)
    lin.get(f"/imports/files/{sent.pk}/marked.xlsx")
    line = LedgerLine.objects.get(verb="export.return")
    assert (line.actor, line.about, line.facts) == ("user:lin", f"intake:{sent.pk}", {"form": "xlsx", "marked": True})


def test_next_file_with_the_same_columns_when_opened_then_it_is_filled_in_with_who_confirmed_it(
    lin: Client, sent: Intake
) -> None:
    _checked(lin, sent)
    lin.post(f"/imports/files/{sent.pk}/do/", {"do": "apply"})
    toil()
    lin.post("/imports/new/", {"file": SimpleUploadedFile("十一月.csv", FILE.encode("gb18030"))})
    page = _page(lin, f"/imports/files/{Intake.objects.latest('pk').pk}/mapping/")
    assert "林在" in page
    assert 'value="wgs84" checked' in page


def test_import_when_read_again_then_the_old_page_points_to_the_new_one(lin: Client, sent: Intake) -> None:
    _checked(lin, sent)
    here = f"/imports/files/{sent.pk}/"
    lin.post(f"{here}do/", {"do": "apply"})
    toil()
    first = ImportBatch.objects.get()
    answer = lin.post(f"/imports/{first.pk}/again/")
    assert answer["Location"] == f"{here}mapping/"
    assert f"换一份映射重读批次 {first.pk} 的文件" in _page(lin, f"{here}mapping/")
    lin.post(f"{here}mapping/", {**FORM, "c4": "title", "do": "check"})
    toil()
    lin.post(f"{here}do/", {"do": "apply"})
    toil()
    second = ImportBatch.objects.latest("pk")
    assert second.replaces == first
    assert f'<a href="/imports/{second.pk}/">批次 {second.pk}</a>' in _page(lin, f"/imports/{first.pk}/")
    assert f'<a href="/imports/{first.pk}/">批次 {first.pk}</a>' in _page(lin, f"/imports/{second.pk}/")


def test_file_that_is_no_table_when_opened_then_it_says_why(lin: Client) -> None:
    lin.post("/imports/new/", {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04" + bytes(200))})
    page = _page(lin, f"/imports/files/{Intake.objects.get().pk}/mapping/")
    assert "文件已损坏或不完整" in page


def test_file_when_given_up_then_the_list_has_it_no_more(lin: Client, sent: Intake) -> None:
    assert "十月.csv" in _page(lin, "/imports/")
    lin.post(f"/imports/files/{sent.pk}/do/", {"do": "discard"})
    assert lin.get(f"/imports/files/{sent.pk}/")["Location"] == "/imports/"
    assert f"/imports/files/{sent.pk}/" not in _page(lin, "/imports/")


@pytest.mark.parametrize("words", ["", "[marks]\nextension = []\n"], ids=["no words", "empty words"])
def test_second_list_when_a_confirmed_mapping_has_no_words_for_it_then_the_usual_ones_are_taken(
    words: str, lin: Client, sent: Intake
) -> None:
    _checked(lin, sent)
    lin.post(f"/imports/files/{sent.pk}/do/", {"do": "apply"})
    toil()
    known = KnownMapping.objects.get()
    known.text = re.sub(r"(?ms)^\[marks\]\n.*?(?=^\[|\Z)", words, known.text)
    known.save()
    lin.post("/imports/new/", {"file": SimpleUploadedFile("十一月.csv", (FILE + "\n").encode("gb18030"))})
    again = Intake.objects.order_by("-pk")[0]
    assert propose(again.tenant, sample_of(again)).kind == "known"
    lin.post(f"/imports/files/{again.pk}/mapping/", {**FORM, "do": "check"})
    toil()
    assert re.findall(r'data-list="(\d+)"', _attach(lin, again, "延期：T1".encode())) == ["1"]
