"""Which territory holds a point, for one point or for a whole file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from xiuhua.kernel.models import Tenant
from xiuhua.territory.models import TerritoryVersion
from xiuhua.territory.rules.versions import in_force, starts
from xiuhua.territory.words import Span

Ints = NDArray[np.int64]
Days = NDArray[np.datetime64]

#: Points looked up at a time, so that memory stays bounded whatever the file.
CHUNK = 200_000


@dataclass(frozen=True, slots=True)
class Outlines:
    """All outlines, best answer first: deepest in the tree, then smallest, then by code."""

    shapes: NDArray[np.object_]
    territory: Ints
    begins: Days
    ends: Days


class Locator:
    """Answers which territory holds a point, from outlines in memory; load it once per batch.

    The answer is the finest territory in force on the day: deepest in the tree, then of the smallest area, then of
    the first code. A point on a border belongs to both sides and is decided likewise, so always the same way.
    """

    def __init__(self, outlines: Outlines) -> None:
        self._all = outlines
        shapely.prepare(outlines.shapes)

    @classmethod
    def load(cls, tenant: Tenant) -> Locator:
        """Return a locator for the tenant's outlines as they are now on record, of all days. One query."""
        versions = list(TerritoryVersion.objects.filter(territory__tenant=tenant).select_related("territory"))
        depths = _depths(versions)
        drawn = [version for version in versions if version.outline]
        drawn.sort(key=lambda one: (-depths[one.pk], one.area_m2 or 0, one.territory.code, one.pk))
        return cls(
            Outlines(
                shapes=shapely.from_wkb(np.array([bytes(one.outline or b"") for one in drawn], dtype=object)),
                territory=np.array([one.territory_id for one in drawn], dtype=np.int64),
                begins=np.array([starts(one.valid_from) for one in drawn], dtype="datetime64[D]"),
                ends=np.array([one.valid_to or date.max for one in drawn], dtype="datetime64[D]"),
            )
        )

    def extent(self) -> tuple[float, float, float, float] | None:
        """Return west, south, east and north of all outlines in WGS-84 degrees, None without any."""
        if not len(self._all.shapes):
            return None
        west, south, east, north = (float(one) for one in shapely.total_bounds(self._all.shapes))
        return west, south, east, north

    def locate_many(self, lon: ArrayLike, lat: ArrayLike, days: ArrayLike) -> Ints:
        """Return for each point (WGS-84 degrees) the key of the territory that holds it on its local day, -1 for none.

        `days` are datetime64[D], one per point or one for all. A point with NaN or a day NaT is in no territory.
        """
        lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        on = np.broadcast_to(np.asarray(days, dtype="datetime64[D]"), lon.shape)
        answer = np.full(lon.shape, -1, dtype=np.int64)
        usable = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat) & ~np.isnat(on))
        for start in range(0, len(usable), CHUNK):
            rows = usable[start : start + CHUNK]
            answer[rows] = self._locate(lon[rows], lat[rows], on[rows])
        return answer

    def locate(self, lon: float, lat: float, day: date) -> int | None:
        """Return the key of the territory that holds a point (WGS-84 degrees) on a local day, or None."""
        found = int(self.locate_many(np.array([lon]), np.array([lat]), np.array([day], dtype="datetime64[D]"))[0])
        return None if found < 0 else found

    def _locate(self, lon: NDArray[np.float64], lat: NDArray[np.float64], days: Days) -> Ints:
        # the tree is over the points, so that each outline is prepared once and tests many points
        points = np.asarray(shapely.points(lon, lat), dtype=object)
        outline, row = shapely.STRtree(points).query(self._all.shapes, predicate="intersects")
        on = days[row]
        valid = (self._all.begins[outline] <= on) & (on < self._all.ends[outline])
        outline, row = outline[valid], row[valid]
        # outlines come best first: written backwards, the best of each point is written last and stays
        answer = np.full(len(lon), -1, dtype=np.int64)
        answer[row[::-1]] = self._all.territory[outline[::-1]]
        return answer


def _depths(versions: Sequence[TerritoryVersion]) -> dict[int, int]:
    """Return how many ancestors each version had on its own first day, by the version's key."""
    history: dict[int, list[TerritoryVersion]] = {}
    for version in versions:
        history.setdefault(version.territory_id, []).append(version)

    def parent_on(territory: int | None, day: date | None) -> int | None:
        for one in history.get(territory or 0, []):
            if in_force(Span(one.valid_from, one.valid_to, same=True), day):
                return one.parent_id
        return None

    depths = {}
    for version in versions:
        line: list[int] = []
        at = version.parent_id
        while at is not None and at not in line:
            line.append(at)
            at = parent_on(at, version.valid_from)
        depths[version.pk] = len(line)
    return depths
