"""How limits are written, and what they mean."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiuhua.clock.words import Limit, Limits, LimitStage, Unit
from xiuhua.taxonomy.rules.limits import limit_text, needs, read_limit
from xiuhua.taxonomy.words import Means

CITY = Means(day=Unit.WORK_DAY, hour=Unit.WORK_HOUR)
U, C, H, D = Unit.URGENT_HOUR, Unit.CALENDAR_DAY, Unit.WORK_HOUR, Unit.WORK_DAY


def _one(amount: str, unit: Unit, title: str = "") -> Limits:
    return (LimitStage(Limit(Fraction(amount), unit), title),)


def _stages(*stages: tuple[str, Unit, str]) -> Limits:
    return tuple(LimitStage(Limit(Fraction(amount), unit), title) for amount, unit, title in stages)


READ: dict[str, Limits] = {
    "2紧急工作时": _one("2", U),
    "1紧急工作日": _one("1", C),
    "4小时": _one("4", H),
    "15天": _one("15", D),
    "1紧急工作时制止": _one("1", U, "制止"),
    "4工作时": _one("4", H),
    "2工作日": _one("2", D),
    "7自然日": _one("7", C),
    "3日历天": _one("3", C),
    "４小时": _one("4", H),
    " 4 个 工作时 内 ": _one("4", H),
    "2个工作日以内": _one("2", D),
    "在3个工作日之内": _one("3", D),
    "不超过5个工作日": _one("5", D),
    "≤2工作日": _one("2", D),
    "限期7天": _one("7", D),
    "两小时": _one("2", H),
    "三个工作日": _one("3", D),
    "十五天": _one("15", D),
    "二十个工作日": _one("20", D),
    "一百二十天": _one("120", D),
    "半天": _one("1/2", D),
    "半个工作日": _one("1/2", D),
    "一天半": _one("3/2", D),
    "一个半小时": _one("3/2", H),
    "1个半工作日": _one("3/2", D),
    "1.5小时": _one("3/2", H),
    "1/3工作日": _one("1/3", D),
    "30分钟": _one("1/2", H),
    "3-5天": _one("5", D),
    "3～5个工作日": _one("5", D),
    "三至五天": _one("5", D),
    "2小时到场": _one("2", H, "到场"),
    "制止：4小时": _one("4", H, "制止"),
    "停工4工作时→处罚7工作日→拆除20工作日": _stages(("4", H, "停工"), ("7", D, "处罚"), ("20", D, "拆除")),
    "4工作时→7工作日→20工作日": _stages(("4", H, ""), ("7", D, ""), ("20", D, "")),
    "1紧急工作时制止，15天拆除": _stages(("1", U, "制止"), ("15", D, "拆除")),
    "2小时制止；3天恢复": _stages(("2", H, "制止"), ("3", D, "恢复")),
    "2小时制止\n3天恢复": _stages(("2", H, "制止"), ("3", D, "恢复")),
    "2 urgent hours": _one("2", U),
    "4 working hours": _one("4", H),
    "1 working day": _one("1", D),
    "10 calendar days": _one("10", C),
    "stop work 4 hours -> 7 days": _stages(("4", H, "stop work"), ("7", D, "")),
}

REFUSED: dict[str, str] = {
    "": "limit.empty",
    "　": "limit.empty",
    "及时": "limit.amount_missing",
    "立即处理": "limit.amount_missing",
    "按计划": "limit.amount_missing",
    "4": "limit.unit_unknown",
    "4时": "limit.unit_unknown",
    "2周": "limit.unit_unknown",
    "1个月": "limit.unit_unknown",
    "1天2小时": "limit.several",
    "5天（雨季10天）": "limit.several",
    "5-3天": "limit.range_reversed",
    "0天": "limit.zero",
    "2天或协商": "limit.words",
    "3天后": "limit.words",
    "10日前": "limit.words",
    "每2小时": "limit.words",
    "不少于3天": "limit.words",
    "紧急4小时": "limit.words",
    "约3天": "limit.words",
    "收到通知起3天": "limit.words",
    "先制止2小时再恢复": "limit.words",
    "4小时/处": "limit.amount_missing",
    "2小时制止，恢复原状": "limit.amount_missing",
    "第3天": "limit.unit_unknown",
    "1/0天": "limit.unit_unknown",
    "十百天": "limit.unit_unknown",
    "1天→" * 9 + "1天": "limit.stages",
    "天" * 201: "limit.long",
}


@pytest.mark.parametrize("text", READ, ids=repr)
def test_limit_when_understood_then_every_stage_has_its_unit(text: str) -> None:
    reading = read_limit(text, CITY)
    assert (reading.limits, reading.fault) == (READ[text], None)


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: repr(text[:20]))
def test_limit_when_unsure_then_it_is_refused_with_the_reason(text: str) -> None:
    reading = read_limit(text, CITY)
    assert (reading.limits, reading.fault and reading.fault.code) == ((), REFUSED[text])


@pytest.mark.parametrize(
    ("text", "code"),
    [("15天", "limit.day_undeclared"), ("4小时", "limit.hour_undeclared"), ("30分钟", "limit.hour_undeclared")],
)
def test_limit_when_its_word_is_undeclared_then_nothing_is_assumed(text: str, code: str) -> None:
    reading = read_limit(text, Means())
    assert (reading.limits, reading.fault and reading.fault.code) == ((), code)


@pytest.mark.parametrize(
    ("text", "asked"),
    [("15天", {"day"}), ("2小时", {"hour"}), ("2工作时→3工作日", set()), ("1小时制止，3天拆除", {"day", "hour"})],
)
def test_limit_when_read_then_it_says_what_it_waits_for(text: str, asked: set[str]) -> None:
    assert needs(text) == asked


def test_limit_when_a_city_means_calendar_days_then_the_same_text_is_another_limit() -> None:
    assert read_limit("15天", Means(day=Unit.CALENDAR_DAY)).limits == _one("15", C)


def test_limit_when_a_range_then_its_upper_end_counts_and_that_is_said() -> None:
    assert read_limit("3-5天", CITY).notes == ("limit.range",)


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("停工4工作时→拆除20工作日", ()),
        ("2小时制止，3天恢复", ("limit.chained",)),
        ("1-2小时制止；3天恢复", ("limit.range", "limit.chained")),
        ("4小时", ()),
    ],
)
def test_limit_when_its_stages_are_only_listed_then_a_person_is_told_how_they_were_taken(
    text: str, notes: tuple[str, ...]
) -> None:
    assert read_limit(text, CITY).notes == notes


amounts = st.one_of(
    st.integers(1, 9999).map(Fraction),
    st.decimals(min_value="0.001", max_value="999.999", places=3).map(Fraction),
    st.tuples(st.integers(1, 99), st.integers(2, 99)).map(lambda pair: Fraction(*pair)),
)
titles = st.sampled_from(["", "制止", "到场", "拆除", "停工", "处罚", "恢复原状", "stop work"])
stages = st.builds(LimitStage, st.builds(Limit, amounts, st.sampled_from(Unit)), titles)


@given(st.lists(stages, min_size=1, max_size=8).map(tuple))
def test_limit_when_printed_then_it_reads_back_whatever_the_words_mean(limits: Limits) -> None:
    printed = limit_text(limits)
    for means in (Means(), CITY):
        assert read_limit(printed, means).limits == limits


@given(st.text(alphabet="零一二两三十百半天日小时工作紧急个内→，;./-~0123456789 制止adysho\n", max_size=40))
def test_limit_when_any_text_then_it_is_read_or_refused_but_never_both(text: str) -> None:
    reading = read_limit(text, CITY)
    assert bool(reading.limits) != bool(reading.fault)
    assert all(stage.limit.amount > 0 for stage in reading.limits)
