"""Accounts: throttle, links, second factor, standing – each act one ledger line, no secret in any table."""

# ruff: noqa: ARG005 - every act of the table takes the same four

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pyotp
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.guards import ROUNDS

from xiuhua.kernel.models import LedgerLine, OutboxEvent, Tenant
from xiuhua.kernel.registry import subscribers_of
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import (
    AccountsThere,
    CodeWrong,
    EmailMalformed,
    LinkDead,
    PasswordWeak,
    PasswordWrong,
    SecondFactorThere,
    TooManyTries,
    UserMalformed,
    accept,
    ask_reset,
    begin_second_factor,
    begin_try,
    change_password,
    clear_accounts,
    confirm_second_factor,
    create_user,
    deactivate,
    describe,
    drop_second_factor,
    fail_try,
    invite,
    invite_again,
    open_set_up,
    pass_second_factor,
    pass_try,
    reactivate,
    renew_recovery_codes,
    reset,
    reset_link,
    secrets_of,
    set_password,
    set_up,
    take_second_factor,
)
from xiuhua.responsibility.models import (
    AccountLink,
    PastPassword,
    RecoveryCode,
    SecondFactor,
    SecretTry,
    User,
    UserSession,
)
from xiuhua.responsibility.queries import password_due
from xiuhua.responsibility.queries.accounts import token_of
from xiuhua.responsibility.rules.throttling import LIMIT, SPAN
from xiuhua.responsibility.words import Role

OLD, NEW = "quiet-canal-31", "stone-bridge-52"
HERE, ELSEWHERE = "192.0.2.7", "198.51.100.9"


@pytest.fixture
def lin(street: Tenant, ana: Actor, at: datetime) -> User:
    """Lin with a password and an e-mail address."""
    user = create_user("lin", OLD, name="林", tenant=street, by=ana, at=at, role=Role.CLERK)
    describe(user, name="林", email="lin@example.org", by=ana, at=at)
    return user


def _session(user: User, at: datetime, key: str) -> None:
    UserSession.objects.create(
        session_key=key,
        handle=f"h{key}",
        session_data="",
        expire_date=at + timedelta(days=1),
        user=user,
        began_at=at,
        seen_at=at,
    )


def _fail(what: str, name: str, address: str, user: User | None, at: datetime) -> None:
    fail_try(begin_try(what, name, address, at=at), user, at=at)


def _verbs() -> list[str]:
    return list(LedgerLine.objects.order_by("pk").values_list("verb", flat=True))


# passwords


def test_password_when_kept_then_dear_to_guess(monkeypatch: pytest.MonkeyPatch, street: Tenant, at: datetime) -> None:
    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", ROUNDS)
    kept = create_user("lin", OLD, name="林", tenant=street, by=Actor("shell:test"), at=at).password
    algorithm, rounds, _salt, _hash = kept.split("$")
    assert (algorithm, int(rounds) >= 600_000) == ("pbkdf2_sha256", True)  # what OWASP asks of it in 2023


# tries


def test_tries_when_five_fail_then_the_sixth_is_refused_with_the_wait(lin: User, at: datetime) -> None:
    for second in range(LIMIT):
        _fail("password", "lin", HERE, lin, at + timedelta(seconds=second))
    with pytest.raises(TooManyTries) as refused:
        begin_try("password", "LIN ", HERE, at=at + timedelta(minutes=5))
    assert refused.value.facts == {"minutes": 10}
    begin_try("password", "lin", HERE, at=at + SPAN)


def test_tries_when_the_victim_is_attacked_from_elsewhere_then_he_gets_in(lin: User, at: datetime) -> None:
    for _i in range(LIMIT):
        _fail("password", "lin", ELSEWHERE, lin, at)
    with pytest.raises(TooManyTries):
        begin_try("password", "lin", ELSEWHERE, at=at)
    pass_try(begin_try("password", "lin", HERE, at=at))


def test_tries_when_one_place_goes_through_many_accounts_then_it_is_stopped(
    lin: User, at: datetime, settings: Any
) -> None:
    settings.TRIES_PER_PLACE = 7
    for number in range(7):
        _fail("password", f"name{number}", HERE, None, at)
    with pytest.raises(TooManyTries):
        begin_try("password", "lin", HERE, at=at)
    begin_try("password", "lin", ELSEWHERE, at=at)


