"""Doors to a month: the leader's page, the ranking, the lists, the map, one subject's score sheet."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xiuhua.assessment.actions import assess
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Refusal
from xiuhua.web.desk.chosen import Chosen, chosen
from xiuhua.web.desk.figures import figures, headline, ranking_rows, trend_points, worst_classes
from xiuhua.web.desk.maps import month_map
from xiuhua.web.desk.office import now, office, person

#: How many last places and worst classes the leader's page names.
NAMED = 3
TREND_MONTHS = 14


def _context(choice: Chosen, **more: Any) -> dict[str, Any]:
    return {"choice": choice, "view": choice.view, "previous": choice.previous, **more}


@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """Show the leader's month: one sentence, five numbers, the trend, the worst classes, the last places."""
    choice = chosen(request, office(request))
    if choice.view is None:
        return render(request, "web/month_empty.html", _context(choice))
    rows = ranking_rows(choice)
    ranked = [row for row in rows if row.rank is not None]
    context = _context(
        choice,
        headline=headline(choice, rows),
        figures=figures(choice),
        trend=trend_points(choice, TREND_MONTHS),
        worst=worst_classes(choice, NAMED),
        last=list(reversed(ranked[-NAMED:])),
        rows=rows,
    )
    return render(request, "web/month.html", context)


@require_safe
def ranking(request: HttpRequest) -> HttpResponse:
    """Show the ranking with its why: scores, the interval of the on-time rate, counts that open their lists."""
    choice = chosen(request, office(request))
    if choice.view is None:
        return render(request, "web/month_empty.html", _context(choice))
    return render(request, "web/ranking.html", _context(choice, rows=ranking_rows(choice), drawn=month_map(choice, "score")))


@require_POST
def assess_month(request: HttpRequest) -> HttpResponse:
    """Freeze and assess the month asked for, then show it."""
    tenant = office(request)
    try:
        period = Period.parse(request.POST.get("month", ""))
        assess(
            tenant,
            period,
            scheme=request.POST.get("scheme", "basic"),
            by_level=request.POST.get("by", ""),
            month_by="reported" if request.POST.get("month_by") == "reported" else "due",
            as_of=None,
            by=person(request),
            at=now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(request.POST.get("next", "/"))
