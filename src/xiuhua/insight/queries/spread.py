"""Where the cases behind a number lie: their coordinates, counted by the engine."""

from __future__ import annotations

from dataclasses import dataclass

from xiuhua.analytics import engine
from xiuhua.analytics import queries as frozen
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.words import Where, Window
from xiuhua.cases.facts import CASE


@dataclass(frozen=True, slots=True)
class At:
    """So many cases at exactly one coordinate (WGS-84 degrees × 10^7)."""

    lon_e7: int
    lat_e7: int
    count: int


@dataclass(frozen=True, slots=True)
class Spread:
    """The coordinates of the cases behind a number, those with the most cases first, up to a limit.

    `places` of them there are with `placed` cases; `total` cases stand behind the number, with a coordinate or without.
    """

    at: tuple[At, ...]
    places: int
    placed: int
    total: int


def spread_of(snapshot: Snapshot, where: Where, window: Window, *, most: int) -> Spread:
    """Return where the cases behind a number lie, at most `most` coordinates; of equals the western first. No statement."""
    with frozen.open_snapshot(snapshot) as tables:
        table = engine.behind(tables, CASE, where, window)
        placed = table.filter(table.lon_e7.notnull() & table.lat_e7.notnull())
        by_place = placed.group_by("lon_e7", "lat_e7").aggregate(cases=placed.count())
        first = by_place.order_by(by_place.cases.desc(), "lon_e7", "lat_e7").limit(most)
        rows = tables.engine.to_pyarrow(first).to_pylist()
        sums = by_place.aggregate(places=by_place.count(), placed=by_place.cases.sum())
        counted = tables.engine.to_pyarrow(sums).to_pylist()[0]
        total = int(tables.engine.to_pyarrow(table.count()).as_py())
    at = tuple(At(row["lon_e7"], row["lat_e7"], int(row["cases"])) for row in rows)
    return Spread(at, int(counted["places"]), int(counted["placed"] or 0), total)