def test_tries_when_one_gets_in_then_what_the_place_did_to_others_stays(lin: User, at: datetime, settings: Any) -> None:
    settings.TRIES_PER_PLACE = 7
    for number in range(6):
        _fail("password", f"name{number}", HERE, None, at)
    pass_try(begin_try("password", "lin", HERE, at=at))
    _fail("password", "lin", HERE, lin, at)
    with pytest.raises(TooManyTries):
        begin_try("password", "lin", HERE, at=at)


def test_tries_when_refused_then_they_do_not_lengthen_the_lock(lin: User, at: datetime) -> None:
    for _i in range(LIMIT):
        _fail("password", "lin", HERE, lin, at)
    for second in range(20):
        with pytest.raises(TooManyTries):
            begin_try("password", "lin", HERE, at=at + timedelta(seconds=second))
    assert SecretTry.objects.count() == LIMIT


def test_tries_when_not_yet_judged_then_they_count_already(lin: User, at: datetime) -> None:
    for _i in range(LIMIT):
        begin_try("password", "lin", HERE, at=at)
    with pytest.raises(TooManyTries):
        begin_try("password", "lin", HERE, at=at)


def test_tries_when_they_fail_then_each_is_a_line_and_the_lock_one_more(lin: User, at: datetime) -> None:
    before = len(_verbs())
    for _i in range(LIMIT):
        _fail("password", "lin", HERE, lin, at)
    assert _verbs()[before:] == ["account.fail"] * LIMIT + ["account.lock"]
    assert {line.about for line in LedgerLine.objects.filter(verb="account.lock")} == {"user:lin"}


def test_tries_when_the_name_is_nobodys_then_no_table_holds_it(lin: User, at: datetime) -> None:
    # people type their password where the name belongs
    _fail("password", "my-secret-word", HERE, None, at)
    line = LedgerLine.objects.get(verb="account.fail")
    assert re.fullmatch(r"nobody:[0-9a-f]{16}", line.about)
    assert "my-secret-word" not in _everything()


def test_tries_when_old_then_the_night_clears_them(lin: User, street: Tenant, at: datetime) -> None:
    _fail("password", "lin", HERE, lin, at)
    assert clear_accounts(street, at + SPAN) == 0
    assert clear_accounts(street, at + 2 * SPAN) == 1


def _everything() -> str:
    """Return all cells of all tables of the test's database as one text."""
    told = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of our own tables
            told += [str(row) for row in cursor.fetchall()]
    return "\n".join(told)


# passwords


def test_password_when_changed_then_others_sessions_end_and_ones_own_goes_on(
    lin: User, ana: Actor, at: datetime
) -> None:
    for key in ("one", "two", "three"):
        _session(lin, at, key)
    assert change_password(lin, OLD, NEW, by=ana, at=at, keep="two") == 2
    assert list(UserSession.objects.values_list("session_key", flat=True)) == ["two"]
    assert User.objects.get(pk=lin.pk).check_password(NEW)


@pytest.mark.parametrize(
    ("current", "new", "refusal"),
    [
        pytest.param("wrong", NEW, PasswordWrong, id="the present one is wrong"),
        pytest.param(OLD, "short", PasswordWeak, id="too short"),
        pytest.param(OLD, OLD, PasswordWeak, id="the same again"),
        pytest.param(OLD, "星河街道星河街道星河街道", PasswordWeak, id="the office's name"),
        pytest.param(OLD, "lin@example.org!", PasswordWeak, id="one's own address"),
    ],
)
def test_password_when_refused_then_nothing_changes(
    lin: User, ana: Actor, at: datetime, current: str, new: str, refusal: type[Exception]
) -> None:
    _session(lin, at, "one")
    before = _everything()
    with pytest.raises(refusal):
        change_password(lin, current, new, by=ana, at=at)
    assert _everything() == before


