"""Doors to territories: the tree, one of them through the years, and its outline on a drawing board."""

from __future__ import annotations

import json
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import shapely
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Refusal
from xiuhua.territory.actions import StaleOutline, redraw_outline, undo_redraw
from xiuhua.territory.phrases import kind_title
from xiuhua.territory.queries import TerritoryUnknown, levels, listed
from xiuhua.territory.queries.drawings import Canvas, canvas, last_redraw
from xiuhua.territory.queries.lineage import story
from xiuhua.territory.words import Kin, Listed
from xiuhua.ui.maps import drawing
from xiuhua.web.desk.effects import effect_shown, openable
from xiuhua.web.desk.frames import level_name
from xiuhua.web.desk.office import now, office, person, whole
from xiuhua.web.desk.preview import Foreseen, duty_words, finer_words, foreseen, ground_words, point_words

#: Seconds for which an undo is offered after saving.
UNDO_SECONDS = 10
#: Width of the small map.
SMALL = 416
#: Longer texts are no outline of a territory.
LARGEST = 2_000_000
#: A tree up to this size is shown whole; of a larger one, a page of one level.
WHOLE, PAGE = 1000, 200


def today(tenant: Tenant) -> date:
    """Return the office's civil date."""
    return now().astimezone(ZoneInfo(tenant.zone or "UTC")).date()


@require_safe
def territory_list(request: HttpRequest) -> HttpResponse:
    """Show all territories as a tree, those that ended too; a large tree one level at a time, page by page."""
    tenant = office(request)
    every = listed(tenant)
    below: dict[str, list[Listed]] = {}
    codes = {one.code: one for one in every}
    for one in every:
        below.setdefault(one.parent if one.parent in codes else "", []).append(one)
    large = len(every) > WHOLE
    top = codes.get(request.GET.get("below", "")) if large else None
    rows = below.get(top.code if top else "", [])
    page = max(whole(request.GET.get("page")) or 1, 1)
    shown = rows[(page - 1) * PAGE : page * PAGE] if large else rows
    context = {
        "roots": [_branch(tenant, one, below, today(tenant), deep=not large) for one in shown],
        "total": len(every),
        "counts": [(level_name(tenant, level), sum(one.level == level for one in every)) for level in levels(tenant)],
        "unconfirmed": sum(not one.confirmed for one in every),
        "top": top,
        "pages": _pages(len(rows), page, top) if large else None,
    }
    return render(request, "web/territories.html", context)


def _pages(total: int, page: int, top: Listed | None) -> dict[str, Any]:
    """Return the parameters of the pager of one level of a large tree."""

    def address(number: int) -> str:
        return "?" + urlencode({**({"below": top.code} if top else {}), "page": number})

    first, last = (page - 1) * PAGE + 1, min(page * PAGE, total)
    return {
        "total": total,
        "first": first if first <= total else None,
        "last": last,
        "previous": address(page - 1) if page > 1 else "",
        "next": address(page + 1) if last < total else "",
    }


def _branch(tenant: Tenant, one: Listed, below: dict[str, list[Listed]], day: date, *, deep: bool) -> dict[str, Any]:
    """Return a territory with all that is below it, or (not `deep`) with how many are."""
    under = below.get(one.code, [])
    children = [_branch(tenant, child, below, day, deep=True) for child in under] if deep else []
    kinds = dict.fromkeys(child["level"] for child in children)
    return {
        "one": one,
        "level": level_name(tenant, one.level),
        "over": one.valid_to is not None and one.valid_to <= day,
        "children": children,
        "folded": 0 if deep else len(under),
        "kinds": "、".join(kinds),
    }


