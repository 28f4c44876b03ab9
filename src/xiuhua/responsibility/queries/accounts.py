"""Reads about accounts: sessions, second factors, links, what a password may not be."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator

from xiuhua.kernel.models import Tenant
from xiuhua.responsibility.models import AccountLink, RecoveryCode, SecondFactor, User, UserSession
from xiuhua.responsibility.rules.derived import derive, keyed
from xiuhua.responsibility.rules.passwords import Profile, profile_of
from xiuhua.responsibility.rules.sessions import Lifetime
from xiuhua.responsibility.words import LinkKind
from xiuhua.territory.models import TerritoryVersion

#: Under which key an office's settings list the roles that need a second factor; "*" is everybody.
SECOND_FACTOR, EVERYBODY = "second_factor", "*"
_HALF = 32


def password_profile() -> Profile:
    """Return the profile of passwords this installation follows. No query."""
    return profile_of(settings.PASSWORD_PROFILE, days=settings.PASSWORD_DAYS, history=settings.PASSWORD_HISTORY)


@cache
def common_passwords() -> Collection[str]:
    """Return the 20,000 best-known passwords in small letters, as Django ships them. No query."""
    return frozenset(CommonPasswordValidator().passwords)


def local_words(user: User) -> list[str]:
    """Return what anybody around would try: names of the account, its unit, its office and its territories. One or two queries."""
    own = [user.username, user.name, user.email, user.email.split("@")[0]]
    if user.tenant is None:
        return own
    unit = [user.body.name] if user.body else []
    places = TerritoryVersion.objects.filter(territory__tenant=user.tenant).values_list("name", flat=True).distinct()
    return [*own, *unit, user.tenant.name, user.tenant.code, *places]


def password_due(user: User, at: datetime) -> bool:
    """Return whether the profile wants a new password by now. No query."""
    days = password_profile().days
    return days > 0 and (user.password_set_at is None or at - user.password_set_at > timedelta(days=days))


def lifetime_of(device: str) -> Lifetime:
    """Return how long a session of this kind of device lasts. No query."""
    idle, absolute = settings.SESSION_LIFETIMES[device]
    return Lifetime(timedelta(minutes=idle), timedelta(hours=absolute))


def sessions_of(user: User) -> list[UserSession]:
    """Return a person's sessions, the one seen last first. One query."""
    return list(UserSession.objects.filter(user=user).order_by("-seen_at", "-began_at"))


def second_factor_of(user: User) -> SecondFactor | None:
    """Return a person's authenticator, confirmed or just begun, None if there is none. One query."""
    return SecondFactor.objects.filter(user=user).first()


def has_second_factor(user: User) -> bool:
    """Return whether a person signs in with a second factor. One query."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def recovery_codes_left(user: User) -> int:
    """Return how many recovery codes have not been used. One query."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def needs_second_factor(tenant: Tenant, roles: Collection[str]) -> bool:
    """Return whether the office wants a second factor of somebody whose posts have these roles. No query."""
    wanted = set(tenant.settings.get(SECOND_FACTOR, ()))
    return EVERYBODY in wanted or not wanted.isdisjoint(roles)


def no_accounts(tenant: Tenant) -> bool:
    """Return whether an office has no account at all, so that its first administrator may set it up. One query."""
    return not User.objects.filter(tenant=tenant).exists()


def named_digest(what: str, text: str) -> str:
    """Return a keyed digest of a name or address for places that must not hold it in clear. No query."""
    return keyed(settings.SECRET_KEY, what, text)


def named_digests(what: str, text: str) -> list[str]:
    """Return the digest of `named_digest` by the present key and by each key of before. No query."""
    return [keyed(key, what, text) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def bound_to(user: User) -> list[str]:
    """Return what binds a link to an account and its present password: by the present key first. No query."""
    return named_digests("link.bound", f"{user.pk}:{user.password}")


def token_of(link: AccountLink) -> str:
    """Return the token that opens a link: its nonce and a half that only the server's key can make. No query."""
    return f"{link.nonce}.{_proof(settings.SECRET_KEY, link.kind, link.nonce)}"


def _proof(key: str, kind: str, nonce: str) -> str:
    return derive(key, f"link.{kind}", nonce).hex()[:_HALF]


def link_opened(kind: LinkKind, token: str, at: datetime) -> AccountLink | None:
    """Return the link that a token opens now, None if it is wrong, used, late or its password has changed. One query."""
    nonce, _dot, proof = token.partition(".")
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(hmac.compare_digest(proof.encode(), _proof(key, kind, nonce).encode()) for key in keys):
        return None
    wanted: dict[str, Any] = {"kind": kind, "nonce": nonce, "used_at": None, "until__gt": at}
    link = AccountLink.objects.filter(**wanted).select_related("user__tenant", "user__body", "tenant").first()
    return link if link and _stands(link) else None


def _stands(link: AccountLink) -> bool:
    if link.kind == LinkKind.SET_UP:
        return link.tenant is not None and no_accounts(link.tenant)
    return link.user is not None and link.user.is_active and link.bound in bound_to(link.user)
