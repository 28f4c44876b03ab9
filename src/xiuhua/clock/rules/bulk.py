"""The same deadlines for a million reports at once: cumulative working time and binary search.

Everything here answers exactly what `counting` answers for one report; a property test holds the two together.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from math import ceil
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from xiuhua.clock.rules.timeline import HOUR, SECOND, Timeline, moment
from xiuhua.clock.words import (
    WORKING,
    Calendar,
    CalendarDayRule,
    ContinuousStart,
    Limit,
    LimitEmpty,
    Limits,
    NoWorkingTime,
    Regime,
    TooManyExtensions,
    Unit,
    WorkDayRule,
)

Instants = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_EPOCH = date(1970, 1, 1)
_MINUTE = 60 * SECOND
_DAY = 24 * HOUR
#: Days of calendar laid out beyond the last report at first, and at most.
_AHEAD, _FURTHEST = 800, 60_000


_SLACK = 7 * _DAY


class Short(Exception):
    """The table of working time ends before a deadline."""


def due_many(
    starts: Instants, limits: Limits, *, calendar: Calendar, regime: Regime, zone: ZoneInfo, extensions: int = 0
) -> Instants:
    """Return the deadlines of reports at `starts`, both in microseconds since 1970 UTC, for one limit.

    Equal to `deadline` without suspensions. Raises LimitEmpty, TooManyExtensions, NoWorkingTime.
    """
    return Bulk(calendar, zone).due(starts, limits, regime=regime, extensions=extensions)


class Bulk:
    """Deadlines of many reports under many limits on one calendar, whose working time is laid out once for them."""

    def __init__(self, calendar: Calendar, zone: ZoneInfo) -> None:
        self._line = Timeline(calendar, zone)
        #: The table at hand, with first instant, last instant and days ahead.
        self._laid: tuple[Table, int, int, int] | None = None

    def due(self, starts: Instants, limits: Limits, *, regime: Regime, extensions: int = 0) -> Instants:
        """Return what `due_many` does, and raise what it raises."""
        if not limits or any(stage.limit.amount <= 0 for stage in limits):
            raise LimitEmpty
        if not 0 <= extensions <= regime.extensions:
            raise TooManyExtensions(most=regime.extensions, asked=extensions)
        if not starts.size:
            return starts.copy()
        ahead = _AHEAD
        while ahead <= _FURTHEST:
            try:
                return self._over(int(starts.min()), int(starts.max()), ahead).due(starts, limits, regime, extensions)
            except Short:
                ahead *= 4
        raise NoWorkingTime(calendar=self._line.calendar.code)

    def _over(self, first: int, last: int, ahead: int) -> Table:
        """Return a table from before the instant `first` to `ahead` days after `last`: the one at hand if it is as long.

        It is laid out a week longer than asked, so that reports that come one by one find it.
        """
        if self._laid is not None:
            held, held_first, held_last, held_ahead = self._laid
            if held_first <= first and last <= held_last and ahead <= held_ahead:
                return held
            first, last, ahead = min(first, held_first), max(last, held_last), max(ahead, held_ahead)
        last += _SLACK
        made = Table(self._line, first, last, ahead)
        self._laid = (made, first, last, ahead)
        return made


class Table:
    """A stretch of a timeline as arrays: shifts, working days and changes of the clocks."""

    def __init__(self, line: Timeline, first: int, last: int, ahead: int) -> None:
        since = line.local(first).date() - timedelta(days=7)
        days = (line.local(last).date() - since).days + ahead
        opens, closes, owner = [], [], []
        for number in range(days):
            day = since + timedelta(days=number)
            for begins, ends in line.intervals(day):
                opens.append(begins)
                closes.append(ends)
                owner.append((day - _EPOCH).days)
        self._line = line
        self._opens = np.array(opens, dtype=np.int64)
        self._closes = np.array(closes, dtype=np.int64)
        self._owner = np.array(owner, dtype=np.int64)
        self._used = np.cumsum(self._closes - self._opens)
        self._before = self._used - (self._closes - self._opens)
        self._days, self._first = np.unique(self._owner, return_index=True)
        self._last = np.append(self._first[1:], len(opens)) - 1
        self._changes, self._offset_before, self._offset = _changes(line.zone, since, days)

    def due(self, starts: Instants, limits: Limits, regime: Regime, extensions: int = 0) -> Instants:
        """Return the deadlines; raises Short where the table ends before one of them."""
        since, reported = self.begin(starts, limits[0].limit.unit, regime)
        first = True
        for _ in range(extensions + 1):
            for stage in limits:
                since = self._runs_out(since, stage.limit, regime, first=first, reported=reported)
                first = False
        return since

    def begin(self, at: Instants, unit: Unit, regime: Regime) -> tuple[Instants, Instants]:
        """Return when the clocks begin, and the moments whose day is the day of the report."""
        if unit in WORKING:
            return self._begin_working(at, regime)
        if regime.continuous == ContinuousStart.NEXT_OPENING:
            return self._opening(at), at
        if regime.continuous == ContinuousStart.IN_WINDOW:
            day, window = self.date_of(at), regime.window
            opens, closes = self._wall(day, window[0] * _MINUTE), self._wall(day, window[1] * _MINUTE)
            following = self._wall(day + 1, window[0] * _MINUTE)
            return np.where(at < opens, opens, np.where(at < closes, at, following)), at
        return at, at

    def _begin_working(self, at: Instants, regime: Regime) -> tuple[Instants, Instants]:
        opens = self._opening(at)
        if regime.cut_off is None:
            return opens, at
        day = self.day_of(at)
        following = self._opens[self._pick(self._first, self.workday(day) + 1)]
        late = (at >= self._wall(day, regime.cut_off * _MINUTE)) & self._works(day) & (following > opens)
        return np.where(late, following, opens), np.where(late, following, at)

    def _runs_out(self, since: Instants, limit: Limit, regime: Regime, *, first: bool, reported: Instants) -> Instants:
        if limit.unit == Unit.URGENT_HOUR:
            return since + _time(limit.amount)
        if limit.unit == Unit.WORK_HOUR:
            return self._after(since, _time(limit.amount))
        if limit.unit == Unit.CALENDAR_DAY:
            return self._calendar_days(since, limit.amount, regime, first=first, reported=reported)
        if regime.work_day == WorkDayRule.HOURS:
            return self._after(since, _time(limit.amount * regime.day_hours))
        if regime.work_day == WorkDayRule.DAY_END:
            after = self.counted_from(since, regime, first=first, reported=reported)
            return self._closes[self._pick(self._last, self.workday(after) + ceil(limit.amount))]
        return self._same_clock_days(since, limit.amount, regime)

    def worked(self, at: Instants) -> Instants:
        """Return the working time from the table's beginning up to each instant."""
        shift = self._shift(at)
        passed: Instants = self._before[shift] + np.maximum(0, at - self._opens[shift])
        return passed

    def counted_from(self, since: Instants, regime: Regime, *, first: bool, reported: Instants) -> Instants:
        """Return the day after which working days are counted, as days since 1970."""
        if not first:
            return self.day_of(since - 1)
        day = self.day_of(since)
        return day - 1 if regime.first_day else np.where(day == self.day_of(reported), day, day - 1)

    def _same_clock_days(self, since: Instants, amount: Fraction, regime: Regime) -> Instants:
        whole = int(amount)
        same = self._same_clock(since, whole) if whole else since
        if whole == amount:
            return same
        part = self._after(same, _time((amount - whole) * regime.day_hours))
        return np.minimum(part, self._same_clock(since, whole + 1))

    def _same_clock(self, since: Instants, days: int) -> Instants:
        follows, opens = self._runs(since - 1), self._opening(since)
        from_day = np.where(follows, self.day_of(since - 1), self.day_of(opens))
        clock = self._clock(np.where(follows, since, opens))
        number = self.workday(from_day) + days
        first, last = self._pick(self._first, number), self._pick(self._last, number)
        target = self._wall(self._owner[first], clock - from_day * _DAY)
        at = np.clip(np.searchsorted(self._opens, target, side="right") - 1, first, last)
        return np.maximum(np.minimum(target, self._closes[at]), self._opens[first])

    def _calendar_days(
        self, since: Instants, amount: Fraction, regime: Regime, *, first: bool, reported: Instants
    ) -> Instants:
        if regime.calendar_day == CalendarDayRule.ELAPSED:
            return since + _time(amount * 24)
        if regime.calendar_day == CalendarDayRule.DAY_END:
            today = self.date_of(since if first else since - 1)
            counts = (today > self.date_of(reported)) | regime.first_day if first else np.zeros(since.shape, dtype=bool)
            return self._wall(today + ceil(amount) + np.where(counts, 0, 1), 0)
        whole = int(amount)
        clock = self._clock(since)
        same = self._wall(clock // _DAY + whole, clock % _DAY) if whole else since
        if whole == amount:
            return same
        return np.minimum(same + _time((amount - whole) * 24), self._wall(clock // _DAY + whole + 1, clock % _DAY))

    # — the timeline's own questions, for many instants —

    def _shift(self, at: Instants) -> Instants:
        """Return the number of the first shift that closes after each instant."""
        found = np.searchsorted(self._closes, at, side="right")
        if found.size and int(found.max()) >= len(self._closes):
            raise Short
        return found

    def _pick(self, of: Instants, number: Instants) -> Instants:
        """Return what `of` says about the working days numbered `number`."""
        if number.size and int(number.max()) >= len(self._days):
            raise Short
        picked: Instants = of[number]
        return picked

    def _opening(self, at: Instants) -> Instants:
        return np.maximum(at, self._opens[self._shift(at)])

    def _runs(self, at: Instants) -> Flags:
        running: Flags = self._opens[self._shift(at)] <= at
        return running

    def _after(self, since: Instants, amount: int) -> Instants:
        if not amount:
            return since
        shift = self._shift(since)
        reached = self._before[shift] + np.maximum(0, since - self._opens[shift]) + amount
        ends = np.searchsorted(self._used, reached, side="left")
        if int(ends.max()) >= len(self._used):
            raise Short
        due: Instants = self._opens[ends] + reached - self._before[ends]
        return due

    def day_of(self, at: Instants) -> Instants:
        """Return the working day each instant belongs to, as days since 1970."""
        today, shift = self.date_of(at), self._shift(at)
        running = (self._opens[shift] <= at) & (self._owner[shift] == today - 1)
        day: Instants = np.where(running, today - 1, today)
        return day

    def workday(self, day: Instants) -> Instants:
        """Return the number of the last working day up to and including each day."""
        number: Instants = np.searchsorted(self._days, day, side="right") - 1
        return number

    def _works(self, day: Instants) -> Flags:
        works: Flags = self._days[np.maximum(self.workday(day), 0)] == day
        return works

    # — clocks —

    def date_of(self, at: Instants) -> Instants:
        """Return the local date of each instant, as days since 1970."""
        day: Instants = (at + self._offset[np.searchsorted(self._changes, at, side="right") - 1]) // _DAY
        return day

    def local(self, at: Instants) -> Instants:
        """Return what the clock shows in microseconds since 1970, an hour shown twice as it is."""
        shown: Instants = at + self._offset[np.searchsorted(self._changes, at, side="right") - 1]
        return shown

    def _clock(self, at: Instants) -> Instants:
        """Return what the clock shows in microseconds since 1970; an hour shown again stands still at its end."""
        change = np.searchsorted(self._changes, at, side="right") - 1
        shown: Instants = np.maximum(at + self._offset[change], self._changes[change] + self._offset_before[change])
        return shown

    def _wall(self, day: Instants, clock: Instants | int) -> Instants:
        """Return the instant of a clock time: the first of two, and the jump itself for a time that was skipped."""
        shown = day * _DAY + clock
        change = np.searchsorted(self._changes + self._offset_before, shown, side="right") - 1
        at: Instants = np.maximum(shown - self._offset[change], self._changes[change])
        return at


def _time(hours: Fraction) -> int:
    return ceil(hours * HOUR)


def _changes(zone: ZoneInfo, since: date, days: int) -> tuple[Instants, Instants, Instants]:
    """Return the instants when a zone's clocks change, and the offsets before and after, in microseconds.

    The first entry stands for all the time before.
    """
    first = (since - _EPOCH).days * _DAY - 2 * _DAY
    at, offset = first, _offset(zone, first)
    found = [(-(2**60), offset, offset)]
    for number in range(1, days + 800):
        upto = first + number * _DAY
        then = _offset(zone, upto)
        if then != offset:
            found.append((_change_between(zone, at, upto), offset, then))
        at, offset = upto, then
    columns = np.array(found, dtype=np.int64)
    return columns[:, 0], columns[:, 1], columns[:, 2]


def _change_between(zone: ZoneInfo, low: int, high: int) -> int:
    before = _offset(zone, low)
    while high - low > SECOND:
        middle = (low + high) // 2 // SECOND * SECOND
        if _offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high


def _offset(zone: ZoneInfo, at: int) -> int:
    shift = moment(at).astimezone(zone).utcoffset()
    return (shift or timedelta()) // timedelta(microseconds=1)
