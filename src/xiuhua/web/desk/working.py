"""The door to the worker: what waits, what could not be delivered, when jobs last ran."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xiuhua.kernel.actions import drop, retry
from xiuhua.kernel.models import Delivery, OutboxEvent
from xiuhua.kernel.queries import deliveries, delivery_counts, job_states, waiting_events
from xiuhua.kernel.words import DeliveryState
from xiuhua.notices.phrases import kind_title
from xiuhua.ui.formats import moment
from xiuhua.web.context import zone_of_office
from xiuhua.web.desk.office import now, office, person, whole
from xiuhua.web.desk.registers import paged

#: What the page lists, by the address's parameter.
SHOWN = (DeliveryState.DEAD, DeliveryState.WAITING, DeliveryState.DONE, DeliveryState.DROPPED)
EVENTS = "events"
_REASON = 200


@require_safe
def worker_page(request: HttpRequest) -> HttpResponse:
    """Show one list – dead letters unless another is asked for –, the counts of all, and the jobs."""
    tenant = office(request)
    asked = request.GET.get("show", "")
    state = next((one for one in SHOWN if one.value == asked), DeliveryState.DEAD)
    counts, zone = delivery_counts(tenant), zone_of_office(tenant)
    listing = waiting_events(tenant) if asked == EVENTS else deliveries(tenant, state)
    listed = paged(request, listing, {"show": asked} if asked else {})
    here = reverse("desk:worker")
    lists = [(one.value, str(one.label), counts.get(one.value, 0)) for one in SHOWN]
    lists.insert(1, (EVENTS, _("等待分发"), waiting_events(tenant).count()))
    context: dict[str, Any] = {
        **listed,
        "lists": [
            {"label": label, "count": count, "href": f"{here}?show={code}", "here": code == (asked or state.value)}
            for code, label, count in lists
        ],
        "show_events": asked == EVENTS,
        "dead": asked != EVENTS and state is DeliveryState.DEAD,
        "title": next(label for code, label, _count in lists if code == (EVENTS if asked == EVENTS else state.value)),
        "job_columns": [{"label": label} for label in (_("任务"), _("多久一次"), _("上次完成"), _("上次出错"))],
        "jobs": [_job(one, zone, request) for one in job_states(tenant)],
        "rows": [_letter(one) for one in listed["shown"]],
    }
    return render(request, "web/worker.html", context)


def _letter(one: Delivery | OutboxEvent) -> dict[str, Any]:
    event = one.event if isinstance(one, Delivery) else one
    return {"is": one, "event": event, "title": kind_title(event.name)}


def _job(state: Any, zone: Any, request: HttpRequest) -> dict[str, Any]:
    language = getattr(request, "LANGUAGE_CODE", "")
    last = moment(state.finished_at, zone, language) if state.finished_at else "—"
    return {"cells": [state.title, state.every_text(), last, state.error or "—"]}


@require_POST
def worker_decide(request: HttpRequest) -> HttpResponse:
    """Send a dead letter, or all of the office, on its way again, or put it away."""
    tenant = office(request)
    one = whole(request.POST.get("key"))
    keys = [one] if one is not None else list(deliveries(tenant, DeliveryState.DEAD).values_list("pk", flat=True))
    if request.POST.get("do") == "drop":
        reason = request.POST.get("reason", "").strip()[:_REASON] or _("页面上决定不再送")
        count = drop(tenant, keys, by=person(request), at=now(), reason=reason)
        messages.success(request, _("%(count)s 件不再送。") % {"count": count})
    else:
        count = retry(tenant, keys, by=person(request), at=now())
        messages.success(request, _("%(count)s 件重新上路。") % {"count": count})
    return redirect("desk:worker")
