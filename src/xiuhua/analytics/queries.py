"""Named reads of frozen facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_noop as _

from xiuhua.analytics import engine
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.registry import fact as fact_named
from xiuhua.analytics.registry import facts
from xiuhua.analytics.rules import cut_of, window_for
from xiuhua.analytics.words import Count, DeadlineMonth, FactTable, MonthBy, Where, Window
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Refusal

SnapshotTables = engine.Tables
#: Fewer leading digits could name another snapshot.
SHORTEST_DIGEST = 8


class LevelUnknown(Refusal):
    """The frozen tree has no such level, and no grouping has that name."""

    code = "facts.level_unknown"
    sentence = _("没有“%(by)s”这一级；可以用：%(known)s。")


def snapshots(tenant: Tenant) -> list[Snapshot]:
    """Return all snapshots of a tenant, the newest period first and of one period the newest freeze first."""
    return list(Snapshot.objects.filter(tenant=tenant).order_by("-period", "-frozen_at", "-pk"))


def snapshot_of(tenant: Tenant, period: Period, as_of: datetime | None = None) -> Snapshot | None:
    """Return the newest snapshot of `period` as of `as_of` (its end, if not given), or None."""
    cut = cut_of(period, zone_of(tenant), as_of)
    found = Snapshot.objects.filter(tenant=tenant, period=str(period), as_of=cut.as_of)
    return found.order_by("-frozen_at", "-pk").first()


def snapshots_at_ends(tenant: Tenant, periods: Iterable[Period]) -> list[Snapshot]:
    """Return for each period that was frozen as of its own end the newest such snapshot, in their order. One query."""
    wanted, zone = list(periods), zone_of(tenant)
    found = Snapshot.objects.filter(tenant=tenant, period__in=map(str, wanted)).order_by("frozen_at", "pk")
    newest = {(one.period, one.as_of): one for one in found.select_related("tenant")}
    return [one for period in wanted if (one := newest.get((str(period), period.end(zone))))]


def snapshot_by_digest(tenant: Tenant, digest: str) -> Snapshot | None:
    """Return the tenant's snapshot with this digest (at least 8 leading digits of it), or None."""
    if len(digest) < SHORTEST_DIGEST:
        return None
    return Snapshot.objects.filter(tenant=tenant, digest__startswith=digest).order_by("-frozen_at", "-pk").first()


def window_of(
    snapshot: Snapshot,
    *,
    month_by: MonthBy | str = MonthBy.DUE,
    deadline_month: DeadlineMonth | str = DeadlineMonth.RIGHT_CLOSED,
) -> Window:
    """Return the window of a snapshot's month and cut-off under a rule of attribution."""
    period = Period.parse(snapshot.period)
    cut = cut_of(period, zone_of(snapshot.tenant), snapshot.as_of.astimezone(UTC))
    return window_for(cut, MonthBy(month_by), DeadlineMonth(deadline_month))


def folder_of(snapshot: Snapshot) -> Path:
    """Return the folder that holds the snapshot's Parquet files."""
    return Path(settings.HOME) / snapshot.folder


def open_snapshot(snapshot: Snapshot) -> AbstractContextManager[SnapshotTables]:
    """Return a context that gives the snapshot's tables by name, as Ibis tables on an engine of its own."""
    return engine.opened(folder_of(snapshot), facts())


def grouped(
    snapshot: Snapshot, *, fact: str, measures: Iterable[str], by: str | None, window: Window
) -> dict[str | None, dict[str, tuple[int, int]]]:
    """Return {subject code: {measure: (kept, of)}} in one pass over the frozen facts.

    `by` is a level of the tree or a grouping of the fact ("unit"). The key None holds the rows without a subject there;
    with by=None the one key "" holds the total, placed or not. Every subject of the frozen dimension is there, with
    zeros if it has no rows. Raises LevelUnknown, KeyError for an unknown measure.
    """
    table = fact_named(fact)
    chosen = [table.measures[name] for name in measures]
    with open_snapshot(snapshot) as tables:
        _refuse_unknown(tables, table, by)
        return engine.grouped(tables, table, chosen, by, window)


@dataclass(frozen=True, slots=True)
class Tally:
    """A grouping with all that goes on a sheet: (kept, of) by subject, the total placed or not, and the names."""

    groups: Mapping[str | None, Mapping[str, tuple[int, int]]]
    total: Mapping[str, tuple[int, int]]
    names: Mapping[str, str]


def tallied(snapshot: Snapshot, *, fact: str, measures: Iterable[str], by: str, window: Window) -> Tally:
    """Return what `grouped` by subject, `grouped` in total and `subjects` would, reading the facts once for all counts.

    Raises LevelUnknown, KeyError for an unknown measure.
    """
    table = fact_named(fact)
    chosen = [table.measures[name] for name in measures]
    with open_snapshot(snapshot) as tables:
        _refuse_unknown(tables, table, by)
        groups = engine.grouped(tables, table, chosen, by, window)
        total = engine.total_of(tables, table, chosen, groups, window)
        return Tally(groups, total, engine.subjects(tables, table, by))


