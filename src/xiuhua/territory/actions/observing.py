"""Territories that an import of something else saw by name."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from xiuhua.kernel.models import Tenant
from xiuhua.territory.actions.naming import name_new
from xiuhua.territory.models import Territory, TerritoryName, TerritoryVersion
from xiuhua.territory.rules.names import fold, fresh_code
from xiuhua.territory.words import NAME_LENGTH


def observe_territories(tenant: Tenant, level: str, names: Iterable[str]) -> dict[str, Territory]:
    """Return a territory for each name: the one of that level whose own name it is, else a new, unconfirmed one.

    New ones are valid since always and have no outline. A name that several territories of the level bear, an empty
    one and one that is too long are left out of the answer. The caller records the ledger line: territories are
    observed as part of an import.
    """
    wanted = {name: fold(name) for name in sorted(set(names))}
    usable = {folded: name for name, folded in reversed(wanted.items()) if folded and _fits(name)}
    with transaction.atomic():
        found = _by_own_name(tenant, level)
        _create(tenant, level, {folded: name for folded, name in sorted(usable.items()) if folded not in found})
        found = _by_own_name(tenant, level)
    bearers = {name: found[folded] for name, folded in wanted.items() if folded in usable}
    return {name: borne[0] for name, borne in bearers.items() if len(borne) == 1}


def _fits(name: str) -> bool:
    return max(len(name), len(fold(name))) <= NAME_LENGTH


def _by_own_name(tenant: Tenant, level: str) -> dict[str, list[Territory]]:
    own = TerritoryName.objects.filter(territory__tenant=tenant, territory__level=level, alias=False)
    found: dict[str, list[Territory]] = {}
    for name in own.select_related("territory").order_by("territory__code"):
        found.setdefault(name.folded, []).append(name.territory)
    return found


def _create(tenant: Tenant, level: str, names: dict[str, str]) -> None:
    taken = set(Territory.objects.filter(tenant=tenant).values_list("code", flat=True))
    codes: dict[str, str] = {}
    for name in names.values():
        codes[fresh_code(level, name, taken)] = name.strip()
        taken |= set(codes)
    if not codes:
        return
    Territory.objects.bulk_create(
        (Territory(tenant=tenant, code=code, level=level, confirmed=False) for code in codes), batch_size=1000
    )
    made = [one for one in Territory.objects.filter(tenant=tenant, level=level) if one.code in codes]
    TerritoryVersion.objects.bulk_create(
        (TerritoryVersion(territory=one, name=codes[one.code]) for one in made), batch_size=1000
    )
    name_new((one, codes[one.code]) for one in made)
