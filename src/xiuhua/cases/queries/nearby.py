"""What else is alive around a case, and which of it may be the same problem."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import DateTimeField
from django.db.models.functions import Coalesce

from xiuhua.cases.models import Case
from xiuhua.cases.policies import visible
from xiuhua.cases.rules.moves import ALIVE
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import Flow
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.rules.metres import degrees_of, scales

#: Neighbours that are listed beside the map, and duplicates that are suggested: more of them nobody compares.
LISTED = 8
SUGGESTED = 4
#: Cases of a box that are measured; the nearest of more of them are not promised.
MEASURED = 500


@dataclass(frozen=True, slots=True)
class Near:
    """A case near another: how many metres away, and whether it may be the same problem."""

    case: Any
    metres: int
    suggested: bool


def near(tenant: Tenant, actor: Actor, case: Case, flow: Flow, *, reach: int) -> list[Near]:
    """Return the living cases that the actor may see within `reach` metres of a case, the nearest first. One statement.

    It may be the same problem that is of the same class or main class (or of none yet), within the flow's metres and
    hours. Cases of other platforms are among them: what they know of is not to be handled twice. The index `case_near`
    bounds what is read.
    """
    if case.longitude is None or case.latitude is None:
        return []
    lon, lat = case.longitude, case.latitude
    wide, high = degrees_of(reach, lat)
    box = {"longitude__range": (lon - wide, lon + wide), "latitude__range": (lat - high, lat + high)}
    found = Case.objects.filter(tenant=tenant, stage__in=ALIVE, **box).filter(visible(actor)).exclude(pk=case.pk)
    found = found.annotate(due=Coalesce("due_at", "ruled_due_at", output_field=DateTimeField()))
    rows = found.select_related("case_class__parent", "body").order_by("-reported_at", "-pk")[:MEASURED]
    around = [
        Near(other, metres, _same(case, other, metres, flow))
        for other in rows
        if (metres := _metres(case, other)) <= reach
    ]
    return sorted(around, key=lambda one: (one.metres, one.case.pk))


def suggested(found: list[Near]) -> list[Near]:
    """Return what may be the same problem, the nearest first, at most SUGGESTED."""
    return [one for one in found if one.suggested][:SUGGESTED]


def _metres(case: Case, other: Case) -> int:
    east, north = scales(case.latitude or 0.0)
    across = ((other.longitude or 0.0) - (case.longitude or 0.0)) * east
    return round(math.hypot(across, ((other.latitude or 0.0) - (case.latitude or 0.0)) * north))


def _same(case: Case, other: Case, metres: int, flow: Flow) -> bool:
    apart: timedelta = abs(case.reported_at - other.reported_at)
    return (
        metres <= flow.duplicate_metres
        and apart <= timedelta(hours=flow.duplicate_hours)
        and other.stage != Stage.SUSPENDED
        and alike(case.case_class, other.case_class)
    )


def alike(one: CaseClass | None, other: CaseClass | None) -> bool:
    """Return whether two cases may be of one kind: the same class, the same main class, or one has none yet."""
    if one is None or other is None:
        return True
    return (one.parent_id or one.pk) == (other.parent_id or other.pk)
