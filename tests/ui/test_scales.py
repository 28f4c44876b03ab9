"""Axes and colour classes."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiuhua.ui.scales import axis, class_of, colour_of, quantile_breaks, symmetric_breaks


@pytest.mark.parametrize(
    ("values", "bounds", "ticks"),
    [
        pytest.param([75, 97], {}, [70, 80, 90, 100], id="tens"),
        pytest.param([Fraction(74), Fraction(99)], {"ceiling": 100}, [70, 80, 90, 100], id="ceiling on a tick"),
        pytest.param([96, 99], {"ceiling": 100}, [96, 97, 98, 99], id="near the ceiling"),
        pytest.param([0, 0], {"floor": 0}, [0, Fraction(1, 2), 1], id="all zero"),
        pytest.param([100, 100], {"ceiling": 100}, [99, Fraction(199, 2), 100], id="all on the ceiling"),
        pytest.param([], {}, [0, Fraction(1, 2), 1], id="nothing"),
    ],
)
def test_axis_when_made_then_ticks_are_round(values: list[int], bounds: dict[str, int], ticks: list[int]) -> None:
    assert list(axis(values, **bounds).ticks) == ticks


@settings(max_examples=50, deadline=None)
@given(st.lists(st.fractions(min_value=-1000, max_value=1000, max_denominator=1000), min_size=1, max_size=20))
def test_axis_when_made_then_holds_all_values(values: list[Fraction]) -> None:
    made = axis(values)
    assert made.low <= min(values)
    assert max(values) <= made.high
    assert 2 <= len(made.ticks) <= 8
    assert all(0 <= made.at(value) <= 100 for value in values)


def test_axis_when_a_value_is_outside_then_it_stops_at_the_edge() -> None:
    made = axis([0, 100])
    assert (made.at(-5), made.at(50), made.at(500), made.at(50, start=76, end=24)) == (0, 50, 100, 50)


def test_quantile_breaks_when_values_spread_then_groups_are_even() -> None:
    breaks = quantile_breaks(list(range(70)))
    assert [int(cut) for cut in breaks] == [10, 20, 30, 40, 50, 60]
    assert [class_of(value, breaks) for value in (0, 9, 10, 35, 69)] == [1, 1, 2, 4, 7]


@pytest.mark.parametrize(
    ("values", "breaks"),
    [
        pytest.param([], (), id="nothing"),
        pytest.param([5, 5, 5], (), id="all the same"),
        pytest.param([1, 2], (Fraction(2),), id="two values"),
        pytest.param([0, 0, 0, 0, 0, 0, 0, 10], (Fraction(10),), id="one apart"),
    ],
)
def test_quantile_breaks_when_values_repeat_then_fewer(values: list[int], breaks: tuple[Fraction, ...]) -> None:
    assert quantile_breaks(values) == breaks


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(min_value=-500, max_value=500), min_size=2, max_size=60))
def test_quantile_breaks_when_used_then_no_class_is_empty(values: list[int]) -> None:
    breaks = quantile_breaks(values)
    assert len({class_of(value, breaks) for value in values}) == len(breaks) + 1


def test_symmetric_breaks_when_changes_are_small_then_the_middle_is_unchanged() -> None:
    breaks = symmetric_breaks([-6, 2, 0])
    assert breaks == (-5, -3, -1, 1, 3, 5)
    assert [class_of(change, breaks) for change in (-6, -2, 0, 2, 6)] == [1, 3, 4, 5, 7]


def test_colour_of_when_groups_are_few_then_they_span_the_ramp() -> None:
    assert [[colour_of(place, limits) for place in range(limits + 1)] for limits in (0, 1, 2, 6)] == [
        [4],
        [1, 7],
        [1, 4, 7],
        [1, 2, 3, 4, 5, 6, 7],
    ]
