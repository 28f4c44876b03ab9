"""A running month read on to its end: the counts if nothing more is closed, and the open cases that could still be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Count, F, Q

from xiuhua.analytics import engine
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.queries import open_snapshot, snapshot_by_digest, window_of
from xiuhua.analytics.words import DeadlineMonth, MonthBy, Part, Where
from xiuhua.assessment.queries.written import scheme_named
from xiuhua.assessment.rules.sheets import measures
from xiuhua.assessment.words import AssessmentView, Counts, CutOff, Scheme
from xiuhua.cases.facts import CASE, MEASURES
from xiuhua.cases.models import Case
from xiuhua.cases.words import NOT_COUNTED
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Refusal, marked
from xiuhua.territory.queries import tree

#: So many days back a class's handling times are looked for, and with fewer closed cases nothing is said of it.
USUAL_DAYS, USUAL_LEAST = 90, 10
#: So many earlier months say how many cases usually fall due that were not reported yet.
MONTHS_BACK = 4
_OPEN = Where("overdue_open", Part.KEPT)


class MonthOver(Refusal):
    """What is read is not a running month, so that nothing can be lifted any more."""

    code = "lift.month_over"
    sentence = marked("%(period)s 不是按月中某一刻考核的，没有还能补救的：请先算一次到今天的得分。")


class FactsGone(Refusal):
    """The frozen facts of the assessment are not there."""

    code = "lift.facts_gone"
    sentence = marked("找不到 %(period)s 这份考核所依据的事实（%(snapshot)s）：请重新算一次。")


class SchemeChanged(Refusal):
    """The scheme in the packs is not the one the month was written under."""

    code = "lift.scheme_changed"
    sentence = marked("方案“%(scheme)s”已不是考核时的版本（%(version)s）：请按现在的方案重新算一次。")


@dataclass(frozen=True, slots=True)
class Outlook:
    """A running month at its end, were nothing more closed and nothing new to fall due.

    `counts` are by subject the measures that the scheme reads; `open` the rows of the cases that count as open and
    overdue then, which are those that can still be closed. Times in rows are microseconds since 1970.
    """

    scheme: Scheme
    counts: Mapping[str, Counts]
    open: Mapping[str, tuple[Mapping[str, Any], ...]]
    as_of: datetime
    end: datetime


def outlook_of(tenant: Tenant, view: AssessmentView, scheme: Scheme | None = None) -> Outlook:
    """Return the outlook of a running month as it was written.

    One query, and where the facts were not read lately a second and the frozen tables. `scheme` is the one it was written under where that is not in the packs. Raises MonthOver, FactsGone, SchemeChanged,
    SchemeUnknown.
    """
    if view.cut_off is not CutOff.RUNNING:
        raise MonthOver(period=view.period)
    rules = scheme or scheme_named(view.scheme)
    if rules.version != view.version:
        raise SchemeChanged(scheme=view.scheme, version=view.version)
    snapshot = snapshot_by_digest(tenant, view.snapshot)
    if snapshot is None:
        raise FactsGone(period=view.period, snapshot=view.snapshot[:12])
    end = Period.parse(view.period).end(zone_of(tenant)).astimezone(UTC)
    names = tuple(name for name in measures(rules) if name in MEASURES)
    counts, rows = _read(_Asked(snapshot.pk, view.by, view.month_by, str(rules.deadline_month), names, snapshot.digest))
    return Outlook(rules, counts, rows, datetime.fromisoformat(view.as_of), end)


Read = tuple[dict[str, dict[str, tuple[int, int]]], dict[str, tuple[dict[str, Any], ...]]]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is read of a snapshot; the same gives the same, since snapshots never change."""

    snapshot: int
    by: str
    month_by: str
    deadline_month: str
    measures: tuple[str, ...]
    digest: str


