"""The second factor: its codes pass once each, recovery codes too, and no table holds its secret."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pyotp
import pytest
from tests.responsibility.accounts import NEW, OLD, enrolled, everything, session

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import (
    CodeWrong,
    LinkDead,
    SecondFactorThere,
    begin_second_factor,
    confirm_second_factor,
    create_user,
    drop_second_factor,
    pass_second_factor,
    renew_recovery_codes,
    reset,
    reset_link,
    secrets_of,
    take_second_factor,
)
from xiuhua.responsibility.models import (
    RecoveryCode,
    SecondFactor,
    User,
    UserSession,
)


def test_second_factor_when_confirmed_then_its_codes_pass_once_each(lin: User, ana: Actor, at: datetime) -> None:
    totp, _codes = enrolled(lin, ana, at)
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
    _totp, codes = enrolled(lin, ana, at)
    assert len(set(codes)) == 10
    for code in codes:
        assert pass_second_factor(lin, code.upper().replace("-", " "), at=at) == "recovery"
    for code in codes:
        with pytest.raises(CodeWrong):
            pass_second_factor(lin, code, at=at)


def test_recovery_codes_when_renewed_then_the_old_ones_are_void(lin: User, ana: Actor, at: datetime) -> None:
    _totp, old = enrolled(lin, ana, at)
    new = renew_recovery_codes(lin, old[0], by=ana, at=at)
    with pytest.raises(CodeWrong):
        pass_second_factor(lin, old[1], at=at)
    assert pass_second_factor(lin, new[1], at=at) == "recovery"


def test_recovery_codes_when_they_are_somebody_elses_then_they_do_not_pass(
    lin: User, street: Tenant, ana: Actor, at: datetime
) -> None:
    mei = create_user("mei", OLD, name="", tenant=street, by=ana, at=at)
    enrolled(mei, ana, at)
    _totp, codes = enrolled(lin, ana, at)
    with pytest.raises(CodeWrong):
        pass_second_factor(mei, codes[0], at=at)


def test_server_key_when_changed_then_what_was_made_with_the_old_one_works_as_long_as_it_is_named(
    lin: User, street: Tenant, ana: Actor, at: datetime, settings: Any
) -> None:
    totp, codes = enrolled(lin, ana, at)
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
    totp, codes = enrolled(lin, ana, at)
    held = everything()
    assert [
        word
        for word in (totp.secret, totp.secret.lower(), *codes, *(c.replace("-", "") for c in codes))
        if word in held
    ] == []


def test_second_factor_when_on_then_it_cannot_be_begun_again(lin: User, ana: Actor, at: datetime) -> None:
    enrolled(lin, ana, at)
    with pytest.raises(SecondFactorThere):
        begin_second_factor(lin, at=at)
    with pytest.raises(SecondFactorThere):
        confirm_second_factor(lin, "000000", by=ana, at=at)


def test_second_factor_when_given_up_or_taken_then_nothing_of_it_is_left(
    lin: User, street: Tenant, ana: Actor, at: datetime
) -> None:
    _totp, codes = enrolled(lin, ana, at)
    drop_second_factor(lin, codes[0], by=ana, at=at)
    assert (SecondFactor.objects.count(), RecoveryCode.objects.count()) == (0, 0)
    enrolled(lin, ana, at)
    session(lin, at, "one")
    take_second_factor(street, "lin", by=ana, at=at)
    assert (SecondFactor.objects.count(), RecoveryCode.objects.count(), UserSession.objects.count()) == (0, 0, 0)
