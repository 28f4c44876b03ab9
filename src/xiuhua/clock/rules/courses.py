"""The course of a limit: its stages and extensions one after the other, each with the running time it was given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from xiuhua.clock.rules.counting import begin, runs_out
from xiuhua.clock.rules.timeline import Interval, Timeline, micros
from xiuhua.clock.words import (
    WORKING,
    LimitEmpty,
    Limits,
    LimitStage,
    Pause,
    Regime,
    StartNaive,
    TooManyExtensions,
    WaitReason,
)


@dataclass(frozen=True, slots=True)
class Leg:
    """One stage, or one stage of an extension: from `since` to `due`, with `allowance` running time in between.

    `nominal` is where it would have ended without suspensions; `extension` is 0 for the limit itself.
    """

    stage: LimitStage
    since: int
    nominal: int
    due: int
    allowance: int
    extension: int

    @property
    def working(self) -> bool:
        """Whether the clock of this leg runs in working time only."""
        return self.stage.limit.unit in WORKING


@dataclass(frozen=True, slots=True)
class Course:
    """The whole way of a limit: what `deadline` and `consumed` both read."""

    line: Timeline
    start: int
    reported: int
    waited: WaitReason | None
    legs: tuple[Leg, ...]
    pauses: tuple[Interval, ...]


def course_of(
    line: Timeline, start: datetime, limits: Limits, *, regime: Regime, pauses: Iterable[Pause], extensions: int
) -> Course:
    """Return the course of limits from a report at `start` (aware).

    Raises StartNaive, LimitEmpty, TooManyExtensions, NoWorkingTime.
    """
    if start.tzinfo is None:
        raise StartNaive
    if not limits or any(stage.limit.amount <= 0 for stage in limits):
        raise LimitEmpty
    if not 0 <= extensions <= regime.extensions:
        raise TooManyExtensions(most=regime.extensions, asked=extensions)
    at, stops = micros(start), _merged(pauses)
    since, waited = begin(line, at, limits[0].limit.unit, regime)
    reported = since if waited == WaitReason.CUT_OFF else at
    legs: list[Leg] = []
    for extension in range(extensions + 1):
        for stage in limits:
            leg = _leg(line, since, stage, regime, first=not legs, reported=reported, pauses=stops, extension=extension)
            legs.append(leg)
            since = leg.due
    return Course(line, at, reported, waited, tuple(legs), stops)


def _leg(
    line: Timeline,
    since: int,
    stage: LimitStage,
    regime: Regime,
    *,
    first: bool,
    reported: int,
    pauses: tuple[Interval, ...],
    extension: int,
) -> Leg:
    working = stage.limit.unit in WORKING
    nominal = due = runs_out(line, since, stage.limit, regime, first=first, reported=reported)
    allowance = line.running(since, due, working=working)
    for stops, resumes in pauses:
        if resumes <= since:
            continue
        if stops >= due:
            break
        stood = line.running(max(stops, since), resumes, working=working)
        if stood:
            due = line.after(due, stood, working=working)
    return Leg(stage, since, nominal, due, allowance, extension)


def _merged(pauses: Iterable[Pause]) -> tuple[Interval, ...]:
    """Return suspensions as instants, in order, those that touch or overlap as one."""
    merged: list[Interval] = []
    for stops, resumes in sorted((micros(each.start), micros(each.end)) for each in pauses):
        if stops >= resumes:
            continue
        if merged and stops <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], resumes))
        else:
            merged.append((stops, resumes))
    return tuple(merged)
