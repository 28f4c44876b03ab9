"""Red and black lists, and the change to last month (docs/scoring.md 2.7, 3.5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from tests.assessment.trial_schemes import indicator

from xiuhua.assessment.rules import changes, lists, sheet_bytes, sheets, view
from xiuhua.assessment.words import AssessmentView, CutOff, Header, Scheme, Subject

F = Fraction
Build = Callable[..., Scheme]
KEPT = {"a": 80, "b": 90, "c": 90, "d": 90, "e": 95, "f": 96}


def month(
    scheme: Scheme, kept: dict[str, int], period: str = "2026-10", open_: dict[str, int] | None = None
) -> AssessmentView:
    """Return the written month of subjects with so many of 100 on time, and so many overdue and open."""
    counts = {
        code: {"on_time": (value, 100), "due": (100, 100), "overdue_open": ((open_ or {}).get(code, 0), 100)}
        for code, value in kept.items()
    }
    header = Header(period, "community", "due", f"{period}-28T16:00:00+00:00", CutOff.END, "0" * 64, {}, 0)
    return view(sheet_bytes(header, scheme, sheets(scheme, counts, [Subject(code, code) for code in kept])))


@pytest.mark.parametrize(
    ("red", "black", "expected"),
    [
        pytest.param(2, 2, (["f", "e"], ["a", "b", "c", "d"]), id="three share the second place from below"),
        pytest.param(1, 1, (["f"], ["a"]), id="one each"),
        pytest.param(0, 0, ([], []), id="no places"),
    ],
)
def test_lists_are_the_plain_ends_of_the_ranking(
    scheme_of: Build, red: int, black: int, expected: tuple[list[str], list[str]]
) -> None:
    found = lists(month(scheme_of((1, [indicator("on_time")])), KEPT), red, black)
    assert ([each.code for each in found.red], [each.code for each in found.black]) == expected


def test_lists_when_the_rule_stops_before_a_tie_leave_it_out(scheme_of: Build) -> None:
    scheme = scheme_of((1, [indicator("on_time")]), lists={"black": 2, "ties": "stop_before"})
    assert [each.code for each in lists(month(scheme, KEPT)).black] == ["a"]


def test_lists_when_somebody_is_barred_let_the_next_move_up(scheme_of: Build) -> None:
    bar = [{"measure": "overdue_open", "at_least": 1}]
    scheme = scheme_of((1, [indicator("on_time")]), lists={"red": 1, "black": 1, "not_red": bar})
    found = lists(month(scheme, KEPT, open_={"f": 1, "a": 3}))
    assert [each.code for each in found.red] == ["e"]
    assert [each.code for each in found.black] == ["a"]
    assert {each.code for each in found.barred_red} == {"a", "f"}


@pytest.mark.parametrize(
    ("bar", "expected"),
    [
        pytest.param({"measure": "on_time", "of": "share", "at_least": "0.8"}, "b", id="a share that is good enough"),
        pytest.param({"measure": "overdue_open", "at_most": 0}, "b", id="nothing left open"),
        pytest.param({"measure": "overdue_open", "at_most": 0, "of": "share"}, "b", id="no share left open"),
    ],
)
def test_lists_when_the_lowest_still_does_well_may_spare_it(
    scheme_of: Build, bar: dict[str, object], expected: str
) -> None:
    kept = {"a": 80, "b": 79 if bar["measure"] == "on_time" else 81, "c": 90, "d": 91, "e": 92, "f": 93}
    scheme = scheme_of((1, [indicator("on_time")]), lists={"black": 1, "not_black": [bar]})
    found = lists(month(scheme, kept, open_={"b": 2, "c": 1}))
    assert [each.code for each in found.black] == [expected]


def test_lists_of_a_group_too_small_to_compare_are_empty_and_say_so(scheme_of: Build) -> None:
    groups = [{"code": "one", "title": {"zh": "一类"}, "members": ["x", "y"]}, {"code": "two", "title": {"zh": "二类"}}]
    scheme = scheme_of((1, [indicator("on_time")]), groups=groups)
    found = lists(month(scheme, {**KEPT, "x": 1, "y": 99}), 1, 1)
    assert ([each.code for each in found.red], [each.code for each in found.black]) == (["f"], ["a"])
    assert [group.code for group in found.without] == ["one"]


def test_lists_when_a_group_is_small_name_who_stands_on_both(scheme_of: Build) -> None:
    found = lists(month(scheme_of((1, [indicator("on_time")])), KEPT), 4, 4)
    assert found.both == ("b", "c", "d")


def test_lists_leave_out_small_samples(scheme_of: Build) -> None:
    scheme = scheme_of((1, [indicator("on_time")]), minimum={"measure": "due", "least": 101}, lists={"least_group": 1})
    found = lists(month(scheme, KEPT))
    assert (found.red, found.black) == ((), ())


def test_change_to_last_month_is_points_and_places(scheme_of: Build) -> None:
    scheme = scheme_of((1, [indicator("on_time")]))
    moved = changes(month(scheme, {"a": 80, "b": 90}), month(scheme, {"a": 85, "b": 75}, "2026-09"))
    assert {code: (each.points, each.places) for code, each in moved.items()} == {"a": (-5, -1), "b": (15, 1)}


def test_change_without_a_comparable_month_is_none(scheme_of: Build) -> None:
    now = month(scheme_of((1, [indicator("on_time")])), {"a": 80})
    other = replace(now, version="2")
    running = replace(now, as_of="2026-10-12T00:00:00+00:00", cut_off=CutOff.RUNNING)
    gone = month(scheme_of((1, [indicator("on_time")])), {"z": 80}, "2026-09")
    for before in (None, other, gone, running):
        change = changes(now, before)["a"]
        assert (change.points, change.places) == (None, None)
