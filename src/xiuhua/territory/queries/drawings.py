"""Outlines for drawing: the version in force, its neighbours, and the mark by which a later change is noticed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry

from xiuhua.kernel.models import Tenant
from xiuhua.territory.models import Redraw, TerritoryVersion
from xiuhua.territory.queries.standing import TerritoryUnknown
from xiuhua.territory.queries.trees import outlines
from xiuhua.territory.rules.versions import starts

#: Neighbours farther away than this share of the outline's own width are not drawn.
AROUND = 1.0


@dataclass(frozen=True, slots=True)
class Canvas:
    """What the editor needs: the version, its mark, its outline and those of its level around it."""

    version: TerritoryVersion
    mark: str
    outline: BaseGeometry | None
    neighbours: tuple[tuple[str, str, BaseGeometry], ...]


def newest_version(tenant: Tenant, code: str) -> TerritoryVersion:
    """Return the territory's newest version with its territory. One query. Raises TerritoryUnknown."""
    found = TerritoryVersion.objects.filter(territory__tenant=tenant, territory__code=code)
    versions = sorted(found.select_related("territory", "parent"), key=lambda one: (starts(one.valid_from), one.pk))
    if not versions:
        raise TerritoryUnknown(code=code)
    return versions[-1]


def version_mark(version: TerritoryVersion) -> str:
    """Return a mark that changes when the version does: its key and a digest of its outline, name and days."""
    said = (version.name, version.parent_id, version.valid_from, version.valid_to)
    content = repr(said).encode() + bytes(version.outline or b"")
    return f"{version.pk}-{hashlib.sha256(content).hexdigest()[:20]}"


def canvas(tenant: Tenant, code: str, day: date) -> Canvas:
    """Return what the editor draws on `day`. Two queries. Raises TerritoryUnknown."""
    version = newest_version(tenant, code)
    own = shapely.from_wkb(bytes(version.outline)) if version.outline else None
    level = outlines(tenant, version.territory.level, max(day, starts(version.valid_from)))
    drawn = [(one.code, one.name, one.geometry) for one in level if one.geometry is not None and one.code != code]
    if own is not None:
        west, south, east, north = own.bounds
        reach = max(east - west, north - south) * AROUND
        frame = shapely.box(west - reach, south - reach, east + reach, north + reach)
        drawn = [one for one in drawn if one[2].intersects(frame)]
    return Canvas(version, version_mark(version), own, tuple(drawn))


def level_outlines(tenant: Tenant, level: str, day: date) -> dict[str, BaseGeometry]:
    """Return the outlines of a level in force on `day` by code; those nobody drew are left out. One query."""
    return {one.code: one.geometry for one in outlines(tenant, level, day) if one.geometry is not None}


def last_redraw(tenant: Tenant, code: str) -> Redraw | None:
    """Return the newest change of an outline by hand that was not taken back, or None. One query."""
    found = Redraw.objects.filter(tenant=tenant, territory__code=code, undone_at__isnull=True)
    return found.order_by("-at", "-pk").first()
