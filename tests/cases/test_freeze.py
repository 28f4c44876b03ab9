"""Snapshots: addressed by what they hold, made once, kept."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import transaction
from tests.cases.conftest import Fill, Froze, Row

from xiuhua.analytics.actions import freeze_once
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.queries import count, folder_of, open_snapshot, snapshot_of, window_of
from xiuhua.analytics.rules import AsOfAhead
from xiuhua.analytics.words import Where
from xiuhua.cases.models import Case
from xiuhua.kernel.actions import create_tenant
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor

OCTOBER = Period(2026, 10)
ROWS: list[Row] = [
    ("Z-1", "2026-10-01 00:00", "2026-10-02 00:00:00.000001", "2026-10-02 00:00", {"channel": "热线"}),
    ("a\t2", "2026-10-01 00:00:00.5", "", "", {}),
    ("é-3", "2026-10-03 00:00", "2026-10-04 00:00", "2026-11-20 00:00", {"stage": "closed"}),
    ("路-4", "2026-10-03 00:00", "2026-10-04 00:00", "", {"stage": "void"}),
]
#: Its latitude is a tie in the eighth digit, which databases round each in their own way.
POINTED: Row = ("点-5", "2026-10-03 00:00", "", "", {"longitude": 121.45678901, "latitude": -31.23456795})


def test_freeze_when_nothing_changed_then_gives_the_snapshot_there_is(
    street: Tenant, home: Path, ana: Actor, at: datetime, fill: Fill
) -> None:
    fill(street, ROWS)
    first = freeze_once(street, OCTOBER, by=ana, at=at)
    second = freeze_once(street, OCTOBER, by=ana, at=at)
    assert (first.created, second.created, second.snapshot) == (True, False, first.snapshot)
    assert [line.after for line in LedgerLine.objects.filter(verb="facts.freeze")] == [first.snapshot.digest]
    assert sorted(path.name for path in folder_of(first.snapshot).parent.iterdir()) == [first.snapshot.digest]
    assert first.snapshot.rows == {
        "case": 4,
        "territory": 0,
        "body": 0,
        "class": 0,
        "recurrence": 3,
        "recurrence_rule": 1,
    }


def test_freeze_when_cases_were_written_in_another_order_then_has_the_same_digest(
    street: Tenant, boston: Tenant, froze: Froze, fill: Fill
) -> None:
    Tenant.objects.filter(pk=boston.pk).update(zone=street.zone)
    boston.refresh_from_db()
    fill(street, ROWS)
    fill(boston, reversed(ROWS))
    assert froze(street, OCTOBER).digest == froze(boston, OCTOBER).digest


def test_freeze_when_a_case_closes_after_the_cut_off_then_the_month_is_unchanged(
    street: Tenant, froze: Froze, fill: Fill
) -> None:
    fill(street, ROWS)
    before = froze(street, OCTOBER)
    Case.objects.filter(number="a\t2").update(closed_at=datetime(2026, 11, 5, tzinfo=UTC), stage="closed")
    assert froze(street, OCTOBER) == before
    assert froze(street, OCTOBER, datetime(2026, 11, 6, tzinfo=UTC)).digest != before.digest


def test_freeze_when_the_past_is_corrected_then_both_snapshots_stay_addressable(
    street: Tenant, froze: Froze, fill: Fill
) -> None:
    fill(street, ROWS)
    old = froze(street, OCTOBER)
    Case.objects.filter(number="é-3").update(closed_at=datetime(2026, 10, 4, tzinfo=UTC))
    new = froze(street, OCTOBER)
    counts = [count(shot, fact="case", where=Where("on_time"), window=window_of(shot)) for shot in (old, new)]
    assert (counts, Snapshot.objects.count(), snapshot_of(street, OCTOBER)) == ([1, 2], 2, new)


def test_freeze_when_its_files_were_lost_then_the_same_rows_bring_them_back(
    street: Tenant, froze: Froze, fill: Fill
) -> None:
    fill(street, ROWS)
    snapshot = froze(street, OCTOBER)
    shutil.rmtree(folder_of(snapshot))
    assert froze(street, OCTOBER) == snapshot
    assert count(snapshot, fact="case", where=Where("due"), window=window_of(snapshot)) == 2


def test_freeze_when_the_cut_off_is_ahead_then_is_refused(street: Tenant, froze: Froze) -> None:
    with pytest.raises(AsOfAhead) as refused:
        froze(street, Period(2026, 11))
    assert refused.value.facts == {"as_of": "2026-12-01T00:00+08:00", "period": "2026-11"}


@pytest.mark.django_db(transaction=True)
def test_freeze_when_read_over_either_road_then_has_the_same_digest(
    home: Path, ana: Actor, at: datetime, fill: Fill
) -> None:
    """On PostgreSQL the first freeze goes by ADBC and the second, inside a transaction, by the cursor."""
    street = create_tenant("street", "星河街道", by=ana, at=at, zone="Asia/Shanghai")
    fill(street, [*ROWS, POINTED])
    first = freeze_once(street, OCTOBER, by=ana, at=at)
    with transaction.atomic():
        second = freeze_once(street, OCTOBER, by=ana, at=at)
    assert (first.created, second.created, first.snapshot.rows["case"]) == (True, False, 5)
    with open_snapshot(first.snapshot) as tables:
        points = tables.engine.to_pyarrow(tables["case"].select("number", "lon_e7", "lat_e7")).to_pylist()
    assert [row for row in points if row["lon_e7"] is not None] == [
        {"number": "点-5", "lon_e7": 1214567890, "lat_e7": -312345680}
    ]
    # columns and tables are part of the canonical rows: another digest since closings still being watched are frozen
    # the same on SQLite and PostgreSQL, whatever the locale of the cluster
    assert first.snapshot.digest == "cbc965d2269aa0427eb45eff54a54d734260d00e6d742c1fae7ec4f713b5bced"
