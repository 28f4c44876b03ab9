"""Which limit reproduces a city's own target times: a search through the clock's vocabulary, group by group.

The working week is read off the targets first (`observed`); then every rule of the vocabulary proposes the amounts that
its own inverse finds most often in a group, and the rule and amount that reproduce most targets win.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np

from xiuhua.clock.rules.bulk import Flags, Instants, Short, Table
from xiuhua.clock.rules.observed import Targets, working_weeks
from xiuhua.clock.rules.timeline import HOUR, SECOND, Timeline
from xiuhua.clock.words import (
    WORKING,
    Calendar,
    CalendarDayRule,
    ContinuousStart,
    Limit,
    LimitStage,
    Regime,
    Unit,
    WorkDayRule,
)

#: How many amounts each rule may propose for a group.
_AMOUNTS = 3
#: Groups on which calendars are compared.
_LARGEST = 25
#: Days of calendar laid out beyond the last target.
_AHEAD = 400
_QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Rule:
    """One way of the vocabulary to count: a unit and what the regime says about it."""

    unit: Unit
    regime: Regime


#: Simplest first: of rules that reproduce equally many targets the first wins.
VOCABULARY: tuple[Rule, ...] = (
    Rule(Unit.CALENDAR_DAY, Regime(calendar_day=CalendarDayRule.SAME_CLOCK)),
    Rule(Unit.WORK_DAY, Regime(work_day=WorkDayRule.SAME_CLOCK)),
    Rule(Unit.URGENT_HOUR, Regime()),
    Rule(Unit.WORK_HOUR, Regime()),
    Rule(
        Unit.CALENDAR_DAY,
        Regime(calendar_day=CalendarDayRule.SAME_CLOCK, continuous=ContinuousStart.NEXT_OPENING),
    ),
    Rule(Unit.URGENT_HOUR, Regime(continuous=ContinuousStart.NEXT_OPENING)),
    Rule(Unit.WORK_DAY, Regime(work_day=WorkDayRule.DAY_END)),
    Rule(Unit.WORK_DAY, Regime(work_day=WorkDayRule.DAY_END, first_day=True)),
    Rule(Unit.CALENDAR_DAY, Regime(calendar_day=CalendarDayRule.DAY_END)),
    Rule(Unit.CALENDAR_DAY, Regime(calendar_day=CalendarDayRule.DAY_END, first_day=True)),
)


@dataclass(frozen=True, slots=True)
class _Measure:
    """What a deadline is computed by, and how near it must come to a target: `tolerance` in seconds."""

    table: Table
    tolerance: int

    def hits(self, rule: Rule, limit: Limit, starts: Instants, wanted: Instants) -> int:
        """Return how many targets a limit reproduces."""
        if not starts.size:
            return 0
        try:
            due = self.table.due(starts, (LimitStage(limit),), rule.regime)
        except Short:  # the amount leads beyond every target
            return 0
        return int((np.abs(due - wanted) <= self.tolerance * SECOND).sum())


@dataclass(frozen=True, slots=True)
class Found:
    """The limit found for a group, and how many of its targets it reproduces in the two periods."""

    group: tuple[str, ...]
    rule: Rule | None
    limit: Limit | None
    fitted: int
    fit_rows: int
    explained: int
    rows: int


@dataclass(frozen=True, slots=True)
class Inference:
    """The outcome: the calendar found, the limits found, and the simplest rule beside them on the same rows."""

    calendar: Calendar
    calendar_parameters: int
    tolerance: int
    groups: tuple[Found, ...]
    rows: int
    explained: int
    parameters: int
    baseline_explained: int
    baseline_parameters: int

    @property
    def share(self) -> Fraction | None:
        """The share of targets reproduced, None without rows."""
        return Fraction(self.explained, self.rows) if self.rows else None

    @property
    def baseline_share(self) -> Fraction | None:
        """The same of one allowance per type."""
        return Fraction(self.baseline_explained, self.rows) if self.rows else None


def infer(
    targets: Targets,
    fit: Flags,
    test: Flags,
    *,
    zone: ZoneInfo,
    calendars: Sequence[Calendar],
    min_group: int,
    tolerance: int,
) -> Inference:
    """Return the limits that reproduce most targets of the rows `fit`, and what they reproduce of the rows `test`.

    A target is reproduced if it is at most `tolerance` seconds from the deadline. `calendars` are tables of holidays
    that may apply. Groups with fewer than `min_group` rows in `test` are left out of both shares.
    """
    counted = np.bincount(targets.group[test], minlength=len(targets.groups)) >= min_group
    scored = test & counted[targets.group]
    calendar, table, parameters = _calendar(targets, fit, zone, calendars, tolerance)
    measure = _Measure(table, tolerance)
    found = [_group(targets, int(number), fit, test, measure) for number in np.flatnonzero(counted)]
    baseline, allowances = _baseline(targets, table, fit, scored, tolerance)
    return Inference(
        calendar=calendar,
        calendar_parameters=parameters,
        tolerance=tolerance,
        groups=tuple(sorted(found, key=lambda one: (-one.rows, one.group))),
        rows=int(scored.sum()),
        explained=sum(one.explained for one in found),
        parameters=parameters + sum(2 for one in found if one.rule),
        baseline_explained=baseline,
        baseline_parameters=allowances,
    )


def _calendar(
    targets: Targets, fit: Flags, zone: ZoneInfo, calendars: Sequence[Calendar], tolerance: int
) -> tuple[Calendar, Table, int]:
    """Return the calendar under which the rules reproduce most targets of the largest groups."""
    sizes = np.bincount(targets.group[fit], minlength=len(targets.groups))
    largest = np.argsort(-sizes, kind="stable")[:_LARGEST]
    best: tuple[int, Calendar, Table, int] | None = None
    for calendar, parameters in working_weeks(targets, fit, zone, calendars):
        table = _table(calendar, zone, targets)
        if table is None:
            continue
        measure = _Measure(table, tolerance)
        hits = sum(_group(targets, int(number), fit, fit, measure).fitted for number in largest)
        if best is None or hits > best[0]:
            best = hits, calendar, table, parameters
    if best is None:
        raise ValueError("no calendar to try")  # the calendar around the clock is always among them
    return best[1:]


def _table(calendar: Calendar, zone: ZoneInfo, targets: Targets) -> Table | None:
    if not any(calendar.week):
        return None
    first, last = int(targets.starts.min()), int(max(targets.starts.max(), targets.targets.max()))
    return Table(Timeline(calendar, zone), first, last, _AHEAD)


def _group(targets: Targets, number: int, fit: Flags, test: Flags, measure: _Measure) -> Found:
    mine = targets.group == number
    fitting, testing = mine & fit, mine & test
    starts, wanted = targets.starts[fitting], targets.targets[fitting]
    best: tuple[int, Rule | None, Limit | None] = (0, None, None)
    for rule in VOCABULARY:
        for amount in _amounts(rule, starts, wanted, measure.table):
            limit = Limit(amount, rule.unit)
            hits = measure.hits(rule, limit, starts, wanted)
            if hits > best[0]:
                best = hits, rule, limit
    fitted, rule_found, limit_found = best
    explained = 0
    if rule_found and limit_found:
        explained = measure.hits(rule_found, limit_found, targets.starts[testing], targets.targets[testing])
    return Found(
        targets.groups[number], rule_found, limit_found, fitted, int(fitting.sum()), explained, int(testing.sum())
    )


def _amounts(rule: Rule, starts: Instants, wanted: Instants, table: Table) -> list[Fraction]:
    """Return the amounts that lead from start to target most often, by the rule's own inverse."""
    if not starts.size:
        return []
    since, reported = table.begin(starts, rule.unit, rule.regime)
    quarters = _quarters(rule, since, reported, wanted, table)
    values, counts = np.unique(quarters[quarters > 0], return_counts=True)
    order = np.lexsort((values, -counts))[:_AMOUNTS]
    return [Fraction(int(values[at]), _QUARTERS) for at in order]