def stretched(
    snapshot: Snapshot, *, fact: str, measures: Iterable[str], by: str, window: Window, bounds: Sequence[int]
) -> dict[str, dict[tuple[str, int], tuple[int, int]]]:
    """Return {measure: {(subject code, stretch of the month): (kept, of)}}: the counts of `grouped`, dealt to stretches.

    `bounds` are the instants in microseconds at which the second stretch begins, the third and so on. Only counts that say
    by what instant they are dealt have any; rows without a subject are left out. Raises LevelUnknown, KeyError.
    """
    table = fact_named(fact)
    chosen = [measure for measure in (table.measures[name] for name in measures) if isinstance(measure, Count)]
    with open_snapshot(snapshot) as tables:
        _refuse_unknown(tables, table, by)
        return engine.stretched(tables, table, chosen, by, window, bounds=bounds)


def subjects(snapshot: Snapshot, *, fact: str, by: str) -> dict[str, str]:
    """Return {code: name} of all subjects of a grouping as they were frozen, in the order of their codes."""
    with open_snapshot(snapshot) as tables:
        _refuse_unknown(tables, fact_named(fact), by)
        return engine.subjects(tables, fact_named(fact), by)


def rows(
    snapshot: Snapshot, *, fact: str, where: Where, window: Window, limit: int = 50, offset: int = 0
) -> list[dict[str, Any]]:
    """Return the rows behind a number as dicts, a page of them in the fact's listing order; instants in microseconds."""
    table = fact_named(fact)
    with open_snapshot(snapshot) as tables:
        _refuse_unknown(tables, table, where.by or None)
        found = engine.behind(tables, table, where, window)
        page = found.order_by([*table.listed_by, table.key]).limit(limit, offset=offset)
        answer: list[dict[str, Any]] = tables.engine.to_pyarrow(page).to_pylist()
        return answer


def count(snapshot: Snapshot, *, fact: str, where: Where, window: Window) -> int:
    """Return how many rows stand behind a number; `rows` pages through exactly these."""
    with open_snapshot(snapshot) as tables:
        _refuse_unknown(tables, fact_named(fact), where.by or None)
        found = engine.behind(tables, fact_named(fact), where, window)
        return int(tables.engine.to_pyarrow(found.count()).as_py())


def by_column(snapshot: Snapshot, *, fact: str, where: Where, column: str, window: Window) -> dict[str, int]:
    """Return {value: rows} of a text column over the rows behind a number; `rows` with that value are exactly these."""
    with open_snapshot(snapshot) as tables:
        _refuse_unknown(tables, fact_named(fact), where.by or None)
        return engine.by_column(tables, fact_named(fact), where, column, window)


@dataclass(frozen=True, slots=True)
class Heap:
    """Rows behind a number that share a subject (None: they have none) and the values of some columns."""

    subject: str | None
    values: tuple[str | None, ...]
    rows: int
    #: The smallest value of the column asked for, None where all lack it.
    least: int | None


def spread(
    snapshot: Snapshot, *, fact: str, where: Where, columns: Sequence[str], by: str, least: str, window: Window
) -> list[Heap]:
    """Return how the rows behind a number (of a `where` without a subject of its own) spread over subjects and columns.

    In the order of subject and values; the rows of all heaps are those that `rows` pages through. Raises LevelUnknown.
    """
    table = fact_named(fact)
    with open_snapshot(snapshot) as tables:
        _refuse_unknown(tables, table, by)
        found = engine.spread(tables, table, where, columns, window, by=by, least=least)
        return [Heap(one["subject"], tuple(one[c] for c in columns), one["rows"], one["least"]) for one in found]


def _refuse_unknown(tables: SnapshotTables, fact: FactTable, by: str | None) -> None:
    if by is None or by in fact.groupings:
        return
    dimension = tables[fact.tree.dimension]
    column = dimension.select(level=dimension[fact.tree.level]).distinct().order_by("level")
    known = [row["level"] for row in tables.engine.to_pyarrow(column).to_pylist()]
    if by not in known:
        raise LevelUnknown(by=by, known="、".join([*known, *fact.groupings]))


def names(snapshot: Snapshot, dimension: str) -> dict[str, str]:
    """Return {code: name} of a frozen dimension that has both columns."""
    with open_snapshot(snapshot) as tables:
        table = tables[dimension].select("code", "name").distinct()
        return {row["code"]: row["name"] for row in tables.engine.to_pyarrow(table).to_pylist()}
