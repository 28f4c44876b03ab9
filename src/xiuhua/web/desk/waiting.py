"""Lists above single cases: what is suspended, what is supervised, which requests wait. Public within the office's sight."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiuhua.cases.models import Case, Request, Supervision, Suspension
from xiuhua.cases.phrases import reason_words
from xiuhua.cases.queries.dossier import granted_by, requests_waiting, supervised_now, suspended_now
from xiuhua.cases.queries.shelf import shelf_of
from xiuhua.cases.words.moves import Flow, RequestKind, Verb
from xiuhua.kernel.models import Tenant
from xiuhua.privacy.rules import mask
from xiuhua.ui.formats import NONE
from xiuhua.ui.rendering import render as component
from xiuhua.web.desk.casefacts import clock
from xiuhua.web.desk.downloads import buttons
from xiuhua.web.desk.office import now, office, person
from xiuhua.web.desk.registers import paged
from xiuhua.web.desk.timing import due_words


def _page(request: HttpRequest, listed: dict[str, Any], **what: Any) -> HttpResponse:
    tabs = [
        (_("挂账"), reverse("desk:suspended")),
        (_("督办"), reverse("desk:supervised")),
        (_("待决定的申请"), reverse("desk:requests")),
    ]
    name = request.resolver_match.view_name if request.resolver_match else ""
    shown = {**listed, **what, "tabs": tabs, "here": request.path, "section": "cases"}
    return render(request, "web/waiting.html", {**shown, "files": buttons(f"{name}-sheet", {})})


def _case(case: Case) -> SafeString:
    what = mask(case.title) or str(case.case_class or "")
    return format_html('<a href="{}">{}</a> {}', reverse("desk:case", args=[case.pk]), case.number, what)


def _unit(case: Case) -> str:
    return case.body.name if case.body else NONE


@require_safe
def suspended(request: HttpRequest) -> HttpResponse:
    """Show what is suspended: case, reason, since, until, by whom. Nothing is buried by suspending it."""
    tenant = office(request)
    listed, flow = paged(request, suspended_now(tenant, person(request)), {}), shelf_of(tenant).flow
    granted = granted_by([one.case_id for one in listed["shown"]])
    rows = [{"cells": _suspension(tenant, one, flow, granted.get(one.case_id, NONE))} for one in listed["shown"]]
    return _page(
        request,
        listed,
        title=_("挂账公示"),
        about=_("停了表的案件都在这里：为什么停，停到哪天，谁批的。"),
        columns=[{"label": text} for text in (_("案件"), _("责任单位"), _("理由"), _("停表"), _("到"), _("批准"))],
        rows=rows,
        none=_("现在没有挂账的案件。"),
    )


def _suspension(tenant: Tenant, one: Suspension, flow: Flow | None, by: str) -> list[Any]:
    reason = reason_words(flow, Verb.REQUEST_SUSPENSION.value, one.reason)
    return [_case(one.case), _unit(one.case), reason, clock(tenant, one.since), clock(tenant, one.until), by]


@require_safe
def supervised(request: HttpRequest) -> HttpResponse:
    """Show what is supervised: kind, demand, limit, reply, state."""
    tenant = office(request)
    listed = paged(request, supervised_now(tenant, person(request)), {})
    heads = (_("案件"), _("责任单位"), _("种类"), _("督办要求"), _("回复期限"), _("回复"), _("状态"))
    return _page(
        request,
        listed,
        title=_("督办"),
        about=_("还没办结的督办，先到期的在前。"),
        columns=[{"label": text} for text in heads],
        rows=[{"cells": _supervision(tenant, one)} for one in listed["shown"]],
        none=_("现在没有督办。"),
    )


def _supervision(tenant: Tenant, one: Supervision) -> list[Any]:
    state = component("mark", {"kind": "line", "label": _("已回复")}) if one.replied_at else None
    waits = component("due", due_words(one.due_at, None, now())) if one.due_at else _("等回复")
    kind = f"{one.get_kind_display()} {one.by or ''}"
    return [
        _case(one.case),
        _unit(one.case),
        kind,
        mask(one.demand),
        clock(tenant, one.due_at),
        mask(one.reply) or NONE,
        state or waits,
    ]


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """Show the requests that wait for a decision, the oldest first."""
    tenant = office(request)
    listed, flow = paged(request, requests_waiting(tenant, person(request)), {}), shelf_of(tenant).flow
    heads = (_("案件"), _("责任单位"), _("申请"), _("理由"), _("谁申请的"), _("何时"), _("现在的期限"), _("走到"))
    return _page(
        request,
        listed,
        title=_("待决定的申请"),
        about=_("单位申请的延期和挂账，先申请的在前。"),
        columns=[{"label": text} for text in heads],
        rows=[{"cells": _request(tenant, one, flow)} for one in listed["shown"]],
        none=_("没有等着决定的申请。"),
    )


def _request(tenant: Tenant, one: Request, flow: Flow | None) -> list[Any]:
    verb = Verb.REQUEST_EXTENSION if one.kind == RequestKind.EXTENSION else Verb.REQUEST_SUSPENSION
    return [
        _case(one.case),
        _unit(one.case),
        one.get_kind_display(),
        reason_words(flow, verb.value, one.reason),
        str(one.asked_by or NONE),
        clock(tenant, one.asked_at),
        clock(tenant, one.due_before),
        one.get_state_display(),
    ]
