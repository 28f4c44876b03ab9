"""The platform's simple clock: the house's own clock on a calendar that knows weekends and no holidays."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from xiuhua.clock.rules.timeline import SECOND, Timeline, micros, moment
from xiuhua.clock.words import Calendar, Shift
from xiuhua.demo.words import Limit

Shifts = Sequence[tuple[int, int]]
ZONE = ZoneInfo("Asia/Shanghai")
_SATURDAY = 5


@lru_cache(maxsize=4)
def _line(shifts: Shifts) -> Timeline:
    worked = tuple(Shift(opens, closes) for opens, closes in shifts)
    week = tuple(worked if day < _SATURDAY else () for day in range(7))
    return Timeline(Calendar("platform", "1", week), ZONE)


def after(start: datetime, seconds: int, shifts: Shifts, *, urgent: bool) -> datetime:
    """Return the moment when `seconds` have passed since `start`: on the wall when urgent, else of working time.

    Shifts are (opens, closes) in minutes of a working day (Monday to Friday). Moments are the street's wall clock.
    """
    line = _line(tuple(shifts))
    since = micros(start.replace(tzinfo=ZONE))
    end = line.after(since, seconds * SECOND, working=not urgent)
    return moment(end).astimezone(ZONE).replace(tzinfo=None)


def deadline(start: datetime, limit: Limit, shifts: Shifts) -> datetime:
    """Return when the platform wants a case of this limit done that was reported at `start`."""
    return after(start, limit.minutes * 60, shifts, urgent=limit.urgent)


@lru_cache(maxsize=64)
def last_workdays(year: int, month: int, count: int) -> tuple[date, ...]:
    """Return the last `count` working days of a month in their order: the days before its announced check."""
    days = [date(year, month, 1) + timedelta(days=day) for day in range(monthrange(year, month)[1])]
    return tuple([day for day in days if day.weekday() < _SATURDAY][-count:])
