"""The way of those who answer for a territory or a unit to its page."""

from __future__ import annotations

from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import User
from xiuhua.responsibility.queries import posts_of
from xiuhua.responsibility.words import Role
from xiuhua.web.access import may_enter
from xiuhua.web.desk.chosen import UNIT
from xiuhua.web.desk.office import now, person
from xiuhua.web.desk.own import me
from xiuhua.web.desk.triage_asked import landing

#: Whose score it is that is ranked.
ANSWERING = frozenset({Role.SECRETARY, Role.UNIT})
SEE = "month.see"


def answers(actor: Actor) -> bool:
    """Return whether somebody holds a post that answers for a territory or a unit."""
    return any(grant.post in ANSWERING for grant in actor.granted(SEE))


def own_subject(user: User) -> tuple[str, str] | None:
    """Return (level or "unit", code) of what a person answers for today, a territory before a unit. Few queries.

    A secretary whose post names only the community's own unit answers for that community.
    """
    if user.tenant is None or not user.tenant.zone:
        return None
    posts = posts_of(user, now().astimezone(ZoneInfo(user.tenant.zone)).date())
    held = [post.deputy_of or post for post in posts]
    held = [post for post in held if post.role in ANSWERING]
    found = [post.territory or (post.role == Role.SECRETARY and post.body and post.body.territory) for post in held]
    places = [(place.level, place.code) for place in found if place]
    units = [(UNIT, post.body.code) for post in held if post.body]
    return next(iter([*places, *units]), None)


def own_page(user: User) -> str:
    """Return the address of the page of what a person answers for, "" if there is nothing."""
    own = own_subject(user)
    return f"{reverse('desk:sheet', args=[own[1]])}?{urlencode({'by': own[0]})}" if own else ""


def begin(user: User, actor: Actor) -> str:
    """Return where somebody begins who came for nothing in particular: who answers for something at its page."""
    page = own_page(user) if answers(actor) and may_enter(actor, "desk:mine") else ""
    return page or landing(actor)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Go to the page of what one answers for, to the ranking where one answers for nothing."""
    return redirect(own_page(me(request)) or reverse("desk:ranking"))


def is_mine(request: HttpRequest, by: str, code: str) -> bool:
    """Return whether a subject is what the person signed in answers for."""
    return answers(person(request)) and own_subject(me(request)) == (by, code)
