"""Sending: at least once, visibly twice at most, twenty a minute, and hostile texts stay texts."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from apprise.plugins.dingtalk import NotifyDingTalk
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st
from tests.notices.conftest import HOSTILE, Server, Team

from xiuhua.kernel.models import Delivery, Tenant
from xiuhua.kernel.words import Actor, DeliveryState
from xiuhua.notices import outgoing as way_out
from xiuhua.notices.actions import add_channel
from xiuhua.notices.actions.sending import WINDOW
from xiuhua.notices.models import Channel, Message
from xiuhua.notices.robots import robot
from xiuhua.notices.rules.texts import ROBOT_BYTES, SENDS, one_line, split
from xiuhua.notices.words import ChannelKind
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.models import TerritoryVersion

ANA = Actor("user:ana")
KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"


@pytest.fixture
def group(team: Team, server: Server, settings: object) -> Channel:
    """A WeCom group's robot, played by the server through the office's relay."""
    settings.ROBOTS = {"wecombot": f"http://{server.place}"}  # type: ignore[attr-defined]
    settings.CALLS_ALLOWED = (server.place,)  # type: ignore[attr-defined]
    settings.SITE_URL = "https://xh.example"  # type: ignore[attr-defined]
    return added(team.tenant, team.at)


def added(tenant: Tenant, at: datetime, name: str = "值班群", **more: object) -> Channel:
    chosen = {"kind": ChannelKind.ROBOT, "address": f"wecombot://{KEY}"} | more
    return add_channel(tenant, name=name, by=ANA, at=at, **chosen)  # type: ignore[arg-type]


def post() -> Delivery:
    return Delivery.objects.get(subscriber="notices.post")


def test_robot_when_told_then_it_says_what_is_known_and_nothing_of_people(
    team: Team, group: Channel, server: Server
) -> None:
    team.happens("dispatch")
    team.finish()
    case = team.case.pk
    said = f"派来一件：A-17\n类别：暴露垃圾\n地点：A社区\n单位：green队\n期限：2026年11月24日 16:00\nhttps://xh.example/cases/{case}/"
    assert server.texts == [said]
    assert server.got[0][0] == f"/cgi-bin/webhook/send?key={KEY}"


@pytest.mark.parametrize(
    "answers",
    [
        [(429, {})],
        [(200, {"errcode": 45009, "errmsg": "api freq out of limit"})],
        [(200, {"errcode": 130101})],
        [(500, {}), (502, {})],
        [(200, {"errcode": 93000}), (200, {"errcode": 40058})],
        [(302, "http://127.0.0.1/")],
        [(200, "no object")],
        [(429, {}), (500, {}), (200, {"errcode": 45009})],
    ],
    ids=["429", "45009", "dingtalk-fast", "5xx", "refusals", "redirect", "nonsense", "all"],
)
def test_robot_when_it_says_no_then_it_is_told_again_until_it_says_yes(
    team: Team, group: Channel, server: Server, answers: list[tuple[int, object]]
) -> None:
    server.answers = list(answers)
    team.happens("dispatch")
    team.finish()
    assert (len(server.got), post().state) == (len(answers) + 1, DeliveryState.DONE)


def test_robot_when_nothing_listens_then_it_is_tried_again(
    team: Team, group: Channel, server: Server, settings: object
) -> None:
    settings.ROBOTS = {"wecombot": "http://127.0.0.1:1"}  # type: ignore[attr-defined]
    settings.CALLS_ALLOWED = ("127.0.0.1:1",)  # type: ignore[attr-defined]
    team.happens("dispatch")
    team.work()
    team.work()
    assert (post().error.split(" ")[0], server.got) == ("NoAnswer", [])


def test_robot_when_it_never_answers_then_it_hears_twice_and_a_person_looks(
    team: Team, group: Channel, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(way_out, "TIMEOUT", 0.2)
    server.answers = [(0, None)] * 9
    team.happens("dispatch")
    team.finish()
    assert (len(server.got), post().state, post().error[:14]) == (2, DeliveryState.DEAD, "sent twice and")


def test_robot_when_it_answers_the_second_time_then_all_is_well(
    team: Team, group: Channel, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(way_out, "TIMEOUT", 0.2)
    server.answers = [(0, None)]
    team.happens("dispatch")
    team.finish()
    assert (len(server.got), post().state) == (2, DeliveryState.DONE)


def test_robot_when_the_worker_dies_between_sending_and_marking_then_it_hears_at_most_twice(
    team: Team, group: Channel, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The crash is an error no subscriber knows, raised where the mark would be written."""
    monkeypatch.setattr("xiuhua.notices.actions.sending.understood", _dies_once())
    team.happens("dispatch")
    with pytest.raises(KeyboardInterrupt):
        team.finish()
    assert (len(server.got), post().state) == (1, DeliveryState.WAITING)
    team.finish()
    assert (len(server.got), post().state) == (2, DeliveryState.DONE)


