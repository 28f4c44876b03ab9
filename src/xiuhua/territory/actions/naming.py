"""Names of territories: own ones, aliases, former ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Refusal
from xiuhua.territory.models import ExternalCode, Territory, TerritoryName
from xiuhua.territory.queries.standing import territory_coded
from xiuhua.territory.rules.names import fold
from xiuhua.territory.words import NAME_LENGTH


class AliasTaken(Refusal):
    """Another territory goes by this name."""

    code = "territory.alias_taken"
    sentence = _("“%(name)s”已经是 %(codes)s 的名称；一个名称不能指两处。")


class AliasMalformed(Refusal):
    """The alias is empty or too long."""

    code = "territory.alias_malformed"
    sentence = _("别名不能为空，也不能超过 %(limit)s 个字。")


def add_alias(tenant: Tenant, code: str, name: str, *, by: Actor, at: datetime) -> bool:
    """Give the territory `code` one more name; returns False if it has that name already.

    Raises TerritoryUnknown, AliasTaken, AliasMalformed.
    """
    name = name.strip()
    if not fold(name) or max(len(name), len(fold(name))) > NAME_LENGTH:
        raise AliasMalformed(limit=NAME_LENGTH)
    with transaction.atomic():
        territory = territory_coded(tenant, code)
        same = TerritoryName.objects.filter(territory__tenant=tenant, folded=fold(name)).select_related("territory")
        others = sorted(one.territory.code for one in same if one.territory_id != territory.pk)
        if others:
            raise AliasTaken(name=name, codes="、".join(others))
        if same:
            return False
        TerritoryName.objects.create(territory=territory, name=name, folded=fold(name), alias=True)
        about = f"territory:{code}"
        record("territory.alias", about=about, by=by, at=at, tenant=tenant, facts={"name": name})
    return True


def keep_names(
    tenant: Tenant, own: Mapping[int, str], aliases: Mapping[int, Iterable[str]], *, level: str
) -> frozenset[int]:
    """Make each territory's own name the given one and add aliases; a former own name stays as an alias.

    Returns the territories that got a name they did not have. Part of the caller's transaction.
    """
    kept: dict[tuple[int, str], TerritoryName] = {
        (one.territory_id, one.folded): one
        for one in TerritoryName.objects.filter(territory__tenant=tenant, territory__level=level)
    }
    wanted = _wanted(own, aliases)
    former = [one for (pk, folded), one in kept.items() if pk in own and folded != fold(own[pk]) and not one.alias]
    changed = [kept[key] for key, (name, alias) in wanted.items() if key in kept and _differs(kept[key], name, alias)]
    new = [
        TerritoryName(territory_id=key[0], folded=key[1], name=name, alias=alias)
        for key, (name, alias) in wanted.items()
        if key not in kept
    ]
    for one in former:
        one.alias = True
    for one in changed:
        one.name, one.alias = wanted[one.territory_id, one.folded]
    TerritoryName.objects.bulk_update([*former, *changed], ["name", "alias"], batch_size=500)
    TerritoryName.objects.bulk_create(new, batch_size=1000)
    return frozenset(one.territory_id for one in new)


def _wanted(own: Mapping[int, str], aliases: Mapping[int, Iterable[str]]) -> dict[tuple[int, str], tuple[str, bool]]:
    wanted = {(pk, fold(name)): (name, True) for pk, names in aliases.items() for name in names if fold(name)}
    return wanted | {(pk, fold(name)): (name, False) for pk, name in own.items()}


def _differs(kept: TerritoryName, name: str, alias: bool) -> bool:
    if kept.alias:
        return not alias  # an alias keeps the spelling it was first given
    return not alias and kept.name != name


def keep_externals(tenant: Tenant, codes: Mapping[int, Iterable[tuple[str, str]]], *, level: str) -> frozenset[int]:
    """Add the codes by which other systems know territories (key → (system, code)); none is taken away.

    Returns the territories that got a code they did not have. Part of the caller's transaction.
    """
    wanted = [(pk, system, code) for pk, pairs in codes.items() for system, code in dict.fromkeys(pairs)]
    if not wanted:
        return frozenset()
    there = ExternalCode.objects.filter(territory__tenant=tenant, territory__level=level)
    kept = set(there.values_list("territory_id", "system", "code"))
    new = [one for one in wanted if one not in kept]
    ExternalCode.objects.bulk_create(
        (ExternalCode(territory_id=pk, system=system, code=code) for pk, system, code in new), batch_size=1000
    )
    return frozenset(pk for pk, _system, _code in new)


def name_new(territories: Iterable[tuple[Territory, str]]) -> None:
    """Give territories that have no name yet their own. Part of the caller's transaction."""
    TerritoryName.objects.bulk_create(
        (TerritoryName(territory=one, name=name, folded=fold(name)) for one, name in territories), batch_size=1000
    )
