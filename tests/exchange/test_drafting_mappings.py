"""From a guess to a mapping: what is open is refused by name, answers agree with it, and it reads back the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.test_guessing import ALIASES, PACKS, proposed

from xiuhua.exchange.guesses import Ticked
from xiuhua.exchange.rules.aliases import Aliases
from xiuhua.exchange.rules.drafts import AnswerUnasked, DraftIncomplete, answered, draft, write_mapping
from xiuhua.exchange.rules.guessing import fingerprint, guess
from xiuhua.exchange.rules.mappings import MappingMalformed, mapping_faults, parse_mapping


@pytest.fixture(scope="module")
def aliases() -> Aliases:
    """The shipped table of names."""
    return ALIASES


@given(
    st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=8, unique=True), st.randoms(use_true_random=False)
)
def test_fingerprint_when_columns_change_places_then_the_same_when_a_name_changes_another(
    header: list[str], chance: Any
) -> None:
    shuffled = list(header)
    chance.shuffle(shuffled)
    assert fingerprint(shuffled) == fingerprint(header)
    assert fingerprint([*header, "\x00"]) != fingerprint(header)
    assert fingerprint([header[0] + "x", *header[1:]]) != fingerprint(header)


def test_draft_when_something_is_open_then_refused_by_name_when_answered_then_a_mapping(aliases: Aliases) -> None:
    found = proposed(aliases, ("[结案]", "120.30123", "31.56234"))
    ticked = Ticked(void=("[作废]",))
    with pytest.raises(DraftIncomplete) as caught:
        draft(found, code="p", name="平台", answers={"crs": "gcj02"}, ticked=ticked)
    assert caught.value.facts == {"open": "zone, date_order"}
    answers = {"crs": "gcj02", "zone": "Asia/Shanghai", "date_order": "ymd", "day": None}
    mapping = parse_mapping(draft(found, code="p", name="平台", answers=answers, ticked=ticked))
    assert (mapping.crs, mapping.zone, mapping.date_order) == ("gcj02", "Asia/Shanghai", "ymd")
    assert mapping.void == frozenset({"[作废]"})
    assert mapping.columns == {which: one.column for which, one in found.fields.items()}


def test_draft_when_columns_of_flags_are_ticked_then_they_say_the_verdict(aliases: Aliases) -> None:
    header = ["任务号", "上报时间", "按期结案数", "超期结案数", "立案数"]
    rows = [["A1", "2026-10-01", "1", "0", "1"], ["A2", "2026-10-02", "0", "1", "1"]]
    found = guess(header, rows, aliases)
    assert found.flags == ("按期结案数", "超期结案数")
    ticked = Ticked(on_time_columns=("按期结案数",), overdue_columns=("超期结案数",))
    text = draft(found, code="p", name="n", answers={"zone": "UTC", "date_order": "ymd"}, ticked=ticked)
    said = {name: str(verdict) for name, verdict in parse_mapping(text).verdict_columns.items()}
    assert said == {"按期结案数": "on_time", "超期结案数": "overdue"}


def test_draft_when_a_required_column_is_not_there_then_refused(aliases: Aliases) -> None:
    found = guess(["上报时间", "小类"], [["2026-10-01", "井盖"]], aliases)
    with pytest.raises(DraftIncomplete) as caught:
        draft(found, code="p", name="n", answers={"zone": "UTC", "date_order": "ymd"}, ticked=Ticked())
    assert [fault.column for fault in caught.value.faults] == ["number"]


SHIPPED = {path.stem: path.read_text(encoding="utf-8") for path in sorted((PACKS / "mappings").glob("*.toml"))}


ASKED = {
    "boston-311": (),
    "chicago-311": (),
    "cn-24-column": ("crs", "zone"),
    "demo-street": (),
    "egova": ("zone",),
    "georeport-bulk": ("zone",),
    "nyc-311": (),
    "xiuhua": ("zone",),
}


ANSWERS = {"crs": "bd09mc", "zone": "Asia/Shanghai"}


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_mapping_when_a_template_then_refused_until_answered(name: str) -> None:
    text, asked = SHIPPED[name], ASKED[name]
    assert mapping_faults(text) == []
    if asked:
        with pytest.raises(MappingMalformed) as caught:
            parse_mapping(text)
        assert [(fault.code, fault.column) for fault in caught.value.faults] == [
            ("mapping.asked", one) for one in asked
        ]
    mapping = parse_mapping(answered(text, {one: ANSWERS[one] for one in asked}))
    again = parse_mapping(write_mapping(mapping))
    assert replace(again, text="") == replace(mapping, text="")


def test_answers_when_a_mapping_says_otherwise_then_refused_when_it_says_the_same_then_not() -> None:
    assert parse_mapping(answered(SHIPPED["boston-311"], {"zone": "America/New_York"})).zone == "America/New_York"
    with pytest.raises(AnswerUnasked) as caught:
        answered(SHIPPED["boston-311"], {"zone": "Asia/Shanghai"})
    assert caught.value.facts == {"mapping": "boston-311", "what": "zone", "told": "America/New_York"}


def test_answers_when_a_plane_system_is_named_then_its_meridian_comes_with_it() -> None:
    answers = {"crs": "cgcs2000-gk3", "zone_number": 40, "zone": "Asia/Shanghai"}
    assert parse_mapping(answered(SHIPPED["cn-24-column"], answers)).meridian == 120.0


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ('ask = ["zone"]', ["mapping.asked_and_told"]),
        ("central_meridian = 120\nzone_number = 40", ["mapping.meridian_twice"]),
    ],
)
def test_mapping_when_it_contradicts_itself_then_said(line: str, codes: list[str]) -> None:
    text = SHIPPED["boston-311"].replace("mirror = true", line)
    assert [fault.code for fault in mapping_faults(text)] == codes


def test_mapping_when_neither_told_nor_asked_then_said() -> None:
    text = SHIPPED["boston-311"].replace('zone = "America/New_York"\n', "")
    assert [fault.code for fault in mapping_faults(text)] == ["mapping.undeclared"]


@given(
    missing=st.frozensets(st.text(min_size=1, max_size=5).map(str.strip).filter(bool), max_size=3),
    name=st.text(min_size=1, max_size=20),
    meridian=st.none() | st.floats(72, 136),
)
def test_mapping_when_written_then_read_back_the_same(
    missing: frozenset[str], name: str, meridian: float | None
) -> None:
    base = parse_mapping(SHIPPED["demo-street"])
    mapping = replace(base, missing=missing, name=name, meridian=meridian, text="")
    assert replace(parse_mapping(write_mapping(mapping)), text="") == mapping
