"""Laws every deadline obeys, whatever the calendar, the regime and the zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from tests.clock.calendars import NEW_YORK, SHANGHAI, STREET

from xiuhua.clock.rules.bulk import Bulk, due_many
from xiuhua.clock.rules.deadlines import consumed, deadline
from xiuhua.clock.rules.timeline import Timeline, micros, moment
from xiuhua.clock.words import (
    WORKING,
    Calendar,
    CalendarDayRule,
    ContinuousStart,
    DayKind,
    DayMark,
    Limit,
    Limits,
    LimitStage,
    Pause,
    Regime,
    Season,
    Shift,
    Unit,
    WorkDayRule,
)

SPLIT = (Shift(510, 720), Shift(810, 1080))
LONG = (Shift(480, 1200),)
NIGHT = (Shift(0, 240), Shift(1320, 1800))
AROUND = (Shift(0, 1440),)
DAYS = st.sampled_from([(), SPLIT, LONG, AROUND])
WEEKS = st.one_of(
    st.tuples(*[DAYS] * 7).filter(any),
    st.just((SPLIT,) * 5 + ((), ())),
    st.just(((Shift(1320, 1800),),) * 5 + ((), ())),
    st.just(((Shift(60, 200), Shift(1320, 1500)),) * 7),
)
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "America/Havana", "UTC")]
)
MARKS = st.dictionaries(
    st.dates(date(2025, 1, 1), date(2025, 12, 31)),
    st.one_of(st.just(DayMark(DayKind.HOLIDAY, "假")), st.just(DayMark(DayKind.WORKDAY, "班", 2))),
    max_size=20,
)
CALENDARS = st.builds(
    lambda week, days, season: Calendar(
        "x", "1", week, days, (Season("夏", (6, 1), (9, 30), season),) if season else ()
    ),
    WEEKS,
    MARKS,
    st.one_of(st.none(), WEEKS),
)
REGIMES = st.builds(
    Regime,
    work_day=st.sampled_from(WorkDayRule),
    day_hours=st.sampled_from([Fraction(8), Fraction(15, 2), Fraction(24)]),
    calendar_day=st.sampled_from(CalendarDayRule),
    first_day=st.booleans(),
    cut_off=st.sampled_from([None, 540, 960, 1410]),
    continuous=st.sampled_from(ContinuousStart),
    window=st.sampled_from([(480, 1440), (480, 1200)]),
    extensions=st.just(3),
)
#: Around both changes of the clocks as well as anywhere in the year.
STARTS = st.one_of(
    st.integers(micros(datetime(2025, 1, 1, tzinfo=UTC)), micros(datetime(2025, 12, 31, tzinfo=UTC))),
    *(
        st.integers(
            micros(datetime(2025, month, day, 4, tzinfo=UTC)), micros(datetime(2025, month, day, 10, tzinfo=UTC))
        )
        for month, day in ((3, 9), (11, 2), (4, 5), (10, 4))
    ),
).map(moment)
UNITS = st.sampled_from(Unit)
LIMITS = st.lists(
    st.builds(
        lambda amount, unit: LimitStage(Limit(amount, unit)),
        st.sampled_from([Fraction(n) for n in (1, 2, 3, 5, 10)] + [Fraction(1, 2), Fraction(3, 2), Fraction(1, 7)]),
        UNITS,
    ),
    min_size=1,
    max_size=2,
).map(tuple)

laws = settings(max_examples=60, deadline=None)


def _due(start: datetime, limits: Limits, calendar: Calendar, regime: Regime, zone: ZoneInfo, **more: Any) -> datetime:
    return deadline(start, limits, calendar=calendar, regime=regime, zone=zone, **more).due_at


@laws
@given(STARTS, st.integers(0, 4 * 86_400_000_000), LIMITS, CALENDARS, REGIMES, ZONES)
def test_a_later_report_is_never_due_earlier(
    start: datetime, later: int, limits: Limits, calendar: Calendar, regime: Regime, zone: ZoneInfo
) -> None:
    assert _due(start, limits, calendar, regime, zone) <= _due(
        start + timedelta(microseconds=later), limits, calendar, regime, zone
    )


@laws
@given(STARTS, LIMITS, CALENDARS, REGIMES, ZONES, st.integers(0, 3))
def test_nothing_is_due_before_it_was_reported(
    start: datetime, limits: Limits, calendar: Calendar, regime: Regime, zone: ZoneInfo, extensions: int
) -> None:
    assert _due(start, limits, calendar, regime, zone, extensions=extensions) >= start


@laws
@given(STARTS, LIMITS, CALENDARS, REGIMES, ZONES, st.integers(-14 * 60, 14 * 60))
def test_the_same_instant_in_another_offset_has_the_same_deadline(
    start: datetime, limits: Limits, calendar: Calendar, regime: Regime, zone: ZoneInfo, offset: int
) -> None:
    elsewhere = start.astimezone(timezone(timedelta(minutes=offset)))
    assert _due(elsewhere, limits, calendar, regime, zone) == _due(start, limits, calendar, regime, zone)


@laws
@example(
    datetime(2025, 1, 1, tzinfo=UTC),
    Unit.WORK_DAY,
    Fraction(77, 9),
    Fraction(1, 2),
    STREET,
    Regime(work_day=WorkDayRule.SAME_CLOCK, day_hours=Fraction(24)),
    SHANGHAI,
)
@example(
    datetime(2025, 3, 9, 5, tzinfo=UTC),
    Unit.CALENDAR_DAY,
    Fraction(99, 100),
    Fraction(1, 100),
    STREET,
    Regime(calendar_day=CalendarDayRule.SAME_CLOCK),
    NEW_YORK,
)
@given(STARTS, UNITS, st.fractions(Fraction(1, 9), 30), st.fractions(0, 10), CALENDARS, REGIMES, ZONES)
def test_more_time_is_never_due_earlier(
    start: datetime, unit: Unit, amount: Fraction, more: Fraction, calendar: Calendar, regime: Regime, zone: ZoneInfo
) -> None:
    less = _due(start, (LimitStage(Limit(amount, unit)),), calendar, regime, zone)
    assert less <= _due(start, (LimitStage(Limit(amount + more, unit)),), calendar, regime, zone)


@laws
@given(STARTS, LIMITS, CALENDARS, REGIMES, ZONES, st.integers(0, 2))
def test_one_more_extension_is_never_due_earlier(
    start: datetime, limits: Limits, calendar: Calendar, regime: Regime, zone: ZoneInfo, extensions: int
) -> None:
    assert _due(start, limits, calendar, regime, zone, extensions=extensions) <= _due(
        start, limits, calendar, regime, zone, extensions=extensions + 1
    )


@laws
@given(STARTS, LIMITS, CALENDARS, REGIMES, ZONES, st.floats(0, 0.95), st.integers(1, 9 * 86_400_000_000))
def test_a_suspension_moves_the_deadline_by_the_running_time_it_took(
    start: datetime, limits: Limits, calendar: Calendar, regime: Regime, zone: ZoneInfo, where: float, length: int
) -> None:
    limits = limits[:1]
    plain = deadline(start, limits, calendar=calendar, regime=regime, zone=zone)
    stops = plain.begin + (plain.due_at - plain.begin) * where
    assume(stops < plain.due_at)
    pause = Pause(stops, stops + timedelta(microseconds=length))
    line, working = Timeline(calendar, zone), limits[0].limit.unit in WORKING
    took = line.running(micros(pause.start), micros(pause.end), working=working)
    moved = _due(start, limits, calendar, regime, zone, pauses=[pause])
    assert line.running(micros(plain.due_at), micros(moved), working=working) == took


@laws
@given(STARTS, LIMITS, CALENDARS, REGIMES, ZONES, st.integers(1, 3 * 86_400_000_000), st.integers(1, 86_400_000_000))
def test_two_suspensions_that_touch_are_one(
    start: datetime, limits: Limits, calendar: Calendar, regime: Regime, zone: ZoneInfo, first: int, second: int
) -> None:
    stops = start + timedelta(hours=1)
    resumes, again = stops + timedelta(microseconds=first), stops + timedelta(microseconds=first + second)
    assert _due(start, limits, calendar, regime, zone, pauses=[Pause(resumes, again), Pause(stops, resumes)]) == _due(
        start, limits, calendar, regime, zone, pauses=[Pause(stops, again)]
    )


@laws
@given(STARTS, LIMITS, CALENDARS, REGIMES, ZONES, st.integers(0, 2), st.integers(1, 86_400_000_000))
def test_at_the_deadline_the_limit_is_used_up(
    start: datetime, limits: Limits, calendar: Calendar, regime: Regime, zone: ZoneInfo, extensions: int, length: int
) -> None:
    given_: dict[str, Any] = {"calendar": calendar, "regime": regime, "zone": zone, "extensions": extensions}
    given_["pauses"] = [Pause(start + timedelta(hours=2), start + timedelta(hours=2, microseconds=length))]
    due = deadline(start, limits, **given_)
    assert consumed(start, due.due_at, limits, **given_).left == 0
    assert consumed(start, start, limits, **given_).used == 0


@laws
@given(STARTS, UNITS, st.sampled_from([Fraction(1), Fraction(5, 2), Fraction(9)]), CALENDARS, ZONES)
def test_hours_at_the_deadline_are_exactly_the_hours_of_the_limit(
    start: datetime, unit: Unit, amount: Fraction, calendar: Calendar, zone: ZoneInfo
) -> None:
    hours = {Unit.WORK_DAY: 8, Unit.CALENDAR_DAY: 24}.get(unit, 1)
    given_: dict[str, Any] = {"calendar": calendar, "regime": Regime(), "zone": zone}
    due = deadline(start, (LimitStage(Limit(amount, unit)),), **given_)
    used = consumed(start, due.due_at, (LimitStage(Limit(amount, unit)),), **given_)
    assert (used.used, used.left) == (amount * hours * 3_600_000_000, 0)


@laws
@given(st.lists(STARTS, min_size=1, max_size=12), LIMITS, CALENDARS, REGIMES, ZONES, st.integers(0, 2))
def test_many_at_once_are_due_when_each_alone_is(
    starts: list[datetime], limits: Limits, calendar: Calendar, regime: Regime, zone: ZoneInfo, extensions: int
) -> None:
    many = due_many(
        np.array([micros(start) for start in starts], dtype=np.int64),
        limits,
        calendar=calendar,
        regime=regime,
        zone=zone,
        extensions=extensions,
    )
    alone = [_due(start, limits, calendar, regime, zone, extensions=extensions) for start in starts]
    assert [moment(int(at)) for at in many] == alone


@laws
@given(st.lists(st.tuples(STARTS, LIMITS, REGIMES), min_size=2, max_size=4), CALENDARS, ZONES)
def test_calendar_laid_out_once_answers_as_one_laid_out_for_each_question(
    asked: list[tuple[datetime, Limits, Regime]], calendar: Calendar, zone: ZoneInfo
) -> None:
    once = Bulk(calendar, zone)
    for start, limits, regime in asked:
        due = once.due(np.array([micros(start)], dtype=np.int64), limits, regime=regime)
        assert moment(int(due[0])) == _due(start, limits, calendar, regime, zone)


@laws
@given(STARTS, LIMITS, CALENDARS, REGIMES, ZONES, st.integers(0, 2))
def test_warnings_come_in_order_between_begin_and_deadline(
    start: datetime, limits: Limits, calendar: Calendar, regime: Regime, zone: ZoneInfo, extensions: int
) -> None:
    due = deadline(start, limits, calendar=calendar, regime=regime, zone=zone, extensions=extensions)
    assert [start, *(each.at for each in due.warnings), due.due_at] == sorted(
        [start, *(each.at for each in due.warnings), due.due_at]
    )


@laws
@given(STARTS, LIMITS, CALENDARS, REGIMES, ZONES, st.integers(1, 86_400_000_000))
def test_the_lines_of_a_bill_add_up_to_the_time_given(
    start: datetime, limits: Limits, calendar: Calendar, regime: Regime, zone: ZoneInfo, length: int
) -> None:
    """Lines counted in time sum to the running time of a limit in hours, whatever was suspended in between."""
    hours = (LimitStage(Limit(Fraction(9), Unit.WORK_HOUR)),)
    pause = Pause(start + timedelta(hours=3), start + timedelta(hours=3, microseconds=length))
    due = deadline(start, hours, calendar=calendar, regime=regime, zone=zone, pauses=[pause])
    counted = [step for step in due.steps if step.kind.value in {"run", "days", "make_up"}]
    assert sum(step.used for step in counted) == counted[-1].total == 9 * 3_600_000_000


@pytest.mark.parametrize("size", [0, 1])
def test_no_reports_have_no_deadlines(size: int) -> None:
    limits = (LimitStage(Limit(Fraction(1), Unit.WORK_DAY)),)
    calendar = Calendar("x", "1", (SPLIT,) * 7)
    starts = np.zeros(size, dtype=np.int64)
    assert due_many(starts, limits, calendar=calendar, regime=Regime(), zone=ZoneInfo("UTC")).shape == (size,)
