"""The platform's simple clock: working time in shifts, weekends skipped, holidays unknown."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from xiuhua.demo.words import Limit

Shifts = Sequence[tuple[int, int]]
_SATURDAY = 5


def after(start: datetime, seconds: int, shifts: Shifts, *, urgent: bool) -> datetime:
    """Return the moment when `seconds` have passed since `start`: on the wall when urgent, else of working time.

    Shifts are (opens, closes) in minutes of a working day (Monday to Friday). A limit that is used up exactly when a
    shift closes ends there, not when the next one opens.
    """
    if urgent:
        return start + timedelta(seconds=seconds)
    left, day = seconds, start.date()
    while True:
        for opens, closes in shifts if day.weekday() < _SATURDAY else ():
            begin = max(_at(day, opens), start)
            room = int((_at(day, closes) - begin).total_seconds())
            if room <= 0:
                continue
            if left <= room:
                return begin + timedelta(seconds=left)
            left -= room
        day += timedelta(days=1)


def deadline(start: datetime, limit: Limit, shifts: Shifts) -> datetime:
    """Return when the platform wants a case of this limit done that was reported at `start`."""
    return after(start, limit.minutes * 60, shifts, urgent=limit.urgent)


def _at(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=minutes)


@lru_cache(maxsize=64)
def last_workdays(year: int, month: int, count: int) -> tuple[date, ...]:
    """Return the last `count` working days of a month in their order: the days before its announced check."""
    days = [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]
    return tuple([day for day in days if day.weekday() < _SATURDAY][-count:])
