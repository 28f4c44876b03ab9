"""Tokens: whose one is, and which there are."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import get_language

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import ApiToken, User
from xiuhua.responsibility.queries.acting import actor_of
from xiuhua.responsibility.rules.tokens import digest_of, narrowed, well_formed

#: People whose grants are kept at most in this process.
MOST = 5000
_Stand = tuple[int, date, str]
#: Key of an account → the office's revision, day and language for which its actor was read, and the actor.
_KEPT: dict[int, tuple[_Stand, Actor]] = {}


def api_token_of(secret: str, at: datetime) -> ApiToken | None:
    """Return the live token of a secret with its owner and office, None for any other. One query, none for nonsense."""
    if not well_formed(secret):
        return None
    found = ApiToken.objects.filter(digest=digest_of(secret), revoked_at=None, expires_at__gt=at)
    token = found.select_related("user__tenant").first()
    return token if token is not None and token.user.is_active else None


def tokens_of(tenant: Tenant, user: User | None = None) -> QuerySet[ApiToken]:
    """Return the office's tokens, newest first, or those of one person. One query."""
    found = ApiToken.objects.filter(user__tenant=tenant).select_related("user").order_by("-pk")
    return found.filter(user=user) if user is not None else found


def actor_kept(user: User, day: date) -> Actor:
    """Return what `actor_of` would. No query where it is on the shelf for the office's revision, else those of `actor_of`.

    Sound since whatever changes posts, trees or classes is recorded with a verb that raises the revision; `user` is read
    anew with each request, and so is whether it is switched on.
    """
    if user.tenant is None or not user.is_active:
        return actor_of(user, day)
    stand = (user.tenant.revision, day, get_language() or "")
    kept = _KEPT.get(user.pk)
    if kept is not None and kept[0] == stand and kept[1].id == f"user:{user.username}":
        return kept[1]
    actor = actor_of(user, day)
    if len(_KEPT) >= MOST:
        _KEPT.clear()
    _KEPT[user.pk] = (stand, actor)
    return actor


def actor_with(token: ApiToken, day: date) -> Actor:
    """Return the owner as an actor who may what the posts of a day allow and the token's scopes name."""
    owner = actor_kept(token.user, day)
    return Actor(owner.id, owner.post, narrowed(owner.grants, token.scopes), owner.user, f"token:{token.pk}")
