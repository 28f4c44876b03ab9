"""Recurrence in frozen months: what is counted when, who is left out and why, how places are called."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import shapely
from django.db import transaction

from xiuhua.analytics.actions import freeze
from xiuhua.analytics.extraction import batches
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.queries import count, folder_of, grouped, rows, window_of
from xiuhua.analytics.rules import cut_of
from xiuhua.analytics.words import Part, Where
from xiuhua.cases.facts import CASE
from xiuhua.cases.models import Case
from xiuhua.insight.facts import recurrence_rows, take
from xiuhua.insight.queries.recurrence import (
    frozen_with_recurrence,
    left_out,
    recurrence_counts,
    recurrence_window,
    recurrent_places,
    rule_of,
    watch_of,
)
from xiuhua.insight.rules.linking import DAY_US
from xiuhua.insight.words import Holding, LeftOut, Place, Watch
from xiuhua.kernel.actions import create_tenant
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.models import Site, Territory, TerritoryVersion

#: In Shanghai: 30 September to 31 October, 16:00 UTC.
OCTOBER = Period(2026, 10)
#: Number, class, reported, closed ("" for open; UTC), latitude (None for no point) and what differs.
Told = tuple[str, str, str, str, float | None, dict[str, Any]]
#: 0.0001° of latitude is about 11.1 m: from the gate 44 m to the north, and 55 m.
GATE, NEAR, BEYOND = 31.2, 31.2004, 31.2005

MONTH: list[Told] = [
    ("A1", "摊", "2026-09-20 00:00", "2026-09-22 00:00", GATE, {}),
    ("A2", "摊", "2026-10-05 00:00", "2026-10-06 00:00", NEAR, {}),
    ("A3", "摊", "2026-10-20 00:00", "", GATE, {}),
    # closed before A1: what came back in October came back after the nearest closing, A1
    ("B1", "摊", "2026-09-10 00:00", "2026-09-12 00:00", BEYOND, {}),
    ("C1", "灯", "2026-10-03 00:00", "", GATE, {}),
    ("K1", "摊", "2026-10-11 00:00", "", 31.22, {}),
    ("K2", "摊", "2026-10-12 00:00", "", 31.2204, {}),
    ("K3", "摊", "2026-10-13 00:00", "", 31.2208, {}),
    ("L1", "摊", "2026-10-04 00:00", "", None, {}),
    ("L2", "", "2026-10-04 00:00", "", GATE, {}),
    ("L3", "摊", "2026-10-04 00:00", "2026-10-03 00:00", GATE, {"undetermined": "closed_before_reported"}),
    ("L4", "摊", "2026-10-04 00:00", "", 51.2, {}),
    ("L5", "摊", "2026-09-04 00:00", "2026-09-05 00:00", None, {}),
    ("V1", "摊", "2026-10-04 00:00", "", GATE, {"stage": "void"}),
    *((f"S{one}", "摊灯洞水"[one % 4], "2026-10-07 00:00", "2026-10-08 00:00", 31.3, {}) for one in range(20)),
    ("S20", "摊", "2026-10-09 00:00", "", 31.3, {}),
]


def moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def tell(tenant: Tenant, told: Iterable[Told]) -> None:
    """Write cases into a community of the tenant."""
    place, _made = Territory.objects.get_or_create(tenant=tenant, code="C1", level="community")
    TerritoryVersion.objects.get_or_create(territory=place, name="星河社区")
    main, _made = CaseClass.objects.get_or_create(tenant=tenant, scheme="own", code="1", name="市容")
    for number, kind, reported, closed, latitude, more in told:
        sub, _made = CaseClass.objects.get_or_create(tenant=tenant, scheme="own", code=kind, name=kind, parent=main)
        plain = {"stage": "closed" if closed else "open", "longitude": None if latitude is None else 121.5}
        Case.objects.create(
            tenant=tenant,
            number=number,
            case_class=sub if kind else None,
            territory=place,
            reported_at=moment(reported),
            closed_at=moment(closed),
            address="星河路 8 弄 3 号 201 室",
            latitude=latitude,
            **(plain | more),
        )


Froze = Callable[[Iterable[Told]], Snapshot]


@pytest.fixture
def froze(street: Tenant, home: Path, ana: Actor, at: datetime) -> Froze:
    """October, frozen with these cases."""

    def frozen(told: Iterable[Told]) -> Snapshot:
        tell(street, told)
        return freeze(street, OCTOBER, by=ana, at=at)

    return frozen


def test_month_when_frozen_then_counts_what_came_back_and_says_who_was_left_out(froze: Froze) -> None:
    snapshot = froze(MONTH)
    counts = {
        name: recurrence_counts(snapshot, None, measure=name)[""]
        for name in ("recurred", "running", "repeats", "clustered")
    }
    # watched to the end in October: A1 (followed by A2) and B1; of October's own points, A2 and A3 came back; A2 is still
    # being watched, though it has been followed already
    assert counts == {"recurred": (1, 2), "running": (1, 1), "repeats": (2, 6), "clustered": (3, 6)}
    # A1 came back after 13 days, A2, still watched, after 14; B1 never did in its thirty
    held = Holding(3, 0.333333, (0.008962, 0.774149), 14 * DAY_US, (13 + 2 / 3 + 16 / 3) * DAY_US)
    watch = watch_of(snapshot, "community")
    assert watch == {code: Watch(1, 2, 1, watch[""].holding) for code in ("", "C1")}
    limits = pytest.approx(held.limits, abs=2e-6)
    assert watch[""].holding == replace(held, mean=pytest.approx(held.mean, rel=1e-5), limits=limits)
    assert left_out(snapshot) == {
        LeftOut.FAR: 1,
        LeftOut.NO_CLASS: 1,
        LeftOut.NO_POINT: 1,
        LeftOut.SHARED: 21,
        LeftOut.UNDETERMINED: 1,
    }
    assert left_out(snapshot, measure="closings_left_out") == {LeftOut.NO_POINT: 1}
    assert recurrence_counts(snapshot, "community") == {"C1": (1, 2)}
    assert rule_of(snapshot)["radius_m"] == "50"
    window = recurrence_window(snapshot)
    listed = rows(snapshot, fact="recurrence", where=Where("repeats"), window=window)
    assert [(row["number"], row["follows"], row["followed_by"]) for row in listed] == [
        ("A2", "A1", "A3"),
        ("A3", "A2", None),
    ]
    behind = rows(snapshot, fact="recurrence", where=Where("recurred", Part.REST), window=window)
    assert [row["number"] for row in behind] == ["B1"]
    assert "201" not in str(rows(snapshot, fact="recurrence", where=Where(), window=window, limit=100))


def test_places_when_a_site_is_known_there_then_are_called_by_it_and_never_by_an_address(
    street: Tenant, froze: Froze
) -> None:
    Site.objects.create(
        tenant=street, code="G1", name="星河菜场北门", type="market", geometry=shapely.to_wkb(shapely.Point(121.5, GATE)),
        min_lon=121.5, max_lon=121.5, min_lat=GATE, max_lat=GATE, reach_m=20, crs="wgs84",
    )  # fmt: skip
    snapshot = froze(MONTH)
    assert recurrent_places(snapshot, by="community") == (
        Place("摊", "C1", 2, ("A1", "A2", "A3"), ("C1",) * 3, "星河社区，星河菜场北门", 1_215_000_000, 312_000_000),
    )


@pytest.mark.parametrize(
    ("closed", "of"),
    [
        pytest.param("2026-08-31 16:00", 0, id="watched until the first instant of the month: September's"),
        pytest.param("2026-08-31 16:00:00.000001", 1, id="a microsecond later"),
        pytest.param("2026-10-01 16:00", 1, id="watched until the last instant of the month"),
        pytest.param("2026-10-01 16:00:00.000001", 0, id="not watched to the end yet"),
    ],
)
def test_recurred_when_watching_ends_at_the_border_of_the_month_then_is_counted_once(
    froze: Froze, closed: str, of: int
) -> None:
    snapshot = froze([("A1", "摊", "2026-08-20 00:00", closed, GATE, {})])
    assert recurrence_counts(snapshot, None)[""] == (0, of)
    running = int("10-01 16:00:00." in closed)
    assert recurrence_counts(snapshot, None, measure="running")[""] == (running, running)


def test_recurred_when_the_follower_was_reported_last_month_then_still_counts_where_watching_ends(froze: Froze) -> None:
    """And the follower's nearest closing lies yet another month back."""
    snapshot = froze(
        [
            ("A1", "摊", "2026-08-01 00:00", "2026-09-02 00:00", GATE, {}),
            ("A2", "摊", "2026-09-03 00:00", "2026-09-29 00:00", NEAR, {}),
        ]
    )
    assert recurrence_counts(snapshot, None)[""] == (1, 2)
    assert recurrence_counts(snapshot, None, measure="repeats")[""] == (0, 0)
    assert recurrent_places(snapshot, by="community") == ()


