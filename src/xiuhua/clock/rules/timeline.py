"""A calendar laid over a zone: shifts as instants, running time between instants, and moving along it.

Instants are whole microseconds since 1970 in UTC, so that sums are exact. Working time is wall-clock shifts turned into
instants: a night shift over a change of the clocks is an hour shorter or longer, as it is for those who work it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from xiuhua.clock.words import Calendar, DayKind, NoWorkingTime, Shift

SECOND = 1_000_000
HOUR = 3600 * SECOND
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_MINUTE_US = 60 * SECOND
#: A calendar without working time for so many days has none.
_BARREN = 4000

Interval = tuple[int, int]


def micros(moment: datetime) -> int:
    """Return an aware moment as microseconds since 1970 in UTC."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(at: int) -> datetime:
    """Return the UTC moment of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=at)


def shifts_on(calendar: Calendar, day: date) -> tuple[Shift, ...]:
    """Return the shifts of a day by the pattern then in force: its mark, else its season's week, else the week."""
    pattern = calendar.pattern_on(day) if calendar.later else calendar
    week = next((season.week for season in pattern.seasons if season.holds(day)), pattern.week)
    mark = calendar.days.get(day)
    if mark is None:
        return week[day.weekday()]
    if mark.kind == DayKind.HOLIDAY:
        return ()
    if mark.works_as is not None:
        return week[mark.works_as]
    return next((shifts for shifts in week if shifts), ())


class Timeline:
    """The working time of a calendar in a zone. Answers are kept, so that one timeline serves many questions."""

    def __init__(self, calendar: Calendar, zone: ZoneInfo) -> None:
        self.calendar = calendar
        self.zone = zone
        self._kept: dict[date, tuple[Interval, ...]] = {}

    def local(self, at: int) -> datetime:
        """Return the instant on the zone's clocks."""
        return moment(at).astimezone(self.zone)

    def wall(self, day: date, minute: int, rest: int = 0) -> int:
        """Return the instant `minute` minutes and `rest` microseconds by the clock after a day's midnight.

        Of a time that the clock shows twice the first is meant (PEP 495, fold 0); a skipped time is the instant of the
        jump. So later clock times are never earlier instants.
        """
        days, minutes = divmod(minute, 1440)
        shown = day + timedelta(days=days)
        clock = datetime(shown.year, shown.month, shown.day, minutes // 60, minutes % 60, tzinfo=self.zone)
        if not self._skipped(clock):
            return micros(clock) + rest
        while self._skipped(clock - _MINUTE):  # wall arithmetic: stays on the clock face
            clock -= _MINUTE
        return micros(clock)

    def _skipped(self, clock: datetime) -> bool:
        return clock.astimezone(UTC).astimezone(self.zone).replace(tzinfo=None) != clock.replace(tzinfo=None)

    def clock(self, at: int) -> tuple[date, int, int]:
        """Return what the clock shows: day, minutes since midnight, and microseconds beyond them.

        In an hour that the clock shows a second time it counts as standing still at the moment it was set back.
        """
        shown = self.local(at)
        if shown.fold:
            minute = at - at % _MINUTE_US
            while self.local(minute - _MINUTE_US).fold:
                minute -= _MINUTE_US
            last = self.local(minute - _MINUTE_US) + _MINUTE
            return last.date(), last.hour * 60 + last.minute, 0
        rest = shown.second * SECOND + shown.microsecond
        return shown.date(), shown.hour * 60 + shown.minute, rest

    def intervals(self, day: date) -> tuple[Interval, ...]:
        """Return the shifts that begin on a day as instants, in order and without overlap with the day before."""
        found = self._kept.get(day)
        if found is None:
            floor = max((end for _, end in self._raw(day - _DAY)), default=0)
            clear = []
            for begins, ends in self._raw(day):
                opens = max(begins, floor)
                if opens < ends:
                    clear.append((opens, ends))
                    floor = ends
            found = self._kept[day] = tuple(clear)
        return found

    def _raw(self, day: date) -> list[Interval]:
        return [(self.wall(day, each.opens), self.wall(day, each.closes)) for each in shifts_on(self.calendar, day)]

    def works(self, day: date) -> bool:
        """Return whether a day has working time."""
        return bool(self.intervals(day))

    def day_of(self, at: int) -> date:
        """Return the working day an instant belongs to: that of the shift it lies in, else its local date."""
        today = self.local(at).date()
        if any(begins <= at < ends for begins, ends in self.intervals(today - _DAY)):
            return today - _DAY
        return today

    def runs(self, at: int) -> bool:
        """Return whether working time runs at an instant (a shift runs from its opening up to its close)."""
        return any(begins <= at < ends for begins, ends in self.intervals(self.day_of(at)))

    def opening(self, at: int) -> int:
        """Return `at` if working time runs then, else the next opening. Raises NoWorkingTime."""
        day = self.local(at).date() - _DAY
        for _ in range(_BARREN):
            for begins, ends in self.intervals(day):
                if at < ends:
                    return max(at, begins)
            day += _DAY
        raise NoWorkingTime(calendar=self.calendar.code)

    def workday_after(self, day: date, count: int) -> date:
        """Return the `count`th working day after `day` (0: `day` itself). Raises NoWorkingTime."""
        barren = 0
        while count:
            day += _DAY
            barren += 1
            if self.works(day):
                count, barren = count - 1, 0
            if barren > _BARREN:
                raise NoWorkingTime(calendar=self.calendar.code)
        return day

    def working(self, since: int, until: int) -> int:
        """Return the working time between two instants in microseconds (0 if `until` is not later)."""
        total, day = 0, self.local(since).date() - _DAY
        last = self.local(until).date()
        while day <= last:
            total += sum(max(0, min(ends, until) - max(begins, since)) for begins, ends in self.intervals(day))
            day += _DAY
        return total

    def after_working(self, since: int, amount: int) -> int:
        """Return the first instant when `amount` of working time has passed since `since`. Raises NoWorkingTime.

        Time used up exactly when a shift closes ends there, not at the next opening.
        """
        if amount <= 0:
            return since
        day, barren = self.local(since).date() - _DAY, 0
        while barren <= _BARREN:
            barren += 1
            for begins, ends in self.intervals(day):
                opens = max(begins, since)
                if opens >= ends:
                    continue
                barren = 0
                if amount <= ends - opens:
                    return opens + amount
                amount -= ends - opens
            day += _DAY
        raise NoWorkingTime(calendar=self.calendar.code)

    def running(self, since: int, until: int, *, working: bool) -> int:
        """Return the running time between two instants: working time, or simply the time elapsed."""
        return self.working(since, until) if working else max(0, until - since)

    def after(self, since: int, amount: int, *, working: bool) -> int:
        """Return the first instant when `amount` of running time has passed since `since`."""
        return self.after_working(since, amount) if working else since + amount
