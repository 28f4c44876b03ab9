"""What helps most, in words: each outcome of the search has its sentence, its proof, and what it takes for given."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from django.utils.translation import override

from xiuhua.assessment.phrases import assumption_sentences, proof_sentence, way_sentence
from xiuhua.assessment.words import (
    Closable,
    Closing,
    Goal,
    Lift,
    NoGoal,
    Others,
    Rounding,
    SubjectView,
    Target,
    Unranked,
    WayUp,
)

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
        pytest.param({}, "按期办好 2 件，就够升到第 2 位，超过柳岸。", id="the next place"),
        pytest.param(
            {"lift": replace(LIFT, items=_items(1, 1))},
            "办好 2 件，就够升到第 2 位，超过柳岸。",
            id="some are late",
        ),
        pytest.param({"lift": replace(LIFT, rank_after=None)}, "按期办好 2 件，就够超过柳岸。", id="no rank is told"),
        pytest.param({"goal": Goal.OFF_BLACK}, "按期办好 2 件，就够离开黑榜。", id="off the black list"),
        pytest.param(
            {"lift": replace(LIFT, reached=False)},
            "能办的 5 件全办好也升不了位：要 84.00 分，最多到 85.00 分。办好 2 件就到这个数。",
            id="out of reach",
        ),
        pytest.param(
            {"lift": replace(LIFT, reached=False), "goal": Goal.OFF_BLACK},
            "能办的 5 件全办好也离不开黑榜：要 84.00 分，最多到 85.00 分。办好 2 件就到这个数。",
            id="the list cannot be left",
        ),
        pytest.param(
            {"lift": replace(LIFT, reached=False, items=())},
            "要 84.00 分才够，眼下没有办结了能加分的案件。",
            id="nothing to be done",
        ),
        pytest.param(
            {"lift": replace(LIFT, items=())}, "不再办结，月底也有 85.00 分，已经够了。", id="nothing has to be done"
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
        assert way_sentence(replace(WAY, **changes), Rounding()) == sentence


@pytest.mark.parametrize(
    ("lift", "sentence"),
    [
        pytest.param(None, "", id="no way"),
        pytest.param(replace(LIFT, reached=False), "", id="out of reach: nothing is proved"),
        pytest.param(replace(LIFT, items=_items(1), cheaper=None), "由系统重算得出，一件就够。", id="one"),
        pytest.param(LIFT, "由系统重算得出：任选 1 件最多到 83.00 分，不够，没有更少的办法。", id="two"),
    ],
)
def test_proof_when_told_then_names_the_best_of_fewer(lift: Lift | None, sentence: str) -> None:
    with override("zh-hans"):
        assert proof_sentence(lift, Rounding()) == sentence


def test_way_when_it_takes_things_for_given_then_says_each() -> None:
    with override("zh-hans"):
        assert assumption_sentences(replace(WAY, others=Others.ALL, usual_new=9, held=("median_close_seconds",))) == [
            "假定除此之外不再办结，也没有别的案件到期。",
            "假定别家把能办的都办好。",
            "往常这时到月底还有约 9 件新上报的会到期，没有算进去。",
            "这些指标按不变算：结案用时中位数。",
            "作废、延期、挂账、并案、申诉都不算办法；返工还没有指标，没有列入。",
        ]
