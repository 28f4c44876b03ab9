"""Cases as duty asks about them: where, what, when, whose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import numpy as np
from django.db.models.functions import Coalesce

from xiuhua.cases.models import Case
from xiuhua.cases.words import NOT_COUNTED
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.responsibility.queries import Answered, Asked, DutyBook, answer_many, site_sets
from xiuhua.taxonomy.rules.keys import class_key


@dataclass(frozen=True, slots=True)
class Placed:
    """Cases as columns: key, number, unit that has it ("" for none), and what duty asks of it."""

    keys: Sequence[int]
    numbers: Sequence[str]
    bodies: Sequence[str]
    asked: Asked


def placed(tenant: Tenant, first: date, end: date) -> Placed:
    """Return the cases reported on the days from `first` to `end` (exclusive, local days), void ones apart. One query.

    In the order of their numbers. A case's class is that of the condition it is ruled under, else the one its source
    names. Raises ZoneUndecided.
    """
    zone = zone_of(tenant)
    begin, until = (datetime.combine(day, time(), zone) for day in (first, end))
    ruled = "ruling__condition__case_class"
    fields = (
        *("number", "body__code", "territory__code"),
        Coalesce(f"{ruled}__scheme", "case_class__scheme"),
        Coalesce(f"{ruled}__kind", "case_class__kind"),
        Coalesce(f"{ruled}__code", "case_class__code"),
    )
    found = Case.objects.filter(tenant=tenant, reported_at__gte=begin, reported_at__lt=until).exclude(
        stage__in=NOT_COUNTED
    )
    rows = list(found.order_by("number").values_list(*fields, "reported_at", "longitude", "latitude", "pk"))
    return Placed(
        keys=[row[9] for row in rows],
        numbers=[row[0] for row in rows],
        bodies=[row[1] or "" for row in rows],
        asked=Asked(
            territory=[row[2] or "" for row in rows],
            case_class=[class_key(*row[3:6]) if row[5] else "" for row in rows],
            day=np.array([row[6].astimezone(zone).date() for row in rows], "datetime64[D]"),
            lon=np.array([row[7] for row in rows], np.float64),
            lat=np.array([row[8] for row in rows], np.float64),
        ),
    )


def duty_of(tenant: Tenant, book: DutyBook, cases: Placed, territories: Sequence[str] | None = None) -> Answered:
    """Return who is responsible for each of the cases by a book; one query.

    `territories` puts the cases elsewhere, one code per case: what a changed boundary would say.
    """
    asked = cases.asked
    if territories is not None:
        asked = Asked(territories, asked.case_class, asked.day, asked.lon, asked.lat)
    number, sets = site_sets(tenant, book, asked)
    return answer_many(book, asked, number, sets)


@dataclass(frozen=True, slots=True)
class Spot:
    """A case as a point: its key, number, title and place (WGS-84 degrees)."""

    id: int
    number: str
    title: str
    longitude: float
    latitude: float


def spots(tenant: Tenant, since: datetime, until: datetime) -> list[Spot]:
    """Return the cases with a point that were reported from `since` (inclusive) to `until`, by number; void ones apart.

    One query.
    """
    found = Case.objects.filter(tenant=tenant, longitude__isnull=False, latitude__isnull=False)
    within = (
        found.filter(reported_at__gte=since, reported_at__lt=until).exclude(stage__in=NOT_COUNTED).order_by("number")
    )
    rows = within.values_list("pk", "number", "title", "longitude", "latitude")
    return [Spot(pk, number, title, lon or 0.0, lat or 0.0) for pk, number, title, lon, lat in rows]
