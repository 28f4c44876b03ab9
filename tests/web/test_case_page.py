"""The page of a living case: its story is whole, reporters stay hidden, nothing that people type can break out."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.living import Office
from tests.staged import STAGED, TRIES
from tests.web.test_moves_door import client_of, office, picture, post

from xiuhua.cases.models import Case, Evidence, Report
from xiuhua.cases.queries.story import told
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import Channel, EvidenceKind, Verb
from xiuhua.kernel.models import LedgerLine
from xiuhua.web.desk.telling import SAID

__all__ = ["office"]
pytestmark = pytest.mark.usefixtures("home")
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<iframe src=javascript:alert(1)>",
    "{{ case.number }}{% debug %}",
    "%(number)s %s %d",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>*{display:none}</style>",
    "<!-- --><base href=//evil.example>",
    "&lt;script&gt;alert(1)&lt;/script&gt;<b onmouseover=alert(1)>",
    "\u202e<u>\u0000".replace("\u0000", ""),
)


def told_by(office: Office, phone: str = "13812345678") -> Case:
    """Return a case of which a citizen told by telephone."""
    return office.report("cleo", name="王小明", phone=phone)


def page(office: Office, name: str, case: Case, **more: Any) -> str:
    """Return the page of a case as a person sees it."""
    answer = client_of(office, name).get(f"/cases/{case.pk}/", **more)
    assert answer.status_code == 200
    return answer.content.decode()


def test_sentence_is_there_for_every_verb() -> None:
    assert set(SAID) == set(Verb)


@pytest.mark.parametrize("verb", TRIES)
def test_story_when_a_verb_was_done_then_tells_it_and_every_other_line(office: Office, verb: Verb) -> None:
    tried = TRIES[verb]
    case = tried.case(office)
    client = client_of(office, tried.by)
    sent = tried.sent(office) | ({"photo": picture()} if tried.photo else {})
    assert post(client, case, verb, **sent).status_code == 302
    text = page(office, "stan", case)
    story = text[text.index('<ol class="xh-story">') : text.index("</ol>", text.index('<ol class="xh-story">'))]
    lines = LedgerLine.objects.filter(about=f"case:{case.number}")
    assert story.count("<li ") == lines.count()
    assert f"<b>{verb.label}</b>" in story
    assert re.findall(r"%\(\w+\)s", story) == []


def test_story_when_a_move_was_taken_back_then_it_is_struck_and_the_undo_told(office: Office) -> None:
    case, client = STAGED[Stage.FILED](office), client_of(office, "dan")
    post(client, case, Verb.DISPATCH, body=office.bodies["repairs"].pk, note="先看看")
    made = case.moves.get(verb=Verb.DISPATCH)
    assert f'action="/cases/{case.pk}/undo/{made.pk}/"' in page(office, "dan", case)
    client.post(f"/cases/{case.pk}/undo/{made.pk}/")
    text = page(office, "dan", case)
    assert ("<s><b>派遣</b>" in text, "撤回了“派遣”" in text) == (True, True)
    assert [tale.verb for tale in told(case, reporters=True) if tale.undone] == [Verb.DISPATCH]


def test_reporter_when_a_unit_looks_then_is_nowhere(office: Office) -> None:
    case = office.dispatch(office.file(told_by(office)))
    office.photo(case, "cleo", kind=EvidenceKind.BEFORE)
    secret = ("王小明", "13812345678", "138****5678", "cleo 收到")
    unit = client_of(office, "uma")
    seen = page(office, "uma", case)
    assert [text for text in secret if text in seen] == []
    assert ("某市民" in seen, "报告人对处置单位保密" in seen) == (True, True)
    assert [text for text in secret if text in unit.get("/cases/").content.decode()] == []
    book = load_workbook(BytesIO(unit.get("/cases/table.xlsx").content))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [text for text in secret if any(text in cell for cell in cells)] == []
    number = Report.objects.get(case=case).pk
    assert unit.post(f"/cases/{case.pk}/reporter/{number}/").status_code == 403
    assert not LedgerLine.objects.filter(verb="reporter.look").exists()


def test_reporter_when_the_clerk_looks_then_the_number_is_masked_until_the_ledger_knows(office: Office) -> None:
    case = told_by(office)
    text = page(office, "cleo", case)
    shown = ("王**" in text, "王小明" in text, "138****5678" in text, "13812345678" in text)
    assert shown == (True, False, True, False)
    number = Report.objects.get(case=case).pk
    answer = client_of(office, "cleo").post(f"/cases/{case.pk}/reporter/{number}/")
    assert ("王小明" in answer.content.decode(), "13812345678" in answer.content.decode()) == (True, True)
    line = LedgerLine.objects.get(verb="reporter.look")
    assert (line.actor, line.about, line.facts) == ("user:cleo@living", f"case:{case.number}", {"report": number})
    assert "13812345678" not in page(office, "cleo", case)


@pytest.mark.parametrize("phone", ["12345", "", "1" * 30])
def test_phone_when_masked_then_never_whole(office: Office, phone: str) -> None:
    text = page(office, "cleo", told_by(office, phone))
    assert not phone or f">{phone}<" not in text


def test_buttons_are_the_moves_of_the_stage_that_the_posts_allow(office: Office) -> None:
    case = STAGED[Stage.DISPATCHED](office)
    asked = re.compile(rf'href="/cases/{case.pk}/move/(\w+)/"')
    assert sorted(asked.findall(page(office, "uma", case))) == [
        *("accept", "comment", "refuse", "request_extension", "request_suspension")
    ]
    assert asked.findall(page(office, "vera", case)) == ["comment"]


def test_button_when_kept_off_by_ones_own_part_then_says_why(office: Office) -> None:
    office.users["hal"].posts.create(role="verifier")
    text = page(office, "hal", STAGED[Stage.CHECKING](office))
    assert "核查通过：经手处置的人不能自己办这一步" in text
    assert "/move/pass_check/" not in text


def test_deadline_when_extended_then_both_stand_on_the_page(office: Office) -> None:
    case = TRIES[Verb.GRANT_EXTENSION].case(office)
    first = case.due_at
    office.move(case, Verb.GRANT_EXTENSION, "dan")
    assert first is not None
    assert case.due_at is not None
    assert case.due_at > first
    text = page(office, "uma", case)
    facts = text[text.index('<dl class="xh-facts">') : text.index("</dl>")]
    shanghai = ZoneInfo("Asia/Shanghai")
    moments = [when.astimezone(shanghai).isoformat(timespec="seconds") for when in (case.due_at, first)]
    assert re.findall(r'datetime="([^"]+)"', facts) == moments
    assert "原定" in facts


def test_duplicates_when_merged_then_each_reporter_and_both_clocks_stay(office: Office) -> None:
    one, other = told_by(office), told_by(office, "13998765432")
    office.move(one, Verb.MERGE, "cleo", target=other.number)
    text = page(office, "cleo", other)
    assert ("138****5678" in text, "139****5432" in text, one.number in text) == (True, True, True)
    assert f'<a href="/cases/{other.pk}/">{other.number}</a>' in page(office, "cleo", one)


class _Live(HTMLParser):
    """Finds what a browser would run or obey that no template of ours has."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note scripts that are not ours, frames, styles, handlers and addresses that are script."""
        given = {name: value or "" for name, value in attrs}
        ours = tag == "script" and given.get("src", "").startswith("/static/")
        if tag in {"script", "iframe", "base", "style", "object", "embed"} and not ours:
            self.found.append(tag)
        self.found += [
            name for name, value in given.items() if name.startswith("on") or value.startswith("javascript:")
        ]

    @classmethod
    def found_in(cls, html: str) -> list[str]:
        """Return what is alive in a page."""
        parser = cls()
        parser.feed(html)
        return parser.found


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_text_when_hostile_then_is_shown_as_it_was_typed(office: Office, text: str) -> None:
    case = office.report("cleo", name=text[:60], phone=text[:30], title=text, address=text)
    Case.objects.filter(pk=case.pk).update(description=text, remedy=text)
    post(client_of(office, "cleo"), case, Verb.COMMENT, note=text)
    for html in (
        page(office, "cleo", case),
        client_of(office, "cleo").get(f"/cases/{case.pk}/move/correct/").content.decode(),
        client_of(office, "cleo").get("/cases/").content.decode(),
        post(client_of(office, "cleo"), case, Verb.DECLINE, number=uuid4(), note=text).content.decode(),
    ):
        assert _Live.found_in(html) == []
        if "<" in text:
            assert text not in html


