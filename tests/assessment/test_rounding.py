"""Rounding by integers (docs/scoring.md 2.6, 11)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiuhua.assessment.rules import plain, printed, rounded
from xiuhua.assessment.rules.rounding import telling_digits
from xiuhua.assessment.words import RoundingMode

F = Fraction

UP, EVEN, CUT = RoundingMode


@pytest.mark.parametrize(
    ("value", "up", "even", "cut"),
    [
        ("84.125", "84.13", "84.12", "84.12"),
        ("84.135", "84.14", "84.14", "84.13"),
        ("-0.125", "-0.13", "-0.12", "-0.12"),
        ("2.675", "2.68", "2.68", "2.67"),
        ("0", "0.00", "0.00", "0.00"),
        ("-0.001", "0.00", "0.00", "0.00"),
        ("99.995", "100.00", "100.00", "99.99"),
    ],
)
def test_value_is_printed_by_its_mode(value: str, up: str, even: str, cut: str) -> None:
    assert [printed(F(value), 2, mode) for mode in (UP, EVEN, CUT)] == [up, even, cut]


def test_third_of_thirty_when_truncated_is_ten() -> None:
    assert printed(30 * F(1, 3), 2, CUT) == "10.00"


@pytest.mark.parametrize(("digits", "expected"), [(0, "3"), (1, "2.5"), (4, "2.5000")])
def test_value_is_printed_with_exactly_its_digits(digits: int, expected: str) -> None:
    assert printed(F(5, 2), digits, UP) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(F(7, 10), "0.7"), (F(60), "60"), (F(1, 3), "1/3"), (F(-5, 4), "-1.25")]
)
def test_exact_value_is_written_without_loss(value: F, expected: str) -> None:
    assert plain(value) == expected
    assert F(plain(value)) == value


def test_digits_when_two_totals_print_alike_are_enough_to_tell_them_apart() -> None:
    assert telling_digits([F("90.004"), F("90.001"), F("90.001")], 2, UP) == 3


@settings(max_examples=80, deadline=None)
@given(st.fractions(-200, 200, max_denominator=9973), st.integers(0, 4), st.sampled_from(RoundingMode))
def test_printed_value_is_the_exact_one_rounded(value: F, digits: int, mode: RoundingMode) -> None:
    near = rounded(value, digits, mode)
    assert F(printed(value, digits, mode)) == near
    step = F(1, 10**digits)
    assert abs(near - value) < step if mode is CUT else abs(near - value) <= step / 2
    is_half = (abs(value) * 10**digits * 2).denominator == 1 and (abs(value) * 10**digits).denominator == 2
    if rounded(value, digits, UP) != rounded(value, digits, EVEN):
        assert is_half
