"""A deadline as the components of the desk show it: the bill and the strips of its days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from xiuhua.clock.phrases import bill_lines
from xiuhua.clock.rules.timeline import shifts_on
from xiuhua.clock.words import Calendar, Deadline, StepKind
from xiuhua.ui.formats import day as day_text

_MOST_STRIPS = 6
_DAY_MINUTES = 1440


def derive(deadline: Deadline, zone: ZoneInfo) -> list[dict[str, str]]:
    """Return the lines of the component `derive`."""
    return [
        {"kind": line.kind, "what": line.what, "note": line.note, "figure": line.figure}
        for line in bill_lines(deadline, zone)
    ]


def strips(deadline: Deadline, calendar: Calendar, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return the days of the component `day_strip`: those of the report and the deadline, and where the clock ran.

    Of a long course the first days and the last; whole days between are the bill's.
    """
    year = deadline.start.astimezone(zone).year
    runs: dict[date, list[tuple[int, int]]] = {}
    for step in deadline.steps:
        if step.kind == StepKind.RUN and step.until:
            for day, first, last in _pieces(step.at.astimezone(zone), step.until.astimezone(zone)):
                runs.setdefault(day, []).append((first, last))
    ends = deadline.due_at.astimezone(zone)
    shown = sorted({*runs, deadline.start.astimezone(zone).date(), ends.date()})
    if len(shown) > _MOST_STRIPS:
        shown = [*shown[: _MOST_STRIPS // 2], *shown[-_MOST_STRIPS // 2 :]]
    return [
        {
            "label": day_text(day, get_language(), this_year=year),
            "shifts": _shifts(calendar, day),
            "runs": runs.get(day, []),
            "end": ends.hour * 60 + ends.minute if day == ends.date() else None,
        }
        for day in shown
    ]


def _shifts(calendar: Calendar, day: date) -> list[tuple[int, int]]:
    """Return when work is done between a day's midnights, the end of the night shift before included."""
    own = [(shift.opens, min(shift.closes, _DAY_MINUTES)) for shift in shifts_on(calendar, day)]
    before = [
        (max(shift.opens - _DAY_MINUTES, 0), shift.closes - _DAY_MINUTES)
        for shift in shifts_on(calendar, day - timedelta(days=1))
        if shift.closes > _DAY_MINUTES
    ]
    return [*before, *own]


def _pieces(first: datetime, last: datetime) -> list[tuple[date, int, int]]:
    """Return a stretch of time cut at midnights, in minutes after each."""
    pieces, day = [], first.date()
    while day <= last.date():
        begins = first.hour * 60 + first.minute if day == first.date() else 0
        ends = last.hour * 60 + last.minute if day == last.date() else _DAY_MINUTES
        if ends > begins:
            pieces.append((day, begins, ends))
        day += timedelta(days=1)
    return pieces
