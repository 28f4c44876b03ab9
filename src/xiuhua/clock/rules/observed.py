"""The working week that targets betray: an hour at which postponed clocks begin, and the days on which they do not.

Nothing here knows a city: where reports of the night, the weekend or a holiday are counted from the next opening, their
targets gather at one clock time, and that is all that is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from xiuhua.clock.rules.bulk import Flags, Instants, Table
from xiuhua.clock.rules.timeline import SECOND, Timeline
from xiuhua.clock.words import Calendar, DayKind, DayMark, Shift

_EPOCH = date(1970, 1, 1)
_DAY_SECONDS = 86_400
_GRID = 15
#: An opening is looked for among so many clock times that targets prefer; below this share none is an opening.
_OPENINGS, _LEAST_SHARE = 3, 0.02
#: A day needs so many reports within working hours before it can be seen to be closed.
_LEAST_REPORTS = 8


@dataclass(frozen=True, slots=True)
class Targets:
    """Rows of a file as columns: instants of report and target, and which group and which type each belongs to."""

    starts: Instants
    targets: Instants
    group: Instants
    kind: Instants
    groups: Sequence[tuple[str, ...]]
    kinds: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Seen:
    """Rows on the clock of their zone."""

    day: Instants
    minute: Instants
    postponed: Flags


def working_weeks(
    targets: Targets, fit: Flags, zone: ZoneInfo, calendars: Sequence[Calendar]
) -> Iterator[tuple[Calendar, int]]:
    """Yield calendars that may lie behind the rows `fit`, each with its number of fitted parameters.

    The given ones as they are; and for each opening hour seen, the week seen with no holidays, with those of each given
    calendar, with the closed days seen, and with both. An opening, a close, and the choice of a table are one parameter
    each, the weekdays one for each, a closed day seen one.
    """
    for calendar in calendars:
        yield calendar, 1
    day, clock = _clocks(targets.starts[fit], zone)
    _, due = _clocks(targets.targets[fit], zone)
    own = np.abs(clock - due) > 60  # noqa: PLR2004 - targets at the report's own clock time say nothing
    none = Calendar("observed", "", ((Shift(0, 1440),),) * 7)
    yield replace(none, code="around-the-clock"), 0
    for opening in _openings(due[own], due.size):
        seen = _Seen(day, clock // 60, own & (np.abs(due - opening * 60) < 60))  # noqa: PLR2004 - the same minute
        closing = _closing(seen, opening)
        week, share = _week(seen, opening, closing)
        plain = replace(none, week=week)
        yield plain, 9
        closed = _closed_days(seen, opening, closing, week, share)
        for calendar in (plain, *calendars):
            marks = {each: mark for each, mark in calendar.days.items() if mark.kind == DayKind.HOLIDAY}
            yield replace(plain, code=calendar.code, version=calendar.version, days=marks), 10
            if closed:
                both = {**dict.fromkeys(closed, DayMark(DayKind.HOLIDAY, "")), **marks}
                yield (
                    replace(plain, code=calendar.code, version=calendar.version, days=both),
                    10 + len(both) - len(marks),
                )


def _clocks(at: Instants, zone: ZoneInfo) -> tuple[Instants, Instants]:
    """Return local days since 1970 and seconds of the day."""
    bare = Timeline(Calendar("", "", ((Shift(0, 1440),),) * 7), zone)
    local = Table(bare, int(at.min()), int(at.max()), 3).local(at) // SECOND
    return local // _DAY_SECONDS, local % _DAY_SECONDS


def _openings(due: Instants, rows: int) -> list[int]:
    """Return the minutes of the day at which targets gather on the full minute, most frequent first."""
    minutes, counts = np.unique(due[due % 60 == 0] // 60, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:_OPENINGS]
    return [int(minutes[at]) for at in order if counts[at] >= _LEAST_SHARE * rows]


def _closing(seen: _Seen, opening: int) -> int:
    """Return the time on a grid after which most reports of weekdays are postponed and before which most are not."""
    weekday = (seen.day + 3) % 7
    usual = weekday < 5  # noqa: PLR2004 - the days that are worked are looked for afterwards
    minute, postponed = seen.minute[usual], seen.postponed[usual]
    grid = range(opening + 60, 1441, _GRID)
    after = [
        int(postponed[minute >= at].sum() + (~postponed[(minute >= opening) & (minute < at)]).sum()) for at in grid
    ]
    return grid[int(np.argmax(after))]


def _week(seen: _Seen, opening: int, closing: int) -> tuple[tuple[tuple[Shift, ...], ...], float]:
    """Return the week with a shift on each weekday whose reports are mostly not postponed, and the dividing share."""
    inside = (seen.minute >= opening) & (seen.minute < closing)
    outside = seen.postponed[~inside]
    share = float(outside.mean()) / 2 if outside.size else 0.5
    shifts = (Shift(opening, closing),)
    weekday = (seen.day + 3) % 7
    week = []
    for number in range(7):
        rows = seen.postponed[inside & (weekday == number)]
        week.append(() if rows.size and rows.mean() > share else shifts)
    return tuple(week), share


def _closed_days(
    seen: _Seen, opening: int, closing: int, week: tuple[tuple[Shift, ...], ...], share: float
) -> list[date]:
    """Return the days of the working week on which reports within working hours were postponed like those of nights."""
    inside = (seen.minute >= opening) & (seen.minute < closing)
    days, place, counts = np.unique(seen.day[inside], return_inverse=True, return_counts=True)
    postponed = np.bincount(place, weights=seen.postponed[inside], minlength=days.size)
    found = []
    for day, late, rows in zip(days, postponed, counts, strict=True):
        when = _EPOCH + timedelta(days=int(day))
        if week[when.weekday()] and rows >= _LEAST_REPORTS and late / rows > share:
            found.append(when)
    return found
