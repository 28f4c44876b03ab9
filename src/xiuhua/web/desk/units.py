"""Doors to units: the register, its workbook, and the import in two steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from xiuhua.kernel.models import Tenant
from xiuhua.responsibility.actions import import_units
from xiuhua.responsibility.models import Body
from xiuhua.responsibility.queries import UNIT_SORTS, filtered_units, unit_kinds, unit_template
from xiuhua.territory.queries import family, options
from xiuhua.ui.formats import NONE
from xiuhua.ui.rendering import render as component
from xiuhua.web.desk.downloads import buttons
from xiuhua.web.desk.office import now, office, person
from xiuhua.web.desk.registers import Bringing, bring, came_of, chips, columns, download, given_in, paged

PARAMETERS = ("q", "kind", "territory", "known")


def _sort(request: HttpRequest) -> str:
    sort = request.GET.get("sort", "code")
    return sort if sort.lstrip("-") in UNIT_SORTS else "code"


def _wanted(tenant: Tenant, given: dict[str, str], sort: str) -> QuerySet[Body]:
    return filtered_units(
        tenant,
        text=given.get("q", ""),
        kind=given.get("kind", ""),
        confirmed={"yes": True, "no": False}.get(given.get("known", "")),
        territories=family(tenant, given["territory"]) if given.get("territory") else None,
        sort=sort,
    )


def _states() -> dict[str, str]:
    return {"yes": _("已确认"), "no": _("案件里见过")}


@require_safe
def unit_list(request: HttpRequest) -> HttpResponse:
    """Show the register of units, fifty at a time; those that only cases have named say so."""
    tenant = office(request)
    english = (get_language() or "").startswith("en")
    given, sort = given_in(request, PARAMETERS), _sort(request)
    kinds, names = {one.code: one.name(english) for one in unit_kinds(tenant)}, dict(options(tenant))
    kept = {**given, "sort": sort}
    listed = paged(request, _wanted(tenant, given, sort), kept)
    every = ("", _("全部"))
    heads = (
        ("code", _("编码")),
        ("name", _("名称")),
        ("kind", _("类别")),
        ("", _("本地域")),
        ("", _("别名")),
        ("", _("来历")),
    )
    level = str(tenant.settings.get("home_level") or tenant.settings.get("by") or "")
    context = {
        **listed,
        "given": given,
        "chips": chips(given, _said(given, kinds, names)),
        "clear": reverse("desk:units"),
        "kinds": [every, *kinds.items()],
        "territories": [every, *options(tenant, level)],
        "states": [every, *_states().items()],
        "columns": columns(given, sort, heads),
        "rows": [_row(body, kinds, names) for body in listed["shown"]],
        "observed": filtered_units(tenant, confirmed=False).count(),
        "sheet_href": f"{reverse('desk:unit-sheet')}?{urlencode(kept)}",
        "csv_href": buttons("desk:units-list", kept)[1]["href"],
    }
    return render(request, "web/units.html", context)


def _said(given: dict[str, str], kinds: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    labels = {"q": _("编码、名称"), "kind": _("类别"), "territory": _("本地域"), "known": _("来历")}
    values: dict[str, Mapping[str, str]] = {"kind": kinds, "territory": names, "known": _states()}
    return {name: f"{labels[name]}：{values.get(name, {}).get(value, value)}" for name, value in given.items()}


def _row(body: Body, kinds: Mapping[str, str], names: Mapping[str, str]) -> dict[str, Any]:
    where = names.get(body.territory.code, body.territory.code) if body.territory else NONE
    said = _states()
    state: Any = said["yes"] if body.confirmed else component("mark", {"kind": "warn", "label": said["no"]})
    aliases = "、".join(body.aliases) or NONE
    return {"cells": [body.code, body.name, kinds.get(body.kind, body.kind) or NONE, where, aliases, state]}


@require_safe
def unit_sheet(request: HttpRequest) -> HttpResponseBase:
    """Return the filtered register as the workbook that the import takes back."""
    tenant = office(request)
    found = _wanted(tenant, given_in(request, PARAMETERS), _sort(request))
    return download(_("单位"), unit_template(tenant, found))


@require_safe
def template_sheet(request: HttpRequest) -> HttpResponseBase:
    """Return the empty workbook to fill in."""
    return download(_("单位模板"), unit_template(office(request)))


@require_http_methods(["GET", "HEAD", "POST"])
def unit_import(request: HttpRequest) -> HttpResponse:
    """Bring units in: try the file, show what would happen, do it once confirmed."""
    tenant = office(request)

    def take(data: bytes, _chosen: dict[str, str], *, only_try: bool) -> tuple[list[tuple[str, int]], list[str]]:
        done = import_units(tenant, data, by=person(request), at=now(), dry_run=only_try)
        return came_of(
            done,
            (_("确认案件里见过的单位：%(n)s 个"), done.confirmed),
            (_("表里没有的原有单位：%(n)s 个，不动"), len(done.absent)),
        )

    what = Bringing(
        title=_("导入单位"),
        home="desk:units",
        here="desk:unit-import",
        template="desk:unit-template",
        accept=".xlsx,.csv",
        take=take,
    )
    return bring(request, what)
