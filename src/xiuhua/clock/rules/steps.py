"""The bill of a deadline: what was counted, what was not, and why, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from xiuhua.clock.rules.counting import counted_after
from xiuhua.clock.rules.courses import Course, Leg
from xiuhua.clock.rules.timeline import Interval, Timeline, moment
from xiuhua.clock.words import (
    EXTENDED,
    CalendarDayRule,
    DayKind,
    OffReason,
    Regime,
    Step,
    StepKind,
    Unit,
    WorkDayRule,
)

_DAY = timedelta(days=1)
_SATURDAY = 5
#: Lines that lengthen as equal days follow each other.
_RUNS = frozenset({StepKind.DAYS, StepKind.OFF})


@dataclass(frozen=True, slots=True)
class _Leg:
    """A leg with what its lines are read from."""

    line: Timeline
    leg: Leg
    pauses: tuple[Interval, ...]


def bill(line: Timeline, course: Course, regime: Regime) -> tuple[Step, ...]:
    """Return the lines of a course from the report to the deadline."""
    steps = [Step(StepKind.START, moment(course.start))]
    first = course.legs[0]
    if course.waited:
        steps.append(Step(StepKind.WAIT, moment(course.start), moment(first.since), reason=course.waited.value))
    extension = 0
    for number, leg in enumerate(course.legs):
        if leg.extension > extension:
            extension = leg.extension
            steps.append(Step(StepKind.EXTENSION, moment(leg.since), days=extension))
        steps.append(Step(StepKind.STAGE, moment(leg.since), name=leg.stage.title, limit=leg.stage.limit))
        steps += _lines(_Leg(line, leg, course.pauses), course, regime, first=number == 0)
        if number < len(course.legs) - 1:
            reason = EXTENDED if course.legs[number + 1].extension > leg.extension else ""
            steps.append(Step(StepKind.STAGE_END, moment(leg.due), name=leg.stage.title, reason=reason))
    steps.append(Step(StepKind.END, moment(course.legs[-1].due), name=course.legs[-1].stage.title))
    return tuple(steps)


def _lines(part: _Leg, course: Course, regime: Regime, *, first: bool) -> list[Step]:
    leg, unit = part.leg, part.leg.stage.limit.unit
    if unit == Unit.WORK_DAY and regime.work_day != WorkDayRule.HOURS:
        after = counted_after(part.line, leg.since, regime, first=first, reported=course.reported)
        return _counted_days(part, after) + _stood(part)
    if unit == Unit.CALENDAR_DAY and regime.calendar_day != CalendarDayRule.ELAPSED:
        return [_calendar_days(part), *_stood(part)]
    return _summed(_worked(part) if leg.working else _elapsed(part))


def _summed(lines: Iterator[Step]) -> list[Step]:
    """Return lines with their running sum, equal days that follow each other as one line."""
    steps: list[Step] = []
    total = 0
    for step in lines:
        if step.kind != StepKind.PAUSE:
            total += step.used
        summed = replace(step, total=total)
        if steps and _same_run(steps[-1], step):
            last = steps.pop()
            summed = replace(summed, at=last.at, used=last.used + step.used, days=last.days + step.days)
        steps.append(summed)
    return steps


def _same_run(last: Step, step: Step) -> bool:
    return step.kind in _RUNS and (last.kind, last.reason, last.name) == (step.kind, step.reason, step.name)


def _off(line: Timeline, day: date) -> Step:
    mark = line.calendar.days.get(day)
    usual = OffReason.WEEKEND if day.weekday() >= _SATURDAY else OffReason.REST
    reason = OffReason.HOLIDAY if mark is not None and mark.kind == DayKind.HOLIDAY else usual
    return Step(
        StepKind.OFF,
        moment(line.wall(day, 0)),
        moment(line.wall(day, 0)),
        days=1,
        name=mark.name if mark else "",
        reason=reason.value,
    )


def _days(part: _Leg) -> Iterator[date]:
    day = part.line.day_of(part.leg.since)
    last = part.line.day_of(part.leg.due - 1)
    while day <= last:
        yield day
        day += _DAY


def _worked(part: _Leg) -> Iterator[Step]:
    """Yield the lines of a leg that runs in working time: days and parts of days."""
    line, told = part.line, 0
    for day in _days(part):
        whole = line.intervals(day)
        if not whole:
            if not _inside_pause(part, day):
                yield _off(line, day)
            continue
        pieces = _pieces(whole, part)
        mark = line.calendar.days.get(day)
        name = mark.name if mark else ""
        if pieces == list(whole):
            kind = StepKind.MAKE_UP if mark else StepKind.DAYS
            start = moment(line.wall(day, 0))
            yield Step(kind, start, start, used=sum(end - at for at, end in whole), days=1, name=name)
            continue
        lines = [Step(StepKind.RUN, moment(a), moment(b), used=b - a, name=name) for a, b in pieces]
        stood = [step for step in _stood(part)[told:] if step.at <= moment(whole[-1][1])]
        told += len(stood)
        yield from sorted(lines + stood, key=lambda step: step.at)


def _inside_pause(part: _Leg, day: date) -> bool:
    dawn, dusk = part.line.wall(day, 0), part.line.wall(day + _DAY, 0)
    return any(stops <= dawn and dusk <= resumes for stops, resumes in part.pauses)


def _pieces(whole: tuple[Interval, ...], part: _Leg) -> list[Interval]:
    """Return what of a day's shifts lies in the leg and outside the suspensions."""
    pieces = [(max(a, part.leg.since), min(b, part.leg.due)) for a, b in whole]
    for stops, resumes in part.pauses:
        pieces = [cut for a, b in pieces for cut in ((a, min(b, stops)), (max(a, resumes), b))]
    return [(a, b) for a, b in pieces if a < b]


