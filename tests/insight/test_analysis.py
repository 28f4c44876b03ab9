"""A made-up office's month analysed by rule, against the same in SQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from tests.insight.agreeing import agree, all_of, lists_hold

from xiuhua.analytics.actions import freeze
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.queries import snapshot_of, window_of
from xiuhua.cases.models import Case, Ruling
from xiuhua.cases.words import Cause, Stage, Undetermined
from xiuhua.insight.queries.analysis import analysis_of
from xiuhua.insight.words import Against, Compared, Unsaid
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import Body
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.models import Territory, TerritoryVersion

OCTOBER = Period(2026, 10)
MONTHS = {OCTOBER: 2, OCTOBER.shift(-1): 3, OCTOBER.shift(-12): 5}
LEAST = 5
CHANNELS = ("监督员上报", "市民上报", "", "领导批示")
#: Hours from report to deadline and to closing; None never.
COURSES = ((48, 20), (48, 60), (48, None), (None, 30), (720, None), (24, 24), (30, 900))
DAYS = 29


@pytest.fixture
def office(street: Tenant, home: Path, ana: Actor, at: datetime) -> Tenant:
    """Three frozen months in which every oddity occurs, each in another mix."""
    main = CaseClass.objects.create(tenant=street, scheme="s", code="01", name="市容环境")
    classes = [
        CaseClass.objects.create(tenant=street, scheme="s", code=f"01{n}", name=name, parent=main)
        for n, name in enumerate(("暴露垃圾", "占道经营", "道路破损", "路灯不亮", "非法小广告"))
    ]
    bodies = [
        Body.objects.create(tenant=street, code=code, name=name) for code, name in (("U1", "环卫所"), ("U2", "中队"))
    ]
    places = [Territory.objects.create(tenant=street, code=code, level="community") for code in ("C1", "C2", "C3")]
    late = Territory.objects.create(tenant=street, code="C9", level="community")
    for place in places:
        TerritoryVersion.objects.create(territory=place, name=f"{place.code}社区")
    TerritoryVersion.objects.create(territory=late, name="新设社区", valid_from=datetime(2026, 10, 5).date())  # noqa: DTZ001 - a day
    for period, step in MONTHS.items():
        _month(street, period, step, [*classes, main, None], [*bodies, None], [*places, late, None])
        freeze(street, period, by=ana, at=at)
    return street


def _month(
    tenant: Tenant,
    period: Period,
    step: int,
    classes: list[CaseClass | None],
    bodies: list[Body | None],
    places: list[Territory | None],
) -> None:
    """Write cases by counting: which class, place, unit and course each has follows from its number and `step`."""
    a, b = (moment.astimezone(UTC) for moment in (period.start(zone_of(tenant)), period.end(zone_of(tenant))))
    cases, causes = [], list(Cause.values)
    for n, (day, course) in enumerate(product(range(DAYS), COURSES)):
        reported = a + timedelta(days=day, hours=n % 20)
        due, closed = (None if hours is None else reported + timedelta(hours=hours) for hours in course)
        # at the borders: due at the very end, due at the very beginning, closed at the cut-off
        due = {1: b, 2: a}.get(n, due)
        closed = {3: b}.get(n, closed)
        cases.append(
            Case(
                tenant=tenant,
                number=f"{period}-{n:03}",
                reported_at=reported,
                due_at=due,
                closed_at=closed,
                stage=Stage.VOID if n % 23 == 0 else Stage.CLOSED if closed else Stage.OPEN,
                undetermined=Undetermined.values[0] if n % 9 == 5 else "",
                case_class=classes[(n * n // step) % len(classes)],
                body=bodies[n // 3 % len(bodies)],
                territory=places[(n * step + n // 7) % len(places)],
                channel=CHANNELS[n // 2 % len(CHANNELS)],
            )
        )
    made = Case.objects.bulk_create(cases)
    Ruling.objects.bulk_create(
        Ruling(
            case=case,
            due_cause=causes[n % len(causes)] if n % 4 else "",
            verdict_cause=causes[n % len(causes)] if n % 2 == 0 else "",
            ruled_at=b,
            reason="made up",
        )
        for n, case in enumerate(made)
        if n % 3
    )


def _snapshots(office: Tenant) -> dict[Against, Snapshot | None]:
    return {
        Against.MONTH: snapshot_of(office, OCTOBER.shift(-1)),
        Against.YEAR: snapshot_of(office, OCTOBER.shift(-12)),
    }


def test_analysis_when_counted_by_sql_then_is_the_same_and_every_sentence_has_its_list(office: Tenant) -> None:
    snapshot = snapshot_of(office, OCTOBER)
    assert snapshot is not None
    others = _snapshots(office)
    for by, listed in (("community", 100), ("unit", 60)):
        analysis = analysis_of(
            snapshot,
            by=by,
            window=window_of(snapshot),
            previous=others[Against.MONTH],
            last_year=others[Against.YEAR],
        )
        agree(analysis, snapshot, by, others, LEAST)
        assert lists_hold(analysis, snapshot) > listed
    assert {saying.code for saying in all_of(analysis.sayings)} >= {
        *("change.reported.up", "change.overdue.down", "change.class.up", "overdue.total", "overdue.units"),
        *("overdue.nobody", "overdue.due_cause", "overdue.verdict_cause", "overdue.no_deadline"),
        *("overdue.undetermined", "effort.sides", "effort.own", "effort.citizens", "effort.other", "effort.note"),
    }


def test_change_when_the_other_month_does_not_compare_then_nothing_is_said_and_why_is(
    office: Tenant, ana: Actor, at: datetime
) -> None:
    snapshot = snapshot_of(office, OCTOBER)
    assert snapshot is not None
    half = freeze(office, OCTOBER.shift(-1), as_of=datetime(2026, 9, 20, tzinfo=UTC), by=ana, at=at)
    analysis = analysis_of(snapshot, by="community", window=window_of(snapshot), previous=half, last_year=None)
    why = {(change.against, change.why) for change in analysis.changes}
    assert why == {(Against.MONTH, Unsaid.RUNNING), (Against.YEAR, Unsaid.MISSING)}
    assert not [saying for saying in analysis.sayings if saying.code.startswith("change.")]
    wrong = analysis_of(snapshot, by="community", window=window_of(snapshot), previous=snapshot, last_year=half)
    assert {change.why for change in wrong.changes} == {Unsaid.MISSING}


def test_change_of_a_subject_that_was_not_there_then_is_not_said(office: Tenant) -> None:
    snapshot, others = snapshot_of(office, OCTOBER), _snapshots(office)
    assert snapshot is not None
    analysis = analysis_of(
        snapshot, by="community", window=window_of(snapshot), previous=others[Against.MONTH], last_year=None
    )
    found = [change for change in analysis.changes if change.subject == "C9" and change.against == Against.MONTH]
    assert [(change.compared, change.why) for change in found] == [
        (compared, Unsaid.NEW_SUBJECT) for compared in Compared
    ]
