"""Who asks: a program with a token, or a person with a session; and whether either may come so far at all.

A token reaches what its owner's posts of the day allow and its scopes name. Which single case, unit or report one sees
is decided further in, by policies.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from xiuhua.responsibility.actions import note_use
from xiuhua.responsibility.models import ApiToken, User
from xiuhua.responsibility.queries import actor_kept, actor_with, api_token_of
from xiuhua.responsibility.rules.rights import holds
from xiuhua.web.api.limits import spend
from xiuhua.web.desk.office import now

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class NoScope(Exception):
    """Neither the token's scopes nor the posts behind it allow any of `verbs`."""

    def __init__(self, verbs: tuple[str, ...]) -> None:
        self.verbs = verbs
        super().__init__(verbs)


class NoCsrf(Exception):
    """A session asked for a change without the page's token against forged requests."""


class Token(HttpBearer):
    """A program's token in the header Authorization."""

    def __init__(self, *verbs: str) -> None:
        self.verbs = verbs
        super().__init__()

    def __call__(self, request: HttpRequest) -> Any:
        """Return the token, None where none was sent. Raises AuthenticationError for one that is not good."""
        sent = request.headers.get(self.header)
        if sent is None:
            return None
        scheme, _space, secret = sent.partition(" ")
        found = self.authenticate(request, secret.strip()) if scheme.lower() == "bearer" else None
        if found is None:
            spend(f"address:{request.META.get('REMOTE_ADDR', '')}")
            raise AuthenticationError
        return found

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """Return the token of a secret and let the request act through it; one query where its owner's posts are kept."""
        at = now()
        found = api_token_of(token, at)
        if found is None or found.user.tenant is None:
            return None
        spend(f"token:{found.pk}")
        day = _day(found.user, at)
        note_use(found, day)
        request.user = found.user
        request.actor = actor_with(found, day)  # type: ignore[attr-defined]
        request.token = found  # type: ignore[attr-defined]
        _admit(request, self.verbs)
        return found


class Session(APIKeyCookie):
    """A person's session, as the pages have it; what changes something also shows the page's token against forgery."""

    param_name = "sessionid"

    def __init__(self, *verbs: str) -> None:
        self.verbs = verbs
        super().__init__(csrf=False)

    def authenticate(self, request: HttpRequest, _key: str | None) -> User | None:
        """Return the person signed in, None for a stranger. Raises NoCsrf."""
        user = request.user
        if isinstance(user, AnonymousUser) or not isinstance(user, User) or user.tenant is None:
            spend(f"address:{request.META.get('REMOTE_ADDR', '')}")
            return None
        spend(f"session:{request.session.session_key}")
        if request.method not in SAFE and check_csrf(request) is not None:
            raise NoCsrf
        request.actor = actor_kept(user, _day(user, now()))  # type: ignore[attr-defined]
        _admit(request, self.verbs)
        return user


def reach(*verbs: str) -> list[Any]:
    """Return who may use an address: whoever may do any of these verbs somewhere; without verbs, whoever is known."""
    return [Token(*verbs), Session(*verbs)]


def _day(user: User, at: datetime) -> date:
    zone = ZoneInfo(user.tenant.zone) if user.tenant and user.tenant.zone else UTC
    return at.astimezone(zone).date()


def _admit(request: HttpRequest, verbs: tuple[str, ...]) -> None:
    actor = request.actor  # type: ignore[attr-defined]
    if verbs and not any(holds(actor, verb) for verb in verbs):
        raise NoScope(verbs)
