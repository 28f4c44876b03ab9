"""What recurs: the grid finds what comparing every pair finds, and the borders belong where the definition says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from xiuhua.insight.rules import recurrence
from xiuhua.insight.rules.recurrence import NEVER, NOBODY, Cases, Crowded, clusters, follows

R, D = 5_000, 30 * 86_400_000_000
Ints = NDArray[np.int64]


def cases_of(rows: list[tuple[int, int, int, int, int | None]]) -> Cases:
    """Cases written as (class, x, y, opened, closed)."""
    columns = np.array([[*row[:4], NEVER if row[4] is None else row[4]] for row in rows], np.int64).reshape(-1, 5).T
    return Cases(*columns)


def pairwise(cases: Cases, radius: int, within: int) -> list[int]:
    """Each case beside every closing, as the definition has it."""
    answer = []
    position = np.arange(len(cases.x))
    usable = (cases.closed != NEVER) & (cases.closed >= cases.opened)
    for j in position:
        far = (cases.x - cases.x[j]) ** 2 + (cases.y - cases.y[j]) ** 2
        gap = cases.opened[j] - cases.closed
        found = position[usable & (cases.kind == cases.kind[j]) & (far <= radius**2) & (gap > 0) & (gap <= within)]
        answer.append(min(found, key=lambda i: (-cases.closed[i], far[i], i), default=NOBODY))
    return [int(one) for one in answer]


def components(cases: Cases, radius: int) -> tuple[list[int], list[int]]:
    """What hangs together, spread from each case by asking all others."""
    first = [-1] * len(cases.x)
    for start in range(len(first)):
        waiting = [start] if first[start] < 0 else []
        while waiting:
            j = waiting.pop()
            first[j] = start
            far = (cases.x - cases.x[j]) ** 2 + (cases.y - cases.y[j]) ** 2
            waiting += [
                int(i) for i in np.flatnonzero((far <= radius**2) & (cases.kind == cases.kind[j])) if first[i] < 0
            ]
    return first, [first.count(one) for one in first]


def town(count: int, seed: int) -> Cases:
    """A made-up town: half the cases at a few gates, half anywhere; three classes, sixty days."""
    dice = np.random.default_rng(seed)
    gates = dice.integers(0, 200_000, (40, 2))
    at = np.where(
        dice.random((count, 1)) < 0.5, gates[dice.integers(0, 40, count)], dice.integers(0, 200_000, (count, 2))
    )
    opened = dice.integers(0, 60, count) * 86_400_000_000
    closed = np.where(dice.random(count) < 0.8, opened + dice.integers(0, 10, count) * 86_400_000_000, NEVER)
    return Cases(dice.integers(0, 3, count), at[:, 0].copy(), at[:, 1].copy(), opened, closed)


@pytest.mark.parametrize("pairs", [pytest.param(2_000_000, id="at once"), pytest.param(1_000, id="in portions")])
def test_follows_when_a_town_has_five_thousand_cases_then_equals_every_pair_compared(
    pairs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recurrence, "PAIRS", pairs)
    cases = town(5_000, 20_261_126)
    found = follows(cases, radius_cm=R, within_us=D).tolist()
    assert found == pairwise(cases, R, D)
    assert 500 < sum(one != NOBODY for one in found) < 4_500
    first, size = clusters(cases.kind, cases.x, cases.y, radius_cm=R)
    assert (first.tolist(), size.tolist()) == components(cases, R)


COORDINATE = st.integers(-12, 12)
CASE = st.tuples(
    st.sampled_from([0, 1, 16, 17]),
    COORDINATE,
    COORDINATE,
    st.integers(0, 12),
    st.one_of(st.none(), st.integers(0, 12)),
)


@given(rows=st.lists(CASE, max_size=30), radius=st.integers(1, 9), within=st.integers(1, 9))
def test_follows_when_cases_are_any_then_equals_every_pair_compared(
    rows: list[tuple[int, int, int, int, int | None]], radius: int, within: int
) -> None:
    cases = cases_of(rows)
    assert follows(cases, radius_cm=radius, within_us=within).tolist() == pairwise(cases, radius, within)
    first, size = clusters(cases.kind, cases.x, cases.y, radius_cm=radius)
    assert (first.tolist(), size.tolist()) == components(cases, radius)


@pytest.mark.parametrize(
    ("earlier", "later", "followed"),
    [
        pytest.param((0, 0, 0, 0, 10), (0, R, 0, 11, None), True, id="exactly R apart"),
        pytest.param((0, 0, 0, 0, 10), (0, R + 1, 0, 11, None), False, id="a centimetre more"),
        pytest.param((0, 0, 0, 0, 10), (0, 3_000, 4_000, 11, None), True, id="R apart at a slant"),
        pytest.param((0, 0, 0, 0, 10), (0, 3_000, 4_001, 11, None), False, id="more than R at a slant"),
        pytest.param((0, 0, 0, 0, 10), (0, 0, -R, 10 + D, None), True, id="exactly D later, to the south"),
        pytest.param((0, 0, 0, 0, 10), (0, 0, 0, 11 + D, None), False, id="a microsecond more"),
        pytest.param((0, 0, 0, 0, 10), (0, 0, 0, 10, None), False, id="opened in the instant of closing"),
        pytest.param((0, 0, 0, 0, 10), (0, 0, 0, 9, None), False, id="opened before: a second report of the same"),
        pytest.param((0, 0, 0, 0, None), (0, 0, 0, 11, None), False, id="never closed"),
        pytest.param((1, 0, 0, 0, 10), (0, 0, 0, 11, None), False, id="another class"),
        pytest.param((0, 0, 0, 12, 10), (0, 0, 0, 13, None), False, id="closed before it was opened"),
    ],
)
def test_follows_when_two_cases_meet_then_as_the_definition_says(
    earlier: tuple[Any, ...], later: tuple[Any, ...], *, followed: bool
) -> None:
    assert follows(cases_of([earlier, later]), radius_cm=R, within_us=D).tolist() == [NOBODY, 0 if followed else NOBODY]


@pytest.mark.parametrize(
    ("one", "other", "chosen"),
    [
        pytest.param((0, 0, 0, 0, 10), (0, 40, 0, 0, 11), 1, id="the later closing"),
        pytest.param((0, 40, 0, 0, 10), (0, 30, 0, 0, 10), 1, id="the closer of two at once"),
        pytest.param((0, 30, 0, 0, 10), (0, 0, 30, 0, 10), 0, id="the first in order of two alike"),
        pytest.param((0, 30, 0, 0, 10), (0, 30, 0, 5, 10), 0, id="the first in order at one place"),
    ],
)
def test_follows_when_several_closings_qualify_then_the_nearest_earlier_one_wins(
    one: tuple[Any, ...], other: tuple[Any, ...], chosen: int
) -> None:
    assert follows(cases_of([one, other, (0, 0, 0, 20, None)]), radius_cm=R, within_us=D).tolist() == [-1, -1, chosen]


def test_follows_when_cases_stand_in_another_order_then_the_same_follow_the_same() -> None:
    """No two closings of this town are alike, so that no tie is left to the order."""
    dice = np.random.default_rng(7)
    cases = town(2_000, 7)
    closed = np.where(cases.closed == NEVER, NEVER, cases.closed + np.arange(2_000))
    plain = follows(Cases(cases.kind, cases.x, cases.y, cases.opened, closed), radius_cm=R, within_us=D)
    order = dice.permutation(2_000)
    mixed = Cases(cases.kind[order], cases.x[order], cases.y[order], cases.opened[order], closed[order])
    found = follows(mixed, radius_cm=R, within_us=D)
    back = np.where(found == NOBODY, NOBODY, order[found])
    assert back.tolist() == plain[order].tolist()


def test_follows_when_a_nuisance_was_planted_then_it_is_found_as_a_chain() -> None:
    """A stall that comes back five times at one gate, amid other classes and other gates."""
    day = 86_400_000_000
    stall = [(0, 100 * turn, 0, turn * 10 * day, (turn * 10 + 3) * day) for turn in range(6)]
    noise = [(1, 0, 0, 4 * day, 5 * day), (0, 20_000, 0, 4 * day, 5 * day), (0, 0, 9_000, 5 * day, None)]
    assert follows(cases_of([*stall, *noise]), radius_cm=R, within_us=D).tolist() == [-1, 0, 1, 2, 3, 4, -1, -1, -1]


def test_grid_when_a_plane_is_beyond_every_office_then_is_refused() -> None:
    cases = cases_of([(0, 0, 0, 0, 1), (2**24, 2**25, 2**25, 2, None)])
    with pytest.raises(Crowded):
        follows(cases, radius_cm=R, within_us=D)
    with pytest.raises(Crowded):
        clusters(cases.kind, cases.x, cases.y, radius_cm=R)