def test_photos_when_added_on_the_page_then_are_shown_through_signed_addresses(office: Office) -> None:
    case, client = STAGED[Stage.HANDLING](office), client_of(office, "hal")
    answer = client.post(
        f"/cases/{case.pk}/photos/",
        {"client_uuid": str(uuid4()), "kind": "before", "photo": [picture(3), picture(4, "b.jpg")]},
    )
    assert (answer.status_code, case.evidence.filter(kind="before").count()) == (302, 2)
    sources = re.findall(r'<img src="(/photos/[^"]+)"', page(office, "hal", case))
    assert len(sources) == 2
    answer = client.get(sources[0])
    assert (answer.status_code, b"".join(answer.streaming_content)[:2]) == (200, b"\xff\xd8")
    assert client_of(office, "uma").get(sources[0]).status_code == 404  # made for somebody else
    assert client_of(office, "bo").post(f"/cases/{case.pk}/photos/").status_code == 403


def test_photo_when_used_in_another_case_or_taken_elsewhen_then_is_warned_of_and_never_refused(office: Office) -> None:
    first, second = STAGED[Stage.HANDLING](office), STAGED[Stage.HANDLING](office)
    client = client_of(office, "hal")
    sent = {"photo": picture(5, when="2020:01:01 09:00:00", offset="+08:00")}
    assert post(client, first, Verb.RECTIFY, number=uuid4(), **sent).status_code == 302
    again = {"photo": picture(5, when="2020:01:01 09:00:00", offset="+08:00")}
    assert post(client, second, Verb.RECTIFY, number=uuid4(), **again).status_code == 302
    codes = [odd["code"] for odd in Evidence.objects.get(case=second).warnings]
    assert codes == ["photo.copied", "photo.clock", "photo.before_report"]
    text = page(office, "vera", second)
    assert (f"同一张照片也用在案件 {first.number} 里" in text, "早于案件上报" in text) == (True, True)


