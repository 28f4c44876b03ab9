"""Calendars and regimes that the tests of the clock count by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from xiuhua.clock.queries import folder_clock
from xiuhua.clock.words import (
    Calendar,
    CalendarDayRule,
    ContinuousStart,
    DayKind,
    DayMark,
    Regime,
    Season,
    Shift,
    WorkDayRule,
)

PACKS = Path(__file__).parents[2] / "packs"
SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")

OFF = ()
#: 8:30–12:00, 13:30–18:00: eight hours.
OFFICE = (Shift(510, 720), Shift(810, 1080))
NINE_TO_FIVE = (Shift(540, 1020),)
#: 22:00–06:00.
NIGHT = (Shift(1320, 1800),)


def week(shifts: tuple[Shift, ...]) -> tuple[tuple[Shift, ...], ...]:
    """Return a week with the same shifts from Monday to Friday."""
    return (shifts,) * 5 + (OFF, OFF)


STREET = folder_clock(PACKS / "calendar/demo-street/2026-1", PACKS).calendar
OFFICE_NY = Calendar("ny", "1", week(NINE_TO_FIVE))
NIGHTS = Calendar("nights", "1", week(NIGHT), {date(2025, 11, 5): DayMark(DayKind.HOLIDAY, "休")})
SATURDAY_NIGHT = Calendar("saturday", "1", (OFF,) * 5 + (NIGHT, OFF))
#: From June to September 8:30–12:00, 15:00–18:30 (seven hours); from December to February 9:00–12:00, 13:00–17:00.
SEASONS = Calendar(
    "seasons",
    "1",
    week(OFFICE),
    seasons=(
        Season("夏季", (6, 1), (9, 30), week((Shift(510, 720), Shift(900, 1110)))),
        Season("冬季", (12, 1), (2, 28), week((Shift(540, 720), Shift(780, 1020)))),
    ),
)
#: Short Fridays; Saturday 11 October is worked as a Friday.
SHORT_FRIDAY = Calendar(
    "short",
    "1",
    ((OFFICE,) * 4 + ((Shift(510, 720),), OFF, OFF)),
    {date(2025, 10, 11): DayMark(DayKind.WORKDAY, "调休", 4)},
)

HOURS = Regime()
CLOCK = Regime(work_day=WorkDayRule.SAME_CLOCK, calendar_day=CalendarDayRule.SAME_CLOCK)
END = Regime(work_day=WorkDayRule.DAY_END, calendar_day=CalendarDayRule.DAY_END)
END_FIRST = replace(END, first_day=True)
CUT = Regime(cut_off=960)
CUT_END = replace(END, cut_off=960)
FROM_EIGHT = Regime(continuous=ContinuousStart.IN_WINDOW, window=(480, 1440))
EIGHT_TO_EIGHT = Regime(continuous=ContinuousStart.IN_WINDOW, window=(480, 1200))
AT_OPENING = Regime(continuous=ContinuousStart.NEXT_OPENING)
