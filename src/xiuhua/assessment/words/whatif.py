"""Words of what-if: points lost, closings that are still possible, the shortest way up, and where a month stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from xiuhua.analytics.words import Part
from xiuhua.assessment.words.sheet import Unranked
from xiuhua.assessment.words.view import AssessmentView, LineView, Listed, SubjectView


@dataclass(frozen=True, slots=True)
class Loss:
    """Points of the total that one line, or one kind of deduction in it, has cost.

    `part` of `measure` names the `count` rows that cost them. `each` is what one such row costs, None where that is
    not the same for each (steps, bands, a floor or cap that binds, rounding on the way).
    """

    line: LineView
    lost: Fraction
    measure: str
    part: Part
    count: int
    each: Fraction | None


class Closing(StrEnum):
    """How an open case can still be closed: by its deadline, or after it. Clear rework has no measure yet."""

    ON_TIME = "on_time"
    LATE = "late"


class Others(StrEnum):
    """Where the others are taken to end: at today's score, or with everything closed that they can still close."""

    NOW = "now"
    ALL = "all"


class Goal(StrEnum):
    """What a way up leads to: a better rank than today's, or off the black list as it stands today."""

    NEXT_PLACE = "next_place"
    OFF_BLACK = "off_black"


class NoGoal(StrEnum):
    """Why there is nothing to reach; empty where there is."""

    NO = ""
    FIRST = "first"
    UNRANKED = "unranked"
    NOT_LISTED = "not_listed"


class Idle(StrEnum):
    """Why closing an open case is not urgent for the month; empty for one that counts."""

    NO = ""
    AFTER = "after"
    NO_DEADLINE = "no_deadline"
    LIFTS_NOTHING = "lifts_nothing"


@dataclass(frozen=True, slots=True)
class Closable:
    """An open case that can be closed: how, and by how much each measure's kept count changes then."""

    kind: Closing
    case: str
    #: Microseconds since 1970 in UTC.
    due_us: int
    effect: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Target:
    """A score to reach: at least `value`, more than it if `strict`."""

    value: Fraction
    strict: bool = False

    def reached(self, score: Fraction | None) -> bool:
        """Return whether a score is enough."""
        return score is not None and (score > self.value if self.strict else score >= self.value)


@dataclass(frozen=True, slots=True)
class Lift:
    """The fewest closings that reach a target, with their proof (docs/scoring.md 8).

    Scores are those that are ranked (printed or exact, as the scheme says). `before` is the score if nothing more is
    closed, `after` the real scorer's with `items` closed. If the target is out of reach, `items` are the fewest that give
    the best score there is. `cheaper` is the highest score of all choices of fewer items, None where there are none:
    below the target it proves that no shorter way exists.
    """

    target: Target
    items: tuple[Closable, ...]
    reached: bool
    before: Fraction | None
    after: Fraction | None
    cheaper: Fraction | None
    #: {measure: kept} that the items change, before and after.
    moved: Mapping[str, tuple[int, int]]
    #: How many items there were to choose from.
    possible: int
    rank_before: Fraction | None = None
    rank_after: Fraction | None = None


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case as a way up shows it. `place` and `unit` are codes; `key` leads to the living case, None if it is gone."""

    number: str
    key: int | None
    due: datetime | None
    class_name: str
    unit: str
    place: str
    #: None where its deadline is after the month.
    kind: Closing | None
    #: Whether it is one of the fewest.
    chosen: bool = False
    #: Whether less time is left than nine of ten cases of its class took (their P10).
    short: bool = False
    #: Seconds that the fastest tenth of its class took at most; None where too few were closed to tell.
    usual_seconds: int | None = None
    #: Whether it was closed after the facts were frozen.
    closed_since: bool = False
    idle: Idle = Idle.NO


@dataclass(frozen=True, slots=True)
class WayUp:
    """What a subject can still do in a running month. `lift` is None where `none` says why.

    `cases` are its open cases that count in the month, earliest feasible deadline first, then those already late;
    `idle` those whose closing does not lift it this month, `idle_more` how many more of them there are. `usual_new` is how
    many cases usually still fall due after this moment of a month that were not reported yet: none of them is reckoned with.
    """

    subject: SubjectView
    as_of: datetime
    goal: Goal
    others: Others
    #: Whom to overtake for the next place; None for other goals, or where there is nobody.
    ahead: SubjectView | None
    none: NoGoal
    unranked: Unranked
    lift: Lift | None
    cases: tuple[OpenCase, ...]
    idle: tuple[OpenCase, ...]
    idle_more: int
    #: Measures of the scheme that closing a case may change by amounts not known beforehand: taken to stay as they are.
    held: tuple[str, ...]
    usual_new: int | None


@dataclass(frozen=True, slots=True)
class Falling:
    """What a subject has open that falls due before the month ends, and what is late already. Numbers of cases."""

    code: str
    name: str
    #: Deadline after the cut-off, up to the month's end.
    falling_due: int
    #: Of these, within the next seven days.
    within_week: int
    #: Deadline passed and not closed.
    late_open: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a running month stands: the written view of the cut-off, what falls due, and who would be listed today.

    There are no probabilities: they need `months_needed` closed months to be calibrated on, and there are `months_closed`.
    """

    view: AssessmentView
    as_of: datetime
    falling: tuple[Falling, ...]
    #: The lists as they would be if the month ended now.
    would_be: Listed
    #: What takes each subject off the black list, by code; who stands near it is not among them.
    ways: Mapping[str, WayUp]
    months_closed: int
    months_needed: int
