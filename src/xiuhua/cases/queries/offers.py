"""What a form about a case has to offer: conditions with their deadlines, units, people of a unit, classes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from xiuhua.cases.models import Case, Ruling
from xiuhua.cases.queries.rulebook import ToRule
from xiuhua.cases.queries.shelf import shelf_of
from xiuhua.cases.words.moves import Verb
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import PackUndecided, chosen_code
from xiuhua.responsibility.models import Body, User
from xiuhua.taxonomy.models import CaseClass
from xiuhua.taxonomy.words import KIND, ConditionOnFile
from xiuhua.territory.models import Territory
from xiuhua.territory.queries import listed, named


@dataclass(frozen=True, slots=True)
class Offer:
    """A condition under which a case may be filed, and by when it would be due; None where its limit counts nothing."""

    condition: ConditionOnFile
    due_at: datetime | None


def condition_offers(tenant: Tenant, case: Case, *, at: datetime, case_class: int | None = None) -> list[Offer]:
    """Return the conditions of a case's class (or of `case_class`) in force when it was reported, in the standard's order.

    Each with the deadline that filing the case under it at `at` would give. No query where the shelf is filled.
    """
    shelf = shelf_of(tenant)
    starts_now = shelf.flow is not None and shelf.flow.clock_starts == Verb.FILE
    asked = ToRule(
        case_id=case.pk,
        class_id=case_class or case.case_class_id,
        observed=None,
        filed_under="",
        day=case.reported_at.astimezone(shelf.rules.zone).date(),
        reported_at=case.reported_at,
        due_at=None,
        closed_at=None,
        extensions=case.extensions,
        platform_verdict="",
        territory_id=case.territory_id,
        longitude=case.longitude,
        latitude=case.latitude,
        started_at=at if starts_now else case.started_at,
    )
    return [Offer(condition, due) for condition, due in shelf.rules.offered(asked)]


def unit_offers(tenant: Tenant, case: Case | None = None) -> list[tuple[int, str, bool]]:
    """Return (key, name, whether the duty matrix names it) of the office's units, the named one first. Two queries."""
    named = Ruling.objects.filter(case=case).values_list("body_id", flat=True).first() if case else None
    found = Body.objects.filter(tenant=tenant).order_by("name").values_list("pk", "name")
    return sorted(((key, name, key == named) for key, name in found), key=lambda one: not one[2])


def people_of_unit(tenant: Tenant, body: int | None) -> list[User]:
    """Return the active people who belong to a unit or hold a post in it, by name. One query."""
    if body is None:
        return []
    found = User.objects.filter(Q(body=body) | Q(posts__body=body), tenant=tenant, is_active=True)
    return list(found.distinct().order_by("name", "username"))


def class_offers(tenant: Tenant) -> list[tuple[int, str]]:
    """Return (key, "main / sub") of the classes a case may have: the chosen scheme's, else all. At most two queries."""
    found = CaseClass.objects.filter(tenant=tenant, parent__isnull=False).exclude(kind="").select_related("parent")
    with suppress(PackUndecided):
        found = found.filter(scheme=chosen_code(tenant, KIND))
    return [(one.pk, f"{one.parent} / {one.name}") for one in found.order_by("scheme", "kind", "code")]


def place_offers(tenant: Tenant, present: int | None = None) -> list[tuple[int, str]]:
    """Return (key, newest name) of the territories a case may lie in, by code.

    Those of the level at which the office counts, and the one where the case lies at `present`. At most six queries.
    """
    found = listed(tenant, tenant.settings.get("by") or None) or listed(tenant)
    keys = dict(Territory.objects.filter(tenant=tenant).values_list("code", "pk"))
    offers = [(keys[one.code], one.name) for one in found]
    return offers if present is None or present in dict(offers) else [(present, named(present)), *offers]