def _elapsed(part: _Leg) -> Iterator[Step]:
    """Yield the lines of a leg that runs day and night."""
    at = part.leg.since
    for step, (stops, resumes) in _stops(part):
        if at < stops:
            yield Step(StepKind.RUN, moment(at), moment(stops), used=stops - at)
        yield step
        at = max(at, resumes)
    if at < part.leg.due:
        yield Step(StepKind.RUN, moment(at), moment(part.leg.due), used=part.leg.due - at)


def _stops(part: _Leg) -> list[tuple[Step, Interval]]:
    leg, found = part.leg, []
    for stops, resumes in part.pauses:
        begins = max(stops, leg.since)
        if resumes <= leg.since or begins >= leg.due:
            continue
        lost = part.line.running(begins, resumes, working=leg.working)
        found.append((Step(StepKind.PAUSE, moment(begins), moment(resumes), used=lost), (begins, resumes)))
    return found


def _stood(part: _Leg) -> list[Step]:
    return [step for step, _ in _stops(part)]


def _counted_days(part: _Leg, after: date) -> list[Step]:
    """Return the lines of a leg that counts whole working days."""
    line, leg = part.line, part.leg
    lines: list[Step] = []
    day, last = after, line.day_of(leg.nominal if line.runs(leg.nominal) else leg.nominal - 1)
    while day < last:
        day += _DAY
        if not line.works(day):
            lines.append(_off(line, day))
            continue
        mark = line.calendar.days.get(day)
        at = moment(line.wall(day, 0))
        kind = StepKind.MAKE_UP if mark else StepKind.DAYS
        lines.append(Step(kind, at, at, used=1, days=1, counted="days", name=mark.name if mark else ""))
    return _summed(iter(lines))


def _calendar_days(part: _Leg) -> Step:
    """Return the line of a leg that counts whole calendar days."""
    line, leg = part.line, part.leg
    first, last = line.local(leg.since).date(), line.local(leg.nominal - 1).date()
    days = int(leg.stage.limit.amount)
    return Step(
        StepKind.DAYS,
        moment(line.wall(first, 0)),
        moment(line.wall(last, 0)),
        used=days,
        total=days,
        days=days,
        counted="days",
    )
