"""A month assessed from cases to written sheets, and read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from xiuhua.analytics.actions import freeze
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.queries import LevelUnknown
from xiuhua.assessment.actions import SchemeNotYet, assess
from xiuhua.assessment.models import Assessment
from xiuhua.assessment.queries import (
    ByUndecided,
    change_to_last_month,
    default_by,
    history,
    interval,
    latest,
    periods_with_assessments,
    read,
    scheme_named,
)
from xiuhua.assessment.words import AssessmentView, CutOff, Unranked
from xiuhua.cases.models import Case
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import Body
from xiuhua.territory.models import Territory, TerritoryVersion

F = Fraction
OCTOBER, SEPTEMBER = Period(2026, 10), Period(2026, 9)
# on PostgreSQL a freeze reads through a connection of its own, which sees only what is committed
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(transactional_db: None, street: Tenant, home: Path) -> Tenant:
    """A street of three communities: 甲 with 12 due in October, 乙 with 4, 丙 with none; two cases lie nowhere."""
    places = {}
    for code, name in (("01", "甲社区"), ("02", "乙社区"), ("03", "丙社区")):
        places[code] = Territory.objects.create(tenant=street, code=code, level="community")
        TerritoryVersion.objects.create(territory=places[code], name=name)
    body = Body.objects.create(tenant=street, code="b1", name="市政队")
    due = datetime(2026, 10, 12, 4, 0, tzinfo=UTC)
    # (place, on time, late, open)
    cases = [("01", 9, 1, 2), ("02", 2, 1, 1), (None, 1, 0, 1)]
    for code, on_time, late, left in cases:
        closings = [due] * on_time + [due + timedelta(hours=1)] * late + [None] * left
        Case.objects.bulk_create(
            Case(
                tenant=street,
                number=f"{code}-{index}",
                reported_at=due - timedelta(days=2),
                due_at=due,
                closed_at=closed,
                territory=places[code] if code else None,
                body=body if index % 2 else None,
            )
            for index, closed in enumerate(closings)
        )
    return street


def october(tenant: Tenant, by: Actor, at: datetime, **more: Any) -> AssessmentView:
    """Return October assessed by the plain scheme, by community unless told otherwise."""
    chosen = {"scheme": "basic", "by_level": "community", **more}
    return read(assess(tenant, OCTOBER, **chosen, by=by, at=at))


def test_month_when_assessed_scores_each_subject_and_says_from_what(town: Tenant, ana: Actor, at: datetime) -> None:
    view = october(town, ana, at)
    assert [(s.code, s.name, s.score, s.rank, s.unranked) for s in view.subjects] == [
        ("01", "甲社区", "78.33", 1, Unranked.NO),
        ("02", "乙社区", "60.00", None, Unranked.SMALL_SAMPLE),
        ("03", "丙社区", None, None, Unranked.EMPTY),
    ]
    assert [(line.measure, line.numerator, line.denominator, line.points) for line in view.subjects[0].lines] == [
        ("on_time", 9, 12, "45.00"),
        ("closed", 10, 12, "33.33"),
    ]
    assert (view.totals["due"], view.totals["on_time"], view.unplaced) == ((18, 18), (12, 18), 2)
    assert view.snapshot == Snapshot.objects.get().digest


def test_month_when_assessed_again_is_the_same_row_and_one_ledger_line(town: Tenant, ana: Actor, at: datetime) -> None:
    october(town, ana, at)
    body = Assessment.objects.get().body
    october(town, ana, at + timedelta(days=1))
    assert Assessment.objects.get().body == body
    line = LedgerLine.objects.get(verb="assessment.write")
    assert (line.after, line.before) == (Assessment.objects.get().digest, Snapshot.objects.get().digest)


def test_month_when_cases_change_keeps_its_snapshot_until_it_is_frozen_again(
    town: Tenant, ana: Actor, at: datetime
) -> None:
    first = october(town, ana, at)
    Case.objects.filter(number="01-11").update(closed_at=datetime(2026, 10, 12, 4, 0, tzinfo=UTC))
    assert october(town, ana, at) == first
    freeze(town, OCTOBER, by=ana, at=at + timedelta(hours=1))
    second = october(town, ana, at + timedelta(hours=1))
    assert second.subjects[0].counts["on_time"] == (10, 12)
    assert latest(town, OCTOBER, "basic", "community") == second
    assert Assessment.objects.count() == 2


def test_month_by_unit_counts_cases_without_one_as_unplaced(town: Tenant, ana: Actor, at: datetime) -> None:
    view = october(town, ana, at, by_level="unit")
    assert [(s.code, s.name, s.sample) for s in view.subjects] == [("b1", "市政队", 9)]
    assert view.unplaced == 9


def test_month_by_report_is_written_apart(town: Tenant, ana: Actor, at: datetime) -> None:
    by_report = october(town, ana, at, month_by="reported")
    october(town, ana, at)
    assert latest(town, OCTOBER, "basic", "community", "reported") == by_report
    assert by_report.totals["reported"] == (18, 18)


def test_hindsight_is_written_beside_and_the_month_itself_preferred(town: Tenant, ana: Actor, at: datetime) -> None:
    Case.objects.filter(number="01-11").update(closed_at=datetime(2026, 11, 5, tzinfo=UTC))
    own = october(town, ana, at)
    later = october(town, ana, at, as_of=at)
    assert (own.subjects[0].counts["closed"], later.subjects[0].counts["closed"]) == ((10, 12), (11, 12))
    assert latest(town, OCTOBER, "basic", "community") == own
    assert latest(town, OCTOBER, "basic", "community", as_of=at) == later
    assert (own.cut_off, later.cut_off) == (CutOff.END, CutOff.HINDSIGHT)


def test_change_to_last_month_needs_last_month(town: Tenant, ana: Actor, at: datetime) -> None:
    view = october(town, ana, at)
    assert {each.points for each in change_to_last_month(view, None).values()} == {None}
    due = datetime(2026, 9, 12, 4, 0, tzinfo=UTC)
    Case.objects.bulk_create(
        Case(
            tenant=town,
            number=f"s{index}",
            reported_at=due,
            due_at=due,
            closed_at=due,
            territory=Territory.objects.get(code="01"),
        )
        for index in range(10)
    )
    before = read(assess(town, SEPTEMBER, scheme="basic", by_level="community", by=ana, at=at))
    moved = change_to_last_month(view, before)
    assert (moved["01"].points, moved["01"].places, moved["03"].points) == (F("-21.67"), 0, None)
    assert periods_with_assessments(town) == ["2026-09", "2026-10"]
    trend = history(town, "basic", "community", OCTOBER, 3)
    assert trend == {"2026-08": None, "2026-09": before, "2026-10": view}


def test_interval_of_a_rate_is_kept_beside_its_line(town: Tenant, ana: Actor, at: datetime) -> None:
    view = october(town, ana, at)
    found = interval(view.subjects[0])
    assert found is not None
    assert (found.low, found.high, found.phi) == ("0.364823", "0.940010", "2")
    assert interval(view.subjects[2]) is None


def test_reads_cost_the_same_however_much_was_written(
    town: Tenant, ana: Actor, at: datetime, django_assert_num_queries: Any
) -> None:
    october(town, ana, at)
    october(town, ana, at, as_of=at)
    for reading in (
        lambda: latest(town, OCTOBER, "basic", "community"),
        lambda: history(town, "basic", "community", OCTOBER, 12),
        lambda: periods_with_assessments(town),
    ):
        with django_assert_num_queries(1):
            reading()


def test_level_that_nobody_froze_is_refused(town: Tenant, ana: Actor, at: datetime) -> None:
    with pytest.raises(LevelUnknown):
        october(town, ana, at, by_level="grid")


def test_scheme_before_its_time_is_refused(town: Tenant, ana: Actor, at: datetime) -> None:
    scheme = replace(scheme_named("basic"), effective_from="2026-11")
    with pytest.raises(SchemeNotYet):
        october(town, ana, at, scheme=scheme)


def test_level_to_assess_by_is_the_setting_or_the_only_one(town: Tenant) -> None:
    assert default_by(town) == "community"
    Territory.objects.create(tenant=town, code="0101", level="grid")
    TerritoryVersion.objects.create(territory=Territory.objects.get(code="0101"), name="一网格")
    with pytest.raises(ByUndecided):
        default_by(town)
    town.settings = {"by": "grid"}
    assert default_by(town) == "grid"
