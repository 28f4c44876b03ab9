"""Hot spots over a frozen month: what is looked at, what is left out, and what a spot is called."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import shapely
from tests.insight.test_hotspots import CROWDS, STREET, TOWN, crowd, noise

from xiuhua.analytics.actions import freeze
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.queries import count, window_of
from xiuhua.analytics.words import Where
from xiuhua.cases.models import Case
from xiuhua.insight.queries.hotspots import Apart, HotSpots, NamedBy, hotspots_of
from xiuhua.insight.queries.settings import settings_of
from xiuhua.insight.rules.hotspots import E7, Point, Silent
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor
from xiuhua.territory.models import Site, Territory, TerritoryVersion

OCTOBER = Period(2026, 10)
#: A market at the first crowd.
MARKET = shapely.Point(CROWDS[0]).buffer(0.004)


def cases(street: Tenant, points: list[Point], **more: object) -> None:
    """Write a case reported in October for each point."""
    begun = datetime(2026, 10, 2, tzinfo=UTC)
    Case.objects.bulk_create(
        Case(
            tenant=street,
            number=one.number,
            reported_at=begun + timedelta(minutes=n),
            longitude=one.lon_e7 / E7,
            latitude=one.lat_e7 / E7,
            **more,
        )
        for n, one in enumerate(points)
    )


def quarter(street: Tenant, code: str, name: str, outline: shapely.Polygon | None) -> Territory:
    """Return a community of the street."""
    made = Territory.objects.create(tenant=street, code=code, level="community")
    wkb = shapely.to_wkb(outline) if outline else None
    TerritoryVersion.objects.create(territory=made, name=name, outline=wkb)
    return made


def market(street: Tenant, *, confirmed: bool = True) -> None:
    """Set up a market around the first crowd."""
    west, south, east, north = MARKET.bounds
    Site.objects.create(
        tenant=street,
        code="M-1",
        name="柳岸菜市场",
        type="market",
        geometry=shapely.to_wkb(MARKET),
        min_lon=west,
        min_lat=south,
        max_lon=east,
        max_lat=north,
        reach_m=0,
        crs="wgs84",
        confirmed=confirmed,
    )


@pytest.fixture
def town(street: Tenant, home: Path) -> Tenant:
    """A town of one community with an even spread of cases and two crowds, a market at the first."""
    east = quarter(street, "E", "东仓", TOWN)
    cases(street, [*noise(200, 4, TOWN), *crowd(40, *CROWDS[0], 60, name="A"), *crowd(40, *CROWDS[1], 60, name="B")])
    Case.objects.update(territory=east)
    return street


def look(tenant: Tenant, ana: Actor, at: datetime, measure: str = "reported") -> tuple[Snapshot, HotSpots]:
    snapshot = freeze(tenant, OCTOBER, by=ana, at=at)
    settings = replace(settings_of(tenant, date(2026, 10, 31)), resolution=9)
    return snapshot, hotspots_of(snapshot, tenant, settings, measure=measure)


def test_hotspots_of_names_a_spot_by_its_site_else_by_its_community(town: Tenant, ana: Actor, at: datetime) -> None:
    market(town)
    _snapshot, answer = look(town, ana, at)
    site, plain = sorted(answer.spots, key=lambda spot: spot.named_by)
    assert (site.name, site.named_by, site.territory) == ("柳岸菜市场", NamedBy.SITE, "东仓")
    assert (plain.name, plain.named_by, plain.territory) == ("东仓", NamedBy.TERRITORY, "东仓")
    assert (site.count >= site.at_name >= 40, plain.at_name) == (True, plain.count)
    assert (answer.total, answer.used, answer.outlined, answer.silent) == (280, 280, True, None)


def test_hotspots_of_when_a_site_is_not_confirmed_then_does_not_use_its_name(
    town: Tenant, ana: Actor, at: datetime
) -> None:
    market(town, confirmed=False)
    _snapshot, answer = look(town, ana, at)
    assert [spot.name for spot in answer.spots] == ["东仓", "东仓"]


def test_hotspots_of_gives_each_spot_the_list_behind_its_count(town: Tenant, ana: Actor, at: datetime) -> None:
    snapshot, answer = look(town, ana, at)
    for spot in answer.spots:
        where = Where("reported", keys=spot.cases)
        assert count(snapshot, fact="case", where=where, window=window_of(snapshot)) == spot.count == len(spot.cases)
        assert answer.spot(spot.cells[-1]) == spot
    assert answer.spot("") is None
    assert count(snapshot, fact="case", where=Where("reported", keys=()), window=window_of(snapshot)) == 0


def test_hotspots_of_leaves_out_and_counts_what_has_no_place_of_its_own(town: Tenant, ana: Actor, at: datetime) -> None:
    default = [Point(f"D{n:02}", int(120.35 * E7), int(31.53 * E7)) for n in range(30)]
    away = crowd(3, 121.5, 31.2, 60, name="X")
    cases(town, [*default, *away])
    cases(town, [Point("V", int(120.35 * E7), int(31.53 * E7))], stage="void")
    Case.objects.create(tenant=town, number="N", reported_at=datetime(2026, 10, 5, tzinfo=UTC))
    _snapshot, answer = look(town, ana, at)
    assert answer.apart == {
        Apart.UNPLACED: ("N",),
        Apart.SHARED: tuple(one.number for one in default),
        Apart.OUTSIDE: ("X0", "X1", "X2"),
    }
    assert (answer.total, answer.used, answer.shared_places, len(answer.spots)) == (314, 280, 1, 2)


def test_hotspots_of_when_nothing_is_drawn_then_takes_the_hull_of_the_cases(
    street: Tenant, home: Path, ana: Actor, at: datetime
) -> None:
    cases(street, [*noise(200, 4, STREET), *crowd(40, 120.313, 31.509, 60)])
    _snapshot, answer = look(street, ana, at)
    assert [(spot.name, spot.named_by) for spot in answer.spots] == [("", NamedBy.NOTHING)]
    assert (answer.outlined, answer.apart[Apart.OUTSIDE]) == (False, ())


def test_hotspots_of_when_the_measure_keeps_too_few_then_says_so(town: Tenant, ana: Actor, at: datetime) -> None:
    _snapshot, answer = look(town, ana, at, measure="overdue_open")
    assert (answer.spots, answer.silent, answer.total) == ((), Silent.FEW_CASES, 0)
