"""What is on record now: territories with their newest versions, and the versions of one level."""

from __future__ import annotations

from collections import defaultdict

from django.utils.translation import gettext_noop as _

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Refusal
from xiuhua.territory.models import Territory, TerritoryName, TerritoryVersion
from xiuhua.territory.rules.names import fold
from xiuhua.territory.rules.versions import starts
from xiuhua.territory.words import Known, Listed


class TerritoryUnknown(Refusal):
    """No territory has this code."""

    code = "territory.unknown"
    sentence = _("没有代码为 %(code)s 的地域。")


def territory_coded(tenant: Tenant, code: str) -> Territory:
    """Return the territory with this own code. Raises TerritoryUnknown."""
    found = Territory.objects.filter(tenant=tenant, code=code).first()
    if found is None:
        raise TerritoryUnknown(code=code)
    return found


def known_territories(tenant: Tenant) -> list[Known]:
    """Return every territory of the tenant as its newest version names and places it, by code. Two queries."""
    newest = {version.territory_id: version for version in _histories(tenant, outlines=False)}
    return [
        _known(one, newest[one.pk])
        for one in Territory.objects.filter(tenant=tenant).order_by("code")
        if one.pk in newest
    ]


def _known(one: Territory, newest: TerritoryVersion) -> Known:
    over = newest.valid_to is not None
    return Known(one.pk, one.code, one.level, one.confirmed, fold(newest.name), newest.parent_id, over)


def histories(tenant: Tenant, level: str) -> dict[int, list[TerritoryVersion]]:
    """Return the versions of each territory of a level, oldest first, with outlines. One query."""
    found: defaultdict[int, list[TerritoryVersion]] = defaultdict(list)
    for version in _histories(tenant, level=level):
        found[version.territory_id].append(version)
    return dict(found)


def _histories(tenant: Tenant, *, level: str = "", outlines: bool = True) -> list[TerritoryVersion]:
    wanted = TerritoryVersion.objects.filter(territory__tenant=tenant).select_related("territory")
    if level:
        wanted = wanted.filter(territory__level=level)
    if not outlines:
        wanted = wanted.defer("outline")
    # NULL sorts first on one database and last on the other: order here
    return sorted(wanted, key=lambda version: (starts(version.valid_from), version.pk))


def listed(tenant: Tenant, level: str | None = None) -> list[Listed]:
    """Return the tenant's territories (of one level) by level and code, each with its newest version. Three queries."""
    newest = {version.territory_id: version for version in _histories(tenant, level=level or "", outlines=False)}
    every = {one.pk: one for one in Territory.objects.filter(tenant=tenant)}
    aliases: defaultdict[int, list[str]] = defaultdict(list)
    for name in TerritoryName.objects.filter(territory__tenant=tenant, alias=True).order_by("name"):
        aliases[name.territory_id].append(name.name)
    return [
        Listed(
            code=every[pk].code,
            name=version.name,
            level=every[pk].level,
            parent=every[version.parent_id].code if version.parent_id else "",
            confirmed=every[pk].confirmed,
            valid_from=version.valid_from,
            valid_to=version.valid_to,
            area_m2=version.area_m2,
            aliases=tuple(aliases[pk]),
        )
        for pk, version in sorted(newest.items(), key=lambda item: (every[item[0]].level, every[item[0]].code))
    ]
