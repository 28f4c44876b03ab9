"""A scheme file is checked before it is used, and all its faults are told with their places."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from tests.assessment.trial_schemes import document, indicator, read

from xiuhua.assessment import queries
from xiuhua.assessment.queries import SchemeUnknown, SchemeUnreadable, scheme_at, scheme_named, schemes
from xiuhua.assessment.rules import SchemeFaulty
from xiuhua.assessment.words import (
    Band,
    Bands,
    Deduction,
    Finder,
    Good,
    Item,
    ListTies,
    Minimum,
    PerExposure,
    RankOn,
    Ratio,
    RoundingMode,
    Source,
    Threshold,
    Ties,
)
from xiuhua.kernel.phrases import fault_sentence, known_codes

F = Fraction


def faults(content: dict[str, Any]) -> set[tuple[str, str]]:
    """Return the (code, place) of everything that is refused."""
    with pytest.raises(SchemeFaulty) as refused:
        read(content)
    assert all(fault_sentence(fault) for fault in refused.value.faults)
    return {(fault.code, fault.column) for fault in refused.value.faults}


def test_plain_scheme_of_the_pack_is_what_its_name_says() -> None:
    scheme = scheme_named("basic")
    assert [(each.formula, each.full) for each in scheme.sections[0].indicators] == [
        (Ratio("on_time"), 60),
        (Ratio("closed"), 40),
    ]
    assert (scheme.minimum, scheme.full, len(scheme.groups)) == (Minimum("due", 10), 100, 1)
    assert (scheme.rounding.digits, scheme.rounding.mode) == (2, RoundingMode.HALF_UP)
    assert (scheme.rank_on, scheme.ties, scheme.lists.ties) == (RankOn.PRINTED, Ties.COMPETITION, ListTies.EXTEND)


def test_every_scheme_of_the_packs_can_be_used() -> None:
    assert [scheme_named(name).code for name in schemes()] == schemes()


def test_formulas_are_read_with_exact_numbers() -> None:
    scheme = read(
        document(
            (
                1,
                [
                    indicator("closed", "threshold", 20, threshold="0.9", each="0.1"),
                    indicator(
                        "rework", "bands", 5, good="low", bands=[{"from": 0, "points": 5}, {"from": "0.1", "points": 0}]
                    ),
                    indicator(
                        "returns", "deduction", 5, items=[{"measure": "returned", "each": "0.2", "cap": 2}], limit=5
                    ),
                    indicator(
                        "found",
                        "per_exposure",
                        20,
                        base="checks",
                        each=2,
                        unit=10,
                        sources=[
                            {"measure": "independent_finds", "finder": "independent"},
                            {"measure": "own_finds", "finder": "self"},
                        ],
                    ),
                ],
            )
        )
    )
    assert [each.formula for each in scheme.sections[0].indicators] == [
        Threshold("closed", F(9, 10), F(1, 10)),
        Bands("rework", (Band(F(0), F(5)), Band(F(1, 10), F(0))), Good.LOW),
        Deduction((Item("returned", F(1, 5), F(2)),), F(5)),
        PerExposure(
            (Source("independent_finds", Finder.INDEPENDENT, F(1)), Source("own_finds", Finder.SELF, F(0))),
            "checks",
            F(2),
            F(10),
        ),
    ]


GOOD = document((1, [indicator("on_time")]))
BAD: list[tuple[str, dict[str, Any], set[tuple[str, str]]]] = [
    ("a float", {"full": 0.5}, {("scheme.float", "full")}),
    ("a bonus", {"bonus": []}, {("scheme.unknown_key", "bonus")}),
    ("a veto", {"veto": {"effect": "bar_red"}}, {("scheme.unknown_key", "veto")}),
    ("another clock", {"done_clock": "accepted_submit"}, {("scheme.bad_value", "done_clock")}),
    ("five digits", {"rounding": {"digits": 5}}, {("scheme.bad_value", "rounding.digits")}),
    ("no sections", {"sections": []}, {("scheme.bad_value", "sections")}),
    ("a month that is none", {"effective_from": "2020-13"}, {("scheme.bad_value", "effective_from")}),
    ("nothing to reach", {"full": 0}, {("scheme.not_positive", "full")}),
    ("an unknown sample", {"minimum": {"measure": "gone", "least": 3}}, {("scheme.unknown_measure", "minimum")}),
    (
        "a bar without a limit",
        {"lists": {"not_red": [{"measure": "due"}]}},
        {("scheme.bar_needs_one_limit", "lists.not_red[0]")},
    ),
    (
        "two open groups",
        {"groups": [{"code": "a", "title": {"zh": "a"}}, {"code": "b", "title": {"zh": "b"}}]},
        {("scheme.two_default_groups", "groups")},
    ),
    (
        "a member twice",
        {
            "groups": [
                {"code": "a", "title": {"zh": "a"}, "members": ["x"]},
                {"code": "b", "title": {"zh": "b"}, "members": ["x"]},
            ]
        },
        {("scheme.in_two_groups", "groups")},
    ),
]


@pytest.mark.parametrize(("change", "expected"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_scheme_with_a_fault_is_refused_at_its_place(change: dict[str, Any], expected: set[tuple[str, str]]) -> None:
    assert faults({**GOOD, **change}) == expected


HERE = "sections[0].indicators[0]"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(indicator("gone"), {("scheme.unknown_measure", HERE)}, id="no such measure"),
        pytest.param(indicator("closed", full="-1"), {("scheme.bad_value", f"{HERE}.full")}, id="negative marks"),
        pytest.param(indicator("closed", floor=90, cap=80), {("scheme.limits", HERE)}, id="floor above cap"),
        pytest.param(indicator("closed", step="started"), {("scheme.unknown_key", f"{HERE}.step")}, id="not its own"),
        pytest.param(indicator("closed", "median"), {("scheme.bad_value", f"{HERE}.function")}, id="no such function"),
        pytest.param(
            indicator("closed", "threshold", threshold=70, each=1),
            {("scheme.threshold_not_a_share", f"{HERE}.threshold")},
            id="a threshold in percent",
        ),
        pytest.param(indicator("closed", "threshold", each=1), {("scheme.missing_key", HERE)}, id="no threshold"),
        pytest.param(
            indicator("closed", "bands", 30, bands=[{"from": "0.1", "points": 30}]),
            {("scheme.bands_not_ascending", f"{HERE}.bands")},
            id="bands with a gap",
        ),
        pytest.param(
            indicator("closed", "bands", 30, bands=[{"from": 0, "points": 30}, {"from": "0.5", "points": 10}]),
            {("scheme.bands_not_monotone", f"{HERE}.bands")},
            id="bands that fall",
        ),
        pytest.param(
            indicator("closed", "bands", 30, bands=[{"from": 0, "points": 0}, {"from": "0.5", "points": 20}]),
            {("scheme.bands_not_full", f"{HERE}.bands")},
            id="bands that never reach full marks",
        ),
        pytest.param(
            indicator("x", "deduction", items=[{"measure": "rework", "each": "-1"}]),
            {("scheme.bad_value", f"{HERE}.items[0].each")},
            id="a deduction that gives",
        ),
    ],
)
def test_indicator_with_a_fault_is_refused_at_its_place(
    content: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    assert faults(document((1, [content]))) == expected


def test_all_faults_are_told_together() -> None:
    content = document((0, [indicator("gone"), indicator("gone", full=0)]), full=0)
    assert faults(content) == {
        ("scheme.code_twice", "indicators"),
        ("scheme.not_positive", "full"),
        ("scheme.not_positive", "sections[0].weight"),
        ("scheme.not_positive", "sections[0].indicators[1].full"),
        ("scheme.unknown_measure", "sections[0].indicators[0]"),
        ("scheme.unknown_measure", "sections[0].indicators[1]"),
    }


def test_counting_self_found_problems_is_allowed_and_warned_about() -> None:
    sources = [{"measure": "own_finds", "finder": "self", "weight": "0.5"}]
    scheme = read(document((1, [indicator("x", "per_exposure", base="checks", each=1, sources=sources)])))
    assert [(fault.code, fault.column) for fault in scheme.warnings] == [("scheme.self_found_counts", HERE)]
    assert scheme.warnings[0].code in known_codes()


def test_scheme_that_no_pack_holds_is_refused_even_as_a_path() -> None:
    with pytest.raises(SchemeUnknown):
        scheme_named("../schemes/basic")


@pytest.mark.parametrize("content", ["schema = ", None], ids=["no TOML", "no file"])
def test_scheme_file_that_cannot_be_read_is_refused(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "own.toml"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(SchemeUnreadable):
        scheme_at(path)


def test_scheme_schema_travels_with_the_package() -> None:
    assert Path(queries.__file__).with_name("scheme.schema.json").is_file()
