"""The fact table of recurrence and its measures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Case as Switch
from django.db.models import F, Q, QuerySet, When
from django.db.models.functions import Coalesce

from xiuhua.analytics.expressions import ByteOrder, Instant
from xiuhua.analytics.extraction import BATCH, batches, schema_of
from xiuhua.analytics.rules import microseconds
from xiuhua.analytics.words import Column, Count, Cut, Dimension, FactTable, Kind, Measure, Taking, Window
from xiuhua.cases.facts import BODY, CASE, CLASS, DEGREE_E7, TERRITORY, of_month
from xiuhua.cases.models import Case
from xiuhua.cases.words import NOT_COUNTED, Stage
from xiuhua.insight.queries.settings import settings_of
from xiuhua.insight.rules.linking import Linked, Span, linked
from xiuhua.insight.rules.recurrence import NEVER
from xiuhua.insight.words import Settings
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import marked
from xiuhua.territory.queries import SiteLocator, sites_of

NAME = "recurrence"
#: What says that closings still being watched are among the facts: older ones leave them out.
RUNNING_TOO = "1"
_TEXTS = ("undetermined", "main_class", "sub_class", "territory", "body")
#: What is read of each case.
READ = (
    Column("number"),
    Column("reported_us", Kind.INSTANT),
    Column("closed_us", Kind.INSTANT),
    *(Column(name) for name in _TEXTS),
    Column("lon_e7", Kind.INTEGER, scale=DEGREE_E7),
    Column("lat_e7", Kind.INTEGER, scale=DEGREE_E7),
)
COLUMNS = (
    Column("number"),
    Column("reported_us", Kind.INSTANT),
    Column("closed_us", Kind.INSTANT),
    #: D after the closing: until then the place is watched.
    Column("watched_us", Kind.INSTANT),
    Column("main_class"),
    Column("sub_class"),
    Column("territory"),
    Column("body"),
    Column("lon_e7", Kind.INTEGER),
    Column("lat_e7", Kind.INTEGER),
    #: Why it does not count (`LeftOut`), "" if it does.
    Column("left_out"),
    #: The case whose closing it follows, and the first that follows its own.
    Column("follows"),
    Column("followed_by"),
    #: The first case of its cluster in the month and how many that has; nothing where there are fewer than the least.
    Column("cluster"),
    Column("cluster_size", Kind.INTEGER),
    #: The named place it lies at, for cases of a recurrence or a cluster.
    Column("site"),
    Column("site_name"),
)


def recurrence_rows(
    tenant: Tenant, cut: Cut, taken: Iterable[pa.RecordBatch] | None = None
) -> Iterator[pa.RecordBatch]:
    """Yield the facts of recurrence of a month in batches, in byte order of the case numbers.

    A row is a case reported in the month, a closing whose D days of watching end in it or are not over at its end, or one
    linked with these.
    Read are the cases reported later than D before the month and those closed later than 2 D before it, up to the month's
    end or the cut-off, whichever is earlier; memory grows with these only. Where those of the month
    are `taken` from its cases, only the others are asked for. Raises SettingsUnknown, SettingsFaulty.
    """
    settings = settings_of(tenant, cut.day - timedelta(days=1))
    span = Span.of(microseconds(cut.a), microseconds(cut.b), microseconds(cut.as_of), settings.days)
    table = _read(tenant, cut, settings, taken)
    found = linked(table, span, settings)
    facts = facts_of(table, found, span, _sites(tenant, cut.day - timedelta(days=1), table, found))
    yield from facts.to_batches(max_chunksize=BATCH)


def _read(tenant: Tenant, cut: Cut, settings: Settings, taken: Iterable[pa.RecordBatch] | None) -> pa.Table:
    around = _around(tenant, cut, settings)
    mine = [*_near(taken, cut, settings)] if taken is not None else []
    others = [slim(one) for one in batches(around if taken is None else around.exclude(of_month(cut)), READ)]
    held = [*mine, *others]
    if not held:
        return schema_of(READ).empty_table()
    table = pa.Table.from_batches(held, held[0].schema).unify_dictionaries()
    return table.sort_by("number") if mine and others else table  # each by itself is in order


def take(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return what recurrence wants of the month's cases: those that count, slim."""
    return slim(batch.filter(pc.not_equal(batch["stage"], Stage.VOID.value)))


