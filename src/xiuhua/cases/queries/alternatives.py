"""What a platform may have done to arrive at another deadline than ours, one thing at a time, the simplest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from xiuhua.cases.rules.differences import NOWHEN, Candidate, Instants
from xiuhua.cases.words import Cause
from xiuhua.clock.queries import Clock
from xiuhua.clock.rules.bulk import Bulk
from xiuhua.clock.rules.limits import kept
from xiuhua.clock.words import ContinuousStart, Limits, NoWorkingTime, Regime
from xiuhua.taxonomy.queries import ConditionBook
from xiuhua.taxonomy.words import ConditionOnFile

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: The last minute of a day: what an export that gives only a date is read as.
_DAY_ENDS = (23, 59)


@dataclass(frozen=True, slots=True)
class Rows:
    """Cases that share a limit and a number of extensions: reports and platform's deadlines in microseconds since 1970."""

    starts: Instants
    theirs: Instants
    conditions: Sequence[ConditionOnFile]
    extensions: int

    @property
    def limits(self) -> Limits:
        """The limit they share."""
        return self.conditions[0].limits


class Counting:
    """The calendar of a clock, and the same without holidays and make-up days, each laid out once for many cases."""

    def __init__(self, clock: Clock) -> None:
        self.own = Bulk(clock.calendar, clock.zone)
        self.plain = Bulk(replace(clock.calendar, days={}), clock.zone)


def alternatives(book: ConditionBook, clock: Clock, counting: Counting, rows: Rows) -> Iterator[Candidate]:
    """Yield what may explain the platform's deadlines, each worked out only when it is asked for.

    In their order: no holidays and make-up days; another start; a date without a clock; another number of extensions than
    the platform itself reports; holidays and extensions together; another condition of the same class; another limit of
    the standard, with holidays or without.
    """
    if not rows.conditions:
        return
    ask = _Supposing(clock, counting, rows)
    yield Candidate(Cause.HOLIDAY, ask.due(by=counting.plain), {})
    for regime in _other_starts(clock.regime):
        yield Candidate(Cause.START, ask.due(regime=regime), {})
    yield Candidate(Cause.DAY, _same_day(clock, ask.due(), rows.theirs), {})
    yield from _by_extensions(ask, counting.own, Cause.EXTENSION)
    yield from _by_extensions(ask, counting.plain, Cause.SEVERAL)
    yield from _by_condition(book, ask)
    for by in (counting.own, counting.plain):
        yield from _by_limit(book, ask, by)


class _Supposing:
    """Works out deadlines of the rows as if something were otherwise."""

    def __init__(self, clock: Clock, counting: Counting, rows: Rows) -> None:
        self.clock, self.counting, self.rows = clock, counting, rows

    def due(
        self,
        *,
        limits: Limits | None = None,
        by: Bulk | None = None,
        regime: Regime | None = None,
        extensions: int | None = None,
    ) -> Instants:
        """Return the deadlines; a platform may grant more extensions than we do. What never ends leads nowhere."""
        count = self.rows.extensions if extensions is None else extensions
        base = regime or self.clock.regime
        try:
            return (by or self.counting.own).due(
                self.rows.starts,
                limits or self.rows.limits,
                regime=replace(base, extensions=max(base.extensions, count)),
                extensions=count,
            )
        except NoWorkingTime:
            return np.full_like(self.rows.starts, NOWHEN)


def _by_extensions(ask: _Supposing, by: Bulk, cause: Cause) -> Iterator[Candidate]:
    most, own = ask.clock.regime.extensions, ask.rows.extensions
    for count in range(max(most, own) + 1):
        if count != min(own, most):
            yield Candidate(cause, ask.due(by=by, extensions=count), {"extensions": count})


def _other_starts(regime: Regime) -> Iterator[Regime]:
    if regime.cut_off is not None:
        yield replace(regime, cut_off=None)
    for way in (ContinuousStart.AT_ONCE, ContinuousStart.NEXT_OPENING):
        if way != regime.continuous:
            yield replace(regime, continuous=way)


def _same_day(clock: Clock, ours: Instants, theirs: Instants) -> Instants:
    """Return the platform's own moments where they are the end of the very day on which ours falls."""
    met = [_ends_day(clock, own, their) for own, their in zip(ours.tolist(), theirs.tolist(), strict=True)]
    return np.where(np.array(met, dtype=bool), theirs, NOWHEN)


def _ends_day(clock: Clock, own_us: int, their_us: int) -> bool:
    own, their = ((_EPOCH + timedelta(microseconds=us)).astimezone(clock.zone) for us in (own_us, their_us))
    return own.date() == their.date() and (their.hour, their.minute) == _DAY_ENDS


def _by_condition(book: ConditionBook, ask: _Supposing) -> Iterator[Candidate]:
    """Yield the other conditions of the rows' classes; a row of another class is not met."""
    classes = np.array([one.case_class for one in ask.rows.conditions], dtype=np.int64)
    known = {(one.case_class, one.version): one for one in ask.rows.conditions}
    for one in known.values():
        for other in book.beside(one):
            if other.limits and other.limits != one.limits:
                due = np.where(classes == one.case_class, ask.due(limits=other.limits), NOWHEN)
                yield Candidate(Cause.CONDITION, due, {"condition": other.number, "limit": kept(other.limits)})


def _by_limit(book: ConditionBook, ask: _Supposing, by: Bulk) -> Iterator[Candidate]:
    for limits in book.limits_in(ask.rows.conditions[0].scheme):
        if limits != ask.rows.limits:
            yield Candidate(Cause.LIMIT, ask.due(limits=limits, by=by), {"limit": kept(limits)})
