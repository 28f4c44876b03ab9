"""Links to an account: the first set-up, invitations, forgotten passwords."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.responsibility.accounts import NEW, OLD, enrolled, everything, session

from xiuhua.kernel.models import OutboxEvent, Tenant
from xiuhua.kernel.registry import subscribers_of
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import (
    AccountsThere,
    EmailMalformed,
    LinkDead,
    PasswordWeak,
    UserMalformed,
    accept,
    ask_reset,
    clear_accounts,
    create_user,
    deactivate,
    invite,
    invite_again,
    open_set_up,
    reset,
    reset_link,
    set_up,
)
from xiuhua.responsibility.models import (
    AccountLink,
    SecondFactor,
    User,
    UserSession,
)
from xiuhua.responsibility.words import Role


def test_set_up_when_the_office_is_empty_then_its_link_makes_the_first_account_once(
    street: Tenant, ana: Actor, at: datetime
) -> None:
    first, second = open_set_up(street, by=ana, at=at), open_set_up(street, by=ana, at=at)
    user = set_up(first, "xu", OLD, name="许", at=at)
    assert (user.check_password(OLD), [post.role for post in user.posts.all()]) == (True, ["staff"])
    for token in (first, second):
        with pytest.raises(LinkDead):
            set_up(token, "another", OLD, name="", at=at)
    with pytest.raises(AccountsThere):
        open_set_up(street, by=ana, at=at)


def test_set_up_when_the_password_is_refused_then_the_link_still_works(
    street: Tenant, ana: Actor, at: datetime
) -> None:
    token = open_set_up(street, by=ana, at=at)
    with pytest.raises(PasswordWeak):
        set_up(token, "xu", "short", name="", at=at)
    assert set_up(token, "xu", OLD, name="", at=at).tenant == street


def test_set_up_when_a_day_has_passed_then_the_link_is_dead(street: Tenant, ana: Actor, at: datetime) -> None:
    token = open_set_up(street, by=ana, at=at)
    with pytest.raises(LinkDead):
        set_up(token, "xu", OLD, name="", at=at + timedelta(days=1))


def test_invitation_when_accepted_then_the_account_has_a_password_and_the_link_is_used(
    street: Tenant, ana: Actor, at: datetime
) -> None:
    user, token = invite(street, "mei", name="梅", by=ana, at=at, email="mei@example.org")
    assert (user.has_usable_password(), user.posts.count()) == (False, 0)
    assert accept(token, OLD, at=at + timedelta(days=6)).check_password(OLD)
    with pytest.raises(LinkDead):
        accept(token, NEW, at=at)


def test_invitation_when_made_again_then_the_old_link_is_dead(street: Tenant, ana: Actor, at: datetime) -> None:
    _user, old = invite(street, "mei", name="", by=ana, at=at)
    new = invite_again(street, "mei", by=ana, at=at)
    with pytest.raises(LinkDead):
        accept(old, OLD, at=at)
    accept(new, OLD, at=at)
    with pytest.raises(AccountsThere):
        invite_again(street, "mei", by=ana, at=at)


@pytest.mark.parametrize(
    ("username", "email", "refusal"),
    [
        ("", "", UserMalformed),
        ("a b", "", UserMalformed),
        ("a\r\nBcc: x@example.org", "", UserMalformed),
        ("x" * 61, "", UserMalformed),
        ("mei", "no address", EmailMalformed),
        ("mei", "mei@example.org\r\nBcc: x@example.org", EmailMalformed),
    ],
)
def test_invitation_when_malformed_then_nobody_is_made(
    street: Tenant, ana: Actor, at: datetime, username: str, email: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        invite(street, username, name="", by=ana, at=at, email=email)
    assert User.objects.count() == 0


@pytest.mark.parametrize(("minutes", "works"), [(29, True), (30, False)])
def test_reset_when_half_an_hour_has_passed_then_the_link_is_dead(
    lin: User, street: Tenant, ana: Actor, at: datetime, minutes: int, works: bool
) -> None:
    token, later = reset_link(street, "lin", by=ana, at=at), at + timedelta(minutes=minutes)
    if works:
        assert reset(token, NEW, at=later).check_password(NEW)
    else:
        with pytest.raises(LinkDead):
            reset(token, NEW, at=later)


def test_reset_when_done_then_sessions_end_the_second_factor_stays_and_other_links_are_dead(
    lin: User, street: Tenant, ana: Actor, at: datetime
) -> None:
    enrolled(lin, ana, at)
    session(lin, at, "one")
    tokens = [reset_link(street, "lin", by=ana, at=at) for _i in range(2)]
    reset(tokens[0], NEW, at=at)
    assert (UserSession.objects.count(), SecondFactor.objects.filter(confirmed_at__isnull=False).count()) == (0, 1)
    for token in tokens:
        with pytest.raises(LinkDead):
            reset(token, OLD, at=at)


def test_reset_when_the_token_is_of_another_kind_or_touched_then_it_opens_nothing(
    lin: User, street: Tenant, ana: Actor, at: datetime
) -> None:
    _user, invitation = invite(street, "mei", name="", by=ana, at=at)
    token = reset_link(street, "lin", by=ana, at=at)
    nonce, proof = token.split(".")
    for wrong in (invitation, nonce, f"{nonce}.", f"{nonce}.{proof[:-1]}", f"{nonce}.{'0' * 32}", "", ".", "é.é"):
        with pytest.raises(LinkDead):
            reset(wrong, NEW, at=at)


def test_reset_when_the_account_is_off_then_the_link_is_dead(
    lin: User, street: Tenant, ana: Actor, at: datetime
) -> None:
    token = reset_link(street, "lin", by=ana, at=at)
    deactivate(street, "lin", by=ana, at=at)
    with pytest.raises(LinkDead):
        reset(token, NEW, at=at)


def test_reset_when_asked_for_anybody_then_the_database_does_the_same_work(
    lin: User, street: Tenant, ana: Actor, at: datetime
) -> None:
    create_user("off", OLD, name="", tenant=street, by=ana, at=at, role=Role.CLERK)
    deactivate(street, "off", by=ana, at=at)
    kinds = []
    for name in ("lin", "nobody", "off"):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            ask_reset(name, at=at)
        kinds.append([query["sql"].split()[0] for query in captured.captured_queries])
    assert kinds[0] == kinds[1] == kinds[2]
    assert [link.user_id for link in AccountLink.objects.order_by("pk")] == [lin.pk, None, None]


def _deliver(at: datetime) -> None:
    for event in OutboxEvent.objects.order_by("pk"):
        for one in subscribers_of(event.name):
            one.handle(event, at)


def test_reset_when_asked_then_the_link_goes_to_the_accounts_address_and_stands_in_no_table(
    lin: User, at: datetime, settings: Any
) -> None:
    settings.EMAIL_HOST, settings.SITE_URL = "mail.example.org", "https://street.example.org"
    ask_reset("lin", at=at)
    ask_reset("nobody", at=at)
    _deliver(at)
    assert [message.to for message in mail.outbox] == [["lin@example.org"]]
    found = re.search(r"https://street\.example\.org/reset/([^/]+)/", str(mail.outbox[0].body))
    assert found
    assert found[1] not in everything()
    assert "三十分钟" in mail.outbox[0].body
    assert "thirty minutes" in mail.outbox[0].body
    reset(found[1], NEW, at=at)
    _deliver(at)  # a worker may hand an event on twice: a used link is not sent again
    assert len(mail.outbox) == 1


def test_reset_when_there_is_no_mail_host_then_nothing_is_sent(lin: User, at: datetime) -> None:
    ask_reset("lin", at=at)
    _deliver(at)
    assert mail.outbox == []


def test_link_when_long_dead_then_the_night_clears_it(lin: User, street: Tenant, ana: Actor, at: datetime) -> None:
    reset_link(street, "lin", by=ana, at=at)
    assert clear_accounts(street, at + timedelta(days=30)) == 0
    assert clear_accounts(street, at + timedelta(days=31)) == 1
