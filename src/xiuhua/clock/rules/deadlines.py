"""When a limit is used up: start rule, stages, extensions, suspensions, warnings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from xiuhua.clock.rules.courses import Course, Leg, course_of
from xiuhua.clock.rules.steps import bill
from xiuhua.clock.rules.timeline import Interval, Timeline, micros, moment
from xiuhua.clock.words import (
    BeyondYears,
    Calendar,
    Deadline,
    Limits,
    Pause,
    Regime,
    StageDue,
    Used,
    WaitReason,
    Warned,
)

_DAY = timedelta(days=1)


def deadline(
    start: datetime,
    limits: Limits,
    *,
    calendar: Calendar,
    regime: Regime,
    zone: ZoneInfo,
    pauses: Iterable[Pause] = (),
    extensions: int = 0,
) -> Deadline:
    """Return when limits that begin with a report at `start` are used up, and the bill of it.

    `start` is an aware instant. Each stage begins where the one before ends; an extension adds the whole original limit
    after the deadline so far. In a suspension no clock runs. A limit used up exactly when a shift closes ends there.
    Raises StartNaive, LimitEmpty, TooManyExtensions, NoWorkingTime, BeyondYears.
    """
    line = Timeline(calendar, zone)
    return deadline_on(line, start, limits, regime=regime, pauses=pauses, extensions=extensions)


def deadline_on(
    line: Timeline,
    start: datetime,
    limits: Limits,
    *,
    regime: Regime,
    pauses: Iterable[Pause] = (),
    extensions: int = 0,
) -> Deadline:
    """Return what `deadline` does, on a timeline that is used for many."""
    try:
        return _told(line, start, limits, regime=regime, pauses=pauses, extensions=extensions)
    except OverflowError as error:  # Python's dates end with the year 9999
        raise BeyondYears from error


def _told(
    line: Timeline, start: datetime, limits: Limits, *, regime: Regime, pauses: Iterable[Pause], extensions: int
) -> Deadline:
    course = course_of(line, start, limits, regime=regime, pauses=pauses, extensions=extensions)
    legs = course.legs
    missing = missing_years(line.calendar, line.local(course.start).date(), line.local(legs[-1].due).date())
    if not _asks_calendar(course):
        missing = ()
    return Deadline(
        start=moment(course.start),
        begin=moment(legs[0].since),
        due_at=moment(legs[-1].due),
        stages=tuple(StageDue(leg.stage.title, moment(leg.due)) for leg in legs if not leg.extension),
        warnings=_warnings(course, regime),
        provisional=bool(missing),
        missing=missing,
        steps=bill(line, course, regime),
    )


def consumed(
    start: datetime,
    until: datetime,
    limits: Limits,
    *,
    calendar: Calendar,
    regime: Regime,
    zone: ZoneInfo,
    pauses: Iterable[Pause] = (),
    extensions: int = 0,
) -> Used:
    """Return the running time used up by `until` and what is left of it, in microseconds.

    At the deadline nothing is left; after it `left` is negative by the running time since, in the last stage's unit.
    """
    line = Timeline(calendar, zone)
    course = course_of(line, start, limits, regime=regime, pauses=pauses, extensions=extensions)
    at, used = micros(until), 0
    for leg in course.legs:
        used += min(leg.allowance, _ran(line, leg, leg.since, min(at, leg.due), course.pauses))
    last = course.legs[-1]
    if at > last.due:
        used += _ran(line, last, last.due, at, course.pauses)
    return Used(used, sum(leg.allowance for leg in course.legs) - used)


def missing_years(calendar: Calendar, first: date, last: date) -> tuple[int, ...]:
    """Return the years of those days from `first` to `last` for which the calendar is not announced."""
    years = []
    for year in range(first.year, last.year + 1):
        day, end = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
        if not _announced(calendar, day, end):
            years.append(year)
    return tuple(years)


def _announced(calendar: Calendar, first: date, last: date) -> bool:
    for span in sorted(calendar.known, key=lambda span: span.first):
        if span.first <= first <= span.last:
            if span.last >= last:
                return True
            first = span.last + _DAY
    return False


def _asks_calendar(course: Course) -> bool:
    """Return whether any part of the course depended on which days are worked."""
    return any(leg.working for leg in course.legs) or course.waited == WaitReason.CLOSED


def _ran(line: Timeline, leg: Leg, since: int, until: int, pauses: tuple[Interval, ...]) -> int:
    """Return the running time from `since` to `until` outside the suspensions."""
    ran = line.running(since, until, working=leg.working)
    for stops, resumes in pauses:
        ran -= line.running(max(stops, since), min(resumes, until), working=leg.working)
    return max(0, ran)


def _warnings(course: Course, regime: Regime) -> tuple[Warned, ...]:
    """Return when each share of the limit is left: the shares are of the running time granted."""
    granted = sum(leg.allowance for leg in course.legs)
    return tuple(
        Warned(left, moment(_reached(course, granted - int(left * granted))))
        for left in sorted(regime.warn_left, reverse=True)
    )


def _reached(course: Course, used: int) -> int:
    """Return the instant when `used` running time of the course is used up."""
    for leg in course.legs:
        if used <= leg.allowance:
            return _reached_in(course, leg, used)
        used -= leg.allowance
    return course.legs[-1].due


def _reached_in(course: Course, leg: Leg, used: int) -> int:
    at = course.line.after(leg.since, used, working=leg.working)
    for stops, resumes in course.pauses:
        if resumes > leg.since and stops < at:
            at = course.line.after(
                at, course.line.running(max(stops, leg.since), resumes, working=leg.working), working=leg.working
            )
    return min(at, leg.due)


def share_left(used: Used) -> Fraction:
    """Return the share of the granted running time that is left, from 1 down to 0 (0 once over)."""
    granted = used.used + used.left
    return Fraction(max(used.left, 0), granted) if granted > 0 else Fraction(0)
