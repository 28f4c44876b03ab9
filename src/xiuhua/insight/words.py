"""What analysis says: sentences that stand only where their rule and sample hold, each with the list behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from xiuhua.analytics.words import Part, Where
from xiuhua.kernel.words import Fact, marked


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence of an analysis: its code (worded in `insight.phrases`), its facts, and the rows it is about.

    `subject` is the code of whom it is about, "" for the whole office; `count` is how many rows `where` holds, None
    where the sentence has no list. `parts` are the items that the sentence names, each with the list behind it.
    """

    code: str
    facts: Mapping[str, Fact]
    subject: str = ""
    where: Where | None = None
    count: int | None = None
    period: str = ""
    parts: tuple[Saying, ...] = ()


#: The cases due that were not closed on time: late, or overdue and open (docs/scoring.md 1.4).
OVERDUE = Where(measure="on_time", part=Part.REST)


class Against(StrEnum):
    """With which month a month is compared."""

    MONTH = "month"
    YEAR = "year"


class Compared(StrEnum):
    """What is compared between months: cases reported, or cases due that were not closed on time."""

    REPORTED = "reported"
    OVERDUE = "overdue"


class Unsaid(StrEnum):
    """Why nothing is said of a change: the other month is not frozen, either was read before its end, or too little moved."""

    MISSING = "missing"
    RUNNING = "running"
    NEW_SUBJECT = "new_subject"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Tally:
    """Cases of one class of one subject: reported, due, overdue and open, closed late, without deadline, undetermined.

    `class_name` is the sub-class, None for cases without one; `subject` None for cases without a place.
    """

    class_name: str | None
    subject: str | None
    reported: int = 0
    due: int = 0
    overdue_open: int = 0
    late: int = 0
    no_deadline: int = 0
    undetermined: int = 0

    @property
    def overdue(self) -> int:
        """How many due were not closed on time."""
        return self.overdue_open + self.late


@dataclass(frozen=True, slots=True)
class ClassChange:
    """A class in two months."""

    class_name: str | None
    now: int
    before: int

    @property
    def change(self) -> int:
        """Now less before."""
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Move:
    """All classes that went one way: `gross` is the sum of their changes without sign, `named` make up the wanted share."""

    gross: int
    named: tuple[ClassChange, ...]
    others: int

    @property
    def covered(self) -> int:
        """How much of `gross` the named classes make up."""
        return sum(abs(one.change) for one in self.named)


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed for a subject ("" the office) against another month; without `why` both ways and totals hold."""

    subject: str
    against: Against
    compared: Compared
    period: str
    now: int
    before: int | None = None
    up: Move | None = None
    down: Move | None = None
    why: Unsaid | None = None


@dataclass(frozen=True, slots=True)
class OverdueUnit:
    """A unit's cases that were due and not closed on time; `unit` None are those sent to nobody."""

    unit: str | None
    name: str
    due: int
    overdue_open: int
    late: int

    @property
    def overdue(self) -> int:
        """How many due were not closed on time."""
        return self.overdue_open + self.late


@dataclass(frozen=True, slots=True)
class OverdueCause:
    """Cases of one value of a column that could explain why they are overdue.

    `column` is due_cause, verdict_cause, sub_class – then `of` is all that are overdue – or no_deadline, undetermined:
    cases that cannot be overdue since nothing judges them, and then `of` is None. `count` rows stand behind `where`.
    """

    column: str
    value: str | None
    count: int
    of: int | None
    where: Where


