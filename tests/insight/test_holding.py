"""How long closings hold (docs/scoring.md 5.5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiuhua.insight.rules.holding import holding, steps

#: Days until something came back; False where the watching ended first.
TEN = [
    (2, True),
    (3, True),
    (3, False),
    (5, True),
    (8, True),
    (8, True),
    (12, False),
    (15, True),
    (20, False),
    (30, False),
]


def test_curve_of_ten_closings_is_the_worked_example() -> None:
    found = steps(TEN)
    assert [(step.at, step.share) for step in found] == [
        (2, pytest.approx(9 / 10, abs=1e-6)),
        (3, pytest.approx(4 / 5, abs=1e-6)),
        (5, pytest.approx(24 / 35, abs=1e-6)),
        (8, pytest.approx(16 / 35, abs=1e-6)),
        (15, pytest.approx(32 / 105, abs=1e-6)),
    ]
    assert found[3].error == 0.166178


def test_half_life_of_ten_closings_is_when_half_of_them_no_longer_hold() -> None:
    found = holding(TEN, 30)
    assert (found.closings, found.half) == (10, 8)
    by_hand = 2 * 1 + 1 * 0.9 + 2 * 0.8 + 3 * 24 / 35 + 7 * 16 / 35 + 15 * 32 / 105
    assert found.mean == pytest.approx(by_hand, abs=1e-4)
    assert found.limits == (pytest.approx(0.053534, abs=2e-6), pytest.approx(0.617368, abs=2e-6))


@pytest.mark.parametrize(
    ("times", "share", "half", "mean"),
    [
        pytest.param([(30, False)] * 3, 1.0, None, 30, id="nothing came back"),
        pytest.param([(4, True), (4, True)], 0.0, 4, 4, id="everything came back at once"),
        pytest.param([(10, True), (30, False)], 0.5, 10, 20, id="exactly half"),
        pytest.param([(10, True), (9, False)], 0.0, 10, 10, id="who was watched for less says nothing later"),
        pytest.param([(10, True), (10, False)], 0.5, 10, 20, id="watched to the same instant still counts"),
        pytest.param([(n, n % 9 == 0) for n in range(1, 10)], 0.0, 9, 9, id="the last one"),
    ],
)
def test_holding_when_closings_end_otherwise(
    times: list[tuple[int, bool]], share: float, half: int | None, mean: int
) -> None:
    found = holding(times, 30)
    assert (found.share, found.half, found.mean) == (share, half, pytest.approx(mean))


@given(st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=1, max_size=30))
def test_share_falls_only_and_without_censoring_is_the_plain_share(times: list[tuple[int, bool]]) -> None:
    shares = [step.share for step in steps(times)]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= share <= 1 for share in shares)
    whole = [(at if again else 30, again) for at, again in times]
    plain = sum(not again for _at, again in whole) / len(whole)
    found = holding(whole, 30)
    assert found.share == pytest.approx(plain, abs=1e-6)
    assert found.limits is None or found.limits[0] <= found.share <= found.limits[1]
    assert found.mean == pytest.approx(sum(at for at, _again in whole) / len(whole), abs=1e-3)
