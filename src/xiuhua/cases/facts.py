"""The fact table of cases and the measures of a month, declared once for every engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Case as Switch
from django.db.models import F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce

from xiuhua.analytics.expressions import ByteOrder, Instant
from xiuhua.analytics.words import (
    Column,
    Count,
    Cut,
    DeadlineMonth,
    Dimension,
    FactTable,
    Grouping,
    Kind,
    Measure,
    MonthBy,
    OrderStatistic,
    Window,
)
from xiuhua.cases.models import Case
from xiuhua.cases.words import NOT_COUNTED, Cause, Stage
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import marked
from xiuhua.responsibility.models import Body
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.queries import tree

DEGREE_E7 = 10_000_000
COLUMNS = (
    Column("number"),
    Column("reported_us", Kind.INSTANT),
    Column("due_us", Kind.INSTANT),
    Column("closed_us", Kind.INSTANT),
    Column("stage"),
    Column("undetermined"),
    Column("territory"),
    Column("body"),
    Column("main_class"),
    Column("sub_class"),
    Column("channel"),
    Column("own_due_us", Kind.INSTANT),
    Column("platform_verdict"),
    Column("due_cause"),
    Column("verdict_cause"),
    Column("duty"),
    # WGS-84 degrees × 10⁷ (about a centimetre), as they are stored: whether a point is one of its own is not judged here
    Column("lon_e7", Kind.INTEGER, scale=DEGREE_E7),
    Column("lat_e7", Kind.INTEGER, scale=DEGREE_E7),
)
SECOND = 1_000_000


def of_month(cut: Cut) -> Q:
    """Return the condition for the cases of a month: due in [a, b] or reported in [a, b)."""
    return Q(due_at__gte=cut.a, due_at__lte=cut.b) | Q(reported_at__gte=cut.a, reported_at__lt=cut.b)


def case_rows(tenant: Tenant, cut: Cut) -> QuerySet[Case, Any]:
    """Return the cases of a month as they stood at its cut-off, as tuples in the order of COLUMNS.

    A case belongs to the month if it was due in [a, b] or reported in [a, b), and was reported by the cut-off. Its
    stage follows from its own times: what closed after the cut-off is open; what is void, declined or merged into another stays void. No database id
    is among the columns, so that the same cases give the same facts in any database.
    """
    closed = When(closed_at__lte=cut.as_of, then=Instant("closed_at"))
    void = When(stage__in=NOT_COUNTED, then=Value(Stage.VOID.value))
    done = When(closed_at__lte=cut.as_of, then=Value(Stage.CLOSED.value))
    return (
        Case.objects.filter(tenant=tenant, reported_at__lte=cut.as_of)
        .filter(of_month(cut))
        .order_by(ByteOrder("number"))
        .values_list(
            "number",
            Instant("reported_at"),
            Instant("due_at"),
            Switch(closed, output_field=TextField()),
            Switch(void, done, default=Value(Stage.OPEN.value)),
            "undetermined",
            "territory__code",
            "body__code",
            Coalesce("case_class__parent__name", "case_class__name"),
            Switch(When(case_class__parent__isnull=False, then=F("case_class__name"))),
            "channel",
            Instant("ruling__due_at"),
            "platform_verdict",
            "ruling__due_cause",
            "ruling__verdict_cause",
            "ruling__body__code",
            "longitude",
            "latitude",
        )
    )


def territory_rows(tenant: Tenant, cut: Cut) -> Iterator[tuple[str | None, ...]]:
    """Yield each territory valid on the day the month ends with each of its ancestors and itself."""
    for row in tree(tenant, cut.day):
        yield row.code, row.name, row.level, row.ancestor_code, row.ancestor_level, row.ancestor_name


def body_rows(tenant: Tenant, _cut: Cut) -> Iterator[tuple[str | None, ...]]:
    """Yield each unit."""
    yield from Body.objects.filter(tenant=tenant).values_list("code", "name")


def class_rows(tenant: Tenant, _cut: Cut) -> Iterator[tuple[str | None, ...]]:
    """Yield the name of each sub-class, once."""
    named = CaseClass.objects.filter(tenant=tenant, parent__isnull=False)
    yield from named.order_by("name").values_list("name").distinct()


def _judged(table: Any) -> Any:
    return (table.stage != Stage.VOID.value) & (table.undetermined == "")


def _reported(table: Any, window: Window) -> Any:
    return (table.reported_us >= window.a_us) & (table.reported_us < window.b_us)


def _deadline_in_month(table: Any, window: Window) -> Any:
    if window.deadline_month == DeadlineMonth.LEFT_CLOSED:
        return (table.due_us >= window.a_us) & (table.due_us < window.b_us)
    return (table.due_us > window.a_us) & (table.due_us <= window.b_us)


def _of_month(table: Any, window: Window) -> Any:
    in_month = _reported if window.month_by == MonthBy.REPORTED else _deadline_in_month
    return in_month(table, window)


def _not_void(table: Any, window: Window) -> Any:
    return _of_month(table, window) & (table.stage != Stage.VOID.value)


def _reported_not_void(table: Any, window: Window) -> Any:
    return _reported(table, window) & (table.stage != Stage.VOID.value)


def _due(table: Any, window: Window) -> Any:
    return _of_month(table, window) & _judged(table) & (table.due_us <= window.as_of_us)


def _with_deadline(table: Any, window: Window) -> Any:
    return _of_month(table, window) & _judged(table) & table.due_us.notnull()


def _done(table: Any, window: Window) -> Any:
    return (table.closed_us <= window.as_of_us).fill_null(False)  # noqa: FBT003 - Ibis's own signature


def _closed(table: Any, window: Window) -> Any:
    return _due(table, window) & _done(table, window)


def _in_snapshot(table: Any, window: Window) -> Any:
    return _reported(table, window) | _deadline_in_month(table, window).fill_null(False)  # noqa: FBT003 - as above


def _due_ruled(table: Any, window: Window) -> Any:
    return _due(table, window) & table.own_due_us.notnull()


def _due_compared(table: Any, window: Window) -> Any:
    return _due(table, window) & table.due_cause.notnull() & (table.due_cause != "")


def _verdict_compared(table: Any, window: Window) -> Any:
    """Closed cases that both have judged: who is late and still open is late for both or not yet decided for one."""
    said = table.platform_verdict.notnull() & (table.platform_verdict != "")
    return _due_ruled(table, window) & said & _done(table, window)


def _duty_compared(table: Any, window: Window) -> Any:
    return _due(table, window) & table.duty.notnull() & table.body.notnull()


def _in_month(table: Any, window: Window) -> Any:
    """Return the instant by which a case belongs to its month; of a deadline at the very end of a day the moment before."""
    if window.month_by == MonthBy.REPORTED:
        return table.reported_us
    return table.due_us if window.deadline_month == DeadlineMonth.LEFT_CLOSED else table.due_us - 1


def _reported_at(table: Any, _window: Window) -> Any:
    return table.reported_us


_CASES = marked("件")

_ALL: tuple[Measure, ...] = (
    Count(
        "reported",
        marked("上报数"),
        marked("本月内上报、未作废的案件。"),
        of=_reported_not_void,
        kept=_reported_not_void,
        unit=_CASES,
        at=_reported_at,
    ),
    Count(
        "due",
        marked("应结案数"),
        marked(
            "归入本月、期限在截止时点以前（含）、时间可以判定且未作废的案件；默认按期限归月，月末二十四时到期的算本月。"
        ),
        of=_due,
        kept=_due,
        unit=_CASES,
        at=_in_month,
    ),
    Count(
        "closed",
        marked("结案数"),
        marked("应结案件中，截止时点以前（含）已经结案的。"),
        of=_due,
        kept=_done,
        unit=_CASES,
        at=_in_month,
    ),
    Count(
        "on_time",
        marked("按期结案数"),
        marked("应结案件中，在期限以前（含期限那一刻）结案的。"),
        of=_due,
        kept=lambda t, w: _done(t, w) & (t.closed_us <= t.due_us),
        unit=_CASES,
        at=_in_month,
    ),
    Count(
        "late",
        marked("逾期结案数"),
        marked("应结案件中，过了期限、在截止时点以前（含）结案的。"),
        of=_due,
        kept=lambda t, w: _done(t, w) & (t.closed_us > t.due_us),
        unit=_CASES,
        at=_in_month,
    ),
    Count(
        "overdue_open",
        marked("超期未结数"),
        marked("应结案件中，到截止时点还没有结案的。"),
        of=_due,
        kept=lambda t, w: ~_done(t, w),
        unit=_CASES,
        at=_in_month,
    ),
    Count(
        "open_not_due",
        marked("未到期未结数"),
        marked("归入本月、有期限的案件中，到截止时点期限未到、也没有结案的：还不能算，另行列出。"),
        of=_with_deadline,
        kept=lambda t, w: (t.due_us > w.as_of_us) & ~_done(t, w),
        unit=_CASES,
        at=_in_month,
    ),
    Count(
        "undetermined",
        marked("无法判定数"),
        marked("归入本月、未作废的案件中，时间自相矛盾的：列出，不进任何分母。"),
        of=_not_void,
        kept=lambda t, _w: t.undetermined != "",
        unit=_CASES,
        at=_in_month,
    ),
    Count(
        "no_deadline",
        marked("无期限数"),
        marked("本月内上报、未作废的案件中，没有期限的：列出，不进应结案数。"),
        of=_reported_not_void,
        kept=lambda t, _w: t.due_us.isnull(),
        unit=_CASES,
        at=_reported_at,
    ),
    Count(
        "void",
        marked("作废数"),
        marked("本月内上报或期限在本月内的案件中，已作废的：不进任何分母。"),
        of=_in_snapshot,
        kept=lambda t, _w: t.stage == Stage.VOID.value,
        unit=_CASES,
    ),
    Count(
        "own_on_time",
        marked("按自算期限的按期结案数"),
        marked("应结案件中有自算期限的，在自算期限以前（含）结案的。"),
        of=_due_ruled,
        kept=lambda t, w: _done(t, w) & (t.closed_us <= t.own_due_us),
        unit=_CASES,
        at=_in_month,
    ),
    Count(
        "no_own_deadline",
        marked("没有自算期限数"),
        marked("应结案件中，查不到立案条件或条件没有可计算的时限，算不出自己的期限的。"),
        of=_due,
        kept=lambda t, _w: t.own_due_us.isnull(),
        unit=_CASES,
        at=_in_month,
    ),
    Count(
        "deadline_differs",
        marked("期限不同数"),
        marked("应结案件中，平台的期限和自算期限都有、相差一分钟以上的。"),
        of=_due_compared,
        kept=lambda t, _w: t.due_cause != Cause.SAME.value,
        unit=_CASES,
        at=_in_month,
    ),
    Count(
        "verdict_differs",
        marked("认定不同数"),
        marked("应结案件中已经结案、平台有认定、也有自算期限的，两边是否按期的说法不同的。"),
        of=_verdict_compared,
        kept=lambda t, _w: (t.verdict_cause.notnull()) & (t.verdict_cause != ""),
        unit=_CASES,
        at=_in_month,
    ),
    Count(
        "dispatched_elsewhere",
        marked("派给别家数"),
        marked("应结案件中，按责任清单该归一家、而平台派给另一家的。"),
        of=_duty_compared,
        kept=lambda t, _w: t.duty != t.body,
        unit=_CASES,
        at=_in_month,
    ),
    OrderStatistic(
        "median_close_seconds",
        marked("结案用时中位数"),
        marked(
            "应结案件中已经结案的，从上报到结案的整秒数（舍去零头），从小到大排在正中的一个；个数为偶数时取中间两个里较小的。"
        ),
        of=_closed,
        value=lambda t, _w: (t.closed_us - t.reported_us) // SECOND,
        unit=marked("秒"),
    ),
)
#: The measures of a month by name.
MEASURES: dict[str, Measure] = {measure.name: measure for measure in _ALL}


TERRITORY = Dimension(
    "territory", ("code", "name", "level", "ancestor_code", "ancestor_level", "ancestor_name"), territory_rows
)
BODY = Dimension("body", ("code", "name"), body_rows)
CLASS = Dimension("class", ("name",), class_rows)

CASE = FactTable(
    name="case",
    columns=COLUMNS,
    key="number",
    rows=case_rows,
    dimensions=(TERRITORY, BODY, CLASS),
    measures=MEASURES,
    groupings={
        "unit": Grouping(column="body", dimension="body"),
        "class": Grouping(column="sub_class", dimension="class", member="name", subject="name"),
    },
    tree=Grouping(
        column="territory",
        dimension="territory",
        subject="ancestor_code",
        title="ancestor_name",
        level="ancestor_level",
    ),
    listed_by=("due_us",),
)
