"""Whom an event concerns."""

from __future__ import annotations

from datetime import UTC, date
from zoneinfo import ZoneInfo

from django.db.models import Q

from xiuhua.cases.models import Case
from xiuhua.cases.policies import sees
from xiuhua.kernel.models import OutboxEvent
from xiuhua.notices.rules.routing import OF_A_UNIT, ROLES, ROUTES, covers
from xiuhua.notices.words import Audience, Happened
from xiuhua.responsibility.models import Post, User
from xiuhua.responsibility.queries.acting import actor_of, in_force


def case_of_event(event: OutboxEvent) -> Case | None:
    """Return the case that an event is about, None if it is not there. One query."""
    found = Case.objects.filter(tenant=event.tenant, pk=event.facts.get("case"))
    return found.select_related("case_class", "territory", "body").first()


def happened(event: OutboxEvent, case: Case) -> Happened:
    """Return an event with the few facts that notices tell. One query for the name of the place."""
    return Happened(
        key=event.key,
        name=event.name,
        at=event.at,
        number=case.number,
        kind=str(case.case_class or ""),
        place=_place(case, day_of(event)),
        unit=str(case.body or ""),
        due=case.due_at.astimezone(UTC).isoformat() if case.due_at else "",
        link=f"/cases/{case.pk}/",
    )


def day_of(event: OutboxEvent) -> date:
    """Return the civil day of an event in its office's zone. No query."""
    zone = ZoneInfo(event.tenant.zone) if event.tenant.zone else ZoneInfo("UTC")
    return event.at.astimezone(zone).date()


def _place(case: Case, day: date) -> str:
    if case.territory is None:
        return ""
    begun = Q(valid_from=None) | Q(valid_from__lte=day)
    version = case.territory.versions.filter(begun).order_by("-valid_from").first()
    return version.name if version else case.territory.code


def audience(event: OutboxEvent, case: Case) -> list[int]:
    """Return the keys of the people whom an event concerns, ascending, without who brought it about.

    Nobody is told of a case that he may not see, but the unit it was taken from. Posts count as they are held on the event's day. One query for the people, three to five for each of them.
    """
    asked, day = ROUTES[event.name], day_of(event)
    roles = {role for one in asked for role in ROLES.get(one, ())}
    held = in_force(day) & (Q(role__in=roles) | Q(deputy_of__role__in=roles))
    users = User.objects.filter(tenant=event.tenant, is_active=True, posts__in=Post.objects.filter(held)).distinct()
    found = {user.pk for user in users if _means(user, day, asked, event, case)}
    if Audience.PERSON in asked:
        person = User.objects.filter(pk=event.facts.get("person"), tenant=event.tenant, is_active=True).first()
        found |= {person.pk} if person and sees(actor_of(person, day), case) else set()
    return sorted(found - {event.facts.get("by")})


def holders(event: OutboxEvent, scope: Q) -> list[int]:
    """Return the keys of who answers for a unit or a community on the event's day, ascending: its posts, and deputies of them.

    `scope` says of which unit or territory a post must be. One query.
    """
    roles = ROLES[Audience.UNIT]
    own = scope & Q(role__in=roles, deputy_of=None)
    of = Post.objects.filter(scope, role__in=roles)
    held = Post.objects.filter(in_force(day_of(event)) & (own | Q(deputy_of__in=of)))
    users = User.objects.filter(tenant=event.tenant, is_active=True, posts__in=held)
    return list(users.order_by("pk").values_list("pk", flat=True).distinct())


def _means(user: User, day: date, asked: tuple[Audience, ...], event: OutboxEvent, case: Case) -> bool:
    actor = actor_of(user, day)
    seen = sees(actor, case)
    grants = {(one.post, one.body, one.territories, one.classes): one for one in actor.grants}.values()
    return any(
        (seen or one is Audience.UNIT_BEFORE)
        and grant.post in ROLES.get(one, ())
        and covers(
            grant,
            body=event.facts.get("body_before") if one is Audience.UNIT_BEFORE else case.body_id,
            territory=case.territory_id,
            case_class=case.case_class_id,
            of_a_unit=one in OF_A_UNIT,
        )
        for one in asked
        for grant in grants
    )
