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
from xiuhua.clock.words import DAY_MINUTES, Calendar, DayKind, DayMark, Shift

_EPOCH = date(1970, 1, 1)
_DAY_SECONDS = 86_400
_GRID = 15
#: Hours are looked for behind so many clock times that targets prefer; below this share of rows none is preferred.
_GATHERINGS, _LEAST_SHARE = 5, 0.02
#: A group in which fewer are postponed, or all but fewer, shows no hours.
_FEW = 0.05
#: An opening, a close, and whether each weekday is worked.
_WEEK_PARAMETERS = 9
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

    def where(self, chosen: Flags) -> _Seen:
        """Return the chosen rows."""
        return _Seen(self.day[chosen], self.minute[chosen], self.postponed[chosen])


def working_weeks(
    targets: Targets, fit: Flags, zone: ZoneInfo, calendars: Sequence[Calendar]
) -> Iterator[tuple[Calendar, int]]:
    """Yield calendars that may lie behind the rows `fit`, each with its number of fitted parameters.

    The given ones as they are; none at all; and the weeks seen, with no holidays, with those of each given calendar, and
    with the closed days seen. Opening, close and each weekday are one parameter, so are the choice of a table and every
    closed day seen.
    """
    for calendar in calendars:
        yield calendar, 1
    none = Calendar("around-the-clock", "", ((Shift(0, DAY_MINUTES),),) * 7)
    yield none, 0
    day, clock = _clocks(targets.starts[fit], zone)
    _, due = _clocks(targets.targets[fit], zone)
    own = np.abs(clock - due) > 60  # noqa: PLR2004 - a target at the report's own clock time says nothing
    for gathering in _gatherings(due[own], due.size):
        seen = _postponing(_Seen(day, clock // 60, own & (np.abs(due - gathering * 60) < 60)), targets.group[fit])  # noqa: PLR2004 - the same minute
        if seen.day.size:
            yield from _weeks_seen(seen, replace(none, code="observed"), calendars)


def _weeks_seen(seen: _Seen, none: Calendar, calendars: Sequence[Calendar]) -> Iterator[tuple[Calendar, int]]:
    """Yield the week that postponed reports show, with every table of closed days that may apply."""
    opening, closing = _hours(seen)
    week, share = _week(seen, opening, closing)
    worked = np.array([bool(shifts) for shifts in week])[(seen.day + 3) % 7]
    if worked.any():
        opening, closing = _hours(seen.where(worked))
        week, share = _week(seen, opening, closing)
    plain = replace(none, week=week)
    closed = _closed_days(seen, opening, closing, week, share)
    for calendar in (plain, *calendars):
        marks = {day: mark for day, mark in calendar.days.items() if mark.kind == DayKind.HOLIDAY}
        chosen = replace(plain, code=calendar.code, version=calendar.version, days=marks)
        parameters = _WEEK_PARAMETERS + (calendar is not plain)
        yield chosen, parameters
        more = {day: DayMark(DayKind.HOLIDAY) for day in closed if day not in marks}
        if more:
            yield replace(chosen, days={**more, **marks}), parameters + len(more)


def _clocks(at: Instants, zone: ZoneInfo) -> tuple[Instants, Instants]:
    """Return local days since 1970 and seconds of the day."""
    bare = Timeline(Calendar("", "", ((Shift(0, 1440),),) * 7), zone)
    local = Table(bare, int(at.min()), int(at.max()), 3).local(at) // SECOND
    return local // _DAY_SECONDS, local % _DAY_SECONDS


def _gatherings(due: Instants, rows: int) -> list[int]:
    """Return the minutes of the day at which targets gather on the full minute, most frequent first."""
    minutes, counts = np.unique(due[due % 60 == 0] // 60, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:_GATHERINGS]
    return [int(minutes[at]) for at in order if counts[at] >= _LEAST_SHARE * rows]


def _postponing(seen: _Seen, group: Instants) -> _Seen:
    """Return the rows of groups in which some reports are postponed and some are not: the others show no hours."""
    sizes = np.bincount(group)
    shares = np.bincount(group, weights=seen.postponed) / np.maximum(sizes, 1)
    return seen.where(((shares > _FEW) & (shares < 1 - _FEW))[group])


def _hours(seen: _Seen) -> tuple[int, int]:
    """Return the stretch of the day in which most reports are not postponed, and outside which most are.

    On a grid of minutes: the stretch with the largest sum of reports not postponed less those postponed.
    """
    gain = np.bincount(seen.minute // _GRID, weights=np.where(seen.postponed, -1, 1), minlength=DAY_MINUTES // _GRID)
    before = np.concatenate(([0], np.cumsum(gain)))
    lowest = np.minimum.accumulate(before)
    end = int(np.argmax(before - lowest))
    begin = int(np.flatnonzero(before[: end + 1] == lowest[end])[-1])
    return (begin * _GRID, end * _GRID) if end > begin else (0, DAY_MINUTES)


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
