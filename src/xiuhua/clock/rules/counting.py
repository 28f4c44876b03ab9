"""How a regime begins and counts a limit, before any suspension."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from xiuhua.clock.rules.timeline import HOUR, Timeline
from xiuhua.clock.words import (
    DAY_MINUTES,
    WORKING,
    CalendarDayRule,
    ContinuousStart,
    Limit,
    Regime,
    Unit,
    WaitReason,
    WorkDayRule,
)

_DAY = timedelta(days=1)
_HOURS_A_DAY = 24
SAME_CLOCK = Regime(work_day=WorkDayRule.SAME_CLOCK)


def begin(line: Timeline, at: int, unit: Unit, regime: Regime) -> tuple[int, WaitReason | None]:
    """Return when the clock of a unit begins for a report at `at`, and why it had to wait (None: it did not)."""
    if unit in WORKING:
        return _begin_working(line, at, regime)
    if regime.continuous == ContinuousStart.NEXT_OPENING:
        opens = line.opening(at)
        return opens, WaitReason.CLOSED if opens > at else None
    if regime.continuous == ContinuousStart.IN_WINDOW:
        opens = _in_window(line, at, regime.window)
        return opens, WaitReason.WINDOW if opens > at else None
    return at, None


def _begin_working(line: Timeline, at: int, regime: Regime) -> tuple[int, WaitReason | None]:
    opens = line.opening(at)
    day = line.day_of(at)
    if regime.cut_off is not None and at >= line.wall(day, regime.cut_off) and line.works(day):
        following = line.intervals(line.workday_after(day, 1))[0][0]
        if following > opens:
            return following, WaitReason.CUT_OFF
    return opens, WaitReason.CLOSED if opens > at else None


def _in_window(line: Timeline, at: int, window: tuple[int, int]) -> int:
    day = line.local(at).date()
    opens, closes = line.wall(day, window[0]), line.wall(day, window[1])
    if at < opens:
        return opens
    return at if at < closes else line.wall(day + _DAY, window[0])


def runs_out(line: Timeline, since: int, limit: Limit, regime: Regime, *, first: bool, reported: int) -> int:
    """Return when a limit that begins at `since` is used up if nothing stops the clock.

    `first` is False where the limit follows another stage, or extends one: then it takes up where that ended.
    `reported` is the moment of the report, whose day is the one that counts or not. Parts of a microsecond are given.
    """
    if limit.unit == Unit.URGENT_HOUR:
        return since + _time(limit.amount)
    if limit.unit == Unit.WORK_HOUR:
        return line.after_working(since, _time(limit.amount))
    if limit.unit == Unit.WORK_DAY:
        return _work_days(line, since, limit.amount, regime, first=first, reported=reported)
    return _calendar_days(line, since, limit.amount, regime, first=first, reported=reported)


def _time(hours: Fraction) -> int:
    return ceil(hours * HOUR)


def _whole(amount: Fraction) -> tuple[int, Fraction]:
    days = int(amount)
    return days, amount - days


def _work_days(line: Timeline, since: int, amount: Fraction, regime: Regime, *, first: bool, reported: int) -> int:
    if regime.work_day == WorkDayRule.HOURS:
        return line.after_working(since, _time(amount * regime.day_hours))
    if regime.work_day == WorkDayRule.DAY_END:
        day = _counted_from(line, since, regime, first=first, reported=reported)
        return line.intervals(line.workday_after(day, ceil(amount)))[-1][1]
    days, part = _whole(amount)
    same = _same_clock(line, since, days) if days else since
    if not part:
        return same
    # a part of a day is never more than the day, however long the nominal one is
    return min(line.after_working(same, _time(part * regime.day_hours)), _same_clock(line, since, days + 1))


def _counted_from(line: Timeline, since: int, regime: Regime, *, first: bool, reported: int) -> date:
    """Return the day after which working days are counted: the Nth of them ends the limit."""
    if not first:
        return line.day_of(since - 1)
    # a report that had to wait for a later day loses nothing by it: that later day is the first in either case
    if not regime.first_day and line.day_of(since) == line.day_of(reported):
        return line.day_of(since)
    return line.day_of(since) - _DAY


def counted_after(line: Timeline, since: int, regime: Regime, *, first: bool, reported: int) -> date:
    """Return the day after which the working days of a limit are counted one by one."""
    if regime.work_day == WorkDayRule.DAY_END:
        return _counted_from(line, since, regime, first=first, reported=reported)
    return line.day_of(since - 1) if line.runs(since - 1) else line.day_of(line.opening(since))


def _same_clock(line: Timeline, since: int, days: int) -> int:
    """Return the same clock time `days` working days on, held within that day's working time.

    A limit that follows another at the close of a shift takes up there, not at the next opening.
    """
    follows = line.runs(since - 1)
    from_day = counted_after(line, since, SAME_CLOCK, first=False, reported=since)
    shown, minute, rest = line.clock(since if follows else line.opening(since))
    day = line.workday_after(from_day, days)
    target = line.wall(day, (shown - from_day).days * DAY_MINUTES + minute, rest)
    reached = line.intervals(day)[0][0]
    for begins, ends in line.intervals(day):
        if target >= begins:
            reached = min(target, ends)
    return reached


def _calendar_days(line: Timeline, since: int, amount: Fraction, regime: Regime, *, first: bool, reported: int) -> int:
    if regime.calendar_day == CalendarDayRule.ELAPSED:
        return since + _time(amount * _HOURS_A_DAY)
    if regime.calendar_day == CalendarDayRule.DAY_END:
        return _calendar_day_end(line, since, ceil(amount), regime, first=first, reported=reported)
    days, part = _whole(amount)
    shown, minute, rest = line.clock(since)
    same = line.wall(shown + days * _DAY, minute, rest) if days else since
    if not part:
        return same
    # the day on which the clocks are put forward is shorter than a part of 24 hours may be
    return min(same + _time(part * _HOURS_A_DAY), line.wall(shown + (days + 1) * _DAY, minute, rest))


def _calendar_day_end(line: Timeline, since: int, days: int, regime: Regime, *, first: bool, reported: int) -> int:
    today = line.local(since if first else since - 1).date()
    counts = first and (regime.first_day or today > line.local(reported).date())
    return line.wall(today + (days + (0 if counts else 1)) * _DAY, 0)
