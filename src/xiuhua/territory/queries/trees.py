"""The tree on a day, its levels, and the outlines of one level."""

from __future__ import annotations

import hashlib
from datetime import date

import shapely
from django.db.models import Q, QuerySet

from xiuhua.kernel.models import Tenant
from xiuhua.territory.models import Site, Territory, TerritoryVersion
from xiuhua.territory.queries.standing import known_territories, listed
from xiuhua.territory.rules.versions import starts
from xiuhua.territory.words import Outline, TreeRow


def valid_on(day: date) -> Q:
    """Return the condition for versions in force on `day`: first day inclusive, last exclusive, empty ends open."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    return begun & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def _on(tenant: Tenant, day: date) -> QuerySet[TerritoryVersion]:
    found = TerritoryVersion.objects.filter(valid_on(day), territory__tenant=tenant)
    return found.select_related("territory").order_by("territory__code")


def levels(tenant: Tenant) -> list[str]:
    """Return the tenant's levels, coarse to fine: by depth in the tree, then fewer territories first, then by name."""
    known = known_territories(tenant)
    above = {one.id: one.parent_id for one in known}
    deepest: dict[str, int] = {}
    many: dict[str, int] = {}
    for one in known:
        deepest[one.level] = max(deepest.get(one.level, 0), len(_line(one.id, above)))
        many[one.level] = many.get(one.level, 0) + 1
    return sorted(deepest, key=lambda level: (deepest[level], many[level], level))


def _line(start: int, above: dict[int, int | None]) -> list[int]:
    """Return a territory and its ancestors, nearest first; stops at one that `above` does not know."""
    line: list[int] = []
    at: int | None = start
    while at is not None and at in above and at not in line:
        line.append(at)
        at = above[at]
    return line


def tree(tenant: Tenant, day: date) -> list[TreeRow]:
    """Return a row for every territory in force on `day` and each of its ancestors then, itself first. One query.

    Rows are in the order of codes. An ancestor that was not in force on that day ends the line.
    """
    versions = {version.territory_id: version for version in _on(tenant, day).defer("outline")}
    above = {pk: version.parent_id for pk, version in versions.items()}
    return [_tree_row(version, versions[ancestor]) for pk, version in versions.items() for ancestor in _line(pk, above)]


def _tree_row(version: TerritoryVersion, above: TerritoryVersion) -> TreeRow:
    own: Territory = version.territory
    ancestor: Territory = above.territory
    return TreeRow(
        territory_id=own.pk,
        code=own.code,
        name=version.name,
        level=own.level,
        ancestor_id=ancestor.pk,
        ancestor_code=ancestor.code,
        ancestor_level=ancestor.level,
        ancestor_name=above.name,
    )


def outlines(tenant: Tenant, level: str, day: date) -> list[Outline]:
    """Return the territories of a level in force on `day`, by code, with their outlines (WGS-84). One query."""
    return [
        Outline(
            version.territory_id,
            version.territory.code,
            version.name,
            shapely.from_wkb(bytes(version.outline)) if version.outline else None,
        )
        for version in _on(tenant, day).filter(territory__level=level)
    ]


def ground_digest(tenant: Tenant, day: date) -> str:
    """Return a digest of the territories and sites in force on a day with all that is known of them. Two queries."""
    seen = hashlib.sha256()
    for query in (_on(tenant, day), Site.objects.filter(valid_on(day), tenant=tenant).order_by("code")):
        for row in query.values_list():
            for value in row:  # a binary column comes as bytes or as a view of them
                seen.update((bytes(value) if isinstance(value, bytes | memoryview) else repr(value).encode()) + b"\0")
    return seen.hexdigest()


def family(tenant: Tenant, code: str) -> frozenset[int]:
    """Return the keys of the territory `code` and of everything that is or was below it; empty if there is none."""
    below: dict[int, set[int]] = {}
    for parent, child in TerritoryVersion.objects.filter(territory__tenant=tenant, parent__isnull=False).values_list(
        "parent_id", "territory_id"
    ):
        below.setdefault(parent or 0, set()).add(child)
    found: set[int] = set()
    waiting = set(Territory.objects.filter(tenant=tenant, code=code).values_list("pk", flat=True))
    while waiting:
        found |= waiting
        waiting = {child for one in waiting for child in below.get(one, ())} - found
    return frozenset(found)


def named(territory_id: int | None) -> str:
    """Return a territory's newest name, empty for none."""
    versions = list(TerritoryVersion.objects.filter(territory_id=territory_id).defer("outline")) if territory_id else []
    return max(versions, key=lambda one: (starts(one.valid_from), one.pk)).name if versions else ""


def options(tenant: Tenant, level: str = "") -> list[tuple[str, str]]:
    """Return (code, newest name) of the tenant's territories, of one level if one is given, by code."""
    return [(one.code, one.name) for one in listed(tenant, level or None)]
