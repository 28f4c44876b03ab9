"""Doors to sites: the register with its map, its workbook, and the import in two steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import shapely
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from xiuhua.kernel.models import Tenant
from xiuhua.territory.actions import import_sites
from xiuhua.territory.models import Site
from xiuhua.territory.queries import (
    SITE_SORTS,
    family,
    filtered_sites,
    levels,
    offered_types,
    options,
    outlines,
    site_template,
    type_counts,
)
from xiuhua.territory.words.sites import SiteOrder
from xiuhua.ui.formats import NONE, thousands
from xiuhua.ui.maps import drawing
from xiuhua.ui.marks import marks
from xiuhua.ui.rendering import render as component
from xiuhua.web.desk.downloads import buttons
from xiuhua.web.desk.office import now, office, person
from xiuhua.web.desk.registers import Bringing, bring, came_of, chips, columns, download, given_in, paged

PARAMETERS = ("q", "type", "territory")
#: Width of the map in pixels of its own, and the most sites that are drawn.
WIDTH, DRAWN = 760, 3000


def _sort(request: HttpRequest) -> str:
    sort = request.GET.get("sort", "code")
    return sort if sort.lstrip("-") in SITE_SORTS else "code"


def _wanted(tenant: Tenant, given: dict[str, str], sort: str, *, every_type: bool = False) -> QuerySet[Site]:
    return filtered_sites(
        tenant,
        text=given.get("q", ""),
        type="" if every_type else given.get("type", ""),
        territories=family(tenant, given["territory"]) if given.get("territory") else None,
        sort=sort,
    )


def _types(tenant: Tenant) -> dict[str, str]:
    english = (get_language() or "").startswith("en")
    return {one.code: one.name(english) for one in offered_types(tenant)}


def _home_level(tenant: Tenant) -> str:
    present = levels(tenant)
    return str(tenant.settings.get("home_level") or tenant.settings.get("by") or (present[0] if present else ""))


@require_safe
def site_list(request: HttpRequest) -> HttpResponse:
    """Show the register of sites, fifty at a time, with the map of those that match and how many each type has."""
    tenant = office(request)
    given, sort, types = given_in(request, PARAMETERS), _sort(request), _types(tenant)
    found, level, names = _wanted(tenant, given, sort), _home_level(tenant), dict(options(tenant))
    kept = {**given, "sort": sort}
    listed = paged(request, found, kept)
    context = {
        **listed,
        "given": given,
        "chips": chips(given, _said(given, types, names)),
        "clear": reverse("desk:sites"),
        "types": [("", _("全部")), *((code, f"{code} {name}") for code, name in types.items())],
        "territories": [("", _("全部")), *options(tenant, level)],
        "columns": columns(given, sort, _heads()),
        "rows": [_row(site, types, names) for site in listed["shown"]],
        "counted": _counted(tenant, given, types),
        "map": _map(tenant, level, found, types),
        "sheet_href": f"{reverse('desk:site-sheet')}?{urlencode(kept)}",
        "csv_href": buttons("desk:sites-list", kept)[1]["href"],
    }
    return render(request, "web/sites.html", context)


def _said(given: dict[str, str], types: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    labels = {"q": _("编码、名称"), "type": _("类型"), "territory": _("地域")}
    values = {"type": types, "territory": names}
    return {name: f"{labels[name]}：{values.get(name, {}).get(value, value)}" for name, value in given.items()}


def _heads() -> tuple[tuple[str, str], ...]:
    heads = (("code", _("编码")), ("name", _("名称")), ("type", _("类型")), ("", _("地域")), ("", _("形状")))
    return (*heads, ("reach", _("影响半径")), ("begins", _("有效期")))


def _row(site: Site, types: Mapping[str, str], names: Mapping[str, str]) -> dict[str, Any]:
    shape = shapely.from_wkb(bytes(site.geometry)).geom_type.removeprefix("Multi")
    shapes = {"Point": _("点状"), "LineString": _("线状"), "Polygon": _("面状")}
    area = shape == "Polygon"
    name: Any = site.name
    if not site.confirmed:
        name = f"{name} {component('mark', {'kind': 'line', 'label': _('未确认')})}"
    days = f"{site.valid_from or ''} – {site.valid_to or ''}" if site.valid_from or site.valid_to else _("一直")
    where = names.get(site.territory.code, site.territory.code) if site.territory else NONE
    reach = NONE if area else _("%(metres)s 米") % {"metres": thousands(site.reach_m)}
    kind = types.get(site.type, site.type)
    return {"cells": [site.code, name, kind, where, shapes.get(shape, shape), reach, days]}


def _counted(tenant: Tenant, given: dict[str, str], types: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return how many sites each type has among those that match the other conditions, with the address of the list."""
    counts = type_counts(_wanted(tenant, given, "code", every_type=True))
    order = [code for code in types if code in counts] + sorted(code for code in counts if code not in types)
    return [
        {
            "code": code,
            "name": types.get(code, code),
            "count": counts[code],
            "href": f"{reverse('desk:sites')}?{urlencode({**given, 'type': code})}",
        }
        for code in order
    ]


