"""Ranks, ties and places on lists (docs/scoring.md 2.7, 11)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiuhua.assessment.rules import placed, ranks, rounded
from xiuhua.assessment.words import ListTies, RoundingMode, Ties

F = Fraction

EXACT = {
    code: F(value) for code, value in zip("abcde", ["90.004", "90.001", "90.001", "89.995", "89.994"], strict=True)
}
PRINTED = {code: rounded(value, 2, RoundingMode.HALF_UP) for code, value in EXACT.items()}


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        (Ties.COMPETITION, [1, 2, 2, 4, 5]),
        (Ties.DENSE, [1, 2, 2, 3, 4]),
        (Ties.MODIFIED, [1, 3, 3, 4, 5]),
        (Ties.AVERAGE, [1, F(5, 2), F(5, 2), 4, 5]),
    ],
)
def test_ranks_when_two_are_equal_share_by_the_rule(ties: Ties, expected: list[F]) -> None:
    assert list(ranks(EXACT, ties).values()) == expected


def test_ranks_when_four_print_alike_are_shared_by_four() -> None:
    assert list(ranks(PRINTED, Ties.COMPETITION).values()) == [1, 1, 1, 1, 5]


SIX = {"a": F("0.8"), "b": F("0.9"), "c": F("0.9"), "d": F("0.9"), "e": F("0.95"), "f": F("0.95")}


@pytest.mark.parametrize(
    ("places", "ties", "best", "expected"),
    [
        pytest.param(2, ListTies.EXTEND, False, ["a", "b", "c", "d"], id="bottom 2, three share the second place"),
        pytest.param(2, ListTies.STOP_BEFORE, False, ["a"], id="bottom 2, nobody of the tie"),
        pytest.param(1, ListTies.EXTEND, False, ["a"], id="bottom 1"),
        pytest.param(2, ListTies.EXTEND, True, ["e", "f"], id="top 2, a tie that fits"),
        pytest.param(1, ListTies.EXTEND, True, ["e", "f"], id="top 1, a tie"),
        pytest.param(1, ListTies.STOP_BEFORE, True, [], id="top 1, nobody of the tie"),
        pytest.param(0, ListTies.EXTEND, True, [], id="no places"),
        pytest.param(9, ListTies.EXTEND, True, ["e", "f", "b", "c", "d", "a"], id="more places than subjects"),
    ],
)
def test_places_when_a_tie_straddles_the_last_follow_the_rule(
    places: int, ties: ListTies, best: bool, expected: list[str]
) -> None:
    assert placed(SIX, places, ties, best=best) == expected


TOTALS = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3), st.fractions(0, 100, max_denominator=4), max_size=9
)


@settings(max_examples=60, deadline=None)
@given(TOTALS, st.sampled_from(Ties))
def test_ranks_when_names_are_permuted_stay_with_their_totals(totals: dict[str, F], ties: Ties) -> None:
    again = ranks(dict(reversed(totals.items())), ties)
    assert again == ranks(totals, ties)
    for code, total in totals.items():
        assert {again[other] for other, value in totals.items() if value == total} == {again[code]}


@settings(max_examples=40, deadline=None)
@given(st.sets(st.fractions(0, 100, max_denominator=50), max_size=8))
def test_tie_rules_without_ties_agree(values: set[F]) -> None:
    totals = {str(value): value for value in values}
    assert len({tuple(sorted(ranks(totals, ties).items())) for ties in Ties}) == 1
