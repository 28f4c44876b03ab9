"""Words of sites: types, what an import is asked and what it did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shapely.geometry.base import BaseGeometry

#: The shapes a type of site usually has.
SHAPES = ("point", "line", "area")


@dataclass(frozen=True, slots=True)
class SiteType:
    """A type of sites from a pack: its usual shape and how many metres around a point or line count as at it."""

    code: str
    title: dict[str, str]
    shape: str
    reach_m: int
    group: str

    def name(self, english: bool) -> str:
        """Return the type's name in the reader's language."""
        return self.title["en" if english else "zh"]


@dataclass(frozen=True, slots=True)
class SiteOrder:
    """What an import of sites is asked: coordinate system; `end_absent` ends sites not in the file on `effective`."""

    crs: str = "wgs84"
    effective: date | None = None
    end_absent: bool = False


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site as the file says it, understood: geometry in WGS-84, territory None where neither file nor map tells."""

    row: int
    code: str
    name: str
    type: str
    territory_id: int | None
    geometry: BaseGeometry
    reach_m: int
    valid_from: date | None
    valid_to: date | None
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What an import of sites did.

    `unplaced` are codes of sites in no territory; `elsewhere` of those whose point lies outside the territory that the
    file names; `absent` of sites in force that the file does not name, `ended` those of them that it let end.
    `examples` counts rows passed over by their mark, `ignored` are headings that mean nothing here.
    """

    created: int
    updated: int
    unchanged: int
    unplaced: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    examples: int = 0
    ignored: tuple[str, ...] = ()
    dry_run: bool = False
