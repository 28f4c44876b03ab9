"""Tokens for programs: made for oneself, shown once, revoked for good."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Fault, Refusal
from xiuhua.responsibility.models import ApiToken, User
from xiuhua.responsibility.rules.tokens import BYTES, PREFIX, digest_of, unknown_scopes

#: Who may see and revoke the tokens of others.
MANAGE = "api.token"
#: Days a token lives at most: a forgotten one ends by itself.
LONGEST_DAYS = 365
NAME = 60


class TokenRefused(Refusal):
    """The token cannot be made so; the faults say why."""

    code = "token.refused"
    sentence = _("令牌没有建成，有 %(count)s 处要改。")


class TokenUnknown(Refusal):
    """No such token, or it is somebody else's: both look the same."""

    code = "token.unknown"
    sentence = _("没有这个令牌。")


class TokenNotYours(Refusal):
    """A token acts as its owner, so nobody makes one for somebody else."""

    code = "token.not_yours"
    sentence = _("令牌以本人的名义办事，只能给自己建。")


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made, and its secret, which is nowhere else."""

    token: ApiToken
    secret: str


def make_token(user: User, *, name: str, scopes: Iterable[str], days: int, by: Actor, at: datetime) -> NewToken:
    """Make a token for an account, good for so many days, and return it with its secret, which only its digest survives.

    For oneself; who sits at the server's own terminal may for anybody. Raises TokenNotYours, TokenRefused.
    """
    if by.user != user.pk and not (by.user is None and by.may(MANAGE)):
        raise TokenNotYours
    wanted = sorted(set(scopes))
    if faults := _faults(name.strip(), wanted, days):
        raise TokenRefused(faults, count=len(faults))
    secret = PREFIX + secrets.token_urlsafe(BYTES)
    with transaction.atomic():
        token = ApiToken.objects.create(
            user=user,
            name=name.strip(),
            digest=digest_of(secret),
            scopes=wanted,
            created=at,
            expires_at=at + timedelta(days=days),
        )
        facts = {"token": token.pk, "scopes": wanted, "days": days}
        record("account.token_make", about=f"user:{user.username}", by=by, at=at, tenant=user.tenant, facts=facts)
    return NewToken(token, secret)


def _faults(name: str, scopes: list[str], days: int) -> list[Fault]:
    faults = []
    if not name or len(name) > NAME:
        faults.append(Fault("token.name", column="name", facts={"most": NAME}))
    if not scopes:
        faults.append(Fault("token.scopes_missing", column="scopes"))
    if unknown := unknown_scopes(scopes):
        faults.append(Fault("token.scope_unknown", column="scopes", facts={"scopes": "、".join(unknown)[:200]}))
    if not 1 <= days <= LONGEST_DAYS:
        faults.append(Fault("token.days", column="days", facts={"most": LONGEST_DAYS}))
    return faults


def revoke_token(tenant: Tenant, key: int, *, by: Actor, at: datetime) -> ApiToken:
    """End a token of the office, one's own or, with the right to it, anybody's; again changes nothing. Returns it.

    Raises TokenUnknown.
    """
    with transaction.atomic():
        token = ApiToken.objects.filter(pk=key, user__tenant=tenant).select_related("user").first()
        if token is None or not (token.user_id == by.user or by.may(MANAGE)):
            raise TokenUnknown
        if ApiToken.objects.filter(pk=key, revoked_at=None).update(revoked_at=at):
            token.revoked_at = at
            about = f"user:{token.user.username}"
            record("account.token_revoke", about=about, by=by, at=at, tenant=tenant, facts={"token": key})
    return token


def note_use(token: ApiToken, day: date) -> None:
    """Write down on which day a token was last used: to find the forgotten ones, not to follow people. One statement a day."""
    if token.last_used_day != day:
        ApiToken.objects.filter(pk=token.pk).update(last_used_day=day)
