"""Whose data a request may see: the office of the person signed in."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import User
from xiuhua.responsibility.queries import actor_of

#: Digits of the largest number an address may carry.
LONGEST = 15


def office(request: HttpRequest) -> Tenant:
    """Return the office of the signed-in person. Raises Http404 for an account without one."""
    user = request.user
    if not isinstance(user, User) or user.tenant is None:
        raise Http404
    return user.tenant


def person(request: HttpRequest) -> Actor:
    """Return the signed-in person as an actor with the grants of today's posts; looked up once a request."""
    user = request.user
    if not isinstance(user, User):
        return Actor("")
    found: Actor | None = getattr(request, "actor", None)
    if found is None:
        zone = ZoneInfo(user.tenant.zone) if user.tenant and user.tenant.zone else UTC
        found = request.actor = actor_of(user, now().astimezone(zone).date())  # type: ignore[attr-defined]
    return found


def now() -> datetime:
    """Return the present moment: doors are where time enters."""
    return datetime.now(UTC)


def whole(text: str | None) -> int | None:
    """Return the whole number in an address's parameter, or None if it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= LONGEST else None
