"""Who asks, and how far he reaches."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from xiuhua.kernel.words import Grant
from xiuhua.responsibility.models import ApiToken, User
from xiuhua.responsibility.queries import Reach, reach_named
from xiuhua.web.api.auth import reach
from xiuhua.web.api.shapes.registers import MeOut
from xiuhua.web.desk.office import office, person

router = Router(tags=["me"])


@router.get("/me", auth=reach(), response=MeOut, summary="Who I am and what I may do")
def me(request: HttpRequest) -> dict[str, Any]:
    """Return the account, its post and every grant of today, narrowed to the token's scopes where a token asks."""
    tenant, actor, user = office(request), person(request), request.user
    token: ApiToken | None = getattr(request, "token", None)
    names = reach_named(actor)
    return {
        "username": user.get_username(),
        "name": user.name if isinstance(user, User) else "",
        "office": tenant.name,
        "post": actor.post,
        "grants": [_grant(one, names) for one in actor.grants],
        "token": {"name": token.name, "scopes": token.scopes, "expires_at": token.expires_at} if token else None,
    }


def _grant(one: Grant, names: Reach) -> dict[str, Any]:
    return {
        "verb": one.verb,
        "role": one.post,
        "territories": None if one.territories is None else sorted(names.territories[key] for key in one.territories),
        "unit": None if one.body is None else names.units[one.body],
        "classes": None if one.classes is None else sorted(names.classes[key] for key in one.classes),
    }