def _dies_once() -> Callable[[object], None]:
    """Return what stands for a process that is killed after the robot has answered, the first time."""
    left = [KeyboardInterrupt()]

    def understood(_answer: object) -> None:
        if left:
            raise left.pop()

    return understood


def test_robot_when_much_happens_at_once_then_twenty_go_singly_and_the_rest_in_one(
    team: Team, group: Channel, server: Server
) -> None:
    for verb in ["dispatch"] * 40 + ["overdue"] * 20:
        team.happens(verb)
    team.finish()
    assert len(server.got) == SENDS + 1
    assert server.texts[-1] == "攒了 40 条消息：\n派来一件 20 件\n已超期 20 件\nhttps://xh.example/cases/"
    assert Message.objects.filter(sent_at=None).count() == 0
    assert Delivery.objects.exclude(state=DeliveryState.DONE).count() == 0


def test_robot_when_it_trickles_for_long_then_no_minute_has_more_than_twenty(
    team: Team, group: Channel, server: Server
) -> None:
    times: list[datetime] = []
    for second in range(150):
        if second < 60:
            team.happens("dispatch")
        before = len(server.got)
        team.work()
        times += [team.at] * (len(server.got) - before)
        team.later(seconds=1)
    busiest = max(sum(start <= moment < start + timedelta(minutes=1) for moment in times) for start in times)
    told = sum(int(text.split(" ")[1]) if text.startswith("攒了") else 1 for text in server.texts)
    assert (busiest <= SENDS, told) == (True, 60)


def test_robot_when_two_workers_send_then_each_waits_for_the_other(team: Team, group: Channel, server: Server) -> None:
    Channel.objects.update(busy_until=team.at + timedelta(minutes=1))
    team.happens("dispatch")
    team.work()
    assert (team.work(), server.got) == ({"spread": 1, "postponed": 1}, [])
    team.later(minutes=2)
    assert (team.work(), len(server.got)) == ({"delivered": 1}, 1)


def test_message_when_a_day_old_then_it_is_a_dead_letter(team: Team, group: Channel, server: Server) -> None:
    team.happens("dispatch")
    team.work()
    team.later(hours=25)
    team.work()
    assert (post().state, post().error, server.got) == (DeliveryState.DEAD, "older than a day", [])


