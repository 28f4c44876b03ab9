"""Who hears of what: posts and their scope decide, each person hears once, and nobody of what he may not see."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as conf
from django.core import mail
from tests.notices.conftest import Team

from xiuhua.kernel.actions import install_pack
from xiuhua.kernel.models import OutboxEvent
from xiuhua.kernel.queries import read_pack, shipped_pack
from xiuhua.kernel.words import Actor
from xiuhua.notices.actions import hear, mark_read, remind_dormant, remind_due_soon, remind_overdue, wish
from xiuhua.notices.jobs import JOBS
from xiuhua.notices.models import Notice
from xiuhua.notices.phrases import TITLES, titled
from xiuhua.notices.queries import inbox, unread_count
from xiuhua.notices.rules.routing import ROUTES
from xiuhua.notices.words import MailWish
from xiuhua.responsibility.models import Post


def _heard(team: Team) -> set[str]:
    return set(Notice.objects.values_list("user__username", flat=True))


@pytest.mark.parametrize(
    ("verb", "facts", "expected"),
    [
        ("report", {}, {"clerk"}),
        ("file", {}, {"dispatcher"}),
        ("dispatch", {}, {"green", "secretary"}),
        ("refuse", {}, {"dispatcher"}),
        ("accept", {"person": "handler"}, {"handler"}),
        ("assign", {"person": "blue"}, set()),  # may not see the case
        ("redispatch", {"body_before": "blue"}, {"green", "blue", "secretary"}),
        ("pass_review", {}, {"verifier"}),
        ("fail_check", {"person": "handler"}, {"green", "secretary", "handler"}),
        ("dispatch", {"by": "green"}, {"secretary"}),
        ("overdue", {}, {"green", "secretary", "supervisor"}),
        ("comment", {}, set()),
    ],
)
def test_event_when_it_happens_then_whom_it_concerns_hears(
    team: Team, verb: str, facts: dict[str, str], expected: set[str]
) -> None:
    keys = {"person": team.people, "by": team.people, "body_before": {"blue": team.other}}
    team.happens(verb, **{name: keys[name][value].pk for name, value in facts.items()})
    team.work()
    assert _heard(team) == expected


def test_event_when_it_comes_twice_then_nobody_hears_twice(team: Team) -> None:
    event = team.happens("dispatch")
    assert [hear(event, team.at), hear(event, team.at)] == [2, 0]


def test_event_when_somebody_got_a_post_in_between_then_only_he_hears_late(team: Team) -> None:
    event = team.happens("dispatch")
    hear(event, team.at)
    Post.objects.filter(user=team.people["blue"]).update(body=team.unit)
    assert hear(event, team.at) == 1


def test_event_when_a_deputy_stands_in_then_he_hears(team: Team) -> None:
    held = Post.objects.get(user=team.people["green"])
    Post.objects.create(user=team.people["blue"], role=held.role, deputy_of=held)
    team.happens("dispatch")
    team.work()
    assert _heard(team) == {"green", "blue", "secretary"}


def test_event_when_the_post_is_over_then_its_holder_hears_nothing(team: Team) -> None:
    Post.objects.filter(user=team.people["green"]).update(valid_to=team.at.date())
    team.happens("dispatch")
    team.work()
    assert _heard(team) == {"secretary"}


def test_notice_when_written_then_it_holds_no_text_of_people(team: Team) -> None:
    team.happens("dispatch")
    team.work()
    assert Notice.objects.first().facts == {  # type: ignore[union-attr]
        "number": "A-17",
        "kind": "暴露垃圾",
        "place": "A社区",
        "unit": "green队",
        "due": "2026-11-24T08:00:00+00:00",
        "link": f"/cases/{team.case.pk}/",
    }


def test_titles_when_an_event_is_told_then_it_has_one() -> None:
    assert set(ROUTES) - set(TITLES) == set()
    assert titled("case.dispatch", {"number": "A-17"}) == "派来一件：A-17"


def test_inbox_when_read_then_the_unread_count_is_that_of_its_list(team: Team) -> None:
    user = team.people["green"]
    for verb in ("dispatch", "rework", "reopen"):
        team.happens(verb)
    team.work()
    newest = inbox(user)[0]
    assert (mark_read(user, team.at, [newest.pk]), mark_read(team.people["blue"], team.at, [newest.pk])) == (1, 0)
    assert unread_count(user) == inbox(user, unread=True).count() == 2
    assert (mark_read(user, team.at), unread_count(user)) == (2, 0)


def test_overdue_when_the_sweep_looks_often_then_each_deadline_is_told_once(team: Team) -> None:
    found = [remind_overdue(team.tenant, team.at + timedelta(hours=hours)) for hours in (29, 31, 32)]
    team.case.due_at = team.at + timedelta(hours=40)
    team.case.save()
    found += [remind_overdue(team.tenant, team.at + timedelta(hours=hours)) for hours in (39, 41, 42)]
    assert found == [0, 1, 0, 0, 1, 0]


@pytest.fixture
def flow(team: Team) -> None:
    """The flow of the made-up street: reminded 24 and 2 hours before, and after seven days of silence."""
    by = Actor("shell:test")
    install_pack(team.tenant, read_pack(shipped_pack(Path(conf.PACKS), "flow/demo-street")), by=by, at=team.at)
    team.tenant.refresh_from_db()


@pytest.mark.usefixtures("flow")
def test_due_soon_when_warning_times_come_then_each_is_told_once(team: Team) -> None:
    found = [remind_due_soon(team.tenant, team.at + timedelta(hours=hours)) for hours in (1, 6, 7, 28, 29, 30)]
    assert found == [0, 1, 0, 1, 0, 0]


@pytest.mark.usefixtures("flow")
@pytest.mark.parametrize("change", [{"mirrored": True}, {"stage": "suspended"}, {"stage": "closed"}, {"stage": "void"}])
def test_reminders_when_the_case_is_not_ours_to_mind_then_nobody_is_reminded(
    team: Team, change: dict[str, object]
) -> None:
    type(team.case).objects.update(**change)
    late = team.at + timedelta(days=60)
    jobs = (remind_overdue, remind_due_soon, remind_dormant)
    assert [job(team.tenant, late) for job in jobs] == [0, 0, 0]


@pytest.mark.usefixtures("flow")
def test_dormant_when_nothing_is_done_then_it_is_told_once_a_week(team: Team) -> None:
    found = [remind_dormant(team.tenant, team.at + timedelta(days=day)) for day in (6, 8, 9, 15)]
    assert found == [0, 1, 0, 1]


@pytest.fixture
def mailing(settings: object) -> None:
    """Mail goes out."""
    settings.EMAIL_HOST = "mail.example"  # type: ignore[attr-defined]


def _wishes(team: Team, mail_wish: MailWish, language: str = "zh-hans") -> None:
    user = team.people["green"]
    by = Actor("user:green")
    wish(user, email="green@example.org", mail=mail_wish, language=language, by=by, at=team.at)


@pytest.mark.usefixtures("mailing")
@pytest.mark.parametrize(("language", "subject"), [("zh-hans", "派来一件：A-17"), ("en", "Sent to you: A-17")])
def test_mail_when_each_is_wished_then_it_comes_in_the_receivers_language(
    team: Team, language: str, subject: str
) -> None:
    _wishes(team, MailWish.EACH, language)
    team.happens("dispatch")
    team.finish()
    assert [(one.to, one.subject) for one in mail.outbox] == [(["green@example.org"], subject)]
    assert "张三" not in mail.outbox[0].body


@pytest.mark.usefixtures("mailing")
def test_mail_when_a_daily_digest_is_wished_then_one_comes_with_what_is_unread(team: Team) -> None:
    _wishes(team, MailWish.DAILY)
    for verb in ("dispatch", "rework", "reopen"):
        team.happens(verb)
    team.work()
    mark_read(team.people["green"], team.at, [inbox(team.people["green"])[0].pk])
    digest = next(job for job in JOBS if job.code == "notices.digest")
    assert [digest.run(team.tenant, team.at), digest.run(team.tenant, team.at)] == [1, 0]
    assert [one.subject for one in mail.outbox] == ["星河街道：2 条未读消息"]
    assert mail.outbox[0].body.count("A-17") == 2


def test_mail_when_no_server_is_set_then_nothing_is_queued(team: Team) -> None:
    _wishes(team, MailWish.EACH)
    team.happens("dispatch")
    team.work()
    assert OutboxEvent.objects.filter(name="notice.mail").count() == 0