def _sent(**more: Any) -> dict[str, Any]:
    return {"client_uuid": str(uuid4()), "channel": "phone", "act": "report", **more}


def test_report_when_sent_twice_then_is_one_case(office: Office) -> None:
    client = client_of(office, "cleo")
    sent = _sent(text="路灯不亮", territory=office.places["A"].pk, name="王小明", phone="13812345678")
    places = {client.post("/report/new/", {**sent, "photo": picture(6)})["Location"] for _time in range(2)}
    case = Case.objects.get()
    assert places == {f"/cases/{case.pk}/"}
    assert (case.channel, case.evidence.get().kind, Report.objects.get().phone) == ("phone", "before", "13812345678")
    other = client.post("/report/new/", sent | {"text": "别的"})
    assert (other.status_code, Case.objects.count()) == (409, 1)


def test_report_when_incomplete_then_says_what_beside_it_and_keeps_the_photo(office: Office) -> None:
    client, sent = client_of(office, "ina"), _sent()
    answer = client.post("/report/new/", {**sent, "photo": picture(7), "longitude": "x"})
    text = answer.content.decode()
    assert (answer.status_code, "<title>错误：" in text, "已收下 1 张照片" in text) == (400, True, True)
    answer = client.post("/report/new/", {**sent, "photo": picture(7)})
    assert re.findall(r'id="id_(\w+)-error"', answer.content.decode()) == ["class", "territory"]
    good = client.post("/report/new/", sent | {"text": "垃圾", "territory": office.places["A"].pk})
    assert (good.status_code, Case.objects.get().evidence.count()) == (302, 1)


def test_report_when_fixed_on_the_spot_then_waits_for_its_check(office: Office) -> None:
    sent = _sent(text="垃圾", territory=office.places["A"].pk, **{"class": office.condition.case_class_id})
    client = client_of(office, "ina")
    assert client.post("/report/new/", sent | {"act": "fix"}).status_code == 400
    done = client.post("/report/new/", sent | {"act": "fix", "remedy": "当场清走", "photo": picture(8)})
    assert (done.status_code, Case.objects.get().stage) == (302, Stage.CHECKING)


def test_report_when_the_post_does_not_allow_then_403(office: Office) -> None:
    assert client_of(office, "bo").get("/report/new/").status_code == 403


def _total(client: Client, path: str) -> tuple[int, int]:
    html = client.get(path).content.decode()
    found = re.search(r'data-total="(\d+)"', html)
    assert found
    return int(found[1]), html.count('<th scope="row"')


def test_lists_count_what_they_show_and_only_what_one_may_see(office: Office) -> None:
    STAGED[Stage.SUSPENDED](office)
    TRIES[Verb.REPLY_SUPERVISION].case(office)
    TRIES[Verb.DENY_EXTENSION].case(office)
    TRIES[Verb.DENY_SUSPENSION].case(office)
    for path, many in (("/suspended/", 1), ("/supervised/", 1), ("/requests/", 2)):
        assert _total(client_of(office, "dan"), path) == (many, many)
        assert _total(client_of(office, "uma"), path) == (many, many)
        assert _total(client_of(office, "uri"), path) == (0, 0)  # another unit's


def test_channels_offered_are_those_a_person_uses(office: Office) -> None:
    html = client_of(office, "cleo").get("/report/new/").content.decode()
    assert [one.value for one in Channel if f'<option value="{one.value}"' in html] == [
        one.value for one in Channel if one != Channel.API
    ]
