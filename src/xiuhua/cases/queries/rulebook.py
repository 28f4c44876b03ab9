"""What the packs of an office say about many cases at once: by when, whose, and why the platform says otherwise."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from xiuhua.cases.queries.alternatives import Counting, Rows, alternatives
from xiuhua.cases.rules.differences import NOWHEN, differing, explained, verdict, verdict_cause
from xiuhua.cases.words import Unruled
from xiuhua.clock.queries import Clock, office_clock
from xiuhua.clock.rules.deadlines import deadline, missing_years
from xiuhua.clock.rules.packs import CALENDAR
from xiuhua.clock.words import WORKING, ContinuousStart, Limits, NoWorkingTime, Pause
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import PackUndecided
from xiuhua.kernel.queries.packs import undecided
from xiuhua.responsibility.models import Body, MatrixRow
from xiuhua.responsibility.queries import DUTY, Asked, DutyBook, answer_many, site_sets
from xiuhua.taxonomy.models import CaseClass
from xiuhua.taxonomy.queries import ConditionBook
from xiuhua.taxonomy.rules.keys import class_key
from xiuhua.taxonomy.words import KIND as TAXONOMY
from xiuhua.taxonomy.words import ConditionOnFile
from xiuhua.territory.models import Territory
from xiuhua.territory.queries.sites import SiteLocator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class ToRule:
    """What the rules need to know of a case. `day` is the local day of its report, moments are aware."""

    case_id: int
    class_id: int | None
    #: Names of main and sub-class where an import observed the class; None for a class of a standard.
    observed: tuple[str, str] | None
    filed_under: str
    day: date
    reported_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    extensions: int
    platform_verdict: str
    territory_id: int | None
    longitude: float | None
    latitude: float | None
    #: From when the limit counts, where that is not the report; and when no clock ran.
    started_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()

    @property
    def start(self) -> datetime:
        """Return from when the limit counts."""
        return self.started_at or self.reported_at


@dataclass(slots=True)
class Ruled:
    """What they say: the fields of `cases.models.Ruling` by attribute, without who asked and when."""

    case_id: int
    condition_id: int | None = None
    due_at: datetime | None = None
    unruled: str = ""
    calendar: str = ""
    calendar_digest: str = ""
    extensions: int = 0
    provisional: bool = False
    due_cause: str = ""
    due_facts: dict[str, Any] = field(default_factory=dict)
    verdict_cause: str = ""
    body_id: int | None = None
    duty_row_id: int | None = None
    conflict: bool = False


class RuleBook:
    """The packs of one office ready to rule; load it once per batch. Without packs it rules nothing."""

    def __init__(self, zone: ZoneInfo, clock: Clock | None, conditions: ConditionBook, duty: _Duty | None) -> None:
        """`zone` is the office's: it decides on which day a case was reported."""
        self.zone = zone
        self.clock = clock
        self._counting = Counting(clock) if clock else None
        #: Kinds of packs of which several are installed and none was chosen: by these nothing is ruled.
        self.undecided: list[str] = []
        self._conditions = conditions
        self._duty = duty

    @classmethod
    def load(cls, tenant: Tenant) -> RuleBook:
        """Return the book of an office as its packs stand now. Some twenty queries, whatever is ruled."""
        clock = _or_none(tenant, office_clock)
        book = cls(civil_zone(tenant, clock), clock, ConditionBook.load(tenant), _Duty.load(tenant))
        book.undecided = undecided(tenant, (CALENDAR, TAXONOMY, DUTY))
        return book

    @property
    def empty(self) -> bool:
        """Return whether there is nothing to rule by: no calendar and no duty matrix."""
        return self.clock is None and self._duty is None

    @property
    def duty_book(self) -> DutyBook | None:
        """Return the duty matrix with what it is read against; None where the office has none."""
        return self._duty.book if self._duty is not None else None

    def rule(self, cases: Sequence[ToRule]) -> list[Ruled]:
        """Return what the rules say about each case, in their order. No query but for classes and territories new since it was loaded."""
        found = [Ruled(case.case_id) for case in cases]
        held = [self._condition(case) for case in cases]
        if self.clock is not None:
            self._deadlines(self.clock, cases, held, found)
        if self._duty is not None:
            self._duty.answer(cases, held, found)
        return found

    def offered(self, case: ToRule) -> list[tuple[ConditionOnFile, datetime | None]]:
        """Return the conditions under which a case of this class may be filed, each with the deadline it would give.

        In the order of the standard; None where the condition's limit says nothing that can be counted. No query.
        """
        asked = case.observed or case.class_id
        found = self._conditions.offered(asked, case.day) if asked is not None else []
        return [(one, self._due(case, one.limits)) for one in found]

    def _due(self, case: ToRule, limits: Limits) -> datetime | None:
        if self.clock is None or not limits:
            return None
        try:
            return _paused(self.clock.on(case.day), case, limits, case.extensions)
        except NoWorkingTime:
            return None

    def _condition(self, case: ToRule) -> ConditionOnFile | None:
        if case.class_id is None:
            return None
        asked = case.observed or case.class_id
        answer = self._conditions.find(asked, case.filed_under or None, case.day)
        return answer.condition if answer else None

    def _deadlines(
        self, clock: Clock, cases: Sequence[ToRule], held: Sequence[ConditionOnFile | None], found: list[Ruled]
    ) -> None:
        groups: defaultdict[tuple[Limits, int, int], list[int]] = defaultdict(list)
        for at, condition in enumerate(held):
            found[at].condition_id = condition.pk if condition else None
            if condition and condition.limits:
                groups[condition.limits, cases[at].extensions, clock.version_on(cases[at].day)].append(at)
            else:
                found[at].unruled = Unruled.NO_LIMIT.value if condition else Unruled.NO_CONDITION.value
        for (limits, extensions, version), rows in groups.items():
            try:
                self._group(clock.of_version(version), limits, extensions, rows, (cases, held, found))
            except NoWorkingTime:  # a limit of centuries in a pack must not stop everybody's import
                for at in rows:
                    found[at].unruled = Unruled.NO_LIMIT.value

    def _group(self, clock: Clock, limits: Limits, extensions: int, rows: list[int], all_: _Columns) -> None:
        """Rule on the rows of one limit and number of extensions; no more are granted than the regime allows."""
        cases, held, found = all_
        granted = min(extensions, clock.regime.extensions)
        starts = np.array([_us(cases[at].start) for at in rows], dtype=np.int64)
        theirs = np.array([_us(cases[at].due_at) for at in rows], dtype=np.int64)
        counting = self._counting or Counting(clock)
        ours = counting.own.due(starts, limits, regime=clock.regime, extensions=granted)
        causes, other = differing(ours, theirs)
        conditions = [one for at in other if (one := held[rows[at]]) is not None]
        supposed = alternatives(
            self._conditions, clock, counting, Rows(starts[other], theirs[other], conditions, extensions)
        )
        why = dict(zip(other.tolist(), zip(*explained(theirs[other], supposed), strict=True), strict=True))
        asks = _asks_calendar(limits, clock)
        for place, (at, due_us) in enumerate(zip(rows, ours.tolist(), strict=True)):
            case, one = cases[at], found[at]
            cause, fact = why.get(place, (causes[place], {}))
            one.due_at = _EPOCH + due_us * _MICROSECOND
            if case.pauses:
                one.due_at = _paused(clock, case, limits, granted)
            one.calendar, one.calendar_digest = clock.calendar.version[:200], clock.calendar.digest
            one.extensions = granted
            one.provisional = asks and _unannounced(clock, case.start, one.due_at)
            one.due_cause, one.due_facts = cause, fact
            one.verdict_cause = verdict_cause(
                platform=case.platform_verdict,
                by_their_times=verdict(case.due_at, case.closed_at),
                own=verdict(one.due_at, case.closed_at),
                due_cause=cause,
            )


