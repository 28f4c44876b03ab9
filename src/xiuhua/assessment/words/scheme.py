"""What a scheme says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from xiuhua.analytics.words import DeadlineMonth
from xiuhua.kernel.words import Fault


class Step(StrEnum):
    """How percentage points short of a threshold are counted: exactly, begun ones, or completed ones."""

    PROPORTIONAL = "proportional"
    STARTED = "started"
    COMPLETED = "completed"


class Good(StrEnum):
    """Which way a rate is good."""

    HIGH = "high"
    LOW = "low"


class OnEmpty(StrEnum):
    """What an indicator without a base does: give its weight to the others, or count as full marks and say so."""

    REDISTRIBUTE = "redistribute"
    FULL = "full"


class Finder(StrEnum):
    """Who found a problem: somebody independent, or the unit that is scored."""

    INDEPENDENT = "independent"
    SELF = "self"


class RoundingMode(StrEnum):
    """What happens to an exact half: away from zero, to the even digit; or everything is cut towards zero."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    TRUNCATE = "truncate"


class RoundingStage(StrEnum):
    """Where rounding first takes place."""

    TOTAL = "total"
    SECTION = "section"
    LINE = "line"


class Carry(StrEnum):
    """Which value is carried on after rounding: the exact one, or the printed one."""

    EXACT = "exact"
    PRINTED = "printed"


class RankOn(StrEnum):
    """Which total is ranked."""

    EXACT = "exact"
    PRINTED = "printed"


class Ties(StrEnum):
    """How equal totals share ranks: 1224, 1223, 1334 or the mean of the places."""

    COMPETITION = "competition"
    DENSE = "dense"
    MODIFIED = "modified"
    AVERAGE = "average"


class ListTies(StrEnum):
    """What happens when equal totals straddle the last place of a list: all come in, or none of them."""

    EXTEND = "extend"
    STOP_BEFORE = "stop_before"


@dataclass(frozen=True, slots=True)
class Title:
    """A name in both languages; local texts are data of the scheme."""

    zh: str
    en: str = ""


@dataclass(frozen=True, slots=True)
class Ratio:
    """Function 1: full marks × kept / of."""

    measure: str


@dataclass(frozen=True, slots=True)
class Complement:
    """Function 2: full marks × (1 − kept / of), where kept are bad events."""

    measure: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """Function 3: full marks at the threshold, `each` off per percentage point short of it."""

    measure: str
    threshold: Fraction
    each: Fraction
    step: Step = Step.PROPORTIONAL
    good: Good = Good.HIGH


@dataclass(frozen=True, slots=True)
class Item:
    """One kind of deduction: `each` per counted thing, at most `cap` for the kind (None: no limit of its own)."""

    measure: str
    each: Fraction
    cap: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Deduction:
    """Function 4: full marks minus what is deducted per counted thing, at most `limit` (None: full marks)."""

    items: tuple[Item, ...]
    limit: Fraction | None = None

    @property
    def measure(self) -> str:
        """The first measure, under which the line is shown."""
        return self.items[0].measure


@dataclass(frozen=True, slots=True)
class Band:
    """From this rate on (inclusive), these points."""

    start: Fraction
    points: Fraction


@dataclass(frozen=True, slots=True)
class Bands:
    """Function 5: points by band of the rate, left-closed; optionally interpolated between the starts."""

    measure: str
    bands: tuple[Band, ...]
    good: Good = Good.HIGH
    interpolate: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Problems found by one kind of finder, and how much each weighs."""

    measure: str
    finder: Finder
    weight: Fraction


@dataclass(frozen=True, slots=True)
class PerExposure:
    """Function 6: full marks minus `each` × problems per `unit` of the base, at most `limit` (None: full marks)."""

    sources: tuple[Source, ...]
    base: str
    each: Fraction
    unit: Fraction
    limit: Fraction | None = None

    @property
    def measure(self) -> str:
        """The first measure, under which the line is shown."""
        return self.sources[0].measure


Formula = Ratio | Complement | Threshold | Deduction | Bands | PerExposure


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of a scheme: a formula, its full marks, and the limits its points stay within."""

    code: str
    title: Title
    formula: Formula
    full: Fraction
    floor: Fraction
    cap: Fraction
    on_empty: OnEmpty = OnEmpty.REDISTRIBUTE


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a scheme with a weight."""

    code: str
    title: Title
    weight: Fraction
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Subjects that are compared with each other; without members it takes everybody who is in no other group."""

    code: str
    title: Title
    members: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Rounding:
    """How many digits are printed, how and where they are rounded, and what is carried on (docs/scoring.md 2.6)."""

    digits: int = 2
    mode: RoundingMode = RoundingMode.HALF_UP
    stage: RoundingStage = RoundingStage.TOTAL
    carry: Carry = Carry.EXACT


@dataclass(frozen=True, slots=True)
class Minimum:
    """Below `least` in the base of `measure` a subject is marked as a small sample: not ranked, not listed."""

    measure: str
    least: int


@dataclass(frozen=True, slots=True)
class Bar:
    """Keeps a subject off a list when a count (or a share) reaches `at_least`, or stays within `at_most`."""

    measure: str
    share: bool = False
    at_least: Fraction | None = None
    at_most: Fraction | None = None


@dataclass(frozen=True, slots=True)
class ListRule:
    """How many places the lists have, what a tie across the last place does, and who may not stand on them."""

    red: int = 3
    black: int = 3
    ties: ListTies = ListTies.EXTEND
    #: Groups with fewer subjects get no list (docs/scoring.md 3.5).
    least_group: int = 6
    not_red: tuple[Bar, ...] = ()
    not_black: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class Scheme:
    """A whole set of scoring rules, in force from a month on. `digest` is that of its file's content."""

    code: str
    version: str
    title: Title
    effective_from: str
    deadline_month: DeadlineMonth
    full: Fraction
    sections: tuple[Section, ...]
    groups: tuple[Group, ...]
    minimum: Minimum | None
    rounding: Rounding
    rank_on: RankOn
    ties: Ties
    lists: ListRule
    digest: str
    warnings: tuple[Fault, ...] = ()
