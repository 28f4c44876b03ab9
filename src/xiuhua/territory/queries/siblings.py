"""What the children of one parent do to each other: who is missing, who overlaps, what nobody claims."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import shapely
from shapely.geometry.base import BaseGeometry

from xiuhua.kernel.models import Tenant
from xiuhua.territory.models import TerritoryVersion
from xiuhua.territory.queries.standing import histories
from xiuhua.territory.rules.neighbours import gaps, overlaps
from xiuhua.territory.rules.versions import starts
from xiuhua.territory.words import Gap, Order, Overlap


def standing_siblings(
    tenant: Tenant, order: Order, parents: Collection[int | None]
) -> dict[int | None, list[TerritoryVersion]]:
    """Return by parent the newest versions of the order's level that have not ended by its effective day. One query."""
    found: dict[int | None, list[TerritoryVersion]] = {parent: [] for parent in parents}
    for versions in histories(tenant, order.level).values():
        newest = versions[-1]
        if newest.parent_id in found and (newest.valid_to is None or newest.valid_to > starts(order.effective)):
            found[newest.parent_id].append(newest)
    return found


def absentees(tenant: Tenant, order: Order, parents: Collection[int | None], named: Collection[str]) -> tuple[str, ...]:
    """Return the codes of siblings in force, sorted, that are not among the `named` codes."""
    siblings = standing_siblings(tenant, order, parents)
    return tuple(
        sorted(
            one.territory.code for versions in siblings.values() for one in versions if one.territory.code not in named
        )
    )


def shared_ground(
    tenant: Tenant, order: Order, parents: Collection[int | None]
) -> tuple[tuple[Overlap, ...], tuple[Gap, ...]]:
    """Return overlaps and gaps among the siblings under each parent; a parent with an outline must be covered."""
    outer = _outlines_of(tenant, [parent for parent in parents if parent])
    over: list[Overlap] = []
    open_ground: list[Gap] = []
    for parent, versions in standing_siblings(tenant, order, parents).items():
        drawn = [(one.territory.code, shapely.from_wkb(bytes(one.outline))) for one in versions if one.outline]
        over += overlaps(drawn, order.sliver_m2)
        open_ground += gaps([shape for _code, shape in drawn], outer.get(parent or 0), order.sliver_m2)
    over.sort(key=lambda one: (-one.m2, one.a, one.b))
    open_ground.sort(key=lambda one: (-one.m2, one.lon, one.lat))
    return tuple(over), tuple(open_ground)


def _outlines_of(tenant: Tenant, territories: Iterable[int]) -> dict[int, BaseGeometry]:
    """Return the newest outline of each of these territories that has one."""
    wanted = set(territories)
    versions = TerritoryVersion.objects.filter(territory__tenant=tenant, territory_id__in=wanted)
    found: dict[int, BaseGeometry] = {}
    for version in sorted(versions, key=lambda one: (starts(one.valid_from), one.pk)):
        if version.outline:
            found[version.territory_id] = shapely.from_wkb(bytes(version.outline))
    return found
