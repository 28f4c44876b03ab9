"""Words of the clock: units and limits, the calendar and the regime a limit runs in, and what a deadline says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from xiuhua.kernel.words import Refusal, marked

#: Monday to Sunday.
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 1440


class Unit(TextChoices):
    """What a limit is counted in. The first two run day and night, the others in working time only."""

    URGENT_HOUR = "urgent_hour", _("紧急工作时")
    CALENDAR_DAY = "calendar_day", _("自然日")
    WORK_HOUR = "work_hour", _("工作时")
    WORK_DAY = "work_day", _("工作日")


#: Units whose clock runs in working time only.
WORKING = frozenset({Unit.WORK_HOUR, Unit.WORK_DAY})


@dataclass(frozen=True, slots=True)
class Limit:
    """An allowance of time: an exact, positive number of a unit."""

    amount: Fraction
    unit: Unit


@dataclass(frozen=True, slots=True)
class LimitStage:
    """One stage of a limit, as “stop the work within 4 hours”; a plain limit is one stage without a title."""

    limit: Limit
    title: str = ""


#: A whole limit: its stages in their order, each beginning where the one before ends.
Limits = tuple[LimitStage, ...]


class DayKind(TextChoices):
    """What the table of days says about a day against the pattern of the week."""

    HOLIDAY = "holiday", _("放假")
    WORKDAY = "workday", _("调休上班")


class WorkDayRule(TextChoices):
    """What one working day of a limit means."""

    HOURS = "hours", _("折合工作时")
    SAME_CLOCK = "same_clock", _("到同一钟点")
    DAY_END = "day_end", _("到当日下班")


class CalendarDayRule(TextChoices):
    """What one calendar day of a limit means."""

    ELAPSED = "elapsed", _("满 24 小时")
    SAME_CLOCK = "same_clock", _("到同一钟点")
    DAY_END = "day_end", _("到当日 24 时")


class ContinuousStart(TextChoices):
    """When the units that run day and night begin."""

    AT_ONCE = "at_once", _("立即起算")
    IN_WINDOW = "in_window", _("只在规定钟点内起算")
    NEXT_OPENING = "next_opening", _("上班时起算")


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """Working time of a day: minutes after its local midnight. `closes` may lie past midnight (22:00–06:00 = 1320–1800)."""

    opens: int
    closes: int


#: The shifts of Monday to Sunday, each day's in their order.
Week = tuple[tuple[Shift, ...], ...]


@dataclass(frozen=True, slots=True)
class Season:
    """Another pattern of the week between two days of each year, both included; it may run over the year's end."""

    title: str
    first: tuple[int, int]
    last: tuple[int, int]
    week: Week

    def holds(self, day: date) -> bool:
        """Return whether `day` lies in the season."""
        at = (day.month, day.day)
        return self.first <= at <= self.last if self.first <= self.last else at >= self.first or at <= self.last