def test_month_when_cut_off_within_then_nothing_later_is_known(
    street: Tenant, home: Path, ana: Actor, at: datetime
) -> None:
    tell(street, MONTH)
    early = freeze(street, OCTOBER, as_of=datetime(2026, 10, 15, tzinfo=UTC), by=ana, at=at)
    # only B1 is watched to the end by then; A3 is not reported yet
    assert recurrence_counts(early, None)[""] == (0, 1)
    assert recurrence_counts(early, None, measure="repeats")[""] == (1, 5)


def test_snapshot_when_older_than_recurrence_then_stays_readable_and_knows_nothing_of_it(froze: Froze) -> None:
    snapshot = froze(MONTH)
    for name in ("recurrence", "recurrence_rule"):
        (folder_of(snapshot) / f"{name}.parquet").unlink()
        del snapshot.rows[name]
    assert (frozen_with_recurrence(snapshot), rule_of(snapshot)) == (False, {})
    assert recurrence_counts(snapshot, "community") == {"C1": (0, 0)}
    assert watch_of(snapshot, "community") == {}
    assert (recurrent_places(snapshot, by="community"), left_out(snapshot)) == ((), {})
    window = window_of(snapshot, month_by="reported")
    assert count(snapshot, fact="case", where=Where("reported"), window=window) == 31
    assert grouped(snapshot, fact="case", measures=["reported"], by=None, window=window) == {"": {"reported": (31, 31)}}


