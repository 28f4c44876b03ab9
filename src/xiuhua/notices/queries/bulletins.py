"""Whom a bulletin's move concerns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from xiuhua.disclosure.queries.bulletins import Standing
from xiuhua.disclosure.rules.approval import why_not
from xiuhua.kernel.models import OutboxEvent
from xiuhua.kernel.words import Actor
from xiuhua.notices.queries.audience import day_of
from xiuhua.notices.rules.routing import ROUTES
from xiuhua.notices.words import Audience
from xiuhua.responsibility.models import Post, User
from xiuhua.responsibility.queries.acting import actor_of, in_force
from xiuhua.responsibility.rules.rights import holds
from xiuhua.responsibility.rules.roles import VERBS

SEE, APPROVE, ISSUE = "bulletin.see", "bulletin.approve", "bulletin.issue"


def bulletin_audience(event: OutboxEvent, standing: Standing) -> list[int]:
    """Return the keys of the people whom a bulletin's move concerns, ascending, without who brought it about.

    Nobody is told of a bulletin that he may not see, or may not act on where it is for him to act. Posts count as they are
    held on the event's day. One query for the people, three to five for each of them.
    """
    day, [audience] = day_of(event), ROUTES[event.name]
    users = User.objects.filter(tenant=event.tenant, is_active=True).exclude(pk=event.facts.get("by"))
    actors = [(user.pk, actor_of(user, day)) for user in _candidates(audience, users, standing, day).order_by("pk")]
    return [key for key, actor in actors if holds(actor, SEE) and _may_act(audience, actor, standing)]


def _candidates(audience: Audience, users: QuerySet[User], standing: Standing, day: date) -> QuerySet[User]:
    if audience is Audience.APPROVERS:
        return _holding(users, standing.next.roles if standing.next else (), day)
    if audience is Audience.ISSUERS:
        return _holding(users, [role for role, verbs in VERBS.items() if ISSUE in verbs], day)
    approvers = {one.person_id for one in standing.decisions} if audience is Audience.TOOK_PART else set()
    return users.filter(pk__in=standing.authors | approvers)


def _holding(users: QuerySet[User], roles: Iterable[str], day: date) -> QuerySet[User]:
    held = Post.objects.filter(in_force(day) & (Q(role__in=roles, deputy_of=None) | Q(deputy_of__role__in=roles)))
    return users.filter(posts__in=held).distinct()


def _may_act(audience: Audience, actor: Actor, standing: Standing) -> bool:
    """Return whether the person may do what waits for him; who is only told need not do anything."""
    if audience is Audience.ISSUERS:
        return holds(actor, ISSUE)
    if audience is not Audience.APPROVERS or standing.next is None:
        return True
    roles = {grant.post for grant in actor.granted(APPROVE) if grant.whole}
    return not why_not(
        standing.next, actor.user, roles, authors=standing.authors, taken=standing.taken, several=standing.several
    )
