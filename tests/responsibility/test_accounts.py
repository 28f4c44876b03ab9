"""Accounts: passwords and standing – each act one ledger line, no secret in any table."""

# ruff: noqa: ARG005 - every act of the table takes the same four

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from tests.guards import ROUNDS
from tests.responsibility.accounts import NEW, OLD, enrolled, everything, session, verbs

from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import (
    PasswordWeak,
    PasswordWrong,
    ask_reset,
    change_password,
    create_user,
    deactivate,
    describe,
    invite,
    reactivate,
    reset_link,
    set_password,
)
from xiuhua.responsibility.models import (
    AccountLink,
    PastPassword,
    User,
    UserSession,
)
from xiuhua.responsibility.queries import password_due
from xiuhua.responsibility.queries.accounts import token_of


def test_password_when_kept_then_dear_to_guess(monkeypatch: pytest.MonkeyPatch, street: Tenant, at: datetime) -> None:
    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", ROUNDS)
    kept = create_user("lin", OLD, name="林", tenant=street, by=Actor("shell:test"), at=at).password
    algorithm, rounds, _salt, _hash = kept.split("$")
    assert (algorithm, int(rounds) >= 600_000) == ("pbkdf2_sha256", True)  # what OWASP asks of it in 2023


def test_password_when_changed_then_others_sessions_end_and_ones_own_goes_on(
    lin: User, ana: Actor, at: datetime
) -> None:
    for key in ("one", "two", "three"):
        session(lin, at, key)
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
    session(lin, at, "one")
    before = everything()
    with pytest.raises(refusal):
        change_password(lin, current, new, by=ana, at=at)
    assert everything() == before


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
    session(lin, at, "one")
    set_password(street, "lin", NEW, by=ana, at=at)
    assert UserSession.objects.count() == 0


def test_account_when_switched_off_then_its_sessions_end_and_the_ledger_stays(
    lin: User, street: Tenant, ana: Actor, at: datetime
) -> None:
    session(lin, at, "one")
    lines = LedgerLine.objects.count()
    assert deactivate(street, "lin", by=ana, at=at, reason="left") == 1
    assert deactivate(street, "lin", by=ana, at=at) == 0  # again changes nothing
    reactivate(street, "lin", by=ana, at=at)
    assert verbs()[lines:] == ["account.off", "account.on"]
    assert User.objects.get(pk=lin.pk).check_password(OLD)


ACTS: dict[str, tuple[Callable[[User, Tenant, Actor, datetime], object], list[str]]] = {
    "set password": (lambda u, t, a, at: set_password(t, "lin", NEW, by=a, at=at), ["user.password"]),
    "change password": (lambda u, t, a, at: change_password(u, OLD, NEW, by=a, at=at), ["user.password"]),
    "describe": (lambda u, t, a, at: describe(u, name="新", email="", by=a, at=at), ["user.describe"]),
    "describe as it is": (lambda u, t, a, at: describe(u, name=u.name, email=u.email, by=a, at=at), []),
    "invite": (lambda u, t, a, at: invite(t, "mei", name="", by=a, at=at), ["user.create", "account.invite"]),
    "ask for a reset": (lambda u, t, a, at: ask_reset("lin", at=at), ["account.forgot"]),
    "hand out a reset": (lambda u, t, a, at: reset_link(t, "lin", by=a, at=at), ["account.reset_link"]),
    "second factor": (lambda u, t, a, at: enrolled(u, a, at), ["account.second_on"]),
    "switch off": (lambda u, t, a, at: deactivate(t, "lin", by=a, at=at), ["account.off"]),
}


@pytest.mark.parametrize(("act", "told"), ACTS.values(), ids=[name.replace(" ", "-") for name in ACTS])
def test_act_when_done_then_the_ledger_says_so_and_holds_no_secret(
    lin: User, street: Tenant, ana: Actor, at: datetime, act: Callable[..., object], told: list[str]
) -> None:
    before = len(verbs())
    act(lin, street, ana, at)
    assert verbs()[before:] == told
    said = "\n".join(str(line.facts) for line in LedgerLine.objects.all())
    tokens = [token_of(link) for link in AccountLink.objects.all()]
    assert [word for word in (OLD, NEW, "lin@example.org", *tokens) if word in said] == []
