"""How rows come to territories: by point, code or name, in the order of the mapping."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from xiuhua.cases.words import PlaceMethod
from xiuhua.exchange.words import Coordinate, Mapping, Note, Parsed
from xiuhua.kernel.models import Tenant
from xiuhua.territory.actions import observe_territories
from xiuhua.territory.models import Territory
from xiuhua.territory.queries import CodeBook, Locator, NameBook
from xiuhua.territory.rules.coordinates import to_wgs84


class Placed(NamedTuple):
    """Where a row belongs, how that was found, and its coordinate in WGS-84 if it has one that may be used."""

    territory_id: int | None
    method: PlaceMethod
    longitude: float | None
    latitude: float | None
    note: Note | None = None


#: What an import says of a name that was not simply a territory's own: never matched in silence.
_SAID = {"ambiguous": "name_ambiguous", "unknown": "name_unknown", "rule": "name_by_rule", "alias": "name_by_alias"}


class Placer:
    """Places the rows of one import; load it once. It may create territories that only names tell of."""

    def __init__(self, tenant: Tenant, mapping: Mapping, withheld: frozenset[Coordinate]) -> None:
        """`withheld` are coordinates, as the file has them, that place nobody."""
        order = mapping.place.order
        self._tenant, self._mapping, self._withheld = tenant, mapping, withheld
        self._locator = Locator.load(tenant) if "point" in order else None
        self._codes = CodeBook.load(tenant) if "code" in order else None
        self._names = NameBook.load(tenant) if "name" in order else None
        self._observing = mapping.place.observe == "if_level_empty" and _level_unconfirmed(tenant, mapping.place.level)
        self._observed: dict[str, int] = {}
        self._known: dict[tuple[str, date], tuple[int | None, str]] = {}

    def place(self, rows: Sequence[Parsed]) -> list[Placed]:
        """Return the place of each row, in their order; a row that no way places keeps why, if a name was at fault."""
        lon, lat = self._usable(rows)
        by_point = self._located(rows, lon, lat)
        self._observe([row for row, found in zip(rows, by_point, strict=True) if self._needs_name(row, found)])
        return [
            self._placed(row, found, None if math.isnan(x) else x, None if math.isnan(y) else y)
            for row, found, x, y in zip(rows, by_point, lon.tolist(), lat.tolist(), strict=True)
        ]

    def _usable(self, rows: Sequence[Parsed]) -> tuple[np.ndarray, np.ndarray]:
        spots = [(math.nan, math.nan) if row.spot in self._withheld else row.spot for row in rows]
        pairs = np.array(spots, dtype=np.float64).reshape(len(rows), 2)
        return to_wgs84(pairs[:, 0], pairs[:, 1], self._mapping.crs, meridian=self._mapping.meridian)

    def _located(self, rows: Sequence[Parsed], lon: np.ndarray, lat: np.ndarray) -> list[int]:
        if self._locator is None:
            return [-1] * len(rows)
        days = np.array([row.day for row in rows], dtype="datetime64[D]")
        return [int(one) for one in self._locator.locate_many(lon, lat, days)]

    def _placed(self, row: Parsed, by_point: int, lon: float | None, lat: float | None) -> Placed:
        note = None
        for way in self._mapping.place.order:
            found: int | None = None
            if way == "point":
                found = by_point if by_point >= 0 else None
            elif way == "code":
                found = self._coded(row)
            elif row.territory_name:
                found, code = self._named(row)
                note = note or self._note(row, code)
            if found is not None:
                return Placed(found, PlaceMethod(way), lon, lat, note if way == "name" else None)
        return Placed(None, PlaceMethod.NONE, lon, lat, note)

    def _coded(self, row: Parsed) -> int | None:
        return self._codes.find(row.territory_code, row.day) if self._codes and row.territory_code else None

    def _named(self, row: Parsed) -> tuple[int | None, str]:
        """Return the territory a row's name means, and what is to be said about how it was found, or was not."""
        key = (row.territory_name, row.day)
        if key not in self._known and self._names is not None:
            match = self._names.match(*key)
            self._known[key] = (match.territory_id, _SAID.get(match.how, ""))
        found, code = self._known[key]
        if code == "name_unknown" and row.territory_name in self._observed:
            return self._observed[row.territory_name], ""
        return found, code

    def _note(self, row: Parsed, code: str) -> Note | None:
        column = self._mapping.columns.get("territory_name", "")
        return Note(code, column, {"name": row.territory_name[:200]}) if code else None

    def _needs_name(self, row: Parsed, by_point: int) -> bool:
        """Return whether only an unknown name could place this row."""
        if not self._observing or not row.territory_name or by_point >= 0 or self._coded(row) is not None:
            return False
        return self._named(row)[1] == "name_unknown"

    def _observe(self, rows: Sequence[Parsed]) -> None:
        if not rows:
            return
        names = {row.territory_name for row in rows}
        made = observe_territories(self._tenant, self._mapping.place.level, names)
        self._observed |= {name: territory.pk for name, territory in made.items()}


def _level_unconfirmed(tenant: Tenant, level: str) -> bool:
    """Return whether nobody has confirmed a territory of this level yet: what imports observed does not count."""
    return not Territory.objects.filter(tenant=tenant, level=level, confirmed=True).exists()
