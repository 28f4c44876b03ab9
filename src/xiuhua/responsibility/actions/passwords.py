"""The only writers of passwords. A new one is checked against the profile, ends all other sessions and makes links void."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Fault, Refusal
from xiuhua.responsibility.actions.sessions import end_sessions
from xiuhua.responsibility.models import PastPassword, User
from xiuhua.responsibility.phrases import password_reason
from xiuhua.responsibility.queries.accounts import common_passwords, local_words, password_profile
from xiuhua.responsibility.rules.passwords import password_faults


class PasswordWeak(Refusal):
    """The password does not meet the profile."""

    code = "user.password_weak"
    sentence = _("密码不合要求：%(reason)s")


class PasswordWrong(Refusal):
    """The present password that was given is not the account's."""

    code = "user.password_wrong"
    sentence = _("现在的密码不对，请再核对一遍。")


class UserUnknown(Refusal):
    """No account of the office has this name."""

    code = "user.unknown"
    sentence = _("没有账号 %(username)s。")


def check_new_password(user: User, password: str) -> None:
    """Return if the password may become the account's. Raises PasswordWeak, whose `reason` says all that is missing."""
    faults = password_faults(password, password_profile(), common=common_passwords(), local=local_words(user))
    if not faults and _used(user, password):
        faults = [Fault("password.used", facts={"history": password_profile().history})]
    if faults:
        raise PasswordWeak(reason=password_reason(faults), codes=",".join(fault.code for fault in faults))


def _used(user: User, password: str) -> bool:
    if user.pk is None or not password_profile().history:
        return False
    before = PastPassword.objects.filter(user=user).order_by("-at", "-pk").values_list("hash", flat=True)
    hashes = [user.password, *before[: password_profile().history - 1]]
    # an account that has no password yet has none to repeat
    return any(check_password(password, one) for one in hashes if one and not one.startswith("!"))


def give_password(user: User, password: str, *, at: datetime, keep: str = "") -> int:
    """Check a password and give it to a saved account, in the caller's transaction, with its history; returns how many sessions ended.

    All sessions end but the one with the key `keep`. The caller records the ledger line. Raises PasswordWeak.
    """
    check_new_password(user, password)
    history = password_profile().history
    if history > 1 and user.has_usable_password():
        PastPassword.objects.create(user=user, hash=user.password, at=at)
        old = PastPassword.objects.filter(user=user).order_by("-at", "-pk").values_list("pk", flat=True)
        PastPassword.objects.filter(pk__in=list(old)[history - 1 :]).delete()
    user.set_password(password)
    user.password_set_at = at
    user.save(update_fields=["password", "password_set_at"])
    return end_sessions(user, keep=keep)


def set_password(tenant: Tenant, username: str, password: str, *, by: Actor, at: datetime) -> User:
    """Give an account of the office a checked password and return it; its sessions end. Raises UserUnknown, PasswordWeak."""
    with transaction.atomic():
        user = account_named(tenant, username)
        ended = give_password(user, password, at=at)
        record("user.password", about=f"user:{username}", by=by, at=at, tenant=tenant, facts={"sessions": ended})
    return user


def change_password(user: User, current: str, password: str, *, by: Actor, at: datetime, keep: str = "") -> int:
    """Change one's own password, which one must know; returns how many other sessions ended. Raises PasswordWrong, PasswordWeak.

    The session with the key `keep` goes on: its holder just showed who they are.
    """
    check_current(user, current)
    with transaction.atomic():
        ended = give_password(user, password, at=at, keep=keep)
        facts = {"sessions": ended, "own": True}
        record("user.password", about=f"user:{user.username}", by=by, at=at, tenant=user.tenant, facts=facts)
    return ended


def check_current(user: User, current: str) -> None:
    """Return if the password is the account's present one. Raises PasswordWrong."""
    if not check_password(current, user.password):
        raise PasswordWrong


class OwnAccount(Refusal):
    """One's own account is managed by somebody else, or with one's own password."""

    code = "account.own"
    sentence = _("自己的账号请到“我的账号”里办，停用请另一位管人员的人来办。")


def others_account(tenant: Tenant, username: str, by: Actor) -> User:
    """Return somebody else's account, as `account_named` does: a link to oneself would pass by the password of now.

    Raises UserUnknown, OwnAccount.
    """
    user = account_named(tenant, username)
    if by.user == user.pk:
        raise OwnAccount
    return user


def account_named(tenant: Tenant, username: str) -> User:
    """Return the account of an office, locked where the database locks rows. Raises UserUnknown."""
    user = User.objects.select_for_update(of=("self",)).filter(tenant=tenant, username=username).first()
    if user is None:
        raise UserUnknown(username=username)
    return user
