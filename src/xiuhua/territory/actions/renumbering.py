"""Places that a new list names under a new code. Part of the importing transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from xiuhua.kernel.models import Tenant
from xiuhua.territory.actions.versioning import next_version
from xiuhua.territory.models import Succession, TerritoryVersion
from xiuhua.territory.rules.names import fold
from xiuhua.territory.rules.versions import starts
from xiuhua.territory.words import Order, SuccessionKind


def renumber(tenant: Tenant, order: Order, ended: Sequence[str], begun: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Link each territory that ended with the one that began under its name and parent; returns (old, new) codes.

    Only where exactly one ended and exactly one began under that name: anything else is a question for a person. What
    lies below the old code goes on under the new one from the effective day.
    """
    if order.effective is None:
        return ()
    old, new = _by_place(tenant, ended), _by_place(tenant, begun)
    pairs = [
        (before[0], new[place][0]) for place, before in old.items() if len(before) == 1 and len(new.get(place, ())) == 1
    ]
    Succession.objects.bulk_create(
        Succession(
            tenant=tenant,
            predecessor_id=before.territory_id,
            successor_id=after.territory_id,
            day=order.effective,
            kind=str(SuccessionKind.CODE_CHANGE),
            basis=BASIS,
        )
        for before, after in pairs
    )
    heirs = {before.territory_id: after.territory_id for before, after in pairs}
    for child in TerritoryVersion.objects.filter(parent_id__in=heirs):
        if child.valid_to is None or child.valid_to > order.effective:
            day = max(order.effective, starts(child.valid_from))
            next_version(child, day, {"parent_id": heirs[child.parent_id or 0]})
    return tuple(sorted((before.territory.code, after.territory.code) for before, after in pairs))


#: How such a link was found, kept as its basis.
BASIS = "name"


def _by_place(tenant: Tenant, codes: Sequence[str]) -> dict[tuple[int | None, str], list[TerritoryVersion]]:
    """Return the newest versions of these territories by parent and folded name."""
    newest: dict[int, TerritoryVersion] = {}
    versions = TerritoryVersion.objects.filter(territory__tenant=tenant, territory__code__in=codes)
    for one in sorted(versions.select_related("territory"), key=lambda one: (starts(one.valid_from), one.pk)):
        newest[one.territory_id] = one
    found: defaultdict[tuple[int | None, str], list[TerritoryVersion]] = defaultdict(list)
    for one in newest.values():
        found[one.parent_id, fold(one.name)].append(one)
    return found
