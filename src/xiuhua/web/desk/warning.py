"""Early warning in a month that runs: today's score, what falls due before its end, who would be listed and what helps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xiuhua.analytics.queries import count, snapshot_by_digest, window_of
from xiuhua.analytics.rules import microseconds
from xiuhua.analytics.words import Where
from xiuhua.assessment.actions import run_today
from xiuhua.assessment.phrases import no_chances_sentence, title
from xiuhua.assessment.queries import latest, standing_of
from xiuhua.assessment.words import Falling, Standing, SubjectView
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Refusal
from xiuhua.ui.formats import NONE
from xiuhua.web.desk.chosen import Chosen, chosen
from xiuhua.web.desk.figures import Row, behind, ranking_rows
from xiuhua.web.desk.frames import frame
from xiuhua.web.desk.look import safe_next
from xiuhua.web.desk.office import now, office, person
from xiuhua.web.desk.sorting import Key, order_in
from xiuhua.web.desk.subject import way_shown
from xiuhua.web.desk.ways import Way, days_left

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Ahead:
    """A subject in the month that runs: its row, what it has coming, and where these numbers lead."""

    row: Row
    rank: str
    coming: Falling
    links: Mapping[str, str]


#: What may order the table of what is coming; the most that falls due before the month ends comes first.
ORDERS: Mapping[str, Key[Ahead]] = {
    "rank": lambda one: one.row.rank,
    "score": lambda one: one.row.subject.ranked_on,
    "falling": lambda one: (one.coming.falling_due, one.coming.late_open),
    "week": lambda one: one.coming.within_week,
    "late": lambda one: one.coming.late_open,
}


@dataclass(frozen=True, slots=True)
class Threatened:
    """Who would stand on the black list if the month ended now, and what would take it off."""

    row: Row
    group: str
    way: Way


def _aheads(choice: Chosen, standing: Standing, rows: Mapping[str, Row]) -> list[Ahead]:
    week = str(microseconds(standing.as_of + WEEK))
    found = []
    for coming in standing.falling:
        where = {"by": choice.by, "subject": coming.code}
        links = {
            "falling_due": behind(choice, "open_not_due", **where),
            "within_week": behind(choice, "open_not_due", **where, due_until=week),
            "late_open": behind(choice, "overdue_open", **where),
        }
        row = rows[coming.code]
        found.append(Ahead(row, str(row.rank) if row.rank is not None else NONE, coming, links))
    return found


def _threatened(
    request: HttpRequest, standing: Standing, rows: Mapping[str, Row], moment: datetime
) -> list[Threatened]:
    view = standing.view
    groups = {group.code: title(group.title) for group in view.groups} if len(view.groups) > 1 else {}

    def one(subject: SubjectView) -> Threatened:
        way = way_shown(request, view, standing.ways[subject.code], moment)
        return Threatened(rows[subject.code], groups.get(subject.group, ""), way)

    return [one(subject) for subject in standing.would_be.black]


def _choice(request: HttpRequest, moment: datetime) -> Chosen:
    """Return what the address chooses, for the month that runs, with its newest score before its end."""
    choice = chosen(request, office(request))
    period = Period.of(moment, zone_of(choice.tenant))
    view = latest(choice.tenant, period, choice.scheme, choice.by, choice.month_by)
    return replace(choice, period=period, view=view, previous=None)


def _page(request: HttpRequest) -> HttpResponse:
    moment = now()
    choice = _choice(request, moment)
    tenant, period = choice.tenant, choice.period or Period.of(moment, zone_of(choice.tenant))
    zone = zone_of(tenant)
    context: dict[str, Any] = {
        "choice": choice,
        **frame(choice),
        "left": days_left(moment, period.end(zone), zone),
        "standing": None,
    }
    try:
        standing = standing_of(tenant, period, choice.scheme, choice.by, now=moment, month_by=choice.month_by)
    except Refusal as refusal:
        context["refused"] = str(refusal)
        return render(request, "web/warning.html", context)
    if standing is not None:
        order = order_in(request, ORDERS, "-falling")
        rows = {row.subject.code: row for row in ranking_rows(choice)}
        context |= {
            "standing": standing,
            "view": standing.view,
            "aheads": order.of(_aheads(choice, standing, rows)),
            "heads": order.heads(dict(parse_qsl(choice.query(month=None))), least_first=("rank",)),
            "threatened": _threatened(request, standing, rows, moment),
            "red": [rows[subject.code] for subject in standing.would_be.red],
            "no_chances": no_chances_sentence(standing),
            "totals": {
                name: (standing.view.totals.get(name, (0, 0))[0], behind(choice, name))
                for name in ("open_not_due", "overdue_open")
            },
            "week": _week(choice, standing),
            "unplaced": _unplaced(choice, standing),
        }
    return render(request, "web/warning.html", context)


def _week(choice: Chosen, standing: Standing) -> tuple[int, str]:
    """Return how many cases fall due within a week, placed or not, and their list."""
    snapshot = snapshot_by_digest(choice.tenant, standing.view.snapshot)
    until = microseconds(standing.as_of + WEEK)
    if snapshot is None:
        return sum(coming.within_week for coming in standing.falling), ""
    window = window_of(snapshot, month_by=standing.view.month_by, deadline_month=standing.view.deadline_month)
    where = Where("open_not_due", at_most={"due_us": until})
    total = count(snapshot, fact="case", where=where, window=window)
    return total, behind(choice, "open_not_due", due_until=str(until))


def _unplaced(choice: Chosen, standing: Standing) -> tuple[int, str]:
    """Return how many cases that fall due belong to nobody of this level, and their list."""
    placed = sum(coming.falling_due for coming in standing.falling)
    total = standing.view.totals.get("open_not_due", (0, 0))[0]
    return total - placed, behind(choice, "open_not_due", by=choice.by)


def _count_now(request: HttpRequest) -> HttpResponse:
    """Freeze and score the month that runs as of now, then go back to where one came from."""
    moment = now()
    try:
        run_today(
            office(request),
            scheme=request.POST.get("scheme") or None,
            by_level=request.POST.get("by") or None,
            month_by="reported" if request.POST.get("month_by") == "reported" else "due",
            by=person(request),
            at=moment,
        )
        messages.success(request, _("已算到现在。"))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(safe_next(request, request.path))


@require_http_methods(["GET", "HEAD", "POST"])
def warning(request: HttpRequest) -> HttpResponse:
    """Show where the month stands today and what is coming, or count it to this moment."""
    return _count_now(request) if request.method == "POST" else _page(request)
