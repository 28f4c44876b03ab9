"""Score sheets: totals, redistribution, samples, ranks, and bytes that do not depend on order (docs/scoring.md 2.3, 11)."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assessment.trial_schemes import document, indicator, read

from xiuhua.assessment.rules import sheet_bytes, sheets, view
from xiuhua.assessment.words import Counts, CutOff, Header, Scheme, Sheet, Subject, Unranked

F = Fraction
Build = Callable[..., Scheme]
HEADER = Header("2026-10", "community", "due", "2026-10-31T16:00:00+00:00", CutOff.END, "0" * 64, {"due": (40, 40)}, 0)
GROUND = {"due": (20, 20), "on_time": (18, 20), "closed": (19, 20), "overdue_open": (1, 20)}


def one(scheme: Scheme, counts: Counts) -> Sheet:
    """Return the sheet of the only subject."""
    return sheets(scheme, {"a": counts}, [Subject("a", "甲")])[0]


def test_total_of_a_district_of_the_field_is_its_five_lines(scheme_of: Build) -> None:
    counts = {
        name: (kept, 40)
        for name, kept in {"handled": 38, "on_time": 36, "rework": 3, "overdue_open": 2, "extended": 4}.items()
    }
    scheme = scheme_of(
        (
            100,
            [
                indicator("handled", full=30),
                indicator("on_time", full=20),
                indicator("rework", "complement", 20),
                indicator("overdue_open", "complement", 20),
                indicator("extended", "complement", 10),
            ],
        )
    )
    sheet = one(scheme, counts)
    assert [line.points for line in sheet.lines] == [F("28.5"), 18, F("18.5"), 19, 9]
    assert sheet.total == 93


@pytest.mark.parametrize(("third", "expected"), [((0, 0), F("87.5")), ((95, 100), F(89))], ids=["empty", "95 of 100"])
def test_total_when_a_section_is_empty_gives_its_weight_to_the_others(
    scheme_of: Build, third: tuple[int, int], expected: F
) -> None:
    scheme = scheme_of((40, [indicator("on_time")]), (40, [indicator("closed")]), (20, [indicator("handled")]))
    sheet = one(scheme, {"on_time": (90, 100), "closed": (85, 100), "handled": third})
    assert sheet.total == expected
    assert sum((section.full for section in sheet.sections), F(0)) == 100


@pytest.mark.parametrize(
    ("weights", "why"),
    [
        pytest.param((40, 60), Unranked.NO, id="60 % available"),
        pytest.param((41, 59), Unranked.COVERAGE, id="59 % available"),
    ],
)
def test_rank_when_too_little_could_be_scored_is_refused(
    scheme_of: Build, weights: tuple[int, int], why: Unranked
) -> None:
    scheme = scheme_of((weights[0], [indicator("on_time")]), (weights[1], [indicator("closed")]))
    sheet = one(scheme, {"on_time": (0, 0), "closed": (3, 4)})
    assert (sheet.total, sheet.unranked) == (75, why)


def test_coverage_counts_what_is_missing_inside_a_section(scheme_of: Build) -> None:
    scheme = scheme_of((1, [indicator("on_time", full=50), indicator("closed", full=50)]))
    sheet = one(scheme, {"on_time": (0, 0), "closed": (3, 4)})
    assert (sheet.total, sheet.coverage, sheet.unranked) == (75, F(1, 2), Unranked.COVERAGE)


def test_total_when_nothing_is_due_is_none_and_crashes_nobody(scheme_of: Build) -> None:
    scheme = scheme_of(
        (60, [indicator("on_time", full=60)]),
        (40, [indicator("overdue_open", "deduction", 40, items=[{"measure": "overdue_open", "each": 1}])]),
    )
    sheet = one(scheme, {"on_time": (0, 0), "overdue_open": (0, 0)})
    assert (sheet.total, sheet.printed, sheet.rank, sheet.unranked) == (None, None, None, Unranked.EMPTY)
    assert [line.because.code for line in sheet.lines] == ["empty", "empty"]


def test_line_without_a_base_may_count_in_full_and_says_so(scheme_of: Build) -> None:
    scheme = scheme_of((1, [indicator("on_time", full=60, on_empty="full"), indicator("closed", full=40)]))
    sheet = one(scheme, {"on_time": (0, 0), "closed": (1, 2)})
    assert (sheet.total, sheet.lines[0].because.code) == (80, "empty_full")


def test_points_stay_within_floor_and_cap_and_say_so(scheme_of: Build) -> None:
    scheme = scheme_of((1, [indicator("rework", "complement", 50, floor="12.5"), indicator("closed", full=50, cap=45)]))
    lines = one(scheme, {"rework": (50, 40), "closed": (10, 10)}).lines
    assert [(line.points, line.because.facts.get("limited")) for line in lines] == [(F("12.5"), "floor"), (45, "cap")]


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [
        pytest.param({}, "66.67", id="only the total"),
        pytest.param({"stage": "line", "carry": "printed", "digits": 0}, "66", id="lines 33 + 33"),
        pytest.param({"stage": "line", "carry": "exact", "digits": 0}, "67", id="lines printed, exact carried"),
        pytest.param({"stage": "line", "carry": "printed", "digits": 0, "mode": "truncate"}, "66", id="cut lines"),
        pytest.param(
            {"stage": "section", "carry": "printed", "digits": 1, "mode": "truncate"}, "66.6", id="cut section"
        ),
    ],
)
def test_total_is_rounded_at_its_stage(scheme_of: Build, rounding: dict[str, object], expected: str) -> None:
    scheme = scheme_of((1, [indicator("on_time", full=50), indicator("closed", full=50)]), rounding=rounding)
    made = sheets(scheme, {"a": {"on_time": (2, 3), "closed": (2, 3)}}, [Subject("a", "甲")])
    assert view(sheet_bytes(HEADER, scheme, made)).subjects[0].score == expected


def test_small_sample_is_scored_but_not_ranked_and_moves_nobody(scheme_of: Build) -> None:
    scheme = scheme_of((1, [indicator("on_time")]), minimum={"measure": "due", "least": 10})
    counts = {
        "a": {"due": (10, 10), "on_time": (9, 10)},
        "b": {"due": (9, 9), "on_time": (9, 9)},
        "c": {"due": (20, 20), "on_time": (10, 20)},
    }
    found = {sheet.subject.code: sheet for sheet in sheets(scheme, counts, [Subject(code, code) for code in "abc"])}
    assert [(found[code].total, found[code].rank) for code in "abc"] == [(90, 1), (100, None), (50, 2)]
    assert found["b"].unranked is Unranked.SMALL_SAMPLE


def test_rank_is_within_the_group(scheme_of: Build) -> None:
    groups = [{"code": "one", "title": {"zh": "一类"}, "members": ["a", "b"]}, {"code": "two", "title": {"zh": "二类"}}]
    scheme = scheme_of((1, [indicator("on_time")]), groups=groups)
    counts = {code: {"on_time": (kept, 10)} for code, kept in zip("abcd", (5, 6, 7, 8), strict=True)}
    made = sheets(scheme, counts, [Subject(code, code) for code in "abcd"])
    assert [(sheet.group, sheet.rank) for sheet in made] == [("one", 2), ("one", 1), ("two", 2), ("two", 1)]


def test_subject_in_no_group_is_scored_but_not_ranked(scheme_of: Build) -> None:
    scheme = scheme_of((1, [indicator("on_time")]), groups=[{"code": "one", "title": {"zh": "一类"}, "members": ["z"]}])
    sheet = one(scheme, {"on_time": (5, 10)})
    assert (sheet.total, sheet.unranked) == (50, Unranked.UNGROUPED)


@pytest.mark.parametrize(("on", "expected", "score"), [("printed", [1, 1], "33.33"), ("exact", [1, 2], "33.333")])
def test_rank_on_exact_totals_prints_enough_digits_to_show_why(
    scheme_of: Build, on: str, expected: list[int], score: str
) -> None:
    scheme = scheme_of((1, [indicator("on_time")]), rank={"on": on})
    counts = {"a": {"on_time": (1, 3)}, "b": {"on_time": (33332, 100000)}}
    made = sheets(scheme, counts, [Subject("a", "甲"), Subject("b", "乙")])
    assert [sheet.rank for sheet in made] == expected
    read = view(sheet_bytes(HEADER, scheme, made))
    assert read.subjects[0].score == score
    assert len({subject.score for subject in read.subjects}) == len(set(expected))


COUNT = st.integers(0, 40).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
MONTH = st.fixed_dictionaries({"due": COUNT, "on_time": COUNT, "closed": COUNT, "overdue_open": COUNT})
TOWN = st.dictionaries(st.sampled_from("abcdefgh"), MONTH, min_size=1, max_size=8)


@cache
def three_sections(factor: int = 1) -> Scheme:
    """Return a scheme of three sections whose weights are multiplied by a constant."""
    return read(
        document(
            (50 * factor, [indicator("on_time", full=60), indicator("closed", full=40)]),
            (30 * factor, [indicator("overdue_open", "complement", 10)]),
            (20 * factor, [indicator("due", "deduction", 5, items=[{"measure": "overdue_open", "each": "0.3"}])]),
            minimum={"measure": "due", "least": 10},
        )
    )


@settings(max_examples=20, deadline=None)
@given(town=TOWN, seed=st.integers(0, 99))
def test_bytes_when_everything_is_permuted_are_the_same(town: dict[str, Counts], seed: int) -> None:
    scheme, shuffle = three_sections(), random.Random(seed)  # noqa: S311 - an order, not a secret
    subjects = [Subject(code, f"社区{code}") for code in town]
    first = sheet_bytes(HEADER, scheme, sheets(scheme, town, subjects))
    shuffle.shuffle(subjects)
    items = list(town.items())
    shuffle.shuffle(items)
    again = {code: dict(reversed(list(counts.items()))) for code, counts in items}
    assert sheet_bytes(HEADER, scheme, sheets(scheme, again, subjects)) == first


@settings(max_examples=25, deadline=None)
@given(town=TOWN)
def test_renaming_subjects_changes_names_only(town: dict[str, Counts]) -> None:
    scheme = three_sections()
    first = sheet_bytes(HEADER, scheme, sheets(scheme, town, [Subject(code, "旧") for code in town]))
    second = sheet_bytes(HEADER, scheme, sheets(scheme, town, [Subject(code, "新") for code in town]))
    assert second == first.replace('"旧"'.encode(), '"新"'.encode())


@settings(max_examples=30, deadline=None)
@given(counts=MONTH, factor=st.sampled_from([2, 3, 50]))
def test_total_when_weights_are_scaled_is_the_same(counts: Counts, factor: int) -> None:
    assert one(three_sections(), counts).total == one(three_sections(factor), counts).total


@settings(max_examples=40, deadline=None)
@given(counts=MONTH)
def test_total_lies_between_its_best_and_its_worst_section(counts: Counts) -> None:
    sheet = one(three_sections(), counts)
    shares = [section.points / section.full for section in sheet.sections if section.points is not None]
    if sheet.total is None:
        assert shares == []
    else:
        assert min(shares) <= sheet.total / 100 <= max(shares)
        assert sum((section.full for section in sheet.sections), F(0)) == 100


@settings(max_examples=40, deadline=None)
@given(counts=MONTH)
def test_total_when_a_perfect_case_joins_never_falls(counts: Counts) -> None:
    before = one(three_sections(), counts).total
    more = {name: (kept + (name in {"on_time", "closed", "due"}), of + 1) for name, (kept, of) in counts.items()}
    after = one(three_sections(), more).total
    if before is not None and counts["overdue_open"][1]:
        assert after is not None
        assert after >= before


@settings(max_examples=30, deadline=None)
@given(town=TOWN, sample=st.integers(0, 9))
def test_ranks_when_an_unranked_subject_joins_stay(town: dict[str, Counts], sample: int) -> None:
    scheme = three_sections()
    small = dict.fromkeys(("due", "on_time", "closed"), (sample, sample)) | {"overdue_open": (0, sample)}
    alone = {sheet.subject.code: sheet.rank for sheet in sheets(scheme, town, [Subject(code, code) for code in town])}
    joined = sheets(scheme, {**town, "z": small}, [Subject(code, code) for code in [*town, "z"]])
    assert {sheet.subject.code: sheet.rank for sheet in joined} == {**alone, "z": None}
