"""Doors to a month: the leader's page, the ranking, the lists, the map, one subject's score sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from xiuhua.assessment.actions import assess
from xiuhua.assessment.phrases import interval_label, list_sentence, title
from xiuhua.assessment.queries import lists
from xiuhua.assessment.words import AssessmentView
from xiuhua.exchange.actions import refreeze
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Refusal
from xiuhua.ui.formats import month as month_name
from xiuhua.ui.scales import axis
from xiuhua.web.desk import figures, leader
from xiuhua.web.desk.chosen import Chosen, chosen
from xiuhua.web.desk.frames import frame, standing
from xiuhua.web.desk.look import safe_next
from xiuhua.web.desk.maps import month_map, values_offered
from xiuhua.web.desk.office import now, office, person, whole
from xiuhua.web.desk.sorting import Key, order_in

#: How many last places and worst classes the leader's page names.
NAMED = 3
TREND_MONTHS = 14
#: The most places a list may be asked for.
PLACES = 100
HUNDRED = 100

#: What may order the ranking within its groups.
ORDERS: Mapping[str, Key[figures.Row]] = {
    "rank": lambda row: row.rank,
    "change": lambda row: row.change,
    "due": lambda row: row.due,
    "on_time": lambda row: row.on_time[0],
    "overdue": lambda row: row.overdue,
}

View = Callable[[HttpRequest, Chosen], dict[str, Any]]


def shown(request: HttpRequest, template: str, more: View, **known: Any) -> HttpResponse:
    """Render a page of the month, or say what to do first where the month has not been assessed."""
    choice = chosen(request, office(request))
    context: dict[str, Any] = {"choice": choice, "view": choice.view, **frame(choice), **known}
    if choice.view is None:
        return render(request, "web/month_empty.html", context)
    return render(request, template, {**context, **standing(choice, choice.view), **more(request, choice)})


def _leader(request: HttpRequest, choice: Chosen) -> dict[str, Any]:
    rows = figures.ranking_rows(choice)
    heaps = leader.heaps_of(choice)
    numbers = figures.figures(choice)
    language = get_language()
    points = [
        {
            # the first month carries its year: "9月 … 10月" alone would read as two months
            "label": month_name(name, language, short=bool(place)),
            "long": month_name(name, language),
            "value": Fraction(HUNDRED * pair[0], pair[1]) if pair and pair[1] else None,
        }
        for place, (name, pair) in enumerate(figures.trend_points(choice, TREND_MONTHS))
    ]
    return {
        "rows": rows,
        "headline": figures.headline(choice, rows),
        "leading": numbers[0],
        "figures": numbers[1:],
        "trend": points,
        "worst": leader.worst_things(choice, heaps, NAMED),
        "last": leader.last_places(choice, rows, heaps, NAMED),
        "deeper": leader.deeper(choice, person(request)),
    }


def _ranking(request: HttpRequest, choice: Chosen) -> dict[str, Any]:
    rows = figures.ranking_rows(choice)
    ends = [HUNDRED * row.rate for row in rows if row.rate is not None]
    ends += [HUNDRED * Fraction(end) for row in rows if row.interval for end in (row.interval.low, row.interval.high)]
    scale = axis(ends or [0, HUNDRED], floor=0, ceiling=HUNDRED)
    view = choice.view
    lines = [(title(line.title), line.full) for line in rows[0].subject.lines] if rows else []
    order = order_in(request, ORDERS, "rank")
    return {
        "groups": figures.by_group(choice, order.of(rows)),
        "lines": lines,
        "heads": order.heads(dict(parse_qsl(choice.query())), least_first=("rank",)),
        "columns": 8 + len(lines),
        "totals": {
            measure: (view.totals.get(measure, (0, 0))[0], figures.behind(choice, measure))
            for measure in ("due", "on_time", "overdue_open")
        }
        if view
        else {},
        "list_sentence": _rule(view),
        "interval_sentence": interval_label(view) if view else "",
        "dots": {row.subject.code: figures.dot(row, scale) for row in rows},
        "scale": scale,
        "drawn": month_map(choice, rows, "score"),
        "deeper": leader.deeper(choice, person(request)),
    }


def _rule(view: AssessmentView | None, red: int | None = None, black: int | None = None) -> str:
    if view is None:
        return ""
    places = (view.rule.red if red is None else red, view.rule.black if black is None else black)
    return list_sentence(view, lists(view, *places), *places)


def _lists(request: HttpRequest, choice: Chosen) -> dict[str, Any]:
    rows = {row.subject.code: row for row in figures.ranking_rows(choice)}
    red, black = (_places(request, name) for name in ("red", "black"))
    listed = lists(choice.view, red, black) if choice.view else None
    return {
        "listed": listed,
        "red": [rows[subject.code] for subject in listed.red] if listed else [],
        "black": [rows[subject.code] for subject in listed.black] if listed else [],
        "rule": _rule(choice.view, red, black),
    }


def _places(request: HttpRequest, name: str) -> int | None:
    asked = whole(request.GET.get(name))
    return min(asked, PLACES) if asked is not None else None


def _map(request: HttpRequest, choice: Chosen) -> dict[str, Any]:
    rows = figures.ranking_rows(choice)
    drawn = month_map(choice, rows, request.GET.get("value", "score"))
    return {"rows": rows, "drawn": drawn, "offered": values_offered()}


@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """Show the leader's month: one sentence, five numbers, the trend, the worst classes, the last places."""
    return shown(request, "web/month.html", _leader)


@require_safe
def ranking(request: HttpRequest) -> HttpResponse:
    """Show the ranking with its why: scores, the interval of the on-time rate, counts that open their lists."""
    return shown(request, "web/ranking.html", _ranking)


@require_safe
def red_and_black(request: HttpRequest) -> HttpResponse:
    """Show the lists as the plain top and bottom of the rule."""
    return shown(request, "web/lists.html", _lists)


@require_safe
def territory_map(request: HttpRequest) -> HttpResponse:
    """Show the map beside its table."""
    return shown(request, "web/map.html", _map)


@require_POST
def assess_month(request: HttpRequest) -> HttpResponse:
    """Freeze and assess the month asked for (again, if new data are to count), then go back to it.

    A month that still runs is assessed as of now, and its pages say so.
    """
    tenant = office(request)
    try:
        period, moment = Period.parse(request.POST.get("month", "")), now()
        zone = zone_of(tenant)
        running = period.start(zone) <= moment < period.end(zone)
        if request.POST.get("again") and not running:
            refreeze(tenant, period, by=person(request), at=moment)
        assess(
            tenant,
            period,
            scheme=request.POST.get("scheme", ""),
            by_level=request.POST.get("by", ""),
            month_by="reported" if request.POST.get("month_by") == "reported" else "due",
            as_of=moment if running else None,
            by=person(request),
            at=moment,
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(safe_next(request, "/"))