def civil_zone(tenant: Tenant, clock: Clock | None) -> ZoneInfo:
    """Return the zone that says on which day a case was reported: the office's, else its calendar's, else UTC."""
    if tenant.zone or clock is None:
        return ZoneInfo(tenant.zone or "UTC")
    return clock.zone


_Columns = tuple[Sequence[ToRule], Sequence[ConditionOnFile | None], list[Ruled]]


def _or_none(tenant: Tenant, load: Any) -> Any:
    """Return what `load` finds in an office, None where it has chosen no pack for it."""
    try:
        return load(tenant)
    except PackUndecided:
        return None


def _us(moment: datetime | None) -> int:
    return NOWHEN if moment is None else (moment - _EPOCH) // _MICROSECOND


def _asks_calendar(limits: Limits, clock: Clock) -> bool:
    working = any(stage.limit.unit in WORKING for stage in limits)
    return working or clock.regime.continuous == ContinuousStart.NEXT_OPENING


def _unannounced(clock: Clock, start: datetime, end: datetime) -> bool:
    first, last = start.astimezone(clock.zone).date(), end.astimezone(clock.zone).date()
    if any(span.first <= first and last <= span.last for span in clock.calendar.known):
        return False
    return bool(missing_years(clock.calendar, first, last))


def _paused(clock: Clock, case: ToRule, limits: Limits, extensions: int) -> datetime:
    """Return the deadline of a case whose clock stood still for a while; too few to be counted in bulk."""
    found = deadline(
        case.start,
        limits,
        calendar=clock.calendar,
        regime=clock.regime,
        zone=clock.zone,
        pauses=case.pauses,
        extensions=extensions,
    )
    return found.due_at


