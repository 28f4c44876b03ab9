"""Doors to territories: the tree, one of them through the years, and its outline on a drawing board."""

from __future__ import annotations

import json
from datetime import date
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

import shapely
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Refusal
from xiuhua.territory.actions import StaleOutline, redraw_outline, undo_redraw
from xiuhua.territory.phrases import kind_title
from xiuhua.territory.queries import TerritoryUnknown, levels, listed
from xiuhua.territory.queries.drawings import Canvas, canvas, last_redraw
from xiuhua.territory.queries.lineage import story
from xiuhua.territory.words import Kin, Listed
from xiuhua.ui.maps import drawing
from xiuhua.web.desk.frames import level_name
from xiuhua.web.desk.office import now, office, person
from xiuhua.web.desk.preview import Foreseen, foreseen, ground_words, point_words

#: Seconds for which an undo is offered after saving.
UNDO_SECONDS = 10
#: Width of the small map.
SMALL = 416
#: Decimals of a degree in the text of an outline: 15 digits keep every bit of a double.
LARGEST = 2_000_000


def today(tenant: Tenant) -> date:
    """Return the office's civil date."""
    return now().astimezone(ZoneInfo(tenant.zone or "UTC")).date()


@require_safe
def territory_list(request: HttpRequest) -> HttpResponse:
    """Show all territories as a tree, those that ended too."""
    tenant = office(request)
    every = listed(tenant)
    below: dict[str, list[Listed]] = {}
    codes = {one.code for one in every}
    for one in every:
        below.setdefault(one.parent if one.parent in codes else "", []).append(one)
    present = levels(tenant)
    context = {
        "section": "territory",
        "roots": [_branch(tenant, one, below, today(tenant)) for one in below.get("", [])],
        "total": len(every),
        "counts": [(level_name(tenant, level), sum(one.level == level for one in every)) for level in present],
        "unconfirmed": sum(not one.confirmed for one in every),
    }
    return render(request, "web/territories.html", context)


def _branch(tenant: Tenant, one: Listed, below: dict[str, list[Listed]], day: date) -> dict[str, Any]:
    children = [_branch(tenant, child, below, day) for child in below.get(one.code, [])]
    kinds = dict.fromkeys(child["level"] for child in children)
    return {
        "one": one,
        "level": level_name(tenant, one.level),
        "over": one.valid_to is not None and one.valid_to <= day,
        "children": children,
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
    own = next(one for one in listed(tenant, told.level) if one.code == told.code)
    redraw = last_redraw(tenant, code)
    fresh = redraw is not None and redraw.version_id == board.version.pk
    context = {
        "section": "territory",
        "own": own,
        "told": told,
        "level": level_name(tenant, told.level),
        "over": own.valid_to is not None and own.valid_to <= today(tenant),
        "versions": list(reversed(told.versions)),
        "came_from": [_kin(one) for one in told.came_from],
        "became": [_kin(one) for one in told.became],
        "today": [one for one in told.today if one.code != told.code],
        "drawing": _small(board),
        "redraw": redraw if fresh else None,
        "seconds": _seconds_left(redraw.at.timestamp()) if redraw and fresh else 0,
    }
    return render(request, "web/territory.html", context)


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
        "section": "territory",
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
        "seen": _seen(seen) if seen else None,
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


def _seen(seen: Foreseen) -> dict[str, Any]:
    return {
        "total": len(seen.cases),
        "moved": seen.moved(),
        "since": seen.since,
        "points": [
            {"text": point_words(seen, move), "cases": [seen.cases[place] for place in move.points]}
            for move in seen.moves.points
        ],
        "ground": [{"text": ground_words(seen, move), "bad": len(move.after) != 1} for move in seen.moves.ground],
    }


@require_POST
def undo_outline(request: HttpRequest, code: str, key: int) -> HttpResponse:
    """Take a change of an outline back, and go to the territory."""
    done = undo_redraw(office(request), key, by=person(request), at=now())
    messages.success(request, _("已撤销，边界和原来一样。"))
    return HttpResponseRedirect(reverse("desk:territory", args=[done or code]))
