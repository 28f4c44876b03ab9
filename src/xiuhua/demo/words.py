"""Words of the made-up street: frozen values, no framework.

Places are drawn in a plan of two coordinates in metres: `u` runs down the canal from north to south, `v` across it
(west is negative). `rules.frame` bends the plan into the map.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle of the plan, in metres."""

    u0: float
    u1: float
    v0: float
    v1: float

    @property
    def area(self) -> float:
        """Return the area in the plan, in square metres."""
        return (self.u1 - self.u0) * (self.v1 - self.v0)

    @property
    def middle(self) -> Spot:
        """Return the middle of the rectangle."""
        return (self.u0 + self.u1) / 2, (self.v0 + self.v1) / 2

    def holds(self, spot: Spot, margin: float = 0.0) -> bool:
        """Return whether `spot` lies inside, at least `margin` metres from every side."""
        u, v = spot
        return self.u0 + margin <= u <= self.u1 - margin and self.v0 + margin <= v <= self.v1 - margin

    def clamp(self, spot: Spot, margin: float) -> Spot:
        """Return `spot`, moved inside if it is nearer than `margin` metres to a side or beyond it."""
        u, v = spot
        return min(max(u, self.u0 + margin), self.u1 - margin), min(max(v, self.v0 + margin), self.v1 - margin)


@dataclass(frozen=True, slots=True)
class CommunityPlan:
    """A community as it is planned: where it lies, how many grids it has, how it behaves."""

    code: str
    name: str
    short: str
    sector: str
    rects: tuple[Rect, ...]
    grids: int
    load: float  # share of the street's cases
    slow: float  # added to the logarithm of handling time over limit
    drift: float  # what `slow` gains in each month
    recur: float  # multiplies a class's chance to come back


@dataclass(frozen=True, slots=True)
class Grid:
    """A responsibility grid: one block of the plan."""

    code: str
    name: str
    community: str
    rect: Rect


@dataclass(frozen=True, slots=True)
class Road:
    """A named street of the plan: a straight line at constant `v` (along the canal) or constant `u` (across it)."""

    name: str
    along: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole street before anything is drawn at random."""

    division: str
    district: str
    code: str
    name: str
    origin: tuple[float, float]
    office: Spot
    communities: tuple[CommunityPlan, ...]
    roads: tuple[Road, ...]
    water: tuple[tuple[str, Rect], ...]
    former_names: dict[str, str]  # a name nobody uses officially any more → code of today's community


@dataclass(frozen=True, slots=True)
class SiteType:
    """A type of site, how many the street has and how they are called."""

    code: str
    name: str
    count: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """A place that inspectors know by name."""

    code: str
    name: str
    type: str
    grid: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that handles cases."""

    code: str
    name: str
    kind: str
    community: str
    slow: float
    stuck: float  # share of its cases that lie for weeks


@dataclass(frozen=True, slots=True)
class Limit:
    """The time the platform allows: `minutes` of working time, or of the clock on the wall when urgent."""

    minutes: int
    urgent: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """A sub-class of cases with its limit, its rhythm and the sentences that describe it."""

    main: str
    name: str
    kind: str
    weight: float
    limit: Limit
    months: tuple[float, ...]
    rain: float
    hours: tuple[int, int]
    recur: float
    units: tuple[str, ...]
    sites: tuple[str, ...]
    fixed: bool  # happens at such sites only
    says: tuple[str, ...]
    done: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How many cases a day brings and when the clock of deadlines runs."""

    first: date
    last: date
    export_at: datetime
    per_day: float
    weekday: tuple[float, ...]
    month: tuple[float, ...]
    quiet: tuple[tuple[date, date, float], ...]
    rain: tuple[float, ...]
    rush_days: int
    rush: float
    shifts: tuple[tuple[int, int], ...]  # minutes of the day
    channels: tuple[tuple[str, float], ...]
    rush_channel: str
    delays: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong with the export, as it is with real ones: shares of the rows."""

    default_point: float
    no_point: float
    nothing: float  # of those without a usable point: neither grid nor community either
    former_name: float  # of those without a point: the community under its former name
    void: float
    verdict_differs: float


@dataclass(frozen=True, slots=True)
class City:
    """Everything that stands still: the plan drawn out into grids, sites and units."""

    plan: Plan
    grids: tuple[Grid, ...]
    sites: tuple[Site, ...]
    site_types: tuple[SiteType, ...]
    units: tuple[Unit, ...]
    problems: tuple[Problem, ...]
    rhythm: Rhythm
    faults: Faults


@dataclass(frozen=True, slots=True)
class Incident:
    """One case as it really went: where, what, who, when. Wall clock of the street, no zone attached."""

    problem: Problem
    grid: Grid
    spot: Spot
    near: str
    unit: Unit
    channel: str
    reported: datetime
    due: datetime
    bundled: datetime
    delays: int
    closed: datetime
    void: bool
    recurrence: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demo: user name, what stands where a name would, role, and the kind of the unit or the community."""

    username: str
    title: str
    role: str
    kind: str = ""
    community: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the demo with the password it was made with."""

    username: str
    password: str
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that setting up the street has done: what, how many, and whether it was there already."""

    what: str
    count: int
    there: bool = False