def _map(tenant: Tenant, level: str, found: QuerySet[Site], types: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the sites drawn by shape over the outlines of the home level; None where there is nothing to draw."""
    sites = list(found[:DRAWN])
    ground = {one.code: one.geometry for one in outlines(tenant, level, now().date()) if one.geometry is not None}
    shapes = {site.code: shapely.from_wkb(bytes(site.geometry)) for site in sites}
    if not ground and shapes:
        west, south, east, north = shapely.total_bounds(list(shapes.values()))
        ground = {"": shapely.box(west, south, east, north).buffer(0.002)}
    drawn = drawing(ground, width=WIDTH)
    if drawn is None:
        return None
    titles = {site.code: f"{site.name}（{types.get(site.type, site.type)}）" for site in sites}
    made = marks(ground, shapes, width=WIDTH)
    # areas lie under lines, lines under points
    made.sort(key=lambda mark: ("area", "line", "point").index(mark.kind))
    return {
        "drawing": drawn,
        "marks": [{"mark": mark, "title": titles[mark.code]} for mark in made],
        "outside": len(shapes) - len({mark.code for mark in made}),
        "kinds": sorted({mark.kind for mark in made}),
    }


@require_safe
def site_sheet(request: HttpRequest) -> HttpResponseBase:
    """Return the filtered register as the workbook that the import takes back."""
    tenant = office(request)
    found = _wanted(tenant, given_in(request, PARAMETERS), _sort(request))
    return download(_("点位"), site_template(tenant, found))


@require_safe
def template_sheet(request: HttpRequest) -> HttpResponseBase:
    """Return the empty workbook to fill in."""
    return download(_("点位模板"), site_template(office(request)))


@require_http_methods(["GET", "HEAD", "POST"])
def site_import(request: HttpRequest) -> HttpResponse:
    """Bring sites in: try the file, show what would happen, do it once confirmed."""
    tenant = office(request)

    def take(data: bytes, chosen: dict[str, str], *, only_try: bool) -> tuple[list[tuple[str, int]], list[str]]:
        order = SiteOrder(crs=chosen["crs"])
        done = import_sites(tenant, data, order, by=person(request), at=now(), dry_run=only_try)
        return came_of(
            done,
            (_("不在任何地域里：%(n)s 个"), len(done.unplaced)),
            (_("位置不在所填地域里：%(n)s 个"), len(done.elsewhere)),
            (_("表里没有的原有点位：%(n)s 个，不动"), len(done.absent)),
        )

    systems = (("wgs84", _("GPS（WGS-84）")), ("gcj02", _("国内地图（GCJ-02）")), ("bd09", _("百度（BD-09）")))
    what = Bringing(
        title=_("导入点位"),
        home="desk:sites",
        here="desk:site-import",
        template="desk:site-template",
        accept=".xlsx,.csv,.geojson,.json",
        take=take,
        choices=(("crs", _("坐标系"), systems),),
    )
    return bring(request, what)
