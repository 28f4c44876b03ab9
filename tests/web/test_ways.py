"""What helps most, in words: each outcome of the search has its sentence, its proof, and what it takes for given."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from xiuhua.assessment.words import (
    Closable,
    Closing,
    Goal,
    Idle,
    Lift,
    NoGoal,
    OpenCase,
    Others,
    SubjectView,
    Target,
    Unranked,
    WayUp,
)
from xiuhua.web.desk.ways import Told, assumed, days_left, proof, said, way_told

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)


def _subject(name: str) -> SubjectView:
    return SubjectView(
        name, name, "", "80.00", Fraction(80), Fraction(80), Fraction(2), Unranked.NO, 10, Fraction(1), {}, (), ()
    )


def _items(on_time: int, late: int = 0) -> tuple[Closable, ...]:
    kinds = [Closing.ON_TIME] * on_time + [Closing.LATE] * late
    return tuple(Closable(kind, str(number), 0, {}) for number, kind in enumerate(kinds))


LIFT = Lift(
    target=Target(Fraction(84)),
    items=_items(2),
    reached=True,
    before=Fraction(81),
    after=Fraction(85),
    cheaper=Fraction(83),
    moved={},
    possible=5,
    rank_before=Fraction(3),
    rank_after=Fraction(2),
)
WAY = WayUp(
    _subject("我"),
    NOW,
    Goal.NEXT_PLACE,
    Others.NOW,
    _subject("柳岸"),
    NoGoal.NO,
    Unranked.NO,
    LIFT,
    (),
    (),
    0,
    (),
    None,
)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param({}, "按期办好下面 2 件，就够升到第 2 位，超过柳岸。", id="the next place"),
        pytest.param(
            {"lift": replace(LIFT, items=_items(1, 1))},
            "办好下面 2 件，就够升到第 2 位，超过柳岸。",
            id="some are late",
        ),
        pytest.param(
            {"lift": replace(LIFT, rank_after=None)}, "按期办好下面 2 件，就够超过柳岸。", id="no rank is told"
        ),
        pytest.param({"goal": Goal.OFF_BLACK}, "按期办好下面 2 件，就够离开黑榜。", id="off the black list"),
        pytest.param(
            {"lift": replace(LIFT, reached=False)},
            "能办的 5 件全办好也升不了位；办好下面 2 件，最多到 85.00 分。",
            id="out of reach",
        ),
        pytest.param(
            {"lift": replace(LIFT, reached=False), "goal": Goal.OFF_BLACK},
            "能办的 5 件全办好也离不开黑榜；办好下面 2 件，最多到 85.00 分。",
            id="the list cannot be left",
        ),
        pytest.param(
            {"lift": replace(LIFT, reached=False, items=())}, "眼下没有办结了能加分的案件。", id="nothing to be done"
        ),
        pytest.param({"lift": None, "none": NoGoal.FIRST}, "照今天的成绩已经是第一位。", id="first"),
        pytest.param({"lift": None, "none": NoGoal.NOT_LISTED}, "照今天的成绩不在黑榜上。", id="not listed"),
        pytest.param(
            {"lift": None, "none": NoGoal.UNRANKED, "unranked": Unranked.SMALL_SAMPLE},
            "样本不足，不排名。",
            id="not ranked",
        ),
    ],
)
def test_way_when_told_then_says_what_is_true_of_it(changes: dict[str, Any], sentence: str) -> None:
    with override("zh-hans"):
        assert said(replace(WAY, **changes), 2) == sentence


@pytest.mark.parametrize(
    ("lift", "sentence"),
    [
        pytest.param(None, "", id="no way"),
        pytest.param(replace(LIFT, reached=False), "", id="out of reach: nothing is proved"),
        pytest.param(replace(LIFT, items=_items(1), cheaper=None), "由系统重算得出，一件就够。", id="one"),
        pytest.param(LIFT, "由系统重算得出：任选 1 件最多到 83.0 分，不够，没有更少的办法。", id="two"),
    ],
)
def test_proof_when_told_then_names_the_best_of_fewer(lift: Lift | None, sentence: str) -> None:
    with override("zh-hans"):
        assert proof(lift, 1) == sentence


def test_way_when_it_takes_things_for_given_then_says_each() -> None:
    with override("zh-hans"):
        assert list(assumed(replace(WAY, others=Others.ALL, usual_new=9, held=("median_close_seconds",)))) == [
            "假定别家把能办的都办好。",
            "往常这时到月底还有约 9 件新上报的会到期，没有算进去。",
            "这些指标按不变算：结案用时中位数。",
        ]


def _open(number: int, **facts: Any) -> OpenCase:
    given = {"kind": Closing.ON_TIME, "chosen": True, **facts}
    return OpenCase(str(number), number, NOW + timedelta(hours=number), "路灯", "U", "P", **given)


def test_cases_when_told_then_flagged_folded_and_linked_for_who_may_open_them() -> None:
    cases = (
        _open(1, short=True, usual_seconds=7200),
        _open(2, kind=Closing.LATE),
        *(_open(n) for n in range(3, 11)),
        _open(11, chosen=False),
    )
    idle = (_open(20, kind=None, idle=Idle.AFTER), _open(21, kind=None, idle=Idle.NO_DEADLINE))
    told = Told(NOW, 2, {"U": "环卫队"}, {"1": 1})
    with override("zh-hans"):
        way = way_told(replace(WAY, cases=cases, idle=idle, idle_more=3), told)
    assert [one.number for one in way.cases] == [str(n) for n in range(1, 9)]
    assert [one.number for one in way.folded] == ["9", "10"]
    assert [one.number for one in way.rest] == ["11"]
    assert (way.count, way.late, way.short, way.idle_more) == (10, 1, 1, 3)
    assert (way.cases[0].href, way.cases[1].href) == ("/cases/1/", "")
    assert (way.cases[0].unit, way.cases[0].short) == ("环卫队", "这类案件最快的一成也用了 2 小时")
    assert [(why, len(some)) for why, some in way.idle] == [
        ("期限在本月以后，早办晚办不影响本月", 1),
        ("没有期限，不进本月的成绩", 1),
    ]
    assert (way.before, way.after, way.rank_before, way.rank_after) == ("81.00", "85.00", "3", "2")


@pytest.mark.parametrize(
    ("now", "left"),
    [
        pytest.param("2026-11-26T08:00+08:00", 4, id="four days after today"),
        pytest.param("2026-11-30T23:59+08:00", 0, id="the last day"),
        pytest.param("2026-11-29T23:59+08:00", 1, id="a minute before it"),
    ],
)
def test_days_left_when_counted_then_on_the_office_s_clock(now: str, left: int) -> None:
    end = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
    assert days_left(datetime.fromisoformat(now), end, ZoneInfo("Asia/Shanghai")) == left