@dataclass(frozen=True, slots=True)
class ChannelCount:
    """How many cases were reported through a channel, in the platform's word for it."""

    channel: str | None
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Effort:
    """Who found what was reported in a subject ("" the office): found by the own side, by citizens, neither known."""

    subject: str
    reported: int
    own: int
    citizens: int
    channels: tuple[ChannelCount, ...]

    @property
    def others(self) -> int:
        """How many came through channels that the parameters count to neither side."""
        return self.reported - self.own - self.citizens


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a month says by rule. `sayings` stand in order of importance, office before subjects.

    `matrix` holds class × subject and is complete: cases without class or place have their own rows.
    """

    sayings: tuple[Saying, ...]
    changes: tuple[Changes, ...]
    overdue_units: tuple[OverdueUnit, ...]
    overdue_causes: tuple[OverdueCause, ...]
    matrix: tuple[Tally, ...]
    effort: tuple[Effort, ...]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Settings:
    """The parameters of analysis in force on a day, from a pack of kind `insight`."""

    code: str
    version: str
    #: First month ("YYYY-MM") for which they hold.
    effective_from: str
    #: A coordinate is nobody's own from so many cases of so many sub-classes at exactly it.
    shared_least: int
    shared_classes: int
    #: Recurrence: metres, days after closing; how many cases make a cluster.
    radius_m: int
    days: int
    cluster_least: int
    #: Hot spots: resolution of the H3 cells, false discovery rate, fewest cases to look at.
    resolution: int
    alpha: Fraction
    least_cases: int
    #: Changes: the share of the change that the named classes make up, and the fewest cases worth a sentence.
    pareto: Fraction
    least_change: int
    #: Overdue and effort: the fewest overdue cases, and the fewest reported ones, worth a sentence.
    least_overdue: int = 1
    least_reported: int = 1
    #: Channels of reports in the platform's words: what the own side found, what citizens reported.
    own_channels: tuple[str, ...] = ()
    citizen_channels: tuple[str, ...] = ()
    #: Dispersion: how many months before say how cases cluster, the fewest cases of a week that count, and what is usual.
    dispersion_months: int = 6
    dispersion_least: int = 5
    dispersion_usual: Fraction = Fraction(2)
    #: Recurrence: the fewest closings of which it is said how long they hold.
    held_least: int = 20


class LeftOut(StrEnum):
    """Why a case says nothing about recurrence."""

    NO_POINT = "no_point"
    SHARED = "shared"
    FAR = "far"
    NO_CLASS = "no_class"
    UNDETERMINED = "undetermined"


#: Gettext messages, translated where they are shown.
LEFT_OUT = {
    LeftOut.NO_POINT: marked("没有坐标"),
    LeftOut.SHARED: marked("坐标是多案共用的"),
    LeftOut.FAR: marked("坐标远离本辖区"),
    LeftOut.NO_CLASS: marked("没有分类"),
    LeftOut.UNDETERMINED: marked("时间自相矛盾"),
}


@dataclass(frozen=True, slots=True)
class Holding:
    """How long `closings` hold: what share at D (95 % limits, None where nothing or everything came back), and for how long.

    `half` is when half of them no longer do, None beyond D; `mean` is how long they hold on average within D. Microseconds.
    """

    closings: int
    share: float
    limits: tuple[float, float] | None
    half: int | None
    mean: float


@dataclass(frozen=True, slots=True)
class Watch:
    """What became of closings: of `over`, whose D days of watching ended in the month, `back` came back within them.

    `running` have not been watched for D days yet and are in neither; None where the facts do not hold them.
    """

    back: int
    over: int
    running: int | None
    #: How long closings hold, those that are still watched counted as far as they were; None with `running`.
    holding: Holding | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place where problems of one class came back in a month, named by what everybody may know.

    `times` is how often in that month; `cases` are the numbers of all cases of the chain, in the order of their reports, of
    which the first was closed before, and `subjects` whose each of them is. The point is that of the last (degrees × 10⁷,
    WGS-84).
    """

    class_name: str
    subject: str | None
    times: int
    cases: tuple[str, ...]
    subjects: tuple[str | None, ...]
    where_text: str
    lon_e7: int
    lat_e7: int

    @property
    def back(self) -> tuple[str, ...]:
        """The cases that came back in the month: all but the first of the chain."""
        return self.cases[1:]

    def back_in(self, subject: str) -> int:
        """Return how many of the cases that came back are a subject's own; all of them for the office ("")."""
        return len(self.back) if not subject else self.subjects[1:].count(subject)
