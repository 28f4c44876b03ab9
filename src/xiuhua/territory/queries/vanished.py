"""Territories that ended without a successor on record, and who may have taken them over."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import shapely
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.models import Tenant
from xiuhua.territory.models import Succession, TerritoryVersion
from xiuhua.territory.rules.names import fold
from xiuhua.territory.rules.shapes import area_m2, joined, polygons_of
from xiuhua.territory.rules.versions import starts
from xiuhua.territory.words import Candidate, Vanished

#: Reason → its sentence; the number is filled in.
REASONS = {
    "ground": _("现有边界占了它的 %(n)s 平方米"),
    "children": _("它的下级里有 %(n)s 个同名的现在在那里"),
    "begun": _("同一天新设"),
    "parent": _("同一个上级"),
}
_WEIGHT = ("ground", "children", "begun", "parent")


def vanished(tenant: Tenant, level: str) -> tuple[Vanished, ...]:
    """Return the territories of a level that ended with no successor on record, by code. Three queries.

    Candidates are those in force on the day under the same parent, best first: by ground in common, then by children of
    the same name, then those that began on that day. Nothing of it is recorded: a person or a file of changes decides.
    """
    history: defaultdict[int, list[TerritoryVersion]] = defaultdict(list)
    below: defaultdict[int, list[TerritoryVersion]] = defaultdict(list)
    versions = TerritoryVersion.objects.filter(territory__tenant=tenant).select_related("territory")
    for one in sorted(versions, key=lambda one: (starts(one.valid_from), one.pk)):
        history[one.territory_id].append(one)
        below[one.parent_id or 0].append(one)
    linked = set(Succession.objects.filter(tenant=tenant).values_list("predecessor_id", flat=True))
    own = {key: found[-1] for key, found in history.items() if found[-1].territory.level == level}
    gone = [one for one in own.values() if one.valid_to is not None and one.territory_id not in linked]
    return tuple(
        Vanished(one.territory.code, one.name, one.valid_to, _candidates(one, one.valid_to, own, below))
        for one in sorted(gone, key=lambda one: one.territory.code)
        if one.valid_to is not None
    )


def _candidates(
    gone: TerritoryVersion, day: date, own: dict[int, TerritoryVersion], below: dict[int, list[TerritoryVersion]]
) -> tuple[Candidate, ...]:
    found = []
    for one in own.values():
        standing = starts(one.valid_from) <= day and (one.valid_to is None or one.valid_to > day)
        if not standing or one.parent_id != gone.parent_id or one.territory_id == gone.territory_id:
            continue
        found.append(Candidate(one.territory.code, one.name, _reasons(gone, one, day, below)))
    return tuple(sorted(found, key=_rank))


def _rank(candidate: Candidate) -> tuple[object, ...]:
    given = dict(candidate.reasons)
    return (*(-given.get(reason, 0) for reason in _WEIGHT), candidate.code)


def _reasons(
    gone: TerritoryVersion, one: TerritoryVersion, day: date, below: dict[int, list[TerritoryVersion]]
) -> tuple[tuple[str, int], ...]:
    children = _names(below[gone.territory_id]) & _names(below[one.territory_id])
    numbers = {
        "ground": _shared(gone, one),
        "children": len(children),
        "begun": int(one.valid_from == day),
        "parent": 1,
    }
    return tuple((reason, number) for reason, number in numbers.items() if number)


def _names(versions: list[TerritoryVersion]) -> set[str]:
    return {fold(one.name) for one in versions}


def _shared(one: TerritoryVersion, other: TerritoryVersion) -> int:
    if not one.outline or not other.outline:
        return 0
    common = shapely.intersection(shapely.from_wkb(bytes(one.outline)), shapely.from_wkb(bytes(other.outline)))
    parts = polygons_of(common)
    return area_m2(joined(parts)) if parts else 0