@lru_cache(maxsize=8)
def _read(asked: _Asked) -> Read:
    snapshot = Snapshot.objects.select_related("tenant").get(pk=asked.snapshot)
    window = window_of(snapshot, month_by=MonthBy(asked.month_by), deadline_month=DeadlineMonth(asked.deadline_month))
    at_end = replace(window, as_of_us=window.b_us)
    with open_snapshot(snapshot) as tables:
        counted = engine.grouped(tables, CASE, [MEASURES[name] for name in asked.measures], asked.by, at_end)
        rows = engine.placed(tables, CASE, asked.by, engine.behind(tables, CASE, _OPEN, at_end))
        wanted = ("subject", "number", "due_us", "own_due_us", "main_class", "sub_class", "body", "territory")
        listed = tables.engine.to_pyarrow(rows.select(*wanted).order_by("due_us", "number")).to_pylist()
    found: dict[str, list[dict[str, Any]]] = {}
    for row in listed:
        if row["subject"] is not None:
            found.setdefault(row["subject"], []).append(row)
    counts = {code: dict(pairs) for code, pairs in counted.items() if code is not None}
    return counts, {code: tuple(those) for code, those in found.items()}


def of_subject(tenant: Tenant, by: str, code: str, day_of: datetime) -> Q:
    """Return the condition for the living cases of a subject. At most one query."""
    if by == "unit":
        return Q(body__code=code)
    if by == "class":
        return Q(case_class__name=code)
    rows = tree(tenant, day_of.astimezone(zone_of(tenant)).date())
    below = [row.code for row in rows if (row.ancestor_level, row.ancestor_code) == (by, code)]
    return Q(territory__code__in=below)


def usual_times(tenant: Tenant, classes: Iterable[str], as_of: datetime) -> dict[str, int]:
    """Return {class: seconds that the fastest tenth of its cases took at most} (P10), from report to closing. One query.

    Looked at is what was closed in the 90 days before the cut-off; a class with fewer than ten of them is not there.
    """
    since = as_of - timedelta(days=USUAL_DAYS)
    closed = Case.objects.filter(
        tenant=tenant, closed_at__gt=since, closed_at__lte=as_of, case_class__name__in=set(classes)
    ).exclude(stage__in=NOT_COUNTED)
    taken: dict[str, list[int]] = {}
    for name, reported, done in closed.values_list("case_class__name", "reported_at", "closed_at"):
        if done is not None:
            taken.setdefault(name, []).append(int((done - reported).total_seconds()))
    return {name: sorted(times)[-(-len(times) // 10) - 1] for name, times in taken.items() if len(times) >= USUAL_LEAST}


def usually_new(tenant: Tenant, of: Q, period: Period, as_of: datetime) -> int | None:
    """Return how many cases usually still fall due in a month that were not reported by this moment of it. One query.

    The mean, rounded, of the four months before, each from its own beginning on; None where none of them had a deadline.
    """
    zone = zone_of(tenant)
    gone = as_of - period.start(zone)
    months = [period.shift(-ago) for ago in range(1, MONTHS_BACK + 1)]
    asked: dict[str, Count] = {}
    for month in months:
        start, end = month.start(zone), month.end(zone)
        then = min(start + gone, end)
        asked[f"all{month.month}"] = Count("pk", filter=Q(due_at__gt=start, due_at__lte=end))
        asked[f"new{month.month}"] = Count("pk", filter=Q(reported_at__gt=then, due_at__gt=then, due_at__lte=end))
    first, last = months[-1].start(zone), months[0].end(zone)
    cases = Case.objects.filter(of, tenant=tenant, due_at__gt=first, due_at__lte=last).exclude(stage__in=NOT_COUNTED)
    found = cases.aggregate(**asked)
    known = [found[f"new{month.month}"] for month in months if found[f"all{month.month}"]]
    return (2 * sum(known) + len(known)) // (2 * len(known)) if known else None


def class_of(row: Mapping[str, Any]) -> str:
    """Return the class of a frozen row: its sub-class, else its main class, else nothing."""
    return str(row["sub_class"] or row["main_class"] or "")


def idle_cases(tenant: Tenant, of: Q, as_of: datetime, end: datetime) -> Any:
    """Return the open cases whose deadline is after the month or which have none, the earliest first. One query when read."""
    alive = Q(closed_at=None) | Q(closed_at__gt=as_of)
    later = Q(due_at=None) | Q(due_at__gt=end)
    found = Case.objects.filter(of, alive, later, tenant=tenant, reported_at__lte=as_of, undetermined="")
    return found.exclude(stage__in=NOT_COUNTED).order_by(F("due_at").asc(nulls_last=True), "number")


def moment_of(microsecond: int) -> datetime:
    """Return an instant from microseconds since 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microsecond)
