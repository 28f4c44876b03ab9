"""Hot spots of a month, named by the site at which most of their cases are, else by the community."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from xiuhua.analytics import engine
from xiuhua.analytics import queries as frozen
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.words import Where
from xiuhua.cases.facts import CASE
from xiuhua.insight.rules.hotspots import E7, Crowding, Point, Silent, Spot, crowding, most_at
from xiuhua.insight.words import Settings
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period
from xiuhua.territory.queries import SiteLocator, levels, outlines, sites_of

#: What is looked at if nobody asks for another count: where problems were found in the month.
MEASURE = "reported"


class NamedBy(StrEnum):
    """What a hot spot is called after; nothing, where its cases have neither a site nor a territory."""

    SITE = "site"
    TERRITORY = "territory"
    NOTHING = "nothing"


class Apart(StrEnum):
    """Cases of the month that were not looked at: without a point, at a shared coordinate, outside the area."""

    UNPLACED = "unplaced"
    SHARED = "shared"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class HotSpot:
    """A place where cases crowd. `cell` is its key; the rest of its statistics as in `rules.hotspots.Spot`."""

    cell: str
    z: float
    p: float
    q: float
    count: int
    expected: float
    name: str
    named_by: NamedBy
    #: How many of the cases are at what it is named after, and the territory in which most are ("" for none).
    at_name: int
    territory: str
    #: WGS-84 degrees of the middle of its cases.
    lon: float
    lat: float
    outline: BaseGeometry
    cells: tuple[str, ...]
    #: The cases in it, in byte order: the list behind `count`.
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HotSpots:
    """The hot spots of a month, the most striking first, with what was looked at and what was left out.

    `total` cases are of the measure; `used` of them were looked at, the others are in `apart` by number.
    """

    spots: tuple[HotSpot, ...]
    measure: str
    total: int
    used: int
    apart: Mapping[Apart, tuple[str, ...]]
    shared_places: int
    cells: int
    #: Whether the area is that of the office's outlines, or only the hull of the cases.
    outlined: bool
    silent: Silent | None

    def spot(self, cell: str) -> HotSpot | None:
        """Return the hot spot that holds a cell."""
        return next((one for one in self.spots if cell in one.cells), None)


def last_day(snapshot: Snapshot) -> date:
    """Return the last day of a snapshot's month, by the office's calendar."""
    end = Period.parse(snapshot.period).end(zone_of(snapshot.tenant))
    return (end - timedelta(microseconds=1)).date()


def hotspots_of(snapshot: Snapshot, tenant: Tenant, settings: Settings, *, measure: str = MEASURE) -> HotSpots:
    """Return the hot spots of a frozen month among the cases that a count measure keeps.

    The area is all that the office's outlines cover on the month's last day. Four statements and one for every level.
    Raises KeyError for an unknown measure.
    """
    cases = _cases(snapshot, measure)
    day = last_day(snapshot)
    present = levels(tenant)
    area = _area(tenant, present, day)
    placed = [Point(number, lon, lat) for number, lon, lat, _code in cases if lon is not None and lat is not None]
    found = crowding(
        placed,
        area,
        resolution=settings.resolution,
        alpha=float(settings.alpha),
        least_cases=settings.least_cases,
        shared_least=settings.shared_least,
    )
    apart = {
        Apart.UNPLACED: tuple(number for number, lon, lat, _code in cases if lon is None or lat is None),
        Apart.SHARED: found.shared,
        Apart.OUTSIDE: found.outside,
    }
    chosen = tenant.settings.get("by")
    level = chosen if chosen in present else present[-1] if present else ""
    spots = _named(snapshot, level, found, cases, day) if found.spots else ()
    looked = (found.used, apart, found.shared_places, found.cells, area is not None, found.silent)
    return HotSpots(spots, measure, len(cases), *looked)


Row = tuple[str, int | None, int | None, str | None]


def _cases(snapshot: Snapshot, measure: str) -> list[Row]:
    """Return (number, longitude, latitude, territory) of the cases that a measure keeps, in byte order of numbers."""
    with frozen.open_snapshot(snapshot) as tables:
        table = engine.behind(tables, CASE, Where(measure), frozen.window_of(snapshot))
        chosen = table.select("number", "lon_e7", "lat_e7", "territory").order_by("number")
        columns: pa.Table = tables.engine.to_pyarrow(chosen)
        return list(zip(*(column.to_pylist() for column in columns.columns), strict=True))


def _area(tenant: Tenant, present: Sequence[str], day: date) -> BaseGeometry | None:
    """Return what the outlines of all levels cover on a day, None without any."""
    shapes = [one.geometry for level in present for one in outlines(tenant, level, day) if one.geometry is not None]
    covered = shapely.unary_union(shapes) if shapes else None
    return covered if covered is not None and covered.area > 0 else None


def _named(snapshot: Snapshot, level: str, found: Crowding, cases: Sequence[Row], day: date) -> tuple[HotSpot, ...]:
    inside = {number for spot in found.spots for number in spot.numbers}
    kept = [row for row in cases if row[0] in inside]
    at = _sites(snapshot.tenant, kept, day)
    known = _territories(snapshot, level)
    belongs = {number: known.get(code, "") for number, _lon, _lat, code in kept if code}
    return tuple(_spot(spot, at, belongs) for spot in found.spots)


def _sites(tenant: Tenant, rows: Sequence[Row], day: date) -> dict[str, set[str]]:
    """Return the names of the confirmed sites at which each case lies. One query."""
    sites = [site for site in sites_of(tenant, day) if site.confirmed]
    lon, lat = (np.array([row[axis] for row in rows], dtype=np.float64) / E7 for axis in (1, 2))
    points, positions = SiteLocator(sites).near_many(lon, lat, np.datetime64(day, "D"))
    found: dict[str, set[str]] = {}
    for point, position in zip(points.tolist(), positions.tolist(), strict=True):
        found.setdefault(rows[point][0], set()).add(sites[position].name)
    return found


def _territories(snapshot: Snapshot, level: str) -> dict[str, str]:
    """Return by code the name that a frozen territory has at a level: its own, or that of its ancestor there."""
    with frozen.open_snapshot(snapshot) as tables:
        table = tables["territory"]
        chosen = table.filter(table.ancestor_level == level).select("code", "ancestor_name").distinct()
        return {row["code"]: row["ancestor_name"] for row in tables.engine.to_pyarrow(chosen).to_pylist()}


def _spot(spot: Spot, at: Mapping[str, set[str]], belongs: Mapping[str, str]) -> HotSpot:
    site, at_site = most_at([at.get(number, set()) for number in spot.numbers])
    often = Counter(name for number in spot.numbers if (name := belongs.get(number)))
    territory = min(often, key=lambda name: (-often[name], name)) if often else ""
    return HotSpot(
        cell=spot.hot[0],
        z=spot.z,
        p=spot.p,
        q=spot.q,
        count=spot.count,
        expected=spot.expected,
        name=site or territory,
        named_by=NamedBy.SITE if site else NamedBy.TERRITORY if territory else NamedBy.NOTHING,
        at_name=at_site or often.get(territory, 0),
        territory=territory,
        lon=spot.lon_e7 / E7,
        lat=spot.lat_e7 / E7,
        outline=spot.outline,
        cells=spot.cells,
        cases=spot.numbers,
    )