def _near(taken: Iterable[pa.RecordBatch], cut: Cut, settings: Settings) -> Iterator[pa.RecordBatch]:
    """Yield the rows of the month's cases that `_around` would have found: due in the month may be what is long over."""
    span = Span.of(microseconds(cut.a), microseconds(cut.b), microseconds(cut.as_of), settings.days)
    for batch in taken:
        reported, closed = batch["reported_us"], pc.fill_null(batch["closed_us"], NEVER)
        late = pc.and_(pc.greater(closed, span.a - 2 * span.within), pc.less_equal(closed, span.end))
        recent = pc.or_(pc.greater(reported, span.a - span.within), late)
        yield batch.filter(pc.and_(recent, pc.less_equal(reported, span.end)))


def slim(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch whose texts of few values are held once each."""
    columns = [
        batch[column.name].dictionary_encode() if column.name in _TEXTS else batch[column.name] for column in READ
    ]
    return pa.RecordBatch.from_arrays(columns, names=[column.name for column in READ])


def _around(tenant: Tenant, cut: Cut, settings: Settings) -> QuerySet[Case, Any]:
    end, days = min(cut.b, cut.as_of), timedelta(days=settings.days)
    recent = Q(reported_at__gt=cut.a - days) | Q(closed_at__gt=cut.a - 2 * days, closed_at__lte=end)
    return (
        Case.objects.filter(recent, tenant=tenant, reported_at__lte=end)
        .exclude(stage__in=NOT_COUNTED)
        .order_by(ByteOrder("number"))
        .values_list(
            "number",
            Instant("reported_at"),
            Instant("closed_at"),
            "undetermined",
            Coalesce("case_class__parent__name", "case_class__name"),
            Switch(When(case_class__parent__isnull=False, then=F("case_class__name"))),
            "territory__code",
            "body__code",
            "longitude",
            "latitude",
        )
    )


def _sites(tenant: Tenant, day: date, table: pa.Table, found: Linked) -> tuple[pa.Array, pa.Array]:
    """Return (code, name) of the named place where each linked or clustered case lies: of several the first by code."""
    codes, names = np.full(table.num_rows, None, object), np.full(table.num_rows, None, object)
    asked = np.flatnonzero((found.follows >= 0) | (found.followed_by >= 0) | (found.cluster >= 0))
    sites = sites_of(tenant, day) if len(asked) else []
    if sites:
        lon, lat = (table[name].take(pa.array(asked)).to_numpy() / DEGREE_E7 for name in ("lon_e7", "lat_e7"))
        points, position = SiteLocator(sites).near_many(lon, lat, np.datetime64(day, "D"))
        first, at = np.unique(points, return_index=True)
        codes[asked[first]] = [sites[one].code for one in position[at]]
        names[asked[first]] = [sites[one].name for one in position[at]]
    return pa.array(codes, pa.string()), pa.array(names, pa.string())


def facts_of(table: pa.Table, found: Linked, span: Span, sites: Sequence[pa.Array]) -> pa.Table:
    """Return the rows that belong to the month, in the order of COLUMNS."""
    numbers = table["number"].combine_chunks()
    closed = pa.array(found.closed, mask=found.closed > span.end)
    made = {
        "number": numbers,
        "reported_us": table["reported_us"],
        "closed_us": closed,
        "watched_us": pc.add(closed, span.within),
        **{name: table[name] for name in ("main_class", "sub_class", "territory", "body", "lon_e7", "lat_e7")},
        "left_out": pa.array(found.left_out, pa.string()),
        **{name: _named(numbers, getattr(found, name)) for name in ("follows", "followed_by", "cluster")},
        "cluster_size": pa.array(found.cluster_size, mask=found.cluster < 0),
        "site": sites[0],
        "site_name": sites[1],
    }
    whole = pa.table({column.name: made[column.name] for column in COLUMNS})
    return whole.filter(pa.array(found.kept)).cast(schema_of(COLUMNS)).combine_chunks()


def _named(numbers: pa.Array, position: Any) -> pa.Array:
    return numbers.take(pa.array(position, mask=position < 0))


def rule_rows(tenant: Tenant, cut: Cut) -> Iterator[tuple[str, ...]]:
    """Yield the parameters under which the month's recurrences were found."""
    one = settings_of(tenant, cut.day - timedelta(days=1))
    numbers = (one.radius_m, one.days, one.cluster_least, one.shared_least, one.shared_classes)
    yield one.code, one.version, *map(str, numbers), RUNNING_TOO


def _reported(table: Any, window: Window) -> Any:
    """Return which cases were reported in the month, whether they count or not."""
    return (table.reported_us >= window.a_us) & (table.reported_us < window.b_us)


def _watched(table: Any, window: Window) -> Any:
    """Return which closings have been watched for the whole of D by the end of what is known, for the first time."""
    end = min(window.b_us, window.as_of_us)
    return (table.watched_us > window.a_us) & (table.watched_us <= end)


def _running(table: Any, window: Window) -> Any:
    """Return which closings have not been watched for the whole of D by the end of what is known."""
    end = min(window.b_us, window.as_of_us)
    return (table.closed_us <= end) & (table.watched_us > end)


def _own(base: Any) -> Any:
    def counted(table: Any, window: Window) -> Any:
        return base(table, window) & (table.left_out == "")

    return counted


_CASES = marked("件")
_REPORTED, _CLOSED, _WATCHING = _own(_reported), _own(_watched), _own(_running)
_ALL: tuple[Measure, ...] = (
    Count(
        "recurred",
        marked("结案后复发数"),
        marked(
            "观察期（结案后规定天数）在本月内届满的结案中，观察期内同类问题又在规定半径内上报的；每件结案只算一次。"
        ),
        of=_CLOSED,
        kept=lambda t, _w: t.followed_by.notnull(),
        unit=_CASES,
    ),
    Count(
        "running",
        marked("观察期未满的结案数"),
        marked(
            "到截止时点，结案后还没有满规定天数的结案：观察期没有满，还看不出管没管住，已经又上报的也不算，不进“结案后复发数”的分母。"
        ),
        of=_WATCHING,
        kept=_WATCHING,
        unit=_CASES,
    ),
    Count(
        "repeats",
        marked("复发案件数"),
        marked(
            "本月上报、有自己坐标的案件中，在同类案件结案后规定天数以内、规定半径以内又上报的；前一件还没有结案的是重复上报，不算。"
        ),
        of=_REPORTED,
        kept=lambda t, _w: t.follows.notnull(),
        unit=_CASES,
    ),
    Count(
        "clustered",
        marked("扎堆案件数"),
        marked("本月上报、有自己坐标的案件中，与同类案件两两相连、合起来达到规定件数的。"),
        of=_REPORTED,
        kept=lambda t, _w: t.cluster.notnull(),
        unit=_CASES,
    ),
    Count(
        "left_out",
        marked("上报中不参与复发的"),
        marked("本月上报的案件中，没有坐标、坐标是多案共用的、没有分类或时间自相矛盾的：看不出复发，不进分母。"),
        of=_reported,
        kept=lambda t, _w: t.left_out != "",
        unit=_CASES,
    ),
    Count(
        "closings_left_out",
        marked("结案中不参与复发的"),
        marked(
            "观察期在本月内届满的结案中，没有坐标、坐标是多案共用的、没有分类或时间自相矛盾的：看不出复发，不进分母。"
        ),
        of=_watched,
        kept=lambda t, _w: t.left_out != "",
        unit=_CASES,
    ),
)
#: The measures of recurrence by name.
MEASURES: dict[str, Measure] = {measure.name: measure for measure in _ALL}
RULE = Dimension(
    "recurrence_rule",
    ("code", "version", "radius_m", "days", "cluster_least", "shared_least", "shared_classes", "running"),
    rule_rows,
)
RECURRENCE = FactTable(
    name=NAME,
    columns=COLUMNS,
    key="number",
    rows=recurrence_rows,
    dimensions=(TERRITORY, BODY, CLASS, RULE),
    measures=MEASURES,
    groupings=CASE.groupings,
    tree=CASE.tree,
    listed_by=("reported_us",),
    taking=Taking(CASE.name, take),
)
