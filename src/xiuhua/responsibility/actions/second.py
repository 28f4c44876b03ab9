"""The only writers of second factors and recovery codes."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Refusal
from xiuhua.responsibility.actions.passwords import others_account
from xiuhua.responsibility.actions.sessions import end_sessions
from xiuhua.responsibility.models import RecoveryCode, SecondFactor, User
from xiuhua.responsibility.queries.accounts import named_digests
from xiuhua.responsibility.rules.derived import ALPHABET, matching_step, recovery_text, totp_secret

#: Recovery codes made at once, and their length: 50 bits each.
CODES, LENGTH = 10, 10


class CodeWrong(Refusal):
    """The code is not one of the authenticator, or was used already."""

    code = "account.code_wrong"
    sentence = _("验证码不对或已用过，请等下一个再试。")


class SecondFactorThere(Refusal):
    """The account has a second factor already."""

    code = "account.second_there"
    sentence = _("这个账号已有第二步验证。")


class SecondFactorMissing(Refusal):
    """The account has no second factor."""

    code = "account.second_missing"
    sentence = _("这个账号没有第二步验证。")


def begin_second_factor(user: User, *, at: datetime) -> SecondFactor:
    """Give a person an authenticator that counts once a code of it is shown; return it. Raises SecondFactorThere.

    Beginning again replaces what was begun. No ledger line: nothing has changed until it is confirmed.
    """
    with transaction.atomic():
        if SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists():
            raise SecondFactorThere
        fresh = {"salt": secrets.token_urlsafe(32), "started_at": at, "confirmed_at": None, "last_step": 0}
        factor, _made = SecondFactor.objects.update_or_create(user=user, defaults=fresh)
    return factor


def secrets_of(factor: SecondFactor) -> Sequence[str]:
    """Return the secrets an authenticator may have: by the server's key, and by keys it had before."""
    return [totp_secret(key, factor.salt) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def confirm_second_factor(user: User, code: str, *, by: Actor, at: datetime, keep: str = "") -> list[str]:
    """Make the authenticator count, by a code of it; return the recovery codes, which are shown once and never again.

    Other sessions than `keep` end: they have not shown it. Raises SecondFactorMissing, SecondFactorThere, CodeWrong.
    """
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(user=user).first()
        if factor is None:
            raise SecondFactorMissing
        if factor.confirmed_at:
            raise SecondFactorThere
        step = matching_step(secrets_of(factor), code, at, after=factor.last_step)
        if step is None:
            raise CodeWrong
        factor.confirmed_at, factor.last_step = at, step
        factor.save(update_fields=["confirmed_at", "last_step"])
        codes = _fresh_codes(user)
        end_sessions(user, keep=keep)
        record("account.second_on", about=f"user:{user.username}", by=by, at=at, tenant=user.tenant)
    return codes


def pass_second_factor(user: User, code: str, *, at: datetime) -> str:
    """Take a code of the authenticator or a recovery code, once; return which it was ("totp", "recovery"). Raises CodeWrong.

    Of two uses of one code at the same moment one wins: the update says whether it was the first.
    """
    factor = SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()
    if factor is None:
        raise CodeWrong
    step = matching_step(secrets_of(factor), code, at, after=factor.last_step)
    if step is not None:
        if SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step):
            return "totp"
        raise CodeWrong
    if RecoveryCode.objects.filter(user=user, digest__in=_digests(user, code), used_at=None).update(used_at=at):
        return "recovery"
    raise CodeWrong


def renew_recovery_codes(user: User, code: str, *, by: Actor, at: datetime) -> list[str]:
    """Replace the recovery codes, by a code; return the new ones. Raises CodeWrong."""
    with transaction.atomic():
        pass_second_factor(user, code, at=at)
        codes = _fresh_codes(user)
        record("account.recovery_renew", about=f"user:{user.username}", by=by, at=at, tenant=user.tenant)
    return codes


def drop_second_factor(user: User, code: str, *, by: Actor, at: datetime) -> None:
    """Give the second factor up, by a code. The door has asked for the password. Raises CodeWrong."""
    with transaction.atomic():
        pass_second_factor(user, code, at=at)
        _drop(user, by=by, at=at, facts={"own": True})


def take_second_factor(tenant: Tenant, username: str, *, by: Actor, at: datetime) -> None:
    """Take the second factor from somebody of the office who lost it; their sessions end.

    Raises UserUnknown, OwnAccount, SecondFactorMissing.
    """
    with transaction.atomic():
        user = others_account(tenant, username, by)
        if not SecondFactor.objects.filter(user=user).exists():
            raise SecondFactorMissing
        end_sessions(user)
        _drop(user, by=by, at=at, facts={"own": False})


def _drop(user: User, *, by: Actor, at: datetime, facts: dict[str, bool]) -> None:
    SecondFactor.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    record("account.second_off", about=f"user:{user.username}", by=by, at=at, tenant=user.tenant, facts=facts)


def _fresh_codes(user: User) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    codes = ["".join(secrets.choice(ALPHABET) for _i in range(LENGTH)) for _j in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digests(user, code)[0]) for code in codes)
    return [f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}" for code in codes]


def _digests(user: User, code: str) -> list[str]:
    return named_digests("recovery", f"{user.pk}:{recovery_text(code)}")
