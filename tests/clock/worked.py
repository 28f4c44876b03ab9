"""Deadlines worked out by hand, each with the sum that leads to it. No figure here comes from the code."""

from __future__ import annotations

from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.clock.calendars import (
    AT_OPENING,
    CLOCK,
    CUT,
    CUT_END,
    EIGHT_TO_EIGHT,
    END,
    END_FIRST,
    FROM_EIGHT,
    HOURS,
    NEW_YORK,
    NIGHTS,
    OFFICE_NY,
    SATURDAY_NIGHT,
    SEASONS,
    SHANGHAI,
    SHORT_FRIDAY,
    STREET,
)

from xiuhua.clock.words import Calendar, Regime


class By(NamedTuple):
    """What is counted by."""

    regime: Regime
    calendar: Calendar = STREET
    zone: ZoneInfo = SHANGHAI


class Case(NamedTuple):
    """A worked deadline: clock times are of the zone; a Z marks UTC where the clock would be ambiguous."""

    id: str
    by: By
    start: str
    limit: str
    due: str
    pauses: tuple[tuple[str, str], ...] = ()
    extensions: int = 0


STREET_HOURS = By(HOURS)  # 8:30–12:00, 13:30–18:00; a working day is 8 working hours
NY = By(HOURS, OFFICE_NY, NEW_YORK)  # 9:00–17:00
SHIFT_NY = By(HOURS, SATURDAY_NIGHT, NEW_YORK)  # Saturday 22:00–Sunday 06:00
SHIFT = By(HOURS, NIGHTS)  # Monday to Friday 22:00–06:00, Wednesday 5 November off
SUMMER = By(HOURS, SEASONS)