@dataclass(frozen=True, slots=True)
class DayMark:
    """One day that differs from its weekday. A workday is worked by the pattern of `works_as` (0 = Monday).

    Without `works_as` it is worked by the first weekday of the pattern that has shifts.
    """

    kind: DayKind
    name: str = ""
    works_as: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Pattern:
    """The week and its seasons from a day on."""

    since: date
    week: Week
    seasons: tuple[Season, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """When work is done: the week, its seasons, the days that differ, and for which days all of that is announced."""

    code: str
    version: str
    week: Week
    days: Mapping[date, DayMark] = field(default_factory=dict)
    seasons: tuple[Season, ...] = ()
    known: tuple[Span, ...] = ()
    digest: str = ""
    #: Patterns that take the place of week and seasons from a day on, in their order.
    later: tuple[Pattern, ...] = ()

    def pattern_on(self, day: date) -> Pattern:
        """Return the week and its seasons in force on a day; the first pattern holds for all days before the second."""
        found = next((one for one in reversed(self.later) if one.since <= day), None)
        return found or Pattern(date.min, self.week, self.seasons)


@dataclass(frozen=True, slots=True)
class Regime:
    """How a place counts. Minutes are minutes after local midnight.

    `day_hours` is the nominal length of a working day, used where a working day (or a part of one) is hours.
    `first_day` says whether the day of the report is the first of “the end of the Nth day”.
    `cut_off`: a report at or after it begins on the next working day (working units only).
    `window`: the minutes in which a continuous unit may begin, if `continuous` is IN_WINDOW.
    `warn_left`: a warning is due when this share of the limit is left. `extensions`: how many may be granted.
    """

    work_day: WorkDayRule = WorkDayRule.HOURS
    day_hours: Fraction = Fraction(8)
    calendar_day: CalendarDayRule = CalendarDayRule.ELAPSED
    first_day: bool = False
    cut_off: int | None = None
    continuous: ContinuousStart = ContinuousStart.AT_ONCE
    window: tuple[int, int] = (0, DAY_MINUTES)
    warn_left: tuple[Fraction, ...] = (Fraction(30, 100), Fraction(15, 100))
    extensions: int = 2


@dataclass(frozen=True, slots=True)
class Pause:
    """A suspension: the clock does not run from `start` to `end` (aware instants)."""

    start: datetime
    end: datetime


class StepKind(TextChoices):
    """Lines of the bill that a deadline is."""

    START = "start", _("收到")
    WAIT = "wait", _("等到起算")
    STAGE = "stage", _("应给时间")
    RUN = "run", _("走表")
    DAYS = "days", _("整日")
    MAKE_UP = "make_up", _("调休上班日")
    OFF = "off", _("不计")
    PAUSE = "pause", _("停表")
    EXTENSION = "extension", _("延期")
    STAGE_END = "stage_end", _("阶段到期")
    END = "end", _("到期")


#: Reason of a stage's end that would have been the deadline, had it not been extended.
EXTENDED = "extended"


class OffReason(TextChoices):
    """Why a day is not counted."""

    WEEKEND = "weekend", _("周末")
    HOLIDAY = "holiday", _("放假")
    REST = "rest", _("不上班")


class WaitReason(TextChoices):
    """Why a clock did not begin at once."""

    CLOSED = "closed", _("非工作时段")
    CUT_OFF = "cut_off", _("过了当日截止钟点")
    WINDOW = "window", _("不在起算钟点内")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the bill. `used` is what the line uses up, `total` the sum so far of its stage.

    Both are microseconds, or days where `counted` is "days". `name` is a holiday, a stage or a reason's code.
    """

    kind: StepKind
    at: datetime
    until: datetime | None = None
    used: int = 0
    total: int = 0
    counted: str = "time"
    days: int = 0
    name: str = ""
    reason: str = ""
    limit: Limit | None = None


@dataclass(frozen=True, slots=True)
class StageDue:
    """When a stage of the limit is used up."""

    title: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Warned:
    """When only `left` of the limit is left."""

    left: Fraction
    at: datetime


@dataclass(frozen=True, slots=True)
class Deadline:
    """The answer: all instants in UTC, and the bill it came from.

    `provisional` where days were counted for which the calendar is not announced; `missing` are their years.
    """

    start: datetime
    begin: datetime
    due_at: datetime
    stages: tuple[StageDue, ...]
    warnings: tuple[Warned, ...]
    provisional: bool
    missing: tuple[int, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Used:
    """Running time at a moment, in microseconds: used up, and left (negative once over)."""

    used: int
    left: int


class NoWorkingTime(Refusal):
    """The calendar has no shift for decades: working time never passes."""

    code = "clock.no_working_time"
    sentence = marked("日历“%(calendar)s”没有工作时段，工作时和工作日无从计起。")


class BeyondYears(Refusal):
    """The deadline, or a day that must be looked at for it, lies in no year that a calendar can write."""

    code = "clock.beyond_years"
    sentence = marked("算到了公元 1 年到 9999 年之外，时限或起算时间写得太离谱。")


class TooManyExtensions(Refusal):
    """More extensions than the regime grants."""

    code = "clock.too_many_extensions"
    sentence = marked("最多延期 %(most)s 次，不能延 %(asked)s 次。")


class LimitEmpty(Refusal):
    """A limit without stages, or a stage of nothing."""

    code = "clock.limit_empty"
    sentence = marked("时限须大于零。")


class StartNaive(Refusal):
    """A moment without a zone is nobody's moment."""

    code = "clock.start_naive"
    sentence = marked("起算时间没有时区。")