@require_safe
def territory_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show one territory: names, versions, where it came from and what it became, its outline among its neighbours."""
    tenant = office(request)
    try:
        told, board = story(tenant, code, today(tenant)), canvas(tenant, code, today(tenant))
    except TerritoryUnknown as unknown:
        raise Http404 from unknown
    every = {one.code: one for one in listed(tenant)}
    own = every[told.code]
    redraw = last_redraw(tenant, code)
    fresh = redraw is not None and redraw.version_id == board.version.pk
    context = {
        "own": own,
        "told": told,
        "level": level_name(tenant, told.level),
        "over": own.valid_to is not None and own.valid_to <= today(tenant),
        "versions": [_version(one, every) for one in reversed(told.versions)],
        "parent": every.get(own.parent),
        "came_from": [_kin(one) for one in told.came_from],
        "became": [_kin(one) for one in told.became],
        "today": [one for one in told.today if one.code != told.code],
        "drawing": _small(board),
        "redraw": redraw if fresh else None,
        "seconds": _seconds_left(redraw.at.timestamp()) if redraw and fresh else 0,
    }
    return render(request, "web/territory.html", context)


def _version(one: dict[str, Any], every: dict[str, Listed]) -> dict[str, Any]:
    """Return a version as the time line shows it: with its last day, and its parent by name."""
    last = one["valid_to"] - timedelta(days=1) if one["valid_to"] else None
    parent = every.get(one["parent"])
    return {**one, "last": last, "parent": parent.name if parent else ""}


def _kin(one: Kin) -> dict[str, Any]:
    return {"code": one.code, "name": one.name, "day": one.day, "kind": kind_title(one.kind)}


def _seconds_left(since: float) -> int:
    return max(0, UNDO_SECONDS - int(now().timestamp() - since))


def _small(board: Canvas) -> Any:
    if board.outline is None:
        return None
    code = board.version.territory.code
    return drawing({code: board.outline, **{key: shape for key, _name, shape in board.neighbours}}, width=SMALL)


@require_http_methods(["GET", "HEAD", "POST"])
def outline(request: HttpRequest, code: str) -> HttpResponse:
    """Show the drawing board; by POST say what the drawn outline would move, or keep it from a day on."""
    tenant = office(request)
    try:
        board = canvas(tenant, code, today(tenant))
    except TerritoryUnknown as unknown:
        raise Http404 from unknown
    given = _given(request, tenant, board)
    if request.method != "POST":
        return _board(request, tenant, board, given)
    geometry, errors = _drawn(given)
    if errors or geometry is None:
        return _board(request, tenant, board, given, errors=errors, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    day = date.fromisoformat(given["effective"])
    try:
        if given["do"] == "preview":
            seen = foreseen(tenant, code, geometry, day=day, now=now())
            return _board(request, tenant, board, given, seen=seen)
        done = redraw_outline(
            tenant,
            code,
            geometry,
            effective=day,
            reason=given["reason"],
            mark=given["mark"],
            by=person(request),
            at=now(),
        )
    except StaleOutline as stale:
        given["mark"] = board.mark
        return _board(request, tenant, board, given, errors=[("", str(stale))], status=HTTPStatus.CONFLICT)
    except Refusal as refusal:
        field = {"territory.reason_missing": "f-reason", "territory.redraw_early": "f-effective"}
        errors = [(field.get(refusal.code, "f-geometry"), str(refusal))]
        return _board(request, tenant, board, given, errors=errors, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return HttpResponseRedirect(reverse("desk:territory", args=[done.code]))


def _given(request: HttpRequest, tenant: Tenant, board: Canvas) -> dict[str, str]:
    """Return the form as it was sent, or as it opens."""
    kept = "" if board.outline is None else _geojson(board.outline)
    if request.method != "POST":
        return {"geometry": kept, "effective": today(tenant).isoformat(), "reason": "", "mark": board.mark, "do": ""}
    return {name: request.POST.get(name, "") for name in ("geometry", "effective", "reason", "mark", "do")}


def _geojson(shape: Any) -> str:
    return json.dumps(shapely.geometry.mapping(shape), separators=(",", ":"))


def _drawn(given: dict[str, str]) -> tuple[dict[str, Any] | None, list[tuple[str, str]]]:
    """Return the geometry that the form holds and what is wrong with the form, by field."""
    errors = []
    try:
        date.fromisoformat(given["effective"])
    except ValueError:
        errors.append(("f-effective", _("生效日请写成 2026-11-25 这样。")))
    geometry: Any = None
    try:
        geometry = json.loads(given["geometry"]) if len(given["geometry"]) <= LARGEST else None
    except (ValueError, RecursionError):
        geometry = None
    if isinstance(geometry, dict) and geometry.get("type") == "Feature":
        geometry = geometry.get("geometry")
    if not isinstance(geometry, dict):
        errors.append(("f-geometry", _("边界须是一个 GeoJSON 图形（Polygon 或 MultiPolygon）。")))
        geometry = None
    return geometry, errors


def _board(
    request: HttpRequest,
    tenant: Tenant,
    board: Canvas,
    given: dict[str, str],
    *,
    errors: list[tuple[str, str]] | None = None,
    seen: Foreseen | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "version": board.version,
        "level": level_name(tenant, board.version.territory.level),
        "given": given,
        "errors": errors or [],
        "wrong": dict(errors or []),
        "board": {
            "kept": None if board.outline is None else shapely.geometry.mapping(board.outline),
            "neighbours": [
                {"code": code, "name": name, "geometry": shapely.geometry.mapping(shape)}
                for code, name, shape in board.neighbours
            ],
            "words": _words(),
        },
        "seen": _seen(tenant, seen, person(request)) if seen else None,
    }
    return render(request, "web/outline.html", context, status=status)


def _words() -> dict[str, str]:
    """Return what the drawing board says; {…} are filled in by it."""
    return {
        "vertex": _("第 {n} 个顶点，共 {of} 个"),
        "area": _("面积 {m2} 平方米"),
        "change": _("比现在 {sign}{m2} 平方米"),
        "crossing": _("边界自己相交：第 {a} 段和第 {b} 段（从第 1 个顶点数起）。拖开或删去一个顶点就好。"),
        "few": _("一圈至少要三个顶点，这一个不能删。"),
        "moved": _("已移动 {m} 米"),
        "added": _("已加一个顶点"),
        "deleted": _("已删一个顶点"),
        "snapped": _("已对齐 {name} 的顶点"),
        "undone": _("已撤回一步"),
        "redone": _("已重做一步"),
        "nothing": _("没有可撤回的了"),
        "unsaved": _("改了 {n} 步，还没有保存"),
        "failed": _("没有算成，请再试一次。"),
    }


def _seen(tenant: Tenant, seen: Foreseen, by: Actor) -> dict[str, Any]:
    open_to = openable(tenant, [case.number for case in seen.cases], by)
    return {
        "total": len(seen.cases),
        "moved": seen.moved(),
        "since": seen.since,
        "points": [
            {
                "text": point_words(seen, move),
                "cases": [(case, case.number in open_to) for case in (seen.cases[place] for place in move.points)],
            }
            for move in seen.moves.points
        ],
        "sites": [
            {"text": point_words(seen, move), "sites": [seen.sites[place] for place in move.points]}
            for move in seen.site_moves
        ],
        "ground": [{"text": ground_words(seen, move), "bad": len(move.after) != 1} for move in seen.moves.ground],
        "duty": duty_words(seen),
        "effect": effect_shown(tenant, *seen.duty, by) if seen.duty else None,
        "finer": finer_words(seen) if seen.finer and seen.moved() else "",
    }


@require_POST
def undo_outline(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """Take a change of an outline back, and go to the territory."""
    done = undo_redraw(office(request), key, by=person(request), at=now())
    messages.success(request, _("已撤销，边界和原来一样。"))
    return HttpResponseRedirect(reverse("desk:territory", args=[done or code]))
