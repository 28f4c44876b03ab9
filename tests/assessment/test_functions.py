"""The six scoring functions against numbers worked out by hand (docs/scoring.md 2.1, 11)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiuhua.assessment.rules import functions
from xiuhua.assessment.words import Band, Good, Step

F = Fraction

BANDS = (Band(F(0), F(0)), Band(F(7, 10), F(20)), Band(F(9, 10), F(30)))
FALLING = (Band(F(0), F(30)), Band(F(1, 10), F(20)), Band(F(3, 10), F(0)))


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        pytest.param(functions.ratio(18, 20, F(40)), F(36), id="18 of 20 of 40"),
        pytest.param(functions.ratio(0, 0, F(40)), None, id="nothing due"),
        pytest.param(functions.complement(3, 40, F(20)), F(37, 2), id="3 returned of 40"),
        pytest.param(functions.complement(50, 40, F(20)), F(-5), id="50 returns on 40"),
        pytest.param(functions.within(F(-5), F(0), F(20)), F(0), id="floored"),
        pytest.param(functions.complement(0, 0, F(20)), None, id="no base"),
    ],
)
def test_share_of_full_marks_is_exact(points: F | None, expected: F | None) -> None:
    assert points == expected


@pytest.mark.parametrize(
    ("step", "expected"),
    [(Step.PROPORTIONAL, F(91, 2)), (Step.STARTED, F(45)), (Step.COMPLETED, F(46))],
)
def test_threshold_when_four_and_a_half_points_short_counts_by_step(step: Step, expected: F) -> None:
    assert functions.threshold(131, 200, F(50), at=F(7, 10), each=F(1), step=step) == expected


@pytest.mark.parametrize(
    ("kept", "good", "expected"),
    [
        pytest.param(140, Good.HIGH, F(50), id="at the threshold"),
        pytest.param(200, Good.HIGH, F(50), id="above it"),
        pytest.param(10, Good.LOW, F(50), id="low is good, below it"),
        pytest.param(150, Good.LOW, F(45), id="low is good, five points above it"),
    ],
)
def test_threshold_is_full_on_its_good_side(kept: int, good: Good, expected: F) -> None:
    assert functions.threshold(kept, 200, F(50), at=F(7, 10), each=F(1), good=good) == expected


def test_deduction_when_cases_come_back_counts_each_tier() -> None:
    tiers = [(1, F(1, 5)), (3, F(1, 2))]
    off = functions.tiered({1: 5, 2: 2, 3: 1, 4: 1}, tiers)
    assert off == F(12, 5)
    assert functions.deduction([off], F(5), limit=F(5)) == F(13, 5)


@pytest.mark.parametrize(
    ("parts", "limit", "expected"),
    [
        pytest.param(
            [functions.deducted(7, F(1, 5), None), functions.deducted(2, F(1, 2), None)], F(5), F(13, 5), id="both"
        ),
        pytest.param([functions.deducted(40, F(1, 5), F(2))], F(5), F(3), id="capped by its kind"),
        pytest.param([F(9)], F(4), F(1), id="capped in all"),
        pytest.param([F(9)], None, F(0), id="never more than full marks"),
        pytest.param([], None, F(5), id="nothing found"),
    ],
)
def test_deduction_takes_at_most_its_limits(parts: list[F], limit: F | None, expected: F) -> None:
    assert functions.deduction(parts, F(5), limit=limit) == expected


@pytest.mark.parametrize(("kept", "expected"), [(0, 0), (6, 0), (7, 20), (8, 20), (9, 30), (10, 30)], ids=str)
def test_bands_own_their_lower_end(kept: int, expected: int) -> None:
    assert functions.bands(kept, 10, BANDS) == expected


@pytest.mark.parametrize(
    ("kept", "expected"),
    [(0, F(0)), (35, F(10)), (70, F(20)), (80, F(25)), (90, F(30)), (100, F(30))],
    ids=str,
)
def test_bands_when_interpolated_run_straight_between_their_starts(kept: int, expected: F) -> None:
    assert functions.bands(kept, 100, BANDS, interpolate=True) == expected


def test_bands_when_events_outnumber_the_base_take_the_last() -> None:
    assert functions.bands(50, 40, FALLING) == 0


@pytest.mark.parametrize(
    ("own", "expected"), [(F(0), F(15)), (F(1, 2), F(40, 3)), (F(1), F(35, 3))], ids=["0", "half", "1"]
)
def test_per_exposure_when_own_finds_weigh_less_takes_less(own: F, expected: F) -> None:
    found = functions.effective([(12, F(1)), (8, own)])
    assert functions.per_exposure(found, 48, F(20), each=F(2), unit=F(10)) == expected


def test_per_exposure_when_nobody_looked_has_no_value() -> None:
    assert functions.per_exposure(F(0), 0, F(20), each=F(2)) is None


COUNTS = st.integers(0, 200).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
SHARES = st.fractions(0, 1, max_denominator=100)


@settings(max_examples=60, deadline=None)
@given(COUNTS, SHARES, st.sampled_from(Step), st.booleans())
def test_rates_when_one_more_case_is_on_time_never_fall(
    counts: tuple[int, int], at: F, step: Step, interpolate: bool
) -> None:
    kept, of = counts
    forms = [
        lambda k, n: functions.ratio(k, n, F(30)),
        lambda k, n: functions.threshold(k, n, F(30), at=at, each=F(1, 2), step=step),
        lambda k, n: functions.bands(k, n, BANDS, interpolate=interpolate),
    ]
    for form in forms:
        now = form(kept, of)
        if now is None:
            continue
        better, worse = form(kept + 1, of + 1), form(kept, of + 1)
        assert worse is not None
        assert better is not None
        assert worse <= now <= better
        late_to_on_time = form(kept + 1, of) if kept < of else now
        assert late_to_on_time is not None
        assert late_to_on_time >= now


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 300), st.integers(1, 200), SHARES, st.booleans())
def test_bad_events_when_one_more_never_rise(bad: int, of: int, at: F, interpolate: bool) -> None:
    forms = [
        lambda k, n: functions.complement(k, n, F(30)),
        lambda k, n: functions.threshold(k, n, F(30), at=at, each=F(1, 2), good=Good.LOW),
        lambda k, n: functions.bands(k, n, FALLING, interpolate=interpolate),
        lambda k, n: functions.per_exposure(F(k), n, F(30), each=F(3), unit=F(10), limit=F(25)),
        lambda k, _n: functions.deduction([functions.deducted(k, F(1, 5), F(20))], F(30)),
    ]
    for form in forms:
        now, more, empty_check = form(bad, of), form(bad + 1, of), form(bad, of + 1)
        assert now is not None
        assert more is not None
        assert empty_check is not None
        assert more <= now <= empty_check