def _quarters(rule: Rule, since: Instants, reported: Instants, wanted: Instants, table: Table) -> Instants:
    """Return for each row the amount, in quarters of the unit, that would lead to its target."""
    regime, hour = rule.regime, HOUR // _QUARTERS
    if rule.unit == Unit.URGENT_HOUR:
        return (wanted - since + hour // 2) // hour
    if rule.unit == Unit.WORK_HOUR:
        return (table.worked(wanted) - table.worked(since) + hour // 2) // hour
    if rule.unit in WORKING:
        if regime.work_day == WorkDayRule.SAME_CLOCK:
            return (table.workday(table.day_of(wanted)) - table.workday(table.day_of(since))) * _QUARTERS
        after = table.counted_from(since, regime, first=True, reported=reported)
        return (table.workday(table.day_of(wanted - 1)) - table.workday(after)) * _QUARTERS
    days = table.date_of(wanted) - table.date_of(since)
    if regime.calendar_day == CalendarDayRule.DAY_END:
        days = table.date_of(wanted - 1) - table.date_of(since) + (1 if regime.first_day else 0)
    return days * _QUARTERS


def _baseline(targets: Targets, table: Table, fit: Flags, scored: Flags, tolerance: int) -> tuple[int, int]:
    """Return what one allowance per type reproduces: its most frequent target minus report, by the clock on the wall.

    The allowance is taken to the minute, so that seconds that were cut off do not scatter it.
    """
    allowed = (table.local(targets.targets) - table.local(targets.starts)) // SECOND
    explained, kinds = 0, np.unique(targets.kind[scored])
    for kind in kinds:
        minutes = (allowed[fit & (targets.kind == kind)] + 30) // 60
        if minutes.size:
            values, counts = np.unique(minutes, return_counts=True)
            rows = allowed[scored & (targets.kind == kind)]
            explained += int((np.abs(rows - values[counts.argmax()] * 60) <= tolerance).sum())
    return explained, len(kinds)