def test_password_when_the_profile_keeps_a_history_then_the_last_ones_are_refused(
    lin: User, ana: Actor, at: datetime, settings: Any
) -> None:
    settings.PASSWORD_PROFILE, settings.PASSWORD_HISTORY = "mlps3", 3
    words = [OLD, "Stone-bridge-52", "Green-willow-53", "Night-market-54"]
    for before, after in pairwise(words):
        change_password(lin, before, after, by=ana, at=at)
        at += timedelta(days=1)
    for used in words[1:]:
        with pytest.raises(PasswordWeak) as refused:
            change_password(lin, words[-1], used, by=ana, at=at)
        assert refused.value.facts["codes"] == "password.used"
    change_password(lin, words[-1], OLD, by=ana, at=at)
    assert PastPassword.objects.count() == 2


@pytest.mark.parametrize(("profile", "days", "due"), [("asvs", 3650, False), ("mlps3", 90, False), ("mlps3", 91, True)])
def test_password_when_in_use_for_long_then_only_the_other_profile_wants_a_new_one(
    lin: User, at: datetime, settings: Any, profile: str, days: int, due: bool
) -> None:
    settings.PASSWORD_PROFILE = profile
    assert password_due(lin, at + timedelta(days=days)) is due


def test_password_when_set_by_an_administrator_then_all_sessions_end(
    lin: User, street: Tenant, ana: Actor, at: datetime
) -> None:
    _session(lin, at, "one")
    set_password(street, "lin", NEW, by=ana, at=at)
    assert UserSession.objects.count() == 0


# links


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
    _enrolled(lin, ana, at)
    _session(lin, at, "one")
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
    assert found[1] not in _everything()
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


# the second factor


def _enrolled(user: User, by: Actor, at: datetime) -> tuple[pyotp.TOTP, list[str]]:
    totp = pyotp.TOTP(secrets_of(begin_second_factor(user, at=at))[0])
    return totp, confirm_second_factor(user, totp.at(at), by=by, at=at)


def test_second_factor_when_confirmed_then_its_codes_pass_once_each(lin: User, ana: Actor, at: datetime) -> None:
    totp, _codes = _enrolled(lin, ana, at)
    with pytest.raises(CodeWrong):  # the code that confirmed it
        pass_second_factor(lin, totp.at(at), at=at)
    later = at + timedelta(seconds=30)
    assert pass_second_factor(lin, totp.at(later), at=later) == "totp"
    with pytest.raises(CodeWrong):
        pass_second_factor(lin, totp.at(later), at=later)


def test_second_factor_when_not_confirmed_then_it_does_not_count(lin: User, at: datetime) -> None:
    totp = pyotp.TOTP(secrets_of(begin_second_factor(lin, at=at))[0])
    with pytest.raises(CodeWrong):
        pass_second_factor(lin, totp.at(at), at=at)


def test_recovery_codes_when_used_then_each_works_once(lin: User, ana: Actor, at: datetime) -> None:
    _totp, codes = _enrolled(lin, ana, at)
    assert len(set(codes)) == 10
    for code in codes:
        assert pass_second_factor(lin, code.upper().replace("-", " "), at=at) == "recovery"
    for code in codes:
        with pytest.raises(CodeWrong):
            pass_second_factor(lin, code, at=at)


def test_recovery_codes_when_renewed_then_the_old_ones_are_void(lin: User, ana: Actor, at: datetime) -> None:
    _totp, old = _enrolled(lin, ana, at)
    new = renew_recovery_codes(lin, old[0], by=ana, at=at)
    with pytest.raises(CodeWrong):
        pass_second_factor(lin, old[1], at=at)
    assert pass_second_factor(lin, new[1], at=at) == "recovery"


def test_recovery_codes_when_they_are_somebody_elses_then_they_do_not_pass(
    lin: User, street: Tenant, ana: Actor, at: datetime
) -> None:
    mei = create_user("mei", OLD, name="", tenant=street, by=ana, at=at)
    _enrolled(mei, ana, at)
    _totp, codes = _enrolled(lin, ana, at)
    with pytest.raises(CodeWrong):
        pass_second_factor(mei, codes[0], at=at)


def test_server_key_when_changed_then_what_was_made_with_the_old_one_works_as_long_as_it_is_named(
    lin: User, street: Tenant, ana: Actor, at: datetime, settings: Any
) -> None:
    totp, codes = _enrolled(lin, ana, at)
    token, later = reset_link(street, "lin", by=ana, at=at), at + timedelta(seconds=60)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key"
    for code in (totp.at(later), codes[0]):
        with pytest.raises(CodeWrong):
            pass_second_factor(lin, code, at=later)
    with pytest.raises(LinkDead):
        reset(token, NEW, at=later)
    settings.SECRET_KEY_FALLBACKS = [old]
    used = [pass_second_factor(lin, code, at=later) for code in (totp.at(later), codes[0])]
    assert used == ["totp", "recovery"]
    assert reset(token, NEW, at=later).check_password(NEW)


