"""A made-up office's month analysed by rule, against the same in SQL."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.insight.agreeing import agree, all_of, lists_hold
from tests.insight.months import OCTOBER, write_months

from xiuhua.analytics.actions import freeze
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.queries import snapshot_of, window_of
from xiuhua.insight.queries.analysis import analysis_of
from xiuhua.insight.words import Against, Compared, Unsaid
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor

#: The fewest cases of a change worth a sentence, as shipped.
LEAST = 5


@pytest.fixture
def office(street: Tenant, home: Path, ana: Actor, at: datetime) -> Tenant:
    """The made-up office with its three frozen months."""
    write_months(street, by=ana, at=at)
    return street


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