class _Duty:
    """The duty matrix of an office, its units and rows by key."""

    def __init__(self, tenant: Tenant, book: DutyBook) -> None:
        self._tenant, self.book = tenant, book
        self._bodies = dict(Body.objects.filter(tenant=tenant).values_list("code", "pk"))
        rows = MatrixRow.objects.filter(pack__tenant=tenant).select_related("pack")
        self._rows = {f"{row.pack.code}@{row.pack.version}:{row.line}": row.pk for row in rows}
        self._classes = {one.pk: one.key for one in CaseClass.objects.filter(tenant=tenant)}
        self._places = dict(Territory.objects.filter(tenant=tenant).values_list("pk", "code"))
        self._sites = SiteLocator.load(tenant)

    @classmethod
    def load(cls, tenant: Tenant) -> _Duty | None:
        book = _or_none(tenant, DutyBook.load)
        return cls(tenant, book) if book is not None else None

    def answer(self, cases: Sequence[ToRule], held: Sequence[ConditionOnFile | None], found: Sequence[Ruled]) -> None:
        """Write whose each case is; a case in no territory is nobody's by the matrix.

        The book learns classes and territories that an import has observed since it was loaded.
        """
        self._learn(cases)
        asked = [at for at, case in enumerate(cases) if case.territory_id in self._places]
        if not asked:
            return
        columns = Asked(
            territory=[self._places[cases[at].territory_id or 0] for at in asked],
            case_class=[self._class(cases[at], held[at]) for at in asked],
            day=np.array([cases[at].day for at in asked], dtype="datetime64[D]"),
            lon=_degrees(cases[at].longitude for at in asked),
            lat=_degrees(cases[at].latitude for at in asked),
        )
        answers = answer_many(self.book, columns, *site_sets(self._tenant, self.book, columns, self._sites))
        for at, unit, row, conflict in zip(asked, answers.unit, answers.row, answers.conflict, strict=True):
            found[at].body_id = self._bodies.get(unit)
            found[at].duty_row_id = self._rows.get(row)
            found[at].conflict = conflict

    def _learn(self, cases: Sequence[ToRule]) -> None:
        classes = {case.class_id for case in cases if case.class_id} - set(self._classes)
        if classes:
            self._classes |= {one.pk: one.key for one in CaseClass.objects.filter(pk__in=classes)}
        places = {case.territory_id for case in cases if case.territory_id} - set(self._places)
        if places:
            self._places |= dict(Territory.objects.filter(pk__in=places).values_list("pk", "code"))

    def _class(self, case: ToRule, condition: ConditionOnFile | None) -> str:
        """Return the class of the standard under which the case is filed, else the one its source names."""
        if condition is not None:
            return class_key(condition.scheme, condition.kind, condition.code)
        return self._classes.get(case.class_id or 0, "")


def _degrees(values: Iterator[float | None]) -> Any:
    return np.array([math.nan if value is None else value for value in values], dtype=np.float64)