def test_second_factor_when_kept_then_no_table_holds_secret_or_codes(lin: User, ana: Actor, at: datetime) -> None:
    totp, codes = _enrolled(lin, ana, at)
    held = _everything()
    assert [
        word
        for word in (totp.secret, totp.secret.lower(), *codes, *(c.replace("-", "") for c in codes))
        if word in held
    ] == []


def test_second_factor_when_on_then_it_cannot_be_begun_again(lin: User, ana: Actor, at: datetime) -> None:
    _enrolled(lin, ana, at)
    with pytest.raises(SecondFactorThere):
        begin_second_factor(lin, at=at)
    with pytest.raises(SecondFactorThere):
        confirm_second_factor(lin, "000000", by=ana, at=at)


def test_second_factor_when_given_up_or_taken_then_nothing_of_it_is_left(
    lin: User, street: Tenant, ana: Actor, at: datetime
) -> None:
    _totp, codes = _enrolled(lin, ana, at)
    drop_second_factor(lin, codes[0], by=ana, at=at)
    assert (SecondFactor.objects.count(), RecoveryCode.objects.count()) == (0, 0)
    _enrolled(lin, ana, at)
    _session(lin, at, "one")
    take_second_factor(street, "lin", by=ana, at=at)
    assert (SecondFactor.objects.count(), RecoveryCode.objects.count(), UserSession.objects.count()) == (0, 0, 0)


# standing


def test_account_when_switched_off_then_its_sessions_end_and_the_ledger_stays(
    lin: User, street: Tenant, ana: Actor, at: datetime
) -> None:
    _session(lin, at, "one")
    lines = LedgerLine.objects.count()
    assert deactivate(street, "lin", by=ana, at=at, reason="left") == 1
    assert deactivate(street, "lin", by=ana, at=at) == 0  # again changes nothing
    reactivate(street, "lin", by=ana, at=at)
    assert _verbs()[lines:] == ["account.off", "account.on"]
    assert User.objects.get(pk=lin.pk).check_password(OLD)


ACTS: dict[str, tuple[Callable[[User, Tenant, Actor, datetime], object], list[str]]] = {
    "set password": (lambda u, t, a, at: set_password(t, "lin", NEW, by=a, at=at), ["user.password"]),
    "change password": (lambda u, t, a, at: change_password(u, OLD, NEW, by=a, at=at), ["user.password"]),
    "describe": (lambda u, t, a, at: describe(u, name="新", email="", by=a, at=at), ["user.describe"]),
    "describe as it is": (lambda u, t, a, at: describe(u, name=u.name, email=u.email, by=a, at=at), []),
    "invite": (lambda u, t, a, at: invite(t, "mei", name="", by=a, at=at), ["user.create", "account.invite"]),
    "ask for a reset": (lambda u, t, a, at: ask_reset("lin", at=at), ["account.forgot"]),
    "hand out a reset": (lambda u, t, a, at: reset_link(t, "lin", by=a, at=at), ["account.reset_link"]),
    "second factor": (lambda u, t, a, at: _enrolled(u, a, at), ["account.second_on"]),
    "switch off": (lambda u, t, a, at: deactivate(t, "lin", by=a, at=at), ["account.off"]),
}


@pytest.mark.parametrize(("act", "verbs"), ACTS.values(), ids=[name.replace(" ", "-") for name in ACTS])
def test_act_when_done_then_the_ledger_says_so_and_holds_no_secret(
    lin: User, street: Tenant, ana: Actor, at: datetime, act: Callable[..., object], verbs: list[str]
) -> None:
    before = len(_verbs())
    act(lin, street, ana, at)
    assert _verbs()[before:] == verbs
    told = "\n".join(str(line.facts) for line in LedgerLine.objects.all())
    tokens = [token_of(link) for link in AccountLink.objects.all()]
    assert [word for word in (OLD, NEW, "lin@example.org", *tokens) if word in told] == []
