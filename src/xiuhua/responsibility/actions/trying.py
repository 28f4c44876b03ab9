"""Tries at secrets: counted in the database, so that any number of processes count together.

Failures count per account and place, so that nobody can lock an account's owner out from elsewhere, and per place, so
that nobody can go through many accounts. Unknown accounts are counted alike. Tables hold keyed digests only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.actions import record
from xiuhua.kernel.words import Actor, Refusal
from xiuhua.responsibility.models import SecretTry, User
from xiuhua.responsibility.queries.accounts import named_digest
from xiuhua.responsibility.rules.throttling import LIMIT, SPAN, neighbourhood, open_again

#: Acts where nobody has signed in yet.
VISITOR = Actor("visitor")
_MINUTE = 60


class TooManyTries(Refusal):
    """The secret was tried too often from there; `minutes` says when to come back."""

    code = "account.too_many_tries"
    sentence = _("试的次数太多，请过 %(minutes)s 分钟再试。")


@dataclass(frozen=True, slots=True)
class Try:
    """A try that has been counted and not yet judged."""

    key: int
    what: str
    username: str
    address: str
    pair: str


def begin_try(what: str, username: str, address: str, *, at: datetime) -> Try:
    """Count a try at the secret `what` ("password", "code", …) before it is looked at; return it. Raises TooManyTries.

    Counting first means that of tries made at the same moment at most LIMIT are looked at: each sees those of others
    that were written before it counts. A try that is refused is not counted: a lock ends by itself. Without an address
    the tries at an account count together wherever they come from.
    """
    name, where = username.strip().casefold(), neighbourhood(address)
    place = named_digest("try.place", f"{what}\n{where or name}")
    pair = named_digest("try.pair", f"{what}\n{name}\n{where}")
    mine = SecretTry.objects.create(pair=pair, place=place, at=at)
    until = max(
        filter(
            None, (_until("pair", pair, LIMIT, mine, at), _until("place", place, settings.TRIES_PER_PLACE, mine, at))
        ),
        default=None,
    )
    if until is not None:
        mine.delete()
        raise TooManyTries(minutes=max(1, -(-int((until - at).total_seconds()) // _MINUTE)))
    return Try(mine.pk, what, username, address, pair)


def _until(field: str, value: str, limit: int, mine: SecretTry, at: datetime) -> datetime | None:
    found = SecretTry.objects.filter(**{field: value}, at__gt=at - SPAN).exclude(pk=mine.pk)
    return open_again(list(found.order_by("-at").values_list("at", flat=True)[:limit]), limit, at)


def fail_try(one: Try, user: User | None, *, at: datetime) -> None:
    """Record that a try was wrong, and once the lock. What names no account stands in the ledger as a keyed digest."""
    about = (
        f"user:{user.username}" if user else f"nobody:{named_digest('try.name', one.username.strip().casefold())[:16]}"
    )
    facts = {"what": one.what, "address": one.address}
    tenant = user.tenant if user else None
    with transaction.atomic():
        record("account.fail", about=about, by=VISITOR, at=at, tenant=tenant, facts=facts)
        if SecretTry.objects.filter(pair=one.pair, at__gt=at - SPAN).count() == LIMIT:
            record("account.lock", about=about, by=VISITOR, at=at, tenant=tenant, facts=facts)


def pass_try(one: Try) -> None:
    """Forget the failures of this account from this place: the secret was right. What the place did to others stays."""
    SecretTry.objects.filter(pair=one.pair).delete()


def clear_tries(at: datetime) -> int:
    """Delete tries that no longer count; returns how many."""
    cleared, _rows = SecretTry.objects.filter(at__lte=at - 2 * SPAN).delete()
    return cleared


def record_sign_in(user: User, *, address: str, second: str, device: str, at: datetime) -> None:
    """Record that somebody signed in, with which second factor ("" for none)."""
    facts = {"address": address, "second": second, "device": device}
    by = Actor(f"user:{user.username}", user=user.pk)
    record("account.sign_in", about=f"user:{user.username}", by=by, at=at, tenant=user.tenant, facts=facts)


def record_sign_out(user: User, *, why: str, at: datetime) -> None:
    """Record the end of a session: `why` is "asked" or "over" (idle too long, or too old)."""
    by = Actor(f"user:{user.username}", user=user.pk)
    record("account.sign_out", about=f"user:{user.username}", by=by, at=at, tenant=user.tenant, facts={"why": why})
