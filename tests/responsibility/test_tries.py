"""Tries at a secret: how many, from where, against whom, and what the ledger says."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.responsibility.accounts import ELSEWHERE, HERE, everything, fail, verbs

from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.responsibility.actions import (
    TooManyTries,
    begin_try,
    clear_accounts,
    pass_try,
)
from xiuhua.responsibility.models import (
    SecretTry,
    User,
)
from xiuhua.responsibility.rules.throttling import LIMIT, SPAN


def test_tries_when_five_fail_then_the_sixth_is_refused_with_the_wait(lin: User, at: datetime) -> None:
    for second in range(LIMIT):
        fail("password", "lin", HERE, lin, at + timedelta(seconds=second))
    with pytest.raises(TooManyTries) as refused:
        begin_try("password", "LIN ", HERE, at=at + timedelta(minutes=5))
    assert refused.value.facts == {"minutes": 10}
    begin_try("password", "lin", HERE, at=at + SPAN)


def test_tries_when_the_victim_is_attacked_from_elsewhere_then_he_gets_in(lin: User, at: datetime) -> None:
    for _i in range(LIMIT):
        fail("password", "lin", ELSEWHERE, lin, at)
    with pytest.raises(TooManyTries):
        begin_try("password", "lin", ELSEWHERE, at=at)
    pass_try(begin_try("password", "lin", HERE, at=at))


def test_tries_when_one_place_goes_through_many_accounts_then_it_is_stopped(
    lin: User, at: datetime, settings: Any
) -> None:
    settings.TRIES_PER_PLACE = 7
    for number in range(7):
        fail("password", f"name{number}", HERE, None, at)
    with pytest.raises(TooManyTries):
        begin_try("password", "lin", HERE, at=at)
    begin_try("password", "lin", ELSEWHERE, at=at)


def test_tries_when_one_gets_in_then_what_the_place_did_to_others_stays(lin: User, at: datetime, settings: Any) -> None:
    settings.TRIES_PER_PLACE = 7
    for number in range(6):
        fail("password", f"name{number}", HERE, None, at)
    pass_try(begin_try("password", "lin", HERE, at=at))
    fail("password", "lin", HERE, lin, at)
    with pytest.raises(TooManyTries):
        begin_try("password", "lin", HERE, at=at)


def test_tries_when_refused_then_they_do_not_lengthen_the_lock(lin: User, at: datetime) -> None:
    for _i in range(LIMIT):
        fail("password", "lin", HERE, lin, at)
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
    before = len(verbs())
    for _i in range(LIMIT):
        fail("password", "lin", HERE, lin, at)
    assert verbs()[before:] == ["account.fail"] * LIMIT + ["account.lock"]
    assert {line.about for line in LedgerLine.objects.filter(verb="account.lock")} == {"user:lin"}


def test_tries_when_the_name_is_nobodys_then_no_table_holds_it(lin: User, at: datetime) -> None:
    # people type their password where the name belongs
    fail("password", "my-secret-word", HERE, None, at)
    line = LedgerLine.objects.get(verb="account.fail")
    assert re.fullmatch(r"nobody:[0-9a-f]{16}", line.about)
    assert "my-secret-word" not in everything()


def test_tries_when_old_then_the_night_clears_them(lin: User, street: Tenant, at: datetime) -> None:
    fail("password", "lin", HERE, lin, at)
    assert clear_accounts(street, at + SPAN) == 0
    assert clear_accounts(street, at + 2 * SPAN) == 1
