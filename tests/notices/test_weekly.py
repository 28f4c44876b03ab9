"""The weekly digest: to whom something is due, on the office's weekday, once."""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from tests.notices.conftest import Team

from xiuhua.assessment.actions import run_today
from xiuhua.kernel.models import OutboxEvent
from xiuhua.kernel.words import SYSTEM
from xiuhua.notices.actions import hear_weekly, weekly_digests
from xiuhua.notices.models import Channel, Message, Notice
from xiuhua.notices.phrases import told
from xiuhua.notices.words import ChannelKind
from xiuhua.responsibility.models import Post

# on PostgreSQL a freeze reads through a connection of its own, which sees only what is committed
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


@pytest.fixture
def monday(transactional_db: None, home: Path, team: Team) -> Team:
    """The team on a Monday, with where its communities and units stand by then; A-17 falls due in 30 hours."""
    team.tenant.settings = {"by": "community"}
    team.tenant.save()
    for level in ("community", "unit"):
        run_today(team.tenant, by_level=level, by=SYSTEM, at=team.at)
    return team


def test_digest_when_something_is_due_goes_once_to_the_people_of_the_unit_and_of_its_ground(monday: Team) -> None:
    deputised = Post.objects.get(user=monday.people["green"])
    Post.objects.create(user=monday.people["blue"], role=deputised.role, deputy_of=deputised)
    whole = Channel.objects.create(tenant=monday.tenant, kind=ChannelKind.WEBHOOK, name="全街道", address="https://x")
    for name, more in (("绿队", {"body": monday.unit}), ("点名要", {"events": ["standing.weekly"]})):
        Channel.objects.create(tenant=monday.tenant, kind=ChannelKind.WEBHOOK, name=name, address="https://x", **more)
    later = monday.at + timedelta(hours=1)
    assert [weekly_digests(monday.tenant, moment) for moment in (monday.at, later)] == [2, 0]
    heard = [hear_weekly(event, later) for event in OutboxEvent.objects.filter(name="standing.weekly").order_by("pk")]
    # the community's: its secretary, and the channel that asks; the unit's: its people, its channel, the one that asks
    assert heard == [2, 4]
    assert [hear_weekly(event, later) for event in OutboxEvent.objects.filter(name="standing.weekly")] == [0, 0]
    read = Notice.objects.order_by("pk").values_list("user__username", "facts__subject")
    assert list(read) == [("secretary", "A社区"), ("green", "green队"), ("blue", "green队")]
    assert not Message.objects.filter(channel=whole).exists()
    assert Notice.objects.filter(user__username="green").get().facts == {
        "subject": "green队",
        "by": "unit",
        "code": "green",
        "as_of": monday.at.astimezone(UTC).isoformat(),
        "score": "",
        "rank": "",
        "ranked": 0,
        "due_week": 1,
        "late_open": 0,
        "helps": "A-17",
        "link": "/ranking/green/?month=2026-11&by=unit&scheme=basic",
    }


@pytest.mark.parametrize(
    ("weekday", "days", "sent"),
    [
        pytest.param(0, 0, 0, id="never"),
        pytest.param(2, 0, 0, id="on-tuesdays-only"),
        pytest.param(2, 1, 2, id="tuesday"),
        pytest.param(4, 3, 0, id="nothing-written-for-days"),
    ],
)
def test_digest_when_the_office_has_chosen_a_weekday_keeps_to_it(
    monday: Team, weekday: int, days: int, sent: int
) -> None:
    monday.tenant.settings["digest_weekday"] = weekday
    assert weekly_digests(monday.tenant, monday.at + timedelta(days=days)) == sent


def test_digest_when_nothing_is_due_is_not_sent(monday: Team) -> None:
    type(monday.case).objects.update(due_at=monday.at + timedelta(days=30))
    at = monday.at + timedelta(minutes=1)
    for level in ("community", "unit"):
        run_today(monday.tenant, by_level=level, by=SYSTEM, at=at)
    assert weekly_digests(monday.tenant, at) == 0


def test_digest_when_read_says_where_it_stands_and_what_helps_in_the_readers_language() -> None:
    facts = {
        "subject": "A社区",
        "score": "81.43",
        "rank": "4",
        "ranked": 7,
        "due_week": 3,
        "late_open": 1,
        "helps": "A-1、A-2",
    }
    zone = ZoneInfo("Asia/Shanghai")
    with translation.override("zh-hans"):
        assert told("standing.weekly", facts, zone, "") == (
            "每周提要：A社区",
            "到今天：81.43 分，第 4 名（共 7 个）\n七天内到期：七天内到期 3 件，已逾期未结 1 件\n建议：先结这几件最有用：A-1、A-2",
        )
    with translation.override("en"):
        title, body = told("standing.weekly", {**facts, "rank": ""}, zone, "")
        assert (title, body.splitlines()[0]) == ("This week: A社区", "So far: 81.43 points, not ranked")