def test_dingtalk_when_it_has_a_secret_then_the_call_is_signed_as_apprise_signs_it(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, body, _headers = robot("dingtalk://SECabc@0123456789abcdef").call("雨", at)
    with monkeypatch.context() as patched:
        patched.setattr("time.time", at.timestamp)
        stamp, sign = NotifyDingTalk("0123456789abcdef", secret="SECabc").get_signature()  # noqa: S106 - made up
    asked = parse_qs(urlsplit(url).query)
    assert (asked["timestamp"], asked["sign"], asked["access_token"]) == (
        [stamp],
        [unquote(sign)],
        ["0123456789abcdef"],
    )
    assert json.loads(body) == {"msgtype": "text", "text": {"content": "雨"}}


# webhooks


@pytest.fixture
def hook(team: Team, server: Server, settings: object) -> Channel:
    """Another system's address."""
    settings.CALLS_ALLOWED = (server.place,)  # type: ignore[attr-defined]
    url = f"http://{server.place}/in?x=1"
    return added(team.tenant, team.at, name="上级平台", kind=ChannelKind.WEBHOOK, address=url)


def test_webhook_when_called_then_its_receiver_can_prove_who_called(team: Team, hook: Channel, server: Server) -> None:
    event = team.happens("dispatch")
    team.finish()
    path, headers, body = server.got[0]
    signature = hmac.new(hook.secret.encode(), headers["x-xiuhua-timestamp"].encode() + b"." + body, hashlib.sha256)
    assert headers["x-xiuhua-signature"] == f"sha256={signature.hexdigest()}"
    assert (path, headers["idempotency-key"], headers["host"]) == ("/in?x=1", event.key, server.place)
    told = json.loads(body)
    assert (told["event"], told["key"], told["facts"]["number"]) == ("case.dispatch", event.key, "A-17")
    assert len(hook.secret) >= 32


@pytest.mark.parametrize("status", [301, 400, 404, 429, 500])
def test_webhook_when_the_answer_is_no_then_it_is_called_again_and_redirects_are_not_followed(
    team: Team, hook: Channel, server: Server, status: int
) -> None:
    server.answers = [(status, f"http://{server.place}/elsewhere")]
    team.happens("dispatch")
    team.finish()
    assert [path for path, _headers, _body in server.got] == ["/in?x=1", "/in?x=1"]


# hostile texts


def test_mail_when_texts_are_hostile_then_they_stay_in_the_text(team: Team, settings: object) -> None:
    settings.EMAIL_HOST = "mail.example"  # type: ignore[attr-defined]
    added(team.tenant, team.at, kind=ChannelKind.EMAIL, address="office@example.org")
    _hostile(team)
    team.happens("dispatch")
    team.finish()
    sent = message_from_bytes(mail.outbox[0].message().as_bytes(), policy=policy.default)
    assert (sent["Bcc"], sent["To"], sent.get_content_type()) == (None, "office@example.org", "text/plain")
    assert sorted(set(sent.keys()) - {"Date", "Message-ID"}) == [
        *("Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "From", "MIME-Version", "Subject", "To"),
    ]
    assert "<script>" in sent["Subject"]


def _hostile(team: Team) -> None:
    clean = HOSTILE.replace("\x00", "")
    CaseClass.objects.update(name=clean)
    TerritoryVersion.objects.update(name=clean)
    team.case.number = clean[:80]
    team.case.save()


def test_robot_when_texts_are_hostile_then_they_are_text(team: Team, group: Channel, server: Server) -> None:
    _hostile(team)
    team.happens("dispatch")
    team.finish()
    assert "<script>alert(1)</script>" in server.texts[0]
    assert json.loads(server.got[0][2])["msgtype"] == "text"


def test_mailbox_when_no_server_is_set_then_it_is_a_dead_letter(team: Team) -> None:
    added(team.tenant, team.at, kind=ChannelKind.EMAIL, address="office@example.org")
    team.happens("dispatch")
    team.finish()
    assert (post().state, post().attempts) == (DeliveryState.DEAD, 1)


# rules


@given(st.text(max_size=400), st.integers(4, 60))
def test_split_law_then_parts_are_the_text_and_none_is_too_long(text: str, most: int) -> None:
    parts = split(text, most)
    assert "".join(parts) == text
    assert all(0 < len(part.encode()) <= most for part in parts)


def test_split_when_lines_fit_then_it_cuts_between_them() -> None:
    lines = ["雨" * 300 + "\n", "雪" * 300 + "\n", "雾" * 300]
    assert split("".join(lines)) == [lines[0] + lines[1], lines[2]]
    assert len((lines[0] + lines[1]).encode()) <= ROBOT_BYTES


@given(st.text())
def test_one_line_law_then_nothing_in_it_can_begin_a_header(text: str) -> None:
    assert all(one.isprintable() for one in one_line(text))


def test_window_when_a_call_may_take_long_then_a_minute_lies_between_them_all_the_same() -> None:
    assert timedelta(minutes=1) + timedelta(seconds=2 * way_out.TIMEOUT) == WINDOW
