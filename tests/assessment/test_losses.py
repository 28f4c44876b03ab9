"""Where points went: by line, with the rows that cost them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assessment.test_lift import schemes
from tests.assessment.trial_schemes import document, indicator, read

from xiuhua.analytics.words import Part
from xiuhua.assessment.phrases import loss_sentence
from xiuhua.assessment.rules import sheet_bytes, sheets, view
from xiuhua.assessment.rules.losses import losses_of
from xiuhua.assessment.words import AssessmentView, Carry, CutOff, Header, Scheme, Subject

F = Fraction


def written(scheme: Scheme, counts: dict[str, tuple[int, int]]) -> AssessmentView:
    """Return a month of one subject as it is written and read again."""
    header = Header("2026-10", "community", "due", "2026-10-31T16:00:00+00:00", CutOff.END, "", counts, 0)
    return view(sheet_bytes(header, scheme, sheets(scheme, {"01": counts}, [Subject("01", "甲社区")])))


def lost(scheme: Scheme, counts: dict[str, tuple[int, int]]) -> list[tuple[str, F, str, Part, int, F | None]]:
    """Return the losses as tuples."""
    found = losses_of(written(scheme, counts), "01", scheme)
    return [(one.line.indicator, one.lost, one.measure, one.part, one.count, one.each) for one in found]


def test_losses_when_two_rates_are_short_come_dearest_first_with_the_rest_of_the_rows() -> None:
    scheme = read(document((1, [indicator("closed", full=40), indicator("on_time", full=60)])))
    assert lost(scheme, {"closed": (45, 50), "on_time": (40, 50)}) == [
        ("on_time", F(12), "on_time", Part.REST, 10, F(6, 5)),
        ("closed", F(4), "closed", Part.REST, 5, F(4, 5)),
    ]


def test_losses_when_a_section_has_nothing_grow_by_its_weight() -> None:
    scheme = read(document((60, [indicator("closed")]), (40, [indicator("checks")])))
    assert lost(scheme, {"closed": (45, 50), "checks": (0, 0)}) == [("closed", F(10), "closed", Part.REST, 5, F(2))]


BANDS = [{"from": 0, "points": 10}, {"from": "0.2", "points": 0}]


@pytest.mark.parametrize(
    ("line", "counts", "expected"),
    [
        pytest.param(
            indicator("x", "complement", 100, measure="rework"),
            (5, 20),
            ("rework", Part.KEPT, 5, F(25), F(5)),
            id="complement",
        ),
        pytest.param(
            indicator("x", "threshold", 100, measure="closed", threshold="0.9", each=2),
            (8, 10),
            ("closed", Part.REST, 2, F(20), F(20)),
            id="threshold",
        ),
        pytest.param(
            indicator("x", "threshold", 100, measure="closed", threshold="0.85", each=2),
            (8, 10),
            ("closed", Part.REST, 2, F(10), None),
            id="threshold-within-one-case",
        ),
        pytest.param(
            indicator("x", "threshold", 100, measure="rework", threshold="0.1", each=2, good="low", step="started"),
            (3, 10),
            ("rework", Part.KEPT, 3, F(40), None),
            id="low-is-good-in-steps",
        ),
        pytest.param(
            indicator("x", "bands", 10, measure="rework", bands=BANDS, good="low"),
            (3, 10),
            ("rework", Part.KEPT, 3, F(100), None),
            id="bands",
        ),
        pytest.param(
            indicator("x", "complement", 100, measure="rework", floor=80),
            (5, 20),
            ("rework", Part.KEPT, 5, F(20), None),
            id="floor",
        ),
    ],
)
def test_losses_of_a_rate_when_points_are_short_name_the_rows_and_what_each_costs(
    line: dict[str, Any], counts: tuple[int, int], expected: tuple[str, Part, int, F, F | None]
) -> None:
    scheme = read(document((1, [line])))
    measure, part, count, points, each = expected
    assert lost(scheme, {line["measure"]: counts}) == [("x", points, measure, part, count, each)]


def test_losses_of_a_deduction_when_two_kinds_cost_are_told_apart() -> None:
    kinds = [{"measure": "returned", "each": 2}, {"measure": "rework", "each": 5}]
    scheme = read(document((1, [indicator("d", "deduction", 50, items=kinds)])))
    counts = {"returned": (3, 20), "rework": (4, 20)}
    assert lost(scheme, counts) == [
        ("d", F(40), "rework", Part.KEPT, 4, F(10)),
        ("d", F(12), "returned", Part.KEPT, 3, F(4)),
    ]


def test_losses_of_a_deduction_when_its_limit_binds_share_it_and_name_no_price() -> None:
    kinds = [{"measure": "returned", "each": 2}, {"measure": "rework", "each": 6}]
    scheme = read(document((1, [indicator("d", "deduction", 100, items=kinds, limit=10)])))
    counts = {"returned": (3, 20), "rework": (1, 20)}
    assert [(measure, points, each) for _line, points, measure, _part, _count, each in lost(scheme, counts)] == [
        ("returned", F(5), None),
        ("rework", F(5), None),
    ]


def test_loss_sentence_when_each_costs_the_same_says_how_much() -> None:
    scheme = read(document((1, [indicator("closed", full=40), indicator("rework", "complement", 60, floor=50)])))
    made = written(scheme, {"closed": (45, 50), "rework": (20, 50)})
    assert [loss_sentence(loss, scheme.rounding) for loss in losses_of(made, "01", scheme)] == [
        "项：“rework” 20 件，失 10.00 分",
        "项：未达到“结案数”的 5 件，失 4.00 分，每件 0.80 分",
    ]


def test_losses_when_the_scheme_is_another_version_are_empty() -> None:
    made = written(read(document((1, [indicator("closed")]))), {"closed": (4, 5), "on_time": (3, 5)})
    assert losses_of(made, "01", read(document((1, [indicator("on_time")])))) == ()
    assert losses_of(made, "nobody", read(document((1, [indicator("closed")])))) == ()


@given(schemes(), st.data())
def test_losses_always_add_up_to_full_marks_less_the_exact_total(scheme: Scheme, data: st.DataObject) -> None:
    of = data.draw(st.integers(1, 20))
    counts = {
        measure: (data.draw(st.integers(0, of)), of)
        for measure in ("closed", "on_time", "overdue_open", "rework", "checks")
    }
    made = written(scheme, counts)
    exact = made.subjects[0].exact
    found = losses_of(made, "01", scheme)
    assert list(found) == sorted(found, key=lambda one: -one.lost)
    if exact is not None and scheme.rounding.carry is Carry.EXACT:
        assert sum((one.lost for one in found), F(0)) == scheme.full - exact
