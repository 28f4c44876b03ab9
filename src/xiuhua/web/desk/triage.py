"""The door of the desk: queue, case and map on one page, or the part of it that a script asks for."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xiuhua.cases.actions import forget_view, keep_view
from xiuhua.cases.queries.queues import offered
from xiuhua.cases.queries.shelf import shelf_of
from xiuhua.cases.rules.queues import NEXT, stage_of
from xiuhua.web.desk.look import YEAR
from xiuhua.web.desk.office import now, office, person, whole
from xiuhua.web.desk.triage_asked import Asked, Desk, asked_in, size_in
from xiuhua.web.desk.triage_case import Sent, case_pane
from xiuhua.web.desk.triage_list import empty_words, list_pane
from xiuhua.web.desk.triage_look import COLUMNS, COOKIE, DENSITIES, ListLook, look_in

#: The header by which a script asks for a part: "panes" all three, "case" case and map.
FRAGMENT = "X-Fragment"
#: Where the way back of a move waits for a page without scripts.
UNDO = "desk_undo"


def desk_of(request: HttpRequest) -> Desk | None:
    """Return who looks at which desk; None where the office has no flow, so that its cases are not moved."""
    tenant = office(request)
    flow = shelf_of(tenant).flow
    if flow is None:
        return None
    return Desk(tenant, person(request), flow, look_in(request.COOKIES), now())


@require_safe
def triage(request: HttpRequest) -> HttpResponse:
    """Show the desk. The list costs at most seven statements, whatever the office holds."""
    desk = desk_of(request)
    if desk is None or not offered(desk.actor):
        return render(request, "web/triage_none.html", {"flow": desk is not None, "section": "triage"})
    return shown(request, desk, asked_in(request.GET))


def shown(
    request: HttpRequest, desk: Desk, asked: Asked, sent: Sent | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    """Return the page, or the part that was asked for."""
    part = request.headers.get(FRAGMENT, "")
    context: dict[str, Any] = {"section": "triage", "part": part, "picked": asked.case is not None}
    if part == "case":
        context |= case_pane(desk, asked, asked.case, sent)
        response = render(request, "web/_triage_case.html", context, status=status)
    else:
        listed = list_pane(desk, asked)
        asked = listed["asked"]
        first = listed["rows"][0]["key"] if listed["rows"] else None
        key = asked.case if asked.case is not None else first
        for row in listed["rows"]:
            row["here"] = row["key"] == key
        context |= listed | case_pane(desk, asked, key, sent)
        context["undo"] = _undo(request, desk)
        template = "web/_triage_panes.html" if part else "web/triage.html"
        response = render(request, template, context, status=status)
    patch_vary_headers(response, (FRAGMENT,))
    return response


def _undo(request: HttpRequest, desk: Desk) -> dict[str, Any] | None:
    """Return the way back of the last move, for as long as it is open."""
    kept = request.session.get(UNDO)
    if not kept:
        return None
    left = int(kept["until"] - desk.at.timestamp())
    return {**kept, "seconds": left} if left > 0 else None


def back_query(request: HttpRequest) -> Asked:
    """Return what the address said from which a form was sent."""
    sent = QueryDict(request.POST.get("back", "")[:1000])
    return asked_in({name: str(value) for name, value in sent.items()})


def back_to(query: str) -> HttpResponse:
    """Return the way back to the desk."""
    return HttpResponseRedirect(f"{reverse('desk:triage')}?{query}")


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Remember on this device how the list looks, and go back to it."""
    columns = request.POST.getlist("columns")
    density = request.POST.get("density", "")
    chosen = ListLook(
        density if density in DENSITIES else DENSITIES[0],
        size_in(request.POST.get("size", "")),
        tuple(one for one in COLUMNS if one in columns),
    )
    response = back_to(back_query(request).query(after=None))
    response.set_cookie(
        COOKIE, chosen.written(), max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
    )
    return response


@require_POST
def views(request: HttpRequest) -> HttpResponse:
    """Keep the present queue and filters under a name, or forget one; go back."""
    actor, asked = person(request), back_query(request)
    gone = whole(request.POST.get("forget"))
    if gone is not None:
        forget_view(gone, by=actor)
    else:
        query = Asked(asked.queue, asked.given, "", None, asked.zoom).query(zoom=None)
        keep_view(request.POST.get("name", ""), query, by=actor)
    return back_to(asked.query())


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """Show what waits for the posts of whoever asks, and which keys there are."""
    actor = person(request)
    told = [
        {
            "label": queue.label,
            "text": empty_words(queue, narrowed=False)["text"],
            "next": NEXT[stage][0].label if (stage := stage_of(queue)) else "",
        }
        for queue in offered(actor)
    ]
    context = {"section": "triage", "told": told, "keys": key_map(), "post": actor.post}
    context["part"] = request.headers.get(FRAGMENT, "")
    template = "web/_triage_guide.html" if context["part"] else "web/triage_guide.html"
    return render(request, template, context)


def key_map() -> list[tuple[str, str]]:
    """Return the keys of the desk and what they do."""
    return [
        ("J", _("下一件")),
        ("K", _("上一件")),
        ("A", _("主要动作：立案并派遣、派遣、接单……缺一项就跳到那一项")),
        ("R", _("说不：不予立案、退回、退单、核查不通过……再按数字选理由")),
        ("M", _("并入建议的案件；有几件时按数字选")),
        ("1–9", _("选第几条理由、常用语或建议")),
        ("X", _("勾选或取消勾选")),
        ("Z", _("撤回刚才的动作，10 秒之内")),
        ("/", _("搜索")),
        ("Enter", _("确认表单；Shift+Enter 换行")),
        ("Esc", _("关闭、离开输入框")),
        ("?", _("这张按键表")),
    ]
