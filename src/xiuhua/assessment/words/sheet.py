"""What a score sheet says, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from xiuhua.assessment.words.scheme import Title
from xiuhua.kernel.words import Fact

#: Measure → (kept, of), as the engines count them.
Counts = Mapping[str, tuple[int, int]]


class Unranked(StrEnum):
    """Why a subject has no rank; empty when it has one."""

    NO = ""
    EMPTY = "empty"
    COVERAGE = "coverage"
    SMALL_SAMPLE = "small_sample"
    UNGROUPED = "ungrouped"


class CutOff(StrEnum):
    """Where a cut-off lies: at the month's end, before it (a running month), or after it (hindsight)."""

    END = "end"
    RUNNING = "running"
    HINDSIGHT = "hindsight"


@dataclass(frozen=True, slots=True)
class Because:
    """Why a line has its points: a sentence's code and the numbers in it; worded where it is shown."""

    code: str
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval of a rate: evidence beside the points, never part of them."""

    low: float
    high: float
    phi: Fraction


@dataclass(frozen=True, slots=True)
class Dispersion:
    """How much the cases of a measure come in clusters, and from how many weeks of how many months of units it was read.

    Without weeks to read it from (`cells` 0) φ is the usual value.
    """

    phi: Fraction
    cells: int = 0
    unit_months: int = 0


@dataclass(frozen=True, slots=True)
class Clustering:
    """The dispersion of each measure that a month is assessed by, and what it was read from.

    `months` are ("YYYY-MM", digest of the frozen facts) of those of the `wanted` months before that had been frozen, oldest
    first. Written down with the sheets: an earlier month that is frozen anew changes nothing here.
    """

    by_measure: Mapping[str, Dispersion]
    months: tuple[tuple[str, str], ...]
    #: The parameters: how many months, the fewest cases of a week, the usual φ, and the pack they stand in ("basic 1").
    wanted: int
    least: int
    usual: Fraction
    pack: str

    @property
    def whole(self) -> bool:
        """Whether all the months that are wanted were there."""
        return len(self.months) == self.wanted


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a score sheet. `points` is None where the base is zero; `denominator` where there is none."""

    section: str
    indicator: str
    title: Title
    measure: str
    numerator: int
    denominator: int | None
    points: Fraction | None
    full: Fraction
    because: Because
    #: (measure, count, points off) of functions 4 and 6.
    parts: tuple[tuple[str, int, Fraction], ...] = ()
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class SectionScore:
    """What a section brings to the total, and of how much, after redistribution; None where nothing could be scored."""

    code: str
    title: Title
    points: Fraction | None
    full: Fraction


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is assessed: a territory of one level, or a unit."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The score sheet of one subject; `total` is exact, `printed` is what the reader sees, `rank` is within the group."""

    subject: Subject
    group: str
    lines: tuple[Line, ...]
    sections: tuple[SectionScore, ...]
    total: Fraction | None
    printed: Fraction | None
    coverage: Fraction
    #: The base of the minimum-sample measure; None where the scheme asks for none.
    sample: int | None
    unranked: Unranked
    counts: Mapping[str, tuple[int, int]]
    rank: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """What a body of sheets is about: month, scheme, level, attribution, cut-off and the facts it was counted from."""

    period: str
    by: str
    month_by: str
    #: ISO 8601, in UTC.
    as_of: str
    cut_off: CutOff
    #: Digest of the frozen facts.
    snapshot: str
    totals: Mapping[str, tuple[int, int]]
    #: Due cases that belong to no subject of this level.
    unplaced: int
    #: How cases clustered in the months before; None in what was written before that was measured.
    clustering: Clustering | None = None
