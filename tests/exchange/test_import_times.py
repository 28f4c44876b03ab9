"""Wall-clock times: strictly as declared."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiuhua.exchange.rules.times import Unreadable, WallClock, day_end
from xiuhua.exchange.words import DateOrder, Moment

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
QUARTER_PAST = datetime(2026, 10, 3, 0, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-10-03 08:15", QUARTER_PAST),
        ("2026/10/3 8:15:00", QUARTER_PAST),
        ("2026.10.3 8:15", QUARTER_PAST),
        ("2026-10-03T08:15:00", QUARTER_PAST),
        ("2026年10月3日 8:15", QUARTER_PAST),
        ("2026年10月3日8:15", QUARTER_PAST),
        ("2026年10月3日 上午8:15", QUARTER_PAST),
        ("2026年10月3日 下午8:15", QUARTER_PAST + timedelta(hours=12)),
        (" 2026-10-03  08:15 ", QUARTER_PAST),
        ("２０２６－１０－０３　０８：１５", QUARTER_PAST),
        ("2026-10-03 08:15:30.250", QUARTER_PAST + timedelta(seconds=30, milliseconds=250)),
        ("2026-10-03 12:00 AM", datetime(2026, 10, 2, 16, tzinfo=UTC)),
        ("2026-10-03 12:00 PM", datetime(2026, 10, 3, 4, tzinfo=UTC)),
        ("2026-10-02 24:00", datetime(2026, 10, 2, 16, tzinfo=UTC)),
        ("2026-10-03T00:15:00Z", QUARTER_PAST),
        ("2026-10-03T02:15:00+02:00", QUARTER_PAST),
    ],
)
def test_time_when_year_first_then_read(text: str, expected: datetime) -> None:
    assert WallClock(SHANGHAI, "ymd").read(text) == Moment(expected, date(2026, 10, 3), False, "")  # noqa: FBT003 - a row


@pytest.mark.parametrize(
    ("order", "text", "expected"),
    [
        ("mdy", "01/05/2015 12:40:41 PM", datetime(2015, 1, 5, 17, 40, 41, tzinfo=UTC)),
        ("mdy", "1/5/2015 12:40", datetime(2015, 1, 5, 17, 40, tzinfo=UTC)),
        ("dmy", "01/05/2015 12:40:41 PM", datetime(2015, 5, 1, 16, 40, 41, tzinfo=UTC)),
        ("dmy", "01.05.2015 12:40", datetime(2015, 5, 1, 16, 40, tzinfo=UTC)),
        ("mdy", "2015-01-05 12:40:41", datetime(2015, 1, 5, 17, 40, 41, tzinfo=UTC)),
    ],
)
def test_time_when_the_order_is_declared_then_that_order(order: DateOrder, text: str, expected: datetime) -> None:
    assert WallClock(NEW_YORK, order).read(text).utc == expected


@pytest.mark.parametrize(
    ("order", "text"),
    [
        *(("ymd", text) for text in ("01/05/2015 12:40", "2026-13-01", "2026-02-30", "2026-10-03 25:00", "nan", "-")),
        *(
            ("ymd", text)
            for text in ("2026-10-03 08:60", "2026-10-03 13:00 PM", "2026-10-03 0:15 AM", "20261003", "46000")
        ),
        *(("ymd", text) for text in ("1899-12-31", "9999-12-31 23:59", "0001-01-01", "2026-10/03", "2026-10-03 24:01")),
        *(
            ("ymd", text)
            for text in ("2026-10-03 08:15 later", "2026-10-03 08:15+25:00", "26-10-03", "2026-10-0308:15")
        ),
        *(("mdy", text) for text in ("13/05/2015", "2015/01/05", "1/5/15", "01/05/2015 13:00 PM")),
        ("dmy", "05/13/2015"),
    ],
)
def test_time_when_not_in_the_declared_order_then_unreadable(order: DateOrder, text: str) -> None:
    with pytest.raises(Unreadable):
        WallClock(SHANGHAI, order).read(text)


@pytest.mark.parametrize("cell", ["2026-10-03", "2026年10月3日", date(2026, 10, 3)])
def test_time_when_a_date_alone_then_the_whole_day(cell: str | date) -> None:
    moment = WallClock(SHANGHAI, "ymd").read(cell)
    assert moment == Moment(datetime(2026, 10, 2, 16, tzinfo=UTC), date(2026, 10, 3), True, "")  # noqa: FBT003 - a row
    assert day_end(moment, SHANGHAI) == datetime(2026, 10, 3, 15, 59, 59, 999_999, tzinfo=UTC)


def test_day_end_when_the_clocks_change_that_day_then_still_the_last_instant() -> None:
    moment = WallClock(NEW_YORK, "ymd").read("2015-03-08")
    assert day_end(moment, NEW_YORK) - moment.utc == timedelta(hours=23) - timedelta(microseconds=1)


def test_time_when_the_clock_skipped_it_then_moved_forward_and_said() -> None:
    moment = WallClock(NEW_YORK, "ymd").read("2015-03-08 02:30")
    assert (moment.utc, moment.shift) == (datetime(2015, 3, 8, 7, 30, tzinfo=UTC), "time_gap")
    assert moment.utc.astimezone(NEW_YORK).strftime("%H:%M") == "03:30"


def test_time_when_the_clock_showed_it_twice_then_the_first_and_said() -> None:
    moment = WallClock(NEW_YORK, "ymd").read("2015-11-01 01:30")
    assert (moment.utc, moment.shift) == (datetime(2015, 11, 1, 5, 30, tzinfo=UTC), "time_twice")


def test_time_when_a_workbooks_own_then_in_the_zone() -> None:
    cell = datetime(2026, 10, 3, 8, 15)  # noqa: DTZ001 - a cell has no zone
    assert WallClock(SHANGHAI, "mdy").read(cell).utc == QUARTER_PAST


@settings(max_examples=200)
@given(
    moment=st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 30)),  # noqa: DTZ001 - wall clock
    order=st.sampled_from([("ymd", "%Y-%m-%d"), ("mdy", "%m/%d/%Y"), ("dmy", "%d.%m.%Y")]),
    clock=st.sampled_from(["%H:%M:%S", "%I:%M:%S %p"]),
)
def test_time_written_in_the_declared_order_reads_back(
    moment: datetime, order: tuple[DateOrder, str], clock: str
) -> None:
    moment = moment.replace(microsecond=0, fold=0)
    read = WallClock(SHANGHAI, order[0]).read(moment.strftime(f"{order[1]} {clock}"))
    assert read.utc == moment.replace(tzinfo=SHANGHAI).astimezone(UTC)
    assert read.day == moment.date()


@settings(max_examples=200)
@given(st.text(max_size=30))
def test_time_of_any_text_is_read_or_unreadable_never_a_crash(text: str) -> None:
    with suppress(Unreadable):
        WallClock(NEW_YORK, "mdy").read(text)
