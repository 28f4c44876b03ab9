"""Intervals beside the points (docs/scoring.md 4.1, 4.2, 11)."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiuhua.assessment.rules import dispersion, wilson
from xiuhua.assessment.words import Dispersion

F = Fraction
UNEVEN = [(9, 10), (4, 10), (10, 10), (7, 10)]


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
        pytest.param([UNEVEN], Dispersion(F("3.733333"), 4, 1), id="one unit, four uneven weeks: 11.2 / 3"),
        pytest.param([[(5, 10), (5, 10)]], Dispersion(F(1), 2, 1), id="never below 1"),
        pytest.param([], Dispersion(F(2)), id="no history"),
        pytest.param([[(10, 10), (8, 8)]], Dispersion(F(2)), id="all on time tells nothing"),
        pytest.param([[(3, 4), (1, 4)]], Dispersion(F(2)), id="weeks too small to tell"),
        pytest.param([[(7, 10)]], Dispersion(F(2)), id="a week alone is its own month"),
        # p = 34/44; squares 21.206612 over 1.756198 make 12.075294
        pytest.param([[*UNEVEN, (4, 4)]], Dispersion(F("4.025098"), 4, 1), id="a small week counts in the rate"),
        pytest.param([UNEVEN, [(5, 10), (5, 10)]], Dispersion(F("2.8"), 6, 2), id="units share the sum: 11.2 / 4"),
        pytest.param([UNEVEN, [(1, 9)], [(0, 9), (0, 9)]], Dispersion(F("3.733333"), 5, 2), id="adds no freedom"),
    ],
)
def test_dispersion_is_read_from_the_weeks_of_a_unit_month(
    months: list[list[tuple[int, int]]], expected: Dispersion
) -> None:
    assert dispersion(months) == expected


def test_dispersion_takes_the_limits_it_is_given() -> None:
    assert dispersion([[(3, 4), (1, 4)]], least=4) == Dispersion(F(2), 2, 1)
    assert dispersion([UNEVEN], least=11, usual=F("1.8")) == Dispersion(F("1.8"))


WEEK = st.integers(0, 60).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(WEEK, max_size=5), max_size=6), st.randoms(use_true_random=False))
def test_dispersion_is_the_same_in_any_order_and_never_below_one(
    months: list[list[tuple[int, int]]], random: Random
) -> None:
    found = dispersion(months)
    shuffled = [random.sample(weeks, len(weeks)) for weeks in random.sample(months, len(months))]
    assert dispersion(shuffled) == found
    assert found.phi >= 1
    assert found.phi == pytest.approx(by_floats(months), abs=1e-6)


def by_floats(months: list[list[tuple[int, int]]]) -> float:
    """Return φ by the words of the formula alone, without our code."""
    squares, cells, units = 0.0, 0, 0
    for weeks in months:
        n = sum(of for _k, of in weeks)
        p = sum(k for k, _of in weeks) / n if n else 0
        counted = [(k, of) for k, of in weeks if of >= 5 and 0 < p < 1]
        squares += sum((k - of * p) ** 2 / (of * p * (1 - p)) for k, of in counted)
        cells, units = cells + len(counted), units + bool(counted)
    return max(1.0, squares / (cells - units)) if cells > units else 2.0


def clustered(rng: np.random.Generator, phi: float, shape: tuple[int, ...], cases: int) -> np.ndarray:
    """Return how many of `cases` a week are on time at 0.85, with `phi` times the variance of independent cases."""
    if phi == 1:
        return rng.binomial(cases, 0.85, size=shape)
    spread = (cases - 1) / (phi - 1) - 1
    return rng.binomial(cases, rng.beta(0.85 * spread, 0.15 * spread, size=shape))


@pytest.mark.parametrize(("phi", "low", "high"), [(1, 1.0, 1.1), (2, 1.85, 2.15), (3, 2.75, 3.25)])
def test_dispersion_of_made_up_months_is_what_they_were_made_with(phi: float, low: float, high: float) -> None:
    weeks = clustered(np.random.default_rng(20261126), phi, (120, 4), 25)
    assert low <= dispersion([[(int(k), 25) for k in month] for month in weeks]).phi <= high


@pytest.mark.parametrize("phi", [2, 3])
def test_interval_with_measured_dispersion_covers_what_it_promises(phi: float) -> None:
    """Twelve units, six months of history, four weeks of 20 cases: the true rate is within in 92 of 100 at least."""
    rng, runs, units = np.random.default_rng(20261126 + phi), 60, 12
    history, month = clustered(rng, phi, (runs, 6 * units, 4), 20), clustered(rng, phi, (runs, units, 4), 20)
    covered = ignoring = 0
    for past, now in zip(history.tolist(), month.sum(axis=2).tolist(), strict=True):
        measured = dispersion([[(k, 20) for k in weeks] for weeks in past]).phi
        for kept in now:
            wide, narrow = wilson(kept, 80, measured), wilson(kept, 80, F(1))
            covered += bool(wide and wide.low <= 0.85 <= wide.high)
            ignoring += bool(narrow and narrow.low <= 0.85 <= narrow.high)
    assert covered / (runs * units) >= 0.92
    assert ignoring / (runs * units) < 0.88  # so the clusters of this simulation do matter


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
