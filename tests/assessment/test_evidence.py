"""Intervals beside the points (docs/scoring.md 4.1, 4.2, 11)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiuhua.assessment.rules import dispersion, wilson

F = Fraction


@pytest.mark.parametrize(
    ("kept", "of", "phi", "low", "high"),
    [
        (45, 50, 1, 0.786398, 0.956524),
        (45, 50, 2, 0.724962, 0.968484),
        (9, 10, 1, 0.595850, 0.982124),
        (0, 5, 1, 0.0, 0.434482),
        (5, 5, 1, 0.565518, 1.0),
        (360, 400, 1, 0.866689, 0.925701),
    ],
)
def test_interval_of_a_rate_is_wilsons(kept: int, of: int, phi: int, low: float, high: float) -> None:
    found = wilson(kept, of, F(phi))
    assert found is not None
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(("kept", "of"), [(0, 0), (50, 40)], ids=["no base", "events outnumber the base"])
def test_interval_without_a_rate_is_none(kept: int, of: int) -> None:
    assert wilson(kept, of) is None


def test_interval_without_history_takes_cases_to_come_in_clusters() -> None:
    assert wilson(45, 50) == wilson(45, 50, F(2))


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        pytest.param([[(9, 10), (4, 10), (10, 10), (7, 10)]], F(56, 15), id="one unit, four uneven weeks: 3.7333"),
        pytest.param([[(5, 10), (5, 10)]], F(1), id="never below 1"),
        pytest.param([], F(2), id="no history"),
        pytest.param([[(10, 10), (8, 8)]], F(2), id="all on time tells nothing"),
        pytest.param([[(3, 4), (1, 4)]], F(2), id="weeks too small to tell"),
    ],
)
def test_dispersion_is_read_from_the_weeks_of_a_unit_month(months: list[list[tuple[int, int]]], expected: F) -> None:
    assert dispersion(months) == expected


COUNTS = st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@settings(max_examples=80, deadline=None)
@given(COUNTS, st.fractions(1, 4, max_denominator=8))
def test_interval_contains_the_rate_and_mirrors_and_narrows(counts: tuple[int, int], phi: F) -> None:
    kept, of = counts
    here, mirror = wilson(kept, of, phi), wilson(of - kept, of, phi)
    wider, narrower = wilson(kept, of, phi + 1), wilson(10 * kept, 10 * of, phi)
    assert here is not None
    assert mirror is not None
    assert wider is not None
    assert narrower is not None
    assert 0 <= here.low <= kept / of + 1e-6
    assert kept / of - 1e-6 <= here.high <= 1
    assert mirror.low == pytest.approx(1 - here.high, abs=1.1e-6)
    assert mirror.high == pytest.approx(1 - here.low, abs=1.1e-6)
    assert narrower.high - narrower.low < here.high - here.low <= wider.high - wider.low + 1e-6
