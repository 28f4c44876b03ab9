"""When are two names the same, and which code does a place without one get?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiuhua.territory.rules.names import aliases_in, fold, fresh_code, stem
from xiuhua.territory.words import NameRule

COMMUNITY = NameRule("zh.community", ("社区居委会", "居委会", "社区"))


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("  Back   Bay ", "back bay"),
        ("ＢＡＣＫ　ＢＡＹ", "back bay"),
        ("Straße", "strasse"),
        ("河埒（北）", "河埒(北)"),
        ("Allston / Brighton", "allston / brighton"),
        (" \t ", ""),
    ],
    ids=["spaces", "full-width", "sharp s", "brackets", "slash stays", "nothing"],
)
def test_fold_when_written_differently_then_one_form(written: str, folded: str) -> None:
    assert fold(written) == folded


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=20))
def test_fold_when_folded_again_then_unchanged(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("name", "left"),
    [("胜利门社区居委会", "胜利门"), ("胜利门社区", "胜利门"), ("胜利门", "胜利门"), ("社区", ""), ("东社区", "")],
    ids=["longest ending", "short ending", "none", "nothing left", "too little left"],
)
def test_stem_when_a_name_ends_in_a_suffix_then_it_goes(name: str, left: str) -> None:
    assert stem(name, COMMUNITY) == left


@pytest.mark.parametrize(
    ("cell", "names"),
    [("a; b ；c|d、e", ("a", "b", "c", "d", "e")), ("Allston / Brighton", ("Allston / Brighton",)), (" ; ", ())],
    ids=["all marks", "slash is part of a name", "empty"],
)
def test_aliases_when_several_stand_in_a_cell_then_each_is_one(cell: str, names: tuple[str, ...]) -> None:
    assert aliases_in(cell) == names


@pytest.mark.parametrize(
    ("name", "taken", "code"),
    [
        ("Back Bay", set(), "block-back-bay"),
        ("Back Bay", {"block-back-bay", "block-back-bay-2"}, "block-back-bay-3"),
        ("Café Noir", set(), "block-cafe-noir"),
        ("星河", set(), "block-01"),
        ("星河A区", {"block-01"}, "block-02"),
        ("A" * 90, set(), "block-" + "a" * 48),
    ],
    ids=["latin", "taken", "accents", "chinese", "mixed", "long"],
)
def test_fresh_code_when_a_place_has_none_then_it_gets_a_free_one(name: str, taken: set[str], code: str) -> None:
    assert fresh_code("block", name, taken) == code
