"""The shortest way to a score: equal to trying everything, proved by the scorer itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assessment.trial_schemes import document, indicator, read

from xiuhua.assessment.rules.closings import closable, next_place, off_black, rank_among
from xiuhua.assessment.rules.lift import closed, lifting, ranked_score, shortest
from xiuhua.assessment.words import Closable, Closing, ListTies, Scheme, Target

F = Fraction
BANDS = [{"from": 0, "points": 0}, {"from": "0.7", "points": 20}, {"from": "0.9", "points": 30}]


def items(*many: tuple[int, Mapping[str, int]]) -> list[Closable]:
    """Return so many items of each effect."""
    return [
        Closable(Closing.ON_TIME, f"{kind}-{number}", number, effect)
        for kind, (room, effect) in enumerate(many)
        for number in range(room)
    ]


def tried(scheme: Scheme, counts: Mapping[str, tuple[int, int]], of: list[Closable]) -> Iterator[tuple[int, Any]]:
    """Yield (how many, score) of every choice; of items with one effect only their number matters."""
    kinds = sorted({tuple(sorted(item.effect.items())) for item in of})
    alike = [[item for item in of if tuple(sorted(item.effect.items())) == kind] for kind in kinds]
    for numbers in product(*(range(len(those) + 1) for those in alike)):
        choice = [item for many, those in zip(numbers, alike, strict=True) for item in those[:many]]
        yield len(choice), ranked_score(scheme, closed(counts, choice))


def test_shortest_when_a_band_is_near_takes_two_where_a_greedy_choice_takes_five() -> None:
    # docs/scoring.md 8.4: A 7/10 in bands, B 5/10 at 4 points a tenth; ten points more
    scheme = read(
        document((50, [indicator("handled", "bands", 30, bands=BANDS), indicator("closed", full=20)]), full=50)
    )
    counts = {"handled": (7, 10), "closed": (5, 10)}
    found = shortest(scheme, counts, items((3, {"handled": 1}), (5, {"closed": 1})), Target(F(40)))
    assert (found.before, found.after, len(found.items), found.reached) == (F(30), F(40), 2, True)
    assert found.moved == {"handled": (7, 9)}
    assert found.cheaper == F(32)  # one A gives nothing, one B two points


def test_shortest_when_nothing_reaches_says_so_and_gives_the_fewest_of_the_best() -> None:
    scheme = read(document((1, [indicator("closed", "bands", 30, bands=BANDS)]), full=30))
    found = shortest(scheme, {"closed": (5, 10)}, items((3, {"closed": 1})), Target(F(30)))
    assert (found.reached, found.before, found.after, len(found.items)) == (False, F(0), F(20), 2)
    assert found.possible == 3


def test_shortest_when_the_score_is_there_already_takes_nothing() -> None:
    scheme = read(document((1, [indicator("closed")])))
    found = shortest(scheme, {"closed": (5, 10)}, items((3, {"closed": 1})), Target(F(50)))
    assert (found.items, found.cheaper, found.reached) == ((), None, True)


def test_shortest_when_items_are_alike_takes_the_earliest_deadline_that_can_be_kept_and_late_ones_last() -> None:
    scheme = read(document((1, [indicator("closed")])))
    late = closable("late", 5, None, 10)
    those = [closable("third", 30, None, 10), late, closable("second", 20, None, 10), closable("first", 10, None, 10)]
    found = shortest(scheme, {"closed": (0, 10)}, those, Target(F(20)))
    assert [item.case for item in found.items] == ["first", "second"]
    assert late.kind is Closing.LATE


def test_shortest_when_a_line_would_come_into_being_with_its_base_can_do_without_it() -> None:
    found_often = {"sources": [{"measure": "overdue_open", "finder": "independent"}], "base": "checks", "each": 50}
    lines = [
        indicator("closed", full=200),
        indicator("rework", "complement"),
        indicator("x", "per_exposure", **found_often),
    ]
    scheme = read(document((1, lines), rank={"on": "exact"}))
    counts = {"closed": (8, 10), "rework": (5, 10), "overdue_open": (50, 50), "checks": (0, 0)}
    those = items((1, {"rework": -1}), (1, {"closed": 1}), (1, {"closed": 1, "checks": 1}))
    found = shortest(scheme, counts, those, Target(F(230, 3)))
    # closing the second: (180 + 50) of 300; the third would bring 0 of 100 more into the sum
    assert ([item.case for item in found.items], found.after) == (["1-0"], F(230, 3))


MEASURES = ("closed", "on_time", "overdue_open", "rework", "checks")
RATE_FUNCTIONS = [
    {"function": "ratio"},
    {"function": "complement"},
    {"function": "threshold", "threshold": "0.8", "each": 2},
    {"function": "threshold", "threshold": "0.6", "each": 3, "step": "started", "floor": 10},
    {"function": "threshold", "threshold": "0.3", "each": 2, "good": "low", "step": "completed"},
    {
        "function": "bands",
        "bands": [{"from": 0, "points": 0}, {"from": "0.5", "points": 20}, {"from": "0.75", "points": 40}],
    },
    {
        "function": "bands",
        "interpolate": True,
        "bands": [{"from": 0, "points": 5}, {"from": "0.4", "points": 10}, {"from": "0.9", "points": 40}],
    },
]
DEDUCTIONS = [
    {
        "function": "deduction",
        "items": [{"measure": "overdue_open", "each": 3, "cap": 10}, {"measure": "rework", "each": 4}],
    },
    {"function": "deduction", "items": [{"measure": "overdue_open", "each": "2.5"}], "limit": 15},
    {
        "function": "per_exposure",
        "sources": [{"measure": "overdue_open", "finder": "independent"}, {"measure": "rework", "finder": "self"}],
        "base": "checks",
        "each": 2,
        "unit": 5,
    },
]
ROUNDINGS = [
    {},
    {"digits": 0},
    {"digits": 1, "stage": "line", "carry": "printed"},
    {"digits": 1, "stage": "section", "carry": "printed", "mode": "truncate"},
]


@st.composite
def schemes(draw: st.DrawFn) -> Scheme:
    """Draw a scheme of one to three lines of any function."""
    lines: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 3))):
        how = dict(draw(st.sampled_from([*RATE_FUNCTIONS, *DEDUCTIONS])))
        function = how.pop("function")
        if function in {"ratio", "complement", "threshold", "bands"}:
            how["measure"] = draw(st.sampled_from(MEASURES[:4]))
        lines.append(indicator(f"i{number}", function, 40, **how))
    cut = draw(st.integers(1, len(lines)))
    sections = [(3, lines[:cut]), (2, lines[cut:])] if lines[cut:] else [(1, lines)]
    rank = {"on": draw(st.sampled_from(["printed", "exact"]))}
    return read(document(*sections, rounding=draw(st.sampled_from(ROUNDINGS)), rank=rank))


EFFECTS = st.sampled_from(
    [
        {"closed": 1, "on_time": 1, "overdue_open": -1},
        {"closed": 1, "overdue_open": -1},
        {"closed": 1, "overdue_open": -1, "rework": 1},
        {"rework": -1},
        {"on_time": 1},
        {"checks": 1},
        {"checks": 1, "overdue_open": 1},
    ]
)


@st.composite
def months(draw: st.DrawFn) -> tuple[dict[str, tuple[int, int]], list[Closable]]:
    """Draw counts with room for up to twelve items of up to three effects."""
    kinds = draw(st.lists(st.tuples(st.integers(1, 4), EFFECTS), min_size=1, max_size=3))
    base = draw(st.integers(0, 14))
    counts = {measure: (draw(st.integers(0, base)), base) for measure in MEASURES}
    start = {
        measure: (kept + 12 if measure in {"overdue_open", "rework"} else kept, of + 24 if of else 0)
        for measure, (kept, of) in counts.items()
    }
    return {**start, "checks": (draw(st.integers(0, 6)), 6)}, items(*kinds)


@given(schemes(), months(), st.integers(0, 100), st.booleans())
def test_shortest_always_equals_trying_everything_and_its_proof_recomputes(
    scheme: Scheme, month: tuple[dict[str, tuple[int, int]], list[Closable]], wanted: int, strict: bool
) -> None:
    counts, those = month
    target = Target(F(wanted), strict)
    everything = list(tried(scheme, counts, those))
    found = shortest(scheme, counts, those, target)
    enough = [many for many, score in everything if target.reached(score)]
    assert found.reached == bool(enough)
    top = max((score for _many, score in everything if score is not None), default=None)
    fewest = min(enough) if enough else min(many for many, score in everything if score == top)
    assert len(found.items) == fewest
    assert found.before == (
        ranked_score(scheme, counts) if not fewest else max((s for m, s in everything if not m), default=None)
    )
    assert found.after == ranked_score(scheme, closed(counts, found.items))
    cheaper = [score for many, score in everything if many < fewest]
    assert found.cheaper == (max((score for score in cheaper if score is not None), default=None) if fewest else None)
    if found.reached:
        assert target.reached(found.after)
        assert not target.reached(found.cheaper)


@given(schemes(), months(), st.integers(0, 100), EFFECTS)
def test_shortest_when_there_is_one_item_more_is_never_longer(
    scheme: Scheme, month: tuple[dict[str, tuple[int, int]], list[Closable]], wanted: int, effect: dict[str, int]
) -> None:
    counts, those = month
    less = shortest(scheme, counts, those, Target(F(wanted)))
    more = shortest(scheme, counts, [*those, Closable(Closing.ON_TIME, "more", 99, effect)], Target(F(wanted)))
    assert not less.reached or (more.reached and len(more.items) <= len(less.items))


@pytest.mark.parametrize(
    ("rank", "ties", "others", "now", "value", "strict"),
    [
        pytest.param("printed", "competition", ["90", "80"], 3, "80", False, id="shares-the-place"),
        pytest.param("printed", "modified", ["90", "80"], 3, "80.01", False, id="a-hundredth-more"),
        pytest.param("exact", "modified", ["90", "80"], 3, "80", True, id="anything-more"),
        pytest.param("printed", "average", ["90", "80"], 3, "80", False, id="half-a-place"),
        pytest.param("printed", "dense", ["90", "90", "80"], 2, "90", False, id="dense"),
    ],
)
def test_next_place_when_totals_are_equal_follows_the_rule_for_ties(
    rank: str, ties: str, others: list[str], now: int, value: str, strict: bool
) -> None:
    scheme = read(document((1, [indicator("closed")]), rank={"on": rank, "ties": ties}))
    found = next_place(scheme, F(now), [F(other) for other in others])
    assert found == Target(F(value), strict)


def test_next_place_when_first_is_none() -> None:
    scheme = read(document((1, [indicator("closed")])))
    assert next_place(scheme, F(1), [F(90)]) is None
    assert rank_among(scheme, F(95), [F(90)]) == 1


@pytest.mark.parametrize(
    ("ties", "others", "value"),
    [
        pytest.param(ListTies.EXTEND, [50, 60, 70, 80], "60.01", id="above-the-second-lowest"),
        pytest.param(ListTies.EXTEND, [50, 60, 60, 80], "60.01", id="equals-come-in"),
        pytest.param(ListTies.STOP_BEFORE, [50, 60, 70, 80], "60", id="equals-stay-out"),
    ],
)
def test_off_black_when_two_are_listed_is_the_first_score_that_is_not(
    ties: ListTies, others: list[int], value: str
) -> None:
    scheme = read(document((1, [indicator("closed")])))
    found = off_black(scheme, {str(place): F(score) for place, score in enumerate(others)}, 2, ties)
    assert found == Target(F(value))


def test_off_black_when_there_are_no_more_than_places_is_none() -> None:
    scheme = read(document((1, [indicator("closed")])))
    assert off_black(scheme, {"1": F(50)}, 2, ListTies.EXTEND) is None


@pytest.mark.parametrize(
    ("now", "kind", "effect"),
    [
        pytest.param(5, Closing.ON_TIME, {"closed": 1, "on_time": 1, "overdue_open": -1, "own_on_time": 1}, id="both"),
        pytest.param(10, Closing.ON_TIME, {"closed": 1, "on_time": 1, "overdue_open": -1}, id="the-moment-itself"),
        pytest.param(11, Closing.LATE, {"closed": 1, "late": 1, "overdue_open": -1}, id="late"),
    ],
)
def test_closable_when_closed_now_counts_by_the_deadline(now: int, kind: Closing, effect: dict[str, int]) -> None:
    found = closable("a", 10, 7, now)
    assert (found.kind, found.effect) == (kind, effect)


def test_lifting_when_the_scheme_reads_none_of_it_is_not() -> None:
    scheme = read(document((1, [indicator("on_time")])))
    assert lifting(scheme, closable("a", 10, None, 5))
    assert not lifting(scheme, closable("a", 10, None, 15))
