"""A deadline in sentences, in both languages, and limits as people type them."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

import pytest
from django.utils import translation
from tests.clock.calendars import CUT, END, HOURS, NIGHT, SHANGHAI, STREET, week

from xiuhua.clock.phrases import bill_lines, derivation, limits_text, regime_text, span_text, week_text
from xiuhua.clock.rules.deadlines import deadline
from xiuhua.clock.rules.grammar import LimitAmbiguous, LimitUnreadable, limits_of
from xiuhua.clock.words import Deadline, Limit, LimitStage, Pause, Regime, Unit


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def _deadline(
    start: str, limit: str, regime: Regime = HOURS, pause: tuple[str, str] | None = None, extensions: int = 0
) -> Deadline:
    pauses = [Pause(_at(pause[0]), _at(pause[1]))] if pause else []
    return deadline(
        _at(start),
        limits_of(limit),
        calendar=STREET,
        regime=regime,
        zone=SHANGHAI,
        pauses=pauses,
        extensions=extensions,
    )


def test_derivation_over_national_day_reads_like_a_bill() -> None:
    with translation.override("zh-hans"):
        told = derivation(
            _deadline("2025-09-26 16:00", "3wd", pause=("2025-09-29 09:00", "2025-09-29 10:00")), SHANGHAI
        )
    assert told == [
        "9月26日 周五 16:00 收到。",
        "给 3 工作日。",
        "9月26日 周五 16:00 到 18:00 走了 2 小时，累计 2 小时。",
        "9月27日 周六 周末不计。",
        "9月28日 周日 国庆节、中秋节调休上班，走了 8 小时，累计 10 小时。",
        "9月29日 周一 08:30 到 09:00 走了 30 分，累计 10 小时 30 分。",
        "9月29日 周一 09:00 到 10:00 停表，其间本该走的 1 小时 往后顺延。",
        "9月29日 周一 10:00 到 12:00 走了 2 小时，累计 12 小时 30 分。",
        "9月29日 周一 13:30 到 18:00 走了 4 小时 30 分，累计 17 小时。",
        "9月30日 周二 08:30 到 12:00 走了 3 小时 30 分，累计 20 小时 30 分。",
        "9月30日 周二 13:30 到 17:00 走了 3 小时 30 分，累计 24 小时。",
        "9月30日 周二 17:00 到期。",
        "余 30% 时提醒：9月29日 周一 17:48。",
        "余 15% 时提醒：9月30日 周二 11:54。",
    ]


def test_derivation_in_english() -> None:
    with translation.override("en"):
        told = derivation(_deadline("2025-09-30 16:00", "停工:4wh", extensions=1), SHANGHAI)
    assert told == [
        "Received Tue 30 Sep 16:00.",
        "“停工” is given 4 working hours.",
        "Tue 30 Sep 16:00 to 18:00 ran 2 h, 2 h in all.",
        "Wed 1 Oct to Wed 8 Oct is a holiday (国庆节、中秋节); 8 days not counted.",
        "Thu 9 Oct 08:30 to 10:30 ran 2 h, 4 h in all.",
        "Was due Thu 9 Oct 10:30.",
        "Extension 1: one more original limit after the deadline.",
        "“停工” is given 4 working hours.",
        "Thu 9 Oct 10:30 to 12:00 ran 1 h 30 min, 1 h 30 min in all.",
        "Thu 9 Oct 13:30 to 16:00 ran 2 h 30 min, 4 h in all.",
        "Due Thu 9 Oct 16:00.",
        "Reminder when 30% are left: Thu 9 Oct 13:36.",
        "Reminder when 15% are left: Thu 9 Oct 14:48.",
    ]


def test_derivation_counted_in_days_names_the_days() -> None:
    with translation.override("zh-hans"):
        told = derivation(_deadline("2025-09-29 10:00", "3wd", END), SHANGHAI)
    assert told[:6] == [
        "9月29日 周一 10:00 收到。",
        "给 3 工作日。",
        "9月30日 周二 数 1 天，累计 1 天。",
        "10月1日 周三 到 10月8日 周三 国庆节、中秋节放假，8 天不计。",
        "10月9日 周四 到 10月10日 周五 数 2 天，累计 3 天。",
        "10月10日 周五 18:00 到期。",
    ]


def test_derivation_says_why_the_clock_waited_and_what_is_not_announced() -> None:
    with translation.override("zh-hans"):
        late = derivation(_deadline("2025-11-03 16:30", "1wh", CUT), SHANGHAI)
        night = derivation(_deadline("2026-12-31 20:00", "1wh"), SHANGHAI)
    assert late[1] == "过了当日截止钟点，从下一个工作日 11月4日 周二 08:30 起算。"
    assert night[1] == "那时不在工作时段，2027年1月1日 周五 08:30 上班才起算。"
    assert night[-1] == "2027 年的放假和调休还没有公布，先按平常的星期算，到期时间是暂定的。"


def test_bill_lines_end_with_the_deadline_and_add_up() -> None:
    with translation.override("zh-hans"):
        lines = bill_lines(_deadline("2025-11-03 17:00", "停工:2wh+1wd"), SHANGHAI)
    assert [(line.kind, line.what, line.note, line.figure) for line in lines] == [
        ("start", "收到", "", "11月3日 周一 17:00"),
        ("stage", "停工", "", "2 工作时"),
        ("run", "11月3日 周一", "17:00 到 18:00", "1 小时"),
        ("run", "11月4日 周二", "08:30 到 09:30", "1 小时"),
        ("stage_end", "阶段到期", "停工", "11月4日 周二 09:30"),
        ("stage", "应给时间", "", "1 工作日"),
        ("run", "11月4日 周二", "09:30 到 12:00", "2 小时 30 分"),
        ("run", "11月4日 周二", "13:30 到 18:00", "4 小时 30 分"),
        ("run", "11月5日 周三", "08:30 到 09:30", "1 小时"),
        ("end", "到期", "", "11月5日 周三 09:30"),
    ]


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("2工作日", [("2", Unit.WORK_DAY, "")]),
        ("4 工作时", [("4", Unit.WORK_HOUR, "")]),
        ("2个工作日", [("2", Unit.WORK_DAY, "")]),
        ("2紧急工作时", [("2", Unit.URGENT_HOUR, "")]),
        ("1紧急工作日", [("1", Unit.CALENDAR_DAY, "")]),
        ("3自然日", [("3", Unit.CALENDAR_DAY, "")]),
        ("1.5wd", [("3/2", Unit.WORK_DAY, "")]),
        ("1/3 wh", [("1/3", Unit.WORK_HOUR, "")]),
        ("24H", [("24", Unit.URGENT_HOUR, "")]),
        ("停工:4工作时+处罚：7工作日", [("4", Unit.WORK_HOUR, "停工"), ("7", Unit.WORK_DAY, "处罚")]),
    ],
)
def test_limits_of_a_text(text: str, limits: list[tuple[str, Unit, str]]) -> None:
    assert limits_of(text) == tuple(LimitStage(Limit(Fraction(amount), unit), title) for amount, unit, title in limits)


@pytest.mark.parametrize("text", ["3天", "4小时", "2日", "2 days", "停工:4小时+7工作日"])
def test_limits_that_cities_read_differently_are_refused_with_what_to_write(text: str) -> None:
    with translation.override("zh-hans"), pytest.raises(LimitAmbiguous) as refused:
        limits_of(text)
    assert "请写 工作日 或 自然日" in str(refused.value)


@pytest.mark.parametrize("text", ["", "工作日", "0工作日", "-1wd", "2星期", "2wd extra", "1/0wd", "+"])
def test_limits_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(LimitUnreadable):
        limits_of(text)


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh-hans", "停工 1.5 工作时，2/3 工作日"), ("en", "停工 1.5 working hours, 2/3 working days")],
)
def test_limits_in_words(language: str, text: str) -> None:
    with translation.override(language):
        assert limits_text(limits_of("停工:1.5wh+2/3wd")) == text


def test_one_of_a_unit_is_singular_in_english() -> None:
    with translation.override("en"):
        assert limits_text(limits_of("1wd")) == "1 working day"


@pytest.mark.parametrize(
    ("micros", "text"), [(0, "不到 1 秒"), (5_400_000_000, "1 小时 30 分"), (61_000_000, "1 分 1 秒")]
)
def test_span_in_words(micros: int, text: str) -> None:
    with translation.override("zh-hans"):
        assert span_text(micros) == text


def test_week_in_words_puts_equal_days_together() -> None:
    with translation.override("zh-hans"):
        assert week_text(week(NIGHT)) == [("周一至周五", "22:00–次日 06:00"), ("周六至周日", "不上班")]


def test_regime_in_words() -> None:
    with translation.override("zh-hans"):
        assert regime_text(CUT) == [
            "一个工作日：折合工作时（8 工作时）。",
            "一个自然日：满 24 小时。",
            "紧急工作时和自然日：立即起算。",
            "最多延期 2 次，每次一个原时限。",
            "16:00 以后收到的，从下一个工作日起算。",
        ]
