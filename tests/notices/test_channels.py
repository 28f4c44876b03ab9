"""Channels: which events they hear, their keys, what addresses they may have, and a trial."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from tests.notices.conftest import Server, Team
from tests.notices.test_sending import ANA, KEY, added, post

from xiuhua.kernel.models import LedgerLine
from xiuhua.kernel.words import DeliveryState, Refusal
from xiuhua.notices.actions import ChannelNameTaken, TrialFailed, hear, remove_channel, switch_channel
from xiuhua.notices.actions import try_channel as tried
from xiuhua.notices.models import Channel, Message, SendSlot
from xiuhua.notices.robots import robot
from xiuhua.notices.rules.texts import SENDS, masked
from xiuhua.notices.words import ChannelKind


@pytest.fixture
def group(team: Team, server: Server, settings: object) -> Channel:
    """A WeCom group's robot, played by the server through the office's relay."""
    settings.ROBOTS = {"wecombot": f"http://{server.place}"}  # type: ignore[attr-defined]
    settings.CALLS_ALLOWED = (server.place,)  # type: ignore[attr-defined]
    settings.SITE_URL = "https://xh.example"  # type: ignore[attr-defined]
    return added(team.tenant, team.at)


def test_channel_when_switched_off_then_what_was_on_its_way_is_not_sent(
    team: Team, group: Channel, server: Server
) -> None:
    team.happens("dispatch")
    team.work()
    switch_channel(group, active=False, by=ANA, at=team.at)
    team.happens("rework")
    team.finish()
    assert (server.got, Message.objects.count()) == ([], 1)


@pytest.mark.parametrize(
    ("events", "body", "heard"),
    [
        ([], None, 2),
        (["case.dispatch"], None, 1),
        (["case.overdue"], None, 0),
        ([], "unit", 2),
        ([], "other", 0),
    ],
)
def test_channel_when_it_names_events_or_a_unit_then_it_hears_of_those(
    team: Team, events: list[str], body: str | None, heard: int
) -> None:
    added(team.tenant, team.at, events=events, body=getattr(team, body) if body else None)
    for verb in ("dispatch", "rework", "comment"):
        hear(team.happens(verb), team.at)
    assert Message.objects.count() == heard


def test_channel_when_added_then_the_ledger_knows_it_without_its_key(team: Team, group: Channel) -> None:
    line = LedgerLine.objects.get(verb="channel.add")
    assert (KEY in json.dumps(line.facts), line.facts["name"]) == (False, "值班群")
    assert SendSlot.objects.filter(channel=group).count() == SENDS


def test_channel_when_its_name_is_taken_then_it_is_refused(team: Team, group: Channel) -> None:
    with pytest.raises(ChannelNameTaken):
        added(team.tenant, team.at)


def test_channel_when_removed_then_its_key_is_gone_and_its_letters_are_not_sent(
    team: Team, group: Channel, server: Server
) -> None:
    team.happens("dispatch")
    team.work()
    remove_channel(group, by=ANA, at=team.at)
    team.finish()
    assert (Channel.objects.count(), server.got, post().state) == (0, [], DeliveryState.DONE)


def test_trial_when_sent_then_the_group_says_so_or_the_refusal_does(team: Team, group: Channel, server: Server) -> None:
    tried(group, by=ANA, at=team.at)
    assert server.texts == ["试发一条：值班群"]
    server.answers = [(200, {"errcode": 93000})]
    with pytest.raises(TrialFailed, match="93000"):
        tried(group, by=ANA, at=team.at + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("address", "scheme"),
    [
        (f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}", "wecombot"),
        (f"wecombot://{KEY}", "wecombot"),
        ("dingtalk://SECabc@0123456789abcdef", "dingtalk"),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/0123-4567/", "feishu"),
        ("lark://0123-4567", "lark"),
    ],
)
def test_robot_address_when_of_a_known_vendor_then_it_leads_to_the_vendor(address: str, scheme: str) -> None:
    found = robot(address)
    hosts = {
        "wecombot": "https://qyapi.weixin.qq.com/",
        "dingtalk": "https://oapi.dingtalk.com/",
        "feishu": "https://open.feishu.cn/",
        "lark": "https://open.larksuite.com/",
    }
    assert (found.scheme, found.url.startswith(hosts[scheme])) == (scheme, True)


@pytest.mark.parametrize(
    "address",
    [
        *("", "x", "json://127.0.0.1/", "xml://10.0.0.1/", "mailto://u:p@example.org", "file:///etc/passwd"),
        *("syslog://", "dbus://", "https://example.org/hook", "wecombot://", "wecombot://a\r\nb", "gotify://h/t"),
    ],
)
def test_robot_address_when_anything_else_then_it_is_refused(team: Team, address: str) -> None:
    with pytest.raises(Refusal) as refused:
        added(team.tenant, team.at, address=address)
    assert refused.value.code == "channel.robot"


def test_mailbox_when_no_address_then_it_is_refused(team: Team) -> None:
    with pytest.raises(Refusal) as refused:
        added(team.tenant, team.at, kind=ChannelKind.EMAIL, address="office@example.org\nBcc: x@example.org")
    assert refused.value.code == "channel.email"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (f"wecombot://{KEY}", "wecombot://••••5aaa"),
        (f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}", "https://qyapi.weixin.qq.com/••••5aaa"),
        ("https://example.org/in", "https://example.org/••••"),
        ("https://example.org", "https://example.org••••"),
        ("lark://abc", "lark://••••"),
        ("a@example.org", "••••.org"),
    ],
)
def test_masked_when_shown_again_then_only_its_end_is_left(address: str, shown: str) -> None:
    assert masked(address) == shown
