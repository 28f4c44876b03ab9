"""Words of territory: what a file says, what was done with it, and what reads answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from shapely.geometry.base import BaseGeometry

from xiuhua.territory.words.succession import (
    LINKING,
    Candidate,
    Changeover,
    ComparableArea,
    Contracted,
    Contraction,
    Kin,
    Link,
    Lived,
    Succeeded,
    SuccessionKind,
    Unit,
    Vanished,
)

#: What is defined elsewhere in this folder and imported from here.
__all__ = [
    "LINKING",
    "Candidate",
    "Changeover",
    "ComparableArea",
    "Contracted",
    "Contraction",
    "Kin",
    "Link",
    "Lived",
    "Succeeded",
    "SuccessionKind",
    "Unit",
    "Vanished",
]

#: Coordinate systems a file may come in: GPS, the enciphered one of Chinese map services, and Baidu's on top of it.
CRS = ("wgs84", "gcj02", "bd09")

#: Overlaps and gaps smaller than this many square metres come from rounding on shared borders and are not reported.
SLIVER_M2 = 1

#: A larger file is refused unread; the outlines of a whole city are some 10 MB.
MAX_BYTES = 128 * 1024 * 1024

#: Length of a name in the database.
NAME_LENGTH = 100

#: Length of a code in the database.
CODE_LENGTH = 60

How = Literal["exact", "alias", "rule", "ambiguous", "unknown"]
Step = Literal["create", "unchanged", "correct", "succeed", "early"]


@dataclass(frozen=True, slots=True)
class Reading:
    """Which fields of a file hold what. `name` and `code` stand in where a bare geometry has no fields."""

    name_field: str = ""
    code_field: str = ""
    parent_field: str = ""
    alias_field: str = ""
    name: str = ""
    code: str = ""
    #: Codes of other systems: (system, field).
    externals: tuple[tuple[str, str], ...] = ()
    #: Keep only rows whose field has this text; all pairs must hold.
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """What an import is asked to do: level, parent (its code), coordinate system, first day, fields."""

    level: str
    reading: Reading
    parent: str = ""
    crs: str = "wgs84"
    effective: date | None = None
    sliver_m2: int = SLIVER_M2
    #: Let siblings that the file does not name end on the first day; needs `effective`.
    end_absent: bool = False
    #: Codes of digits are filled up with zeros at the right to so many digits; 0 leaves them as they are.
    code_pad: int = 0
    #: A row without a parent of its own lies under the territory whose code is the first so many characters; 0: no.
    parent_by_prefix: int = 0
    #: A sibling that ended and one that began under the same name and parent are one place with a new code.
    renumbered: bool = False


@dataclass(frozen=True, slots=True)
class FileRow:
    """One territory as the file writes it; `row` counts from 1 and the header, or the collection, is row 1."""

    row: int
    name: str
    code: str = ""
    parent: str = ""
    aliases: tuple[str, ...] = ()
    #: (system, its code for this territory), where it has one.
    externals: tuple[tuple[str, str], ...] = ()
    #: The GeoJSON geometry; None in a table of codes.
    geometry: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class FileContent:
    """What a file holds: its rows, how many the condition left out, and whether it is one that draws outlines."""

    rows: tuple[FileRow, ...]
    skipped: int
    drawn: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """An outline ready to keep: valid polygons in WGS-84, its area, and what had to be repaired (empty: nothing)."""

    geometry: BaseGeometry
    area_m2: int
    reason: str = ""
    before_m2: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """A territory that exists: what is needed to recognise it in a file."""

    id: int
    code: str
    level: str
    confirmed: bool
    folded: str
    parent_id: int | None
    #: Its newest version has ended: another may bear its name now.
    over: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """Which territory a row speaks of: an existing one, or a new one (`territory_id` None) with this code."""

    row: FileRow
    territory_id: int | None
    code: str
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one territory: the claim, its outline if the file draws one, the step, digests around it."""

    claim: Claim
    drawing: Drawing | None
    step: Step
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Span:
    """One version of a territory: its days, and whether it already says what the file says."""

    valid_from: date | None
    valid_to: date | None
    same: bool


@dataclass(frozen=True, slots=True)
class Repair:
    """An invalid outline that was repaired: where, why (GEOS's own words) and its area before and after."""

    row: int
    name: str
    reason: str
    before_m2: int
    after_m2: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two siblings, by code, that claim the same ground."""

    a: str
    b: str
    m2: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Ground between siblings that nobody claims, with a point inside it."""

    m2: int
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import of territories did.

    `absent` are codes of siblings in force that the file does not name; `ended` those of them that it let end.
    """

    level: str
    created: int
    updated: int
    unchanged: int
    skipped: int
    repaired: tuple[Repair, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    gaps: tuple[Gap, ...] = ()
    absent: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    #: (old code, new code) of places recognised under a new code.
    renumbered: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NameRule:
    """Two names are equal under this rule if they differ only in one of its suffixes, which may also be missing."""

    id: str
    suffixes: tuple[str, ...]
    #: A name shorter than this without its suffix is too little to recognise anything by.
    shortest: int = 2


@dataclass(frozen=True, slots=True)
class NameMatch:
    """Which territory a name means, how that was decided (`rule` names the rule), and who else was possible."""

    territory_id: int | None
    how: How
    candidates: tuple[int, ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A territory and one of its ancestors (or itself) on some day."""

    territory_id: int
    code: str
    name: str
    level: str
    ancestor_id: int
    ancestor_code: str
    ancestor_level: str
    ancestor_name: str


@dataclass(frozen=True, slots=True)
class Outline:
    """A territory and its outline in WGS-84, None where nobody drew one."""

    territory_id: int
    code: str
    name: str
    geometry: BaseGeometry | None


@dataclass(frozen=True, slots=True)
class GroundMove:
    """Ground that changes hands: codes that hold it before and after (none: nobody; several: it overlaps)."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    m2: int


@dataclass(frozen=True, slots=True)
class PointMove:
    """Points, by their place in the list, that change from one territory to another; "" is nobody."""

    before: str
    after: str
    points: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Moves:
    """What a change of outlines moves, and which overlaps and gaps it leaves that were not there before."""

    ground: tuple[GroundMove, ...]
    points: tuple[PointMove, ...]
    overlaps: tuple[Overlap, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Redrawn:
    """What redrawing an outline did: the record that undoes it, its area, and the repair it needed (empty: none)."""

    redraw_id: int
    code: str
    effective: date
    before_m2: int | None
    after_m2: int
    repaired: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A territory as a list shows it: its newest version and all its other names."""

    code: str
    name: str
    level: str
    parent: str
    confirmed: bool
    valid_from: date | None
    valid_to: date | None
    area_m2: int | None
    aliases: tuple[str, ...] = field(default=())
