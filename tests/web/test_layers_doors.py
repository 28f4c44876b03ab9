"""The map in layers without a browser: every item opens exactly its cases, and says so where something is missing."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape

import pytest
from django.http import Http404
from django.test import Client
from tests.insight.test_hotspots import CROWDS, TOWN, crowd, noise
from tests.insight.test_hotspots_query import cases, market, quarter
from tests.web.figures import figures, total

from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.queries import window_of
from xiuhua.analytics.words import Where
from xiuhua.assessment.actions import assess
from xiuhua.cases.models import Case
from xiuhua.insight.queries.spread import At, spread_of
from xiuhua.insight.rules.hotspots import E7, Point
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import SYSTEM, Actor
from xiuhua.responsibility.actions import create_user
from xiuhua.responsibility.models import Post
from xiuhua.territory.models import Territory
from xiuhua.web.desk.places import narrowed

OCTOBER = Period(2026, 10)
LAYERS = "/analysis/map/?month=2026-10&by=community&month_by=reported&value=reported"
DATA = LAYERS.replace("/map/?", "/map/data.json?")
pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def lin(street: Tenant, ana: Actor, at: datetime, client: Client) -> Client:
    """Lin, of the street's staff, signed in."""
    client.force_login(create_user("lin", "quiet-canal-31", name="林", tenant=street, by=ana, at=at))
    return client


def fill(street: Tenant, ana: Actor, at: datetime, *, drawn: bool = True) -> None:
    """Assess a month of an even spread, a crowd at a market, a default coordinate and a case without a point."""
    east = quarter(street, "E", "东仓", TOWN if drawn else None)
    market(street)
    default = [Point(f"D{n:02}", int(120.35 * E7), int(31.53 * E7)) for n in range(24)]
    cases(street, [*noise(200, 4, TOWN), *crowd(40, *CROWDS[0], 60), *default])
    Case.objects.create(tenant=street, number="N", reported_at=datetime.fromisoformat("2026-10-05T00:00+00:00"))
    Case.objects.update(territory=east)
    assess(street, OCTOBER, scheme="basic", by_level="community", month_by="reported", by=ana, at=at)


def test_layers_when_items_are_opened_then_each_lists_its_own_count(
    street: Tenant, lin: Client, ana: Actor, at: datetime
) -> None:
    fill(street, ana, at)
    page = lin.get(LAYERS).content.decode()
    links = figures(page)
    assert [count for href, count in links if "spot=" in href] != []
    assert {href.rsplit("apart=", 1)[1].split("&")[0]: count for href, count in links if "apart=" in href} == {
        "unplaced": 1,
        "shared": 24,
    }
    assert [total(lin, href) for href, _count in links] == [count for _href, count in links]
    assert "柳岸菜市场一带" in page
    dots = re.findall(r'<a href="([^"]+at=[^"]+)" tabindex="-1" aria-label="(\d+) 件"', page)
    assert sorted(int(count) for _href, count in dots) == [1] * 240 + [24]
    default = next(unescape(href) for href, count in dots if count == "24")
    assert total(lin, default) == 24
    assert (
        lin.get(re.sub(r"spot=[^&]+", "spot=none", next(href for href, _n in links if "spot=" in href))).status_code
        == 404
    )


def test_layers_when_turned_off_then_are_not_there_and_the_months_keep_the_choice(
    street: Tenant, lin: Client, ana: Actor, at: datetime
) -> None:
    fill(street, ana, at)
    page = lin.get(f"{LAYERS}&layers=hot").content.decode()
    assert ('class="dot ' in page, 'class="patch"' in page, "xh-map-key" in page) == (False, True, False)
    months = re.findall(r'<li><a href="\?([^"]+)" aria-current="true">', page.split("data-layers-months")[1])
    assert (
        months[0]
        == "month=2026-10&amp;by=community&amp;scheme=basic&amp;month_by=reported&amp;value=reported&amp;layers=hot"
    )
    bare = lin.get(f"{LAYERS}&layers=none").content.decode()
    assert ('class="patch"' in bare, 'id="hot-head"' in bare, 'class="area land"' in bare) == (False, False, True)


def test_layers_when_nothing_is_drawn_then_the_table_stands_alone_and_says_so(
    street: Tenant, lin: Client, ana: Actor, at: datetime
) -> None:
    fill(street, ana, at, drawn=False)
    page = lin.get(LAYERS).content.decode()
    assert ("没有边界图，画不出地图" in page, "只在案件自己围成的范围里比" in page) == (True, True)
    assert "<svg viewBox" not in page.split('id="layers"')[1]
    nothing = {"box": None, "areas": [], "hot": [], "again": [], "points": None}
    assert ("data-map=" in page, lin.get(DATA).json()) == (False, nothing)
    assert [total(lin, href) for href, _count in figures(page)] == [count for _href, count in figures(page)]


def test_spread_counts_all_and_gives_the_places_with_the_most_first(street: Tenant, ana: Actor, at: datetime) -> None:
    fill(street, ana, at)
    snapshot = Snapshot.objects.get()
    spread = spread_of(snapshot, Where("reported"), window_of(snapshot), most=2)
    assert (spread.total, spread.placed, spread.places, len(spread.at)) == (265, 264, 241, 2)
    assert spread.at[0] == At(int(120.35 * E7), int(31.53 * E7), 24)
    empty = spread_of(snapshot, Where("late"), window_of(snapshot), most=2)
    assert (empty.at, empty.total, empty.placed, empty.places) == ((), 0, 0, 0)


@pytest.mark.parametrize(
    ("at_text", "by"),
    [("1200000000,310000000", Actor("user:guest")), ("120.5,31", SYSTEM), ("1,2,3", SYSTEM), ("9" * 12 + ",1", SYSTEM)],
    ids=["who sees not all", "no whole number", "three", "too long"],
)
def test_coordinate_when_it_is_none_or_not_for_one_then_is_not_there(at_text: str, by: Actor) -> None:
    with pytest.raises(Http404):
        narrowed(Snapshot(), Where("due"), {"at": at_text}, by)


def test_coordinate_when_given_then_narrows_to_it() -> None:
    found = narrowed(Snapshot(), Where("due"), {"at": "-710567000,423594000"}, SYSTEM)
    assert found.where == Where("due", equal={"lon_e7": -710567000, "lat_e7": 423594000})


def test_map_data_has_every_layer_with_its_lists_and_no_coordinate_for_who_sees_not_every_case(
    street: Tenant, lin: Client, ana: Actor, at: datetime
) -> None:
    fill(street, ana, at)
    data = lin.get(f"{DATA}&layers=none").json()  # every layer is there, whichever the page shows
    assert [(one["name"], one["colour"], one["shape"]["type"]) for one in data["areas"]] == [
        ("东仓", "s4", "MultiPolygon")
    ]
    page = lin.get(LAYERS).content.decode()
    assert {(one["href"], one["count"]) for one in data["hot"]} == {
        (href, count) for href, count in figures(page) if "spot=" in href
    }
    points = data["points"]
    assert (len(points["at"]), sum(count for _lon, _lat, count in points["at"])) == (241, 264)
    lon, lat, count = points["at"][0]
    assert (total(lin, f"{points['href']}&at={lon},{lat}"), count) == (24, 24)
    assert "都画了" in points["said"]

    near = create_user("near", "quiet-canal-31", name="近", tenant=street, by=ana, at=at)
    Post.objects.filter(user=near).update(territory=Territory.objects.get(code="E"))
    lin.force_login(near)
    data = lin.get(DATA).json()
    assert (data["points"], len(data["areas"]), len(data["hot"])) == (None, 1, 1)
