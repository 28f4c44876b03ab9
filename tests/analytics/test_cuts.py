"""How a month is cut and a cut-off is written."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from xiuhua.analytics.rules import AsOfMalformed, cut_of, microseconds, parse_as_of
from xiuhua.kernel.rules import Period

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("now", NOW, id="now"),
        pytest.param("2015-04-01", datetime(2015, 4, 1, 4, tzinfo=UTC), id="a date is its first instant, summer time"),
        pytest.param("2015-03-01", datetime(2015, 3, 1, 5, tzinfo=UTC), id="a date is its first instant, winter time"),
        pytest.param("2015-04-01T08:30", datetime(2015, 4, 1, 12, 30, tzinfo=UTC), id="local time"),
        pytest.param(" 2015-04-01 08:30 ", datetime(2015, 4, 1, 12, 30, tzinfo=UTC), id="with a space"),
        pytest.param("2015-04-01T08:30+08:00", datetime(2015, 4, 1, 0, 30, tzinfo=UTC), id="with its offset"),
        pytest.param("2015-11-01T01:30", datetime(2015, 11, 1, 5, 30, tzinfo=UTC), id="shown twice: the first"),
    ],
)
def test_cut_off_when_written_in_one_of_its_ways_then_is_that_instant(text: str, expected: datetime) -> None:
    assert parse_as_of(text, NEW_YORK, NOW) == expected


@pytest.mark.parametrize("text", ["", "yesterday", "2015-13-01", "2015-04-31", "01/04/2015"])
def test_cut_off_when_written_otherwise_then_is_refused(text: str) -> None:
    with pytest.raises(AsOfMalformed):
        parse_as_of(text, NEW_YORK, NOW)


def test_cut_when_no_cut_off_is_given_then_it_is_the_end_of_the_month() -> None:
    cut = cut_of(Period(2015, 3), NEW_YORK, None)
    assert (cut.a, cut.b, cut.as_of, str(cut.day)) == (
        datetime(2015, 3, 1, 5, tzinfo=UTC),
        datetime(2015, 4, 1, 4, tzinfo=UTC),
        datetime(2015, 4, 1, 4, tzinfo=UTC),
        "2015-04-01",
    )


def test_microseconds_when_far_from_1970_then_are_exact() -> None:
    assert microseconds(datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)) == 253402300799999999
    assert microseconds(datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)) == -1