#: Cases that belong to the month by their deadline only: long over, long open, reported after it; and one of neither.
BY_DEADLINE: list[Told] = [
    ("D1", "摊", "2026-06-01 00:00", "2026-06-02 00:00", GATE, {"due_at": moment("2026-10-10 00:00")}),
    ("D2", "摊", "2026-06-01 00:00", "", GATE, {"due_at": moment("2026-10-10 00:00")}),
    ("D3", "摊", "2026-07-30 00:00", "2026-10-09 00:00", NEAR, {"due_at": moment("2026-09-30 16:00")}),
    ("D4", "摊", "2026-11-02 00:00", "2026-11-03 00:00", NEAR, {"due_at": moment("2026-10-31 16:00")}),
    ("D5", "摊", "2026-09-15 00:00", "2026-11-04 00:00", NEAR, {"due_at": moment("2026-10-20 00:00")}),
    ("D6", "摊", "2026-10-16 00:00", "2026-10-17 00:00", NEAR, {"due_at": moment("2026-12-01 00:00")}),
]


@pytest.mark.parametrize(
    "as_of",
    [
        pytest.param(None, id="as of its end"),
        pytest.param(datetime(2026, 10, 15, tzinfo=UTC), id="before its end"),
        pytest.param(datetime(2026, 11, 10, tzinfo=UTC), id="with hindsight"),
    ],
)
def test_facts_when_the_cases_of_the_month_are_taken_from_theirs_then_are_the_same_as_read_alone(
    street: Tenant, as_of: datetime | None
) -> None:
    tell(street, [*MONTH, *BY_DEADLINE])
    cut = cut_of(OCTOBER, zone_of(street), as_of)
    taken = [take(batch) for batch in batches(CASE.rows(street, cut), CASE.columns)]
    assert sum(batch.num_rows for batch in taken) > 25
    alone = list(recurrence_rows(street, cut))
    assert pa.Table.from_batches(recurrence_rows(street, cut, taken)) == pa.Table.from_batches(alone)


@pytest.mark.django_db(transaction=True)
def test_facts_when_written_in_another_order_or_read_over_another_road_then_are_the_same(
    home: Path, ana: Actor, at: datetime
) -> None:
    """Freezing goes by ADBC on PostgreSQL unless inside a transaction; the digest is the same on SQLite."""
    street = create_tenant("street", "星河街道", by=ana, at=at, zone="Asia/Shanghai")
    other = create_tenant("other", "星河街道", by=ana, at=at, zone="Asia/Shanghai")
    tell(street, MONTH)
    tell(other, reversed(MONTH))
    plain = freeze(street, OCTOBER, by=ana, at=at)
    with transaction.atomic():
        assert freeze(street, OCTOBER, by=ana, at=at) == plain
    assert freeze(other, OCTOBER, by=ana, at=at).digest == plain.digest
    assert plain.digest == "fd2e166b2cd4566d4da476f45ed7d78707f6e806ed464b450ae6a61087b608c6"
