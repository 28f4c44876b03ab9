"""Who hears that a bulletin moved on: the next approver, the authors, all who took part; nobody who may not see it."""

from __future__ import annotations

import pytest
from tests.living import Office, make_office

from xiuhua.disclosure import actions
from xiuhua.disclosure.models import Bulletin, BulletinVersion
from xiuhua.kernel.models import OutboxEvent
from xiuhua.notices.actions.bulletins import hear_bulletin
from xiuhua.notices.models import Channel, Message, Notice
from xiuhua.notices.phrases import told
from xiuhua.responsibility.models import Post, User
from xiuhua.responsibility.words import Role


@pytest.fixture
def office(db: None) -> Office:
    """An office with a bulletin that cleo has begun."""
    return make_office("heard")


@pytest.fixture
def draft(office: Office) -> Bulletin:
    """A bulletin that cleo has begun."""
    made = Bulletin.objects.create(tenant=office.tenant, period="2026-11", title="十一月通报", made_at=office.now)
    blocks = [{"kind": "paragraph", "text": "一句话。"}]
    BulletinVersion.objects.create(
        bulletin=made,
        number=1,
        title="十一月通报",
        blocks=blocks,
        digest="0",
        author=office.users["cleo"],
        at=office.now,
    )
    return made


def heard(office: Office) -> dict[str, set[str]]:
    """Hand on what happened and return who has heard of which event, twice so that nobody hears twice."""
    for _time in range(2):
        for event in OutboxEvent.objects.filter(tenant=office.tenant, name__startswith="bulletin.").order_by("pk"):
            hear_bulletin(event, office.now)
    rows = list(Notice.objects.filter(tenant=office.tenant).values_list("name", "user__name"))
    assert len(rows) == len(set(rows))
    return {name: {user for event, user in rows if event == name} for name in {event for event, _user in rows}}


def submit(office: Office, one: Bulletin) -> None:
    actions.submit(office.tenant, one.pk, seen=1, by=office.actor("cleo"), at=office.later(minutes=1))


def approve(office: Office, one: Bulletin, step: str, by: str) -> None:
    actions.approve(office.tenant, one.pk, step, seen=1, by=office.actor(by), at=office.later(minutes=1))


def test_step_when_it_waits_then_who_may_take_it_hears_and_nobody_else(office: Office, draft: Bulletin) -> None:
    submit(office, draft)
    assert heard(office) == {"bulletin.submit": {"lea", "stan"}}
    approve(office, draft, "department", "stan")
    assert heard(office)["bulletin.approve"] == {"bo"}  # stan took the first step
    notice = Notice.objects.filter(name="bulletin.approve").first()
    assert notice is not None
    assert notice.facts["link"] == f"/bulletins/{draft.pk}/"


def test_step_when_somebody_wrote_the_text_then_he_does_not_hear_that_it_waits(office: Office, draft: Bulletin) -> None:
    BulletinVersion.objects.create(
        bulletin=draft, number=2, title="二", blocks=[], digest="1", author=office.users["lea"], at=office.now
    )
    submit(office, draft)
    assert "lea" not in heard(office).get("bulletin.submit", set())


def test_step_when_it_was_taken_before_the_news_arrives_then_nobody_hears_that_it_waits(
    office: Office, draft: Bulletin
) -> None:
    submit(office, draft)
    approve(office, draft, "department", "lea")
    assert set(heard(office)) == {"bulletin.approve"}


def test_step_when_a_deputy_stands_in_then_he_hears_and_who_left_does_not(office: Office, draft: Bulletin) -> None:
    lead = Post.objects.get(user=office.users["lea"])
    deputy = User.objects.create(username="dee", name="dee", tenant=office.tenant)
    Post.objects.create(user=deputy, role=lead.role, deputy_of=lead)
    gone = User.objects.create(username="gone", name="gone", tenant=office.tenant, is_active=False)
    Post.objects.create(user=gone, role=lead.role)
    submit(office, draft)
    found = heard(office)["bulletin.submit"]
    assert ("dee" in found, "gone" in found, "lea" in found) == (True, False, True)


def test_text_when_sent_back_then_its_authors_hear(office: Office, draft: Bulletin) -> None:
    submit(office, draft)
    actions.send_back(office.tenant, draft.pk, "缺少对比", seen=1, by=office.actor("lea"), at=office.later(minutes=1))
    assert heard(office) == {"bulletin.send_back": {"cleo"}}
    title, body = told("bulletin.send_back", Notice.objects.get().facts, office.now.tzinfo, "https://x.test")
    assert (title, body.splitlines()[-1]) == ("通报被退回：十一月通报", f"https://x.test/bulletins/{draft.pk}/")
    assert "缺少对比" not in body


def test_text_when_issued_then_all_who_took_part_hear_but_who_issued_and_who_may_see_no_more(
    office: Office, draft: Bulletin
) -> None:
    submit(office, draft)
    for step, by in (("department", "lea"), ("leader", "bo"), ("confidentiality", "sue")):
        approve(office, draft, step, by)
    assert heard(office) == {"bulletin.pass": {"cleo", "lea"}}
    Post.objects.filter(user=office.users["bo"]).update(role=Role.HANDLER)
    facts = {"bulletin": draft.pk, "by": office.users["cleo"].pk, "step": "", "round": 1}
    event = OutboxEvent.objects.create(
        tenant=office.tenant, name="bulletin.issue", about="b", facts=facts, at=office.now, due_at=office.now
    )
    hear_bulletin(event, office.now)
    found = set(Notice.objects.filter(name="bulletin.issue").values_list("user__name", flat=True))
    assert found == {"lea", "sue"}


def test_channel_when_it_names_the_event_then_it_hears_and_no_other(office: Office, draft: Bulletin) -> None:
    for name, events in (("all", []), ("named", ["bulletin.submit"])):
        Channel.objects.create(tenant=office.tenant, kind="webhook", name=name, address="https://x.test", events=events)
    submit(office, draft)
    heard(office)
    assert list(Message.objects.values_list("channel__name", flat=True)) == ["named"]