# 3 November 2025 is a Monday.
CASES = [
    # — within a day —
    Case("two hours of the morning", STREET_HOURS, "2025-11-03 09:00", "2wh", "2025-11-03 11:00"),
    # 11–12 is one hour, 13:30–14:30 the other
    Case("over lunch", STREET_HOURS, "2025-11-03 11:00", "2wh", "2025-11-03 14:30"),
    Case("used up exactly at noon ends at noon", STREET_HOURS, "2025-11-03 10:00", "2wh", "2025-11-03 12:00"),
    Case("reported during lunch", STREET_HOURS, "2025-11-03 12:30", "1wh", "2025-11-03 14:30"),
    Case("reported exactly when lunch begins", STREET_HOURS, "2025-11-03 12:00", "1wh", "2025-11-03 14:30"),
    Case("reported exactly at opening", STREET_HOURS, "2025-11-03 08:30", "1wh", "2025-11-03 09:30"),
    Case("reported before opening", STREET_HOURS, "2025-11-03 06:00", "1wh", "2025-11-03 09:30"),
    Case("used up exactly at closing ends at closing", STREET_HOURS, "2025-11-03 16:00", "2wh", "2025-11-03 18:00"),
    Case("a whole day's hours end with the day", STREET_HOURS, "2025-11-03 08:30", "8wh", "2025-11-03 18:00"),
    Case("half an hour before lunch, one after", STREET_HOURS, "2025-11-03 11:30", "1.5wh", "2025-11-03 14:30"),
    Case("a third of an hour", STREET_HOURS, "2025-11-03 09:00", "1/3wh", "2025-11-03 09:20"),
    Case("half a working day is four hours", STREET_HOURS, "2025-11-03 13:30", "0.5wd", "2025-11-03 17:30"),
    # — nights —
    # one hour until 18:00, one from 8:30
    Case("over a night", STREET_HOURS, "2025-11-03 17:00", "2wh", "2025-11-04 09:30"),
    Case("reported exactly at closing", STREET_HOURS, "2025-11-03 18:00", "1wh", "2025-11-04 09:30"),
    Case("reported at night", STREET_HOURS, "2025-11-03 23:00", "1wh", "2025-11-04 09:30"),
    # 9–12 and 13:30–18 are 7.5 hours, half an hour is left
    Case("eight hours from nine", STREET_HOURS, "2025-11-03 09:00", "8wh", "2025-11-04 09:00"),
    # 2 + 4.5 hours on Monday, 1.5 on Tuesday
    Case("a working day is eight hours", STREET_HOURS, "2025-11-03 10:00", "1wd", "2025-11-04 10:00"),
    # — weekends —
    # one hour on Friday, three on Monday
    Case("over a weekend", STREET_HOURS, "2025-11-07 17:00", "4wh", "2025-11-10 11:30"),
    Case("reported on a Saturday", STREET_HOURS, "2025-11-08 10:00", "2wh", "2025-11-10 10:30"),
    # 3 hours on Friday, 3.5 on Monday morning, 1.5 after lunch
    Case("a working day over a weekend", STREET_HOURS, "2025-11-07 15:00", "1wd", "2025-11-10 15:00"),
    # — what runs day and night —
    Case("urgent hours run at night", STREET_HOURS, "2025-11-08 23:00", "2h", "2025-11-09 01:00"),
    Case("urgent hours run at weekends", STREET_HOURS, "2025-11-07 17:00", "24h", "2025-11-08 17:00"),
    Case("an urgent working day is 24 hours", STREET_HOURS, "2025-11-07 10:00", "1紧急工作日", "2025-11-08 10:00"),
    Case("calendar days run through National Day", STREET_HOURS, "2025-09-30 16:00", "3d", "2025-10-03 16:00"),
    # — National Day 2025: off 1–8 October; Sunday 28 September and Saturday 11 October are worked —
    # Friday 2, Sunday 8, Monday 3.5 + 2.5
    Case("the make-up Sunday is worked", STREET_HOURS, "2025-09-26 16:00", "2wd", "2025-09-29 16:00"),
    Case("reported before the make-up Sunday", STREET_HOURS, "2025-09-27 10:00", "1wh", "2025-09-28 09:30"),
    # two hours on the 30th, two on the 9th
    Case("over the eight days of National Day", STREET_HOURS, "2025-09-30 16:00", "4wh", "2025-10-09 10:30"),
    Case("reported at closing before the holidays", STREET_HOURS, "2025-09-30 18:00", "1wd", "2025-10-09 18:00"),
    Case("reported on a holiday", STREET_HOURS, "2025-10-03 12:00", "2wh", "2025-10-09 10:30"),
    # Friday 1, Saturday 3.5 + 3.5
    Case("the make-up Saturday is worked", STREET_HOURS, "2025-10-10 17:00", "1wd", "2025-10-11 17:00"),
    Case("after the make-up Saturday comes Monday", STREET_HOURS, "2025-10-11 17:00", "2wh", "2025-10-13 09:30"),
    # after the 22nd: 23 24 25 26 28 29 30 September, 9 10 11 13 14 15 16 17 October are fifteen
    Case("fifteen working days over National Day", STREET_HOURS, "2025-09-22 09:00", "15wd", "2025-10-17 09:00"),
    # — Spring Festival 2025: off 28 January–4 February; Sunday 26 January and Saturday 8 February are worked —
    # Friday 1, Sunday 8, Monday 3.5 + 3.5
    Case("the Sunday before Spring Festival", STREET_HOURS, "2025-01-24 17:00", "2wd", "2025-01-27 17:00"),
    Case("over Spring Festival", STREET_HOURS, "2025-01-27 17:00", "2wh", "2025-02-05 09:30"),
    # 1, then 5 6 7 8 February 32, then 7 on Monday the 10th
    Case("five days after Spring Festival", STREET_HOURS, "2025-01-27 17:00", "5wd", "2025-02-10 17:00"),
    # — New Year 2026: off 1–3 January, Sunday the 4th is worked —
    Case("over the year's end", STREET_HOURS, "2025-12-31 17:00", "2wh", "2026-01-04 09:30"),
    # — the same clock time N working days on —
    Case("same clock, next day", By(CLOCK), "2025-11-03 10:00", "1wd", "2025-11-04 10:00"),
    Case("same clock, over a weekend", By(CLOCK), "2025-11-07 10:00", "1wd", "2025-11-10 10:00"),
    # the 30th, the 9th, the 10th
    Case("same clock, over National Day", By(CLOCK), "2025-09-29 14:00", "3wd", "2025-10-10 14:00"),
    # begins Monday 8:30
    Case("same clock, reported on a Saturday", By(CLOCK), "2025-11-08 10:00", "1wd", "2025-11-11 08:30"),
    Case("same clock, reported during lunch", By(CLOCK), "2025-11-03 12:30", "1wd", "2025-11-04 13:30"),
    # at closing the day is over: begins Tuesday 8:30
    Case("same clock, reported exactly at closing", By(CLOCK), "2025-11-03 18:00", "1wd", "2025-11-05 08:30"),
    Case("same clock, calendar days", By(CLOCK), "2025-11-07 10:00", "3d", "2025-11-10 10:00"),
    # Tuesday 10:00, then four hours: two until noon, two from 13:30
    Case("same clock, a day and a half", By(CLOCK), "2025-11-03 10:00", "1.5wd", "2025-11-04 15:30"),
    # — the end of the Nth day, the day of the report not counted —
    Case("end of day, one working day", By(END), "2025-11-03 10:00", "1wd", "2025-11-04 18:00"),
    Case("end of day, over a weekend", By(END), "2025-11-07 10:00", "2wd", "2025-11-11 18:00"),
    Case("end of day, reported on a Saturday", By(END), "2025-11-08 10:00", "1wd", "2025-11-10 18:00"),
    Case("end of day, reported after closing", By(END), "2025-11-03 20:00", "1wd", "2025-11-04 18:00"),
    Case("end of day, over National Day", By(END), "2025-09-29 10:00", "3wd", "2025-10-10 18:00"),
    Case("end of day, one calendar day", By(END), "2025-11-03 10:00", "1d", "2025-11-05 00:00"),
    Case("end of day, calendar days in National Day", By(END), "2025-09-30 16:00", "3d", "2025-10-04 00:00"),
    # — the end of the Nth day, the day of the report is the first —
    Case("first day counts, one working day", By(END_FIRST), "2025-11-03 10:00", "1wd", "2025-11-03 18:00"),
    Case("first day counts, over a weekend", By(END_FIRST), "2025-11-07 10:00", "2wd", "2025-11-10 18:00"),
    Case("first day counts, reported on a Saturday", By(END_FIRST), "2025-11-08 10:00", "1wd", "2025-11-10 18:00"),
    Case("first day counts, reported after closing", By(END_FIRST), "2025-11-03 20:00", "1wd", "2025-11-04 18:00"),
    Case("first day counts, one calendar day", By(END_FIRST), "2025-11-03 10:00", "1d", "2025-11-04 00:00"),
    # — a cut-off at 16:00 —
    Case("a minute before the cut-off", By(CUT), "2025-11-03 15:59", "2wh", "2025-11-03 17:59"),
    Case("exactly at the cut-off", By(CUT), "2025-11-03 16:00", "2wh", "2025-11-04 10:30"),
    Case("after the cut-off on a Friday", By(CUT), "2025-11-07 17:00", "2wh", "2025-11-10 10:30"),
    Case("a Saturday has no cut-off", By(CUT), "2025-11-08 17:00", "2wh", "2025-11-10 10:30"),
    # counts as reported on Tuesday, which is then the day not counted
    Case("after the cut-off, end of day", By(CUT_END), "2025-11-03 16:30", "1wd", "2025-11-05 18:00"),
    # — when urgent clocks may begin —
    Case("only from eight: reported at three", By(FROM_EIGHT), "2025-11-03 03:00", "2h", "2025-11-03 10:00"),
    Case("only from eight: reported at eight", By(FROM_EIGHT), "2025-11-03 08:00", "2h", "2025-11-03 10:00"),
    Case("only from eight: reported late", By(FROM_EIGHT), "2025-11-03 23:00", "2h", "2025-11-04 01:00"),
    Case("only eight to eight: reported at nine", By(EIGHT_TO_EIGHT), "2025-11-03 21:00", "2h", "2025-11-04 10:00"),
    Case("only at opening: reported on a Saturday", By(AT_OPENING), "2025-11-08 10:00", "24h", "2025-11-11 08:30"),
    # — suspensions —
    # one hour until noon, half until 14:00, two and a half from 15:00
    Case(
        "a suspended hour",
        STREET_HOURS,
        "2025-11-03 11:00",
        "4wh",
        "2025-11-03 17:30",
        (("2025-11-03 14:00", "2025-11-03 15:00"),),
    ),
    Case(
        "a suspended night costs nothing",
        STREET_HOURS,
        "2025-11-03 17:00",
        "4wh",
        "2025-11-04 11:30",
        (("2025-11-03 18:00", "2025-11-04 08:30"),),
    ),
    Case(
        "a suspended weekend costs nothing",
        STREET_HOURS,
        "2025-11-07 17:00",
        "2wh",
        "2025-11-10 09:30",
        (("2025-11-08 00:00", "2025-11-10 00:00"),),
    ),
    # without: Thursday 6.5, Friday 8, Monday 8, Tuesday 8, Wednesday 8, Thursday 1.5 → 6 November 10:00
    # suspended: Friday 4.5, Monday 8, Tuesday 3.5 = 16 hours = two working days more
    Case(
        "suspended over a month's end",
        STREET_HOURS,
        "2025-10-30 10:00",
        "5wd",
        "2025-11-10 10:00",
        (("2025-10-31 12:00", "2025-11-04 13:30"),),
    ),
    Case(
        "a suspended urgent clock",
        STREET_HOURS,
        "2025-11-03 20:00",
        "4h",
        "2025-11-04 02:00",
        (("2025-11-03 21:00", "2025-11-03 23:00"),),
    ),
    # 9:30–10:15 is 45 minutes, whichever suspension they belong to
    Case(
        "overlapping suspensions count once",
        STREET_HOURS,
        "2025-11-03 09:00",
        "2wh",
        "2025-11-03 11:45",
        (("2025-11-03 09:45", "2025-11-03 10:15"), ("2025-11-03 09:30", "2025-11-03 10:00")),
    ),
    Case(
        "suspended since before the report",
        STREET_HOURS,
        "2025-11-03 09:00",
        "2wh",
        "2025-11-03 11:30",
        (("2025-11-03 08:00", "2025-11-03 09:30"),),
    ),
    # 30 January to 2 March is 31 days of 24 hours
    Case(
        "a month suspended in calendar days",
        STREET_HOURS,
        "2025-01-28 10:00",
        "7d",
        "2025-03-07 10:00",
        (("2025-01-30 10:00", "2025-03-02 10:00"),),
    ),
    # Wednesday 18:00 without; a working day suspended makes it Thursday 18:00
    Case(
        "a suspended day, end of day",
        By(END),
        "2025-11-03 10:00",
        "2wd",
        "2025-11-06 18:00",
        (("2025-11-04 08:30", "2025-11-04 18:00"),),
    ),
    # — stages —
    # 4 hours end Monday 15:30; 56 more: 2.5, four days 32, two days 16, Wednesday 3.5 + 2
    Case("staged, hours then days", STREET_HOURS, "2025-11-03 10:00", "停工:4wh+整改:7wd", "2025-11-12 15:30"),
    # Saturday 11:00, then two hours on Monday
    Case("staged, urgent then working", STREET_HOURS, "2025-11-08 10:00", "1h+2wh", "2025-11-10 10:30"),
    Case("staged, end of day twice", By(END), "2025-11-03 10:00", "1wd+1wd", "2025-11-05 18:00"),
    # the first ends at closing, and at closing the second ends too
    Case("staged, same clock from closing to closing", By(CLOCK), "2025-11-03 16:00", "2wh+1wd", "2025-11-04 18:00"),
    # Tuesday 00:00 is Monday's end; then Tuesday's end
    Case("staged, calendar days", By(END_FIRST), "2025-11-03 10:00", "1d+1d", "2025-11-05 00:00"),
    # — extensions: one more whole limit each —
    # Monday 2, Tuesday until 10:30; then 1.5 until noon and 2.5
    Case("one extension", STREET_HOURS, "2025-11-03 16:00", "4wh", "2025-11-04 16:00", (), 1),
    # Tuesday 16:00–18:00, Wednesday two more
    Case("two extensions", STREET_HOURS, "2025-11-03 16:00", "4wh", "2025-11-05 10:30", (), 2),
    Case("two extensions of a calendar day", STREET_HOURS, "2025-11-07 10:00", "1d", "2025-11-10 10:00", (), 2),
    Case("two extensions, end of day", By(END), "2025-11-03 10:00", "1wd", "2025-11-06 18:00", (), 2),
    Case(
        "an extension where the first day counts", By(END_FIRST), "2025-11-03 10:00", "1wd", "2025-11-04 18:00", (), 1
    ),
    # two days each, always at 9:00: 9, 11, 14 October
    Case("two extensions over National Day", STREET_HOURS, "2025-09-29 09:00", "2wd", "2025-10-14 09:00", (), 2),
    # due at noon after the suspension; two hours more from 13:30
    Case(
        "an extension after a suspension",
        STREET_HOURS,
        "2025-11-03 09:00",
        "2wh",
        "2025-11-03 15:30",
        (("2025-11-03 10:00", "2025-11-03 11:00"),),
        1,
    ),
    # — daylight saving: New York skips 2:00–3:00 on 9 March and shows 1:00–2:00 twice on 2 November 2025 —
    Case("urgent hours over the skipped hour", NY, "2025-03-09 00:30", "4h", "2025-03-09 05:30"),
    Case("urgent hours over the hour shown twice", NY, "2025-11-02 00:30", "4h", "2025-11-02 03:30"),
    Case("24 hours over the skipped hour", NY, "2025-03-08 10:00", "1d", "2025-03-09 11:00"),
    Case("24 hours over the hour shown twice", NY, "2025-11-01 10:00", "1d", "2025-11-02 09:00"),
    Case(
        "same clock over the skipped hour", By(CLOCK, OFFICE_NY, NEW_YORK), "2025-03-08 10:00", "1d", "2025-03-09 10:00"
    ),
    # 2:30 does not exist: the moment of the jump, 7:00 UTC
    Case(
        "same clock in the skipped hour", By(CLOCK, OFFICE_NY, NEW_YORK), "2025-03-08 02:30", "1d", "2025-03-09 07:00Z"
    ),
    # the first of the two, 5:30 UTC
    Case(
        "same clock in the hour shown twice",
        By(CLOCK, OFFICE_NY, NEW_YORK),
        "2025-11-01 01:30",
        "1d",
        "2025-11-02 05:30Z",
    ),
    Case("office hours do not notice", NY, "2025-03-07 16:00", "2wh", "2025-03-10 10:00"),
    # the night shift of 22:00–06:00 has seven hours in spring, nine in autumn
    Case("a night shift an hour short", SHIFT_NY, "2025-03-08 22:00", "7wh", "2025-03-09 06:00"),
    Case("a night shift an hour long", SHIFT_NY, "2025-11-01 22:00", "9wh", "2025-11-02 06:00"),
    # the 9th has 23 hours and ends at midnight all the same
    Case("the end of a short day", By(END_FIRST, OFFICE_NY, NEW_YORK), "2025-03-09 00:30", "1d", "2025-03-10 04:00Z"),
    # — shifts past midnight —
    Case("within a night shift", SHIFT, "2025-11-03 23:30", "1wh", "2025-11-04 00:30"),
    # one hour until 6:00, one from 22:00
    Case("from one night to the next", SHIFT, "2025-11-04 05:00", "2wh", "2025-11-04 23:00"),
    # Friday's shift runs until Saturday 6:00: four hours; one on Monday night
    Case("Friday's shift ends on Saturday", SHIFT, "2025-11-08 02:00", "5wh", "2025-11-10 23:00"),
    # seven hours until Wednesday 6:00; Wednesday is off; Thursday one
    Case("the eve's shift runs into the holiday", SHIFT, "2025-11-04 23:00", "8wh", "2025-11-06 23:00"),
    # 2:00 belongs to Monday's shift, so Tuesday's is the first counted; it ends Wednesday 6:00
    Case("end of a day that ends next morning", By(END, NIGHTS), "2025-11-04 02:00", "1wd", "2025-11-05 06:00"),
    Case("same clock at night", By(CLOCK, NIGHTS), "2025-11-04 02:00", "1wd", "2025-11-05 02:00"),
    # — seasons —
    Case("the first day of summer hours", SUMMER, "2025-05-30 17:00", "2wh", "2025-06-02 09:30"),
    Case("the long noon of summer", SUMMER, "2025-06-03 11:00", "2wh", "2025-06-03 16:00"),
    # 18:00–18:30 is still worked on the last day of summer hours
    Case("the last day of summer hours", SUMMER, "2025-09-30 18:00", "1wh", "2025-10-01 09:00"),
    # 2 + 3.5 in summer hours, 2.5 the next morning
    Case("a working day across the seasons", SUMMER, "2025-09-30 10:00", "1wd", "2025-10-01 11:00"),
    # half an hour until 17:00, half from 9:00: winter hours on both sides of New Year
    Case("a season over the year's end", SUMMER, "2025-12-31 16:30", "1wh", "2026-01-01 09:30"),
    # Saturday the 11th is worked as a Friday, until noon
    Case("a make-up day by another weekday", By(HOURS, SHORT_FRIDAY), "2025-10-11 11:00", "2wh", "2025-10-13 09:30"),
]
