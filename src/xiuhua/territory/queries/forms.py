"""The forms of this package: the tables that people fill in, described in the files beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files

import shapely
from django.utils.translation import get_language

from xiuhua.kernel.models import Tenant
from xiuhua.tables.forms import form_of
from xiuhua.tables.templates import template
from xiuhua.tables.words import Form
from xiuhua.territory.models import Site
from xiuhua.territory.queries.site_types import offered_types
from xiuhua.territory.queries.standing import listed


@lru_cache
def form(name: str) -> Form:
    """Return the form `name`: site, territory or change."""
    return form_of((files("xiuhua.territory") / "forms" / f"{name}.toml").read_text(encoding="utf-8"))


def english() -> bool:
    """Return whether the present reader reads English."""
    return (get_language() or "").startswith("en")


def territory_names(tenant: Tenant) -> list[str]:
    """Return the names to choose from: of the office's home level where it has one, else of all. Six queries at most."""
    level = tenant.settings.get("home_level") or tenant.settings.get("by") or None
    known = listed(tenant, level) or listed(tenant)
    return [one.name for one in known if one.confirmed]


def site_template(tenant: Tenant, sites: Iterable[Site] = ()) -> bytes:
    """Return the workbook to fill sites in, or `sites` as the same workbook, so that it can be brought back."""
    types = offered_types(tenant)
    choices = {"types": [one.name(english()) for one in types], "communities": territory_names(tenant)}
    names = {one.code: one.name(english()) for one in types}
    return template(form("site"), choices, english=english(), rows=[_site_cells(site, names) for site in sites])


def site_table(tenant: Tenant, sites: Iterable[Site]) -> tuple[list[str], Iterator[list[str]]]:
    """Return the headings of the form of sites in the reader's language, and the sites under them, one by one."""
    names = {one.code: one.name(english()) for one in offered_types(tenant)}
    shown = form("site").columns
    rows = ([cells.get(one.key, "") for one in shown] for cells in (_site_cells(site, names) for site in sites))
    return [one.en if english() else one.zh for one in shown], rows


def _site_cells(site: Site, names: Mapping[str, str]) -> dict[str, str]:
    shape = shapely.from_wkb(bytes(site.geometry))
    pointed = isinstance(shape, shapely.Point)
    return {
        "code": site.code,
        "name": site.name,
        "type": names.get(site.type, ""),
        "type_code": site.type,
        "grid": site.territory.code if site.territory else "",
        "lon": repr(site.min_lon) if pointed else "",
        "lat": repr(site.min_lat) if pointed else "",
        "shape": "" if pointed else shapely.to_wkt(shape, rounding_precision=9),
        "reach": str(site.reach_m),
        "begins": str(site.valid_from or ""),
        "ends": str(site.valid_to or ""),
        "aliases": "、".join(site.aliases),
    }


def territory_template(tenant: Tenant, level: str) -> bytes:
    """Return the workbook to fill territories of a level in, with the codes of all others as parents."""
    parents = [one.code for one in listed(tenant) if one.confirmed and one.level != level]
    return template(form("territory"), {"parents": parents}, english=english())
