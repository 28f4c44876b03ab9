"""Numbers and times as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiuhua.ui import formats

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        pytest.param(Fraction(847, 10), 1, "84.7", id="exact"),
        pytest.param(Fraction(8465, 100), 1, "84.7", id="half goes away from zero"),
        pytest.param(Fraction(-8465, 100), 1, "−84.7", id="half of a negative too"),
        pytest.param(Fraction(2, 3), 2, "0.67", id="third"),
        pytest.param(Fraction(-1, 1000), 1, "0.0", id="no minus before nothing"),
        pytest.param(184588, 0, "184,588", id="thousands"),
        pytest.param(1000000, 2, "1,000,000.00", id="thousands and decimals"),
        pytest.param(None, 1, "—", id="none"),
    ],
)
def test_decimal_when_given_exact_values_then_rounds_once(value: Fraction | int | None, digits: int, text: str) -> None:
    assert formats.decimal(value, digits) == text


@settings(max_examples=50, deadline=None)
@given(st.fractions(min_value=-(10**9), max_value=10**9), st.integers(min_value=0, max_value=6))
def test_decimal_when_read_back_then_within_half_a_unit(value: Fraction, digits: int) -> None:
    read = Fraction(formats.decimal(value, digits).replace(",", "").replace("−", "-"))
    assert abs(read - value) <= Fraction(1, 2 * 10**digits)


@pytest.mark.parametrize(
    ("kept", "of", "text"),
    [
        pytest.param(498, 588, "84.7", id="share"),
        pytest.param(0, 5, "0.0", id="none kept"),
        pytest.param(5, 5, "100.0", id="all"),
        pytest.param(0, 0, "—", id="nothing counted"),
    ],
)
def test_percent_when_given_counts_then_prints_one_decimal(kept: int, of: int, text: str) -> None:
    assert formats.percent(kept, of) == text


@pytest.mark.parametrize(
    ("language", "this_year", "text"),
    [
        pytest.param("zh-hans", 2026, "8月12日 14:30", id="this year"),
        pytest.param("zh-hans", 2027, "2026年8月12日 14:30", id="another year"),
        pytest.param("en", 2026, "12 Aug 14:30", id="English"),
        pytest.param("en", None, "12 Aug 2026 14:30", id="English with the year"),
    ],
)
def test_moment_when_in_a_zone_then_its_clock_is_shown(language: str, this_year: int | None, text: str) -> None:
    value = datetime(2026, 8, 12, 6, 30, tzinfo=UTC)
    assert formats.moment(value, SHANGHAI, language, this_year=this_year) == text


def test_iso_when_in_a_zone_then_carries_the_offset() -> None:
    assert formats.iso(datetime(2026, 8, 12, 6, 30, tzinfo=UTC), SHANGHAI) == "2026-08-12T14:30:00+08:00"


def test_day_when_no_year_is_given_then_is_absolute() -> None:
    assert (formats.day(date(2026, 8, 2), "zh-hans"), formats.day(date(2026, 8, 2), "en")) == (
        "2026年8月2日",
        "2 Aug 2026",
    )


@pytest.mark.parametrize(
    ("language", "short", "text"),
    [("zh-hans", False, "2026年1月"), ("zh-hans", True, "1月"), ("en", False, "Jan 2026"), ("en", True, "Jan")],
)
def test_month_when_written_then_follows_the_language(language: str, short: bool, text: str) -> None:
    assert formats.month("2026-01", language, short=short) == text


@pytest.mark.parametrize(
    ("span", "chinese", "english"),
    [
        pytest.param(timedelta(days=2, hours=3, minutes=5), "2 天 3 小时", "2 days 3 hours", id="two units"),
        pytest.param(timedelta(days=1, minutes=5), "1 天", "1 day", id="gap ends it"),
        pytest.param(timedelta(hours=5, minutes=10), "5 小时 10 分", "5 hours 10 minutes", id="hours"),
        pytest.param(timedelta(minutes=25, seconds=59), "25 分", "25 minutes", id="cut off below"),
        pytest.param(timedelta(seconds=3), "不到 1 分", "under 1 minute", id="seconds"),
        pytest.param(timedelta(days=-3), "3 天", "3 days", id="size only"),
    ],
)
def test_duration_when_in_words_then_two_largest_units(span: timedelta, chinese: str, english: str) -> None:
    assert (formats.duration(span, "zh-hans"), formats.duration(span, "en")) == (chinese, english)


@pytest.mark.parametrize(
    ("text", "language"), [("柳汀社区", "zh"), ("Back Bay", ""), ("", ""), ("A 区", "zh")], ids=repr
)
def test_tongue_of_an_offices_own_name_is_chinese_where_it_has_han_characters(text: str, language: str) -> None:
    assert formats.tongue(text) == language
