"""Mappings, repeats, pile-ups and verdicts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from xiuhua.cases.words import Verdict
from xiuhua.exchange.rules.mappings import FIELDS, SCHEMA, MappingMalformed, parse_mapping
from xiuhua.exchange.rules.piles import pile_ups
from xiuhua.exchange.rules.repeats import courses, order_key
from xiuhua.exchange.rules.times import WallClock
from xiuhua.exchange.rules.verdicts import own_verdict
from xiuhua.exchange.words import Course, PileUp, Placing, Repeat

DUE = datetime(2026, 10, 3, tzinfo=UTC)
CLOCK = WallClock(ZoneInfo("Asia/Shanghai"), "ymd")


def test_mapping_when_complete_then_read(mapping_text: str) -> None:
    mapping = parse_mapping(mapping_text)
    assert mapping.columns["number"] == "编号"
    assert mapping.place == Placing(("point", "code", "name"), "community", "never", 5, Fraction(1, 2), pile_listed=2)
    assert mapping.verdicts == {"否": Verdict.ON_TIME, "是": Verdict.OVERDUE}
    assert mapping.void == frozenset({"[作废]"})
    assert mapping.text == mapping_text


def test_mapping_when_no_place_is_given_then_all_ways_its_columns_allow(mapping_text: str) -> None:
    head, _place = mapping_text.split("[place]")
    assert parse_mapping(head).place == Placing(("point", "code", "name"))


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        pytest.param("schema = 1", "schema = 1\nschema = 2", [("mapping.toml", "")], id="no TOML"),
        pytest.param('zone = "Asia/Shanghai"', 'zone = "Asia/Nowhere"', [("mapping.zone", "zone")], id="zone"),
        pytest.param('zone = "Asia/Shanghai"', 'zone = "../etc"', [("mapping.zone", "zone")], id="zone as a path"),
        pytest.param('crs = "wgs84"', "", [("mapping.crs", "crs")], id="no coordinate system"),
        pytest.param('latitude = "纬度"\n', "", [("mapping.coordinate_half", "columns"), ("mapping.way", "place.order")], id="half a coordinate"),
        pytest.param('territory_code = "网格"\n', "", [("mapping.way", "place.order")], id="a way without its column"),
        pytest.param('on_time = ["否"]', 'on_time = ["否", "是"]', [("mapping.verdict_both", "verdict")], id="both verdicts"),
        pytest.param('level = "community"', 'observe = "if_level_empty"', [("mapping.level", "place.level")], id="observing without a level"),
        pytest.param('number = "编号"\n', "", [("mapping.schema", "columns")], id="no number"),
        pytest.param('pile_share = "0.5"', 'pile_share = "half"', [("mapping.schema", "place.pile_share")], id="share"),
        pytest.param("[verdict]", "[verdikt]", [("mapping.schema", "$")], id="an unknown word"),
    ],
)  # fmt: skip
def test_mapping_when_malformed_then_every_fault_is_named(
    mapping_text: str, old: str, new: str, faults: list[tuple[str, str]]
) -> None:
    assert old in mapping_text
    with pytest.raises(MappingMalformed) as caught:
        parse_mapping(mapping_text.replace(old, new, 1))
    assert [(fault.code, fault.column) for fault in caught.value.faults] == faults


def test_mapping_when_several_faults_then_all_at_once(mapping_text: str) -> None:
    text = mapping_text.replace('"ymd"', '"year first"').replace('"wgs84"', '"utm"').replace('code = "platform"', "")
    with pytest.raises(MappingMalformed) as caught:
        parse_mapping(text)
    assert sorted(fault.column for fault in caught.value.faults) == ["$", "crs", "date_order"]
    assert "3" in str(caught.value)


@pytest.mark.parametrize(
    ("closed", "expected"),
    [
        pytest.param(DUE, Verdict.ON_TIME, id="at the deadline"),
        pytest.param(DUE + timedelta(microseconds=1), Verdict.OVERDUE, id="just after"),
        pytest.param(None, "", id="open"),
    ],
)
def test_own_verdict_compares_close_with_target(closed: datetime | None, expected: str) -> None:
    assert own_verdict(DUE, closed) == expected


def test_own_verdict_when_no_target_then_none() -> None:
    assert own_verdict(None, DUE) == ""


def _repeats(digests: str, orders: str = "") -> list[Repeat]:
    """Rows 2, 3, … whose contents are the letters; orders are texts, one a letter, "-" for an empty cell."""
    keys = [order_key(one.replace("-", ""), CLOCK) for one in orders] if orders else [None] * len(digests)
    return [Repeat(row, digest, key) for row, (digest, key) in enumerate(zip(digests, keys, strict=True), start=2)]


APPLY, KNOWN = Course("apply"), Course("known")


@pytest.mark.parametrize(
    ("digests", "orders", "current", "expected"),
    [
        pytest.param("aba", "", "", [APPLY, Course("refused", 0, 2), Course("equal", 0, 2)], id="no order"),
        pytest.param("ab", "12", "", [APPLY, Course("apply", 1)], id="versions"),
        pytest.param("ab", "21", "", [Course("apply", 1), APPLY], id="versions against the file"),
        pytest.param("aab", "123", "", [APPLY, Course("equal", 0, 2), Course("apply", 1)], id="equal neighbours"),
        pytest.param("aba", "123", "", [APPLY, Course("apply", 1), Course("apply", 2)], id="back to the first"),
        pytest.param("ab", "12", "b", [KNOWN, APPLY], id="all on record"),
        pytest.param("abc", "123", "b", [KNOWN, APPLY, Course("apply", 1)], id="grown"),
        pytest.param("abc", "123", "x", [APPLY, Course("apply", 1), Course("apply", 2)], id="something else on record"),
        pytest.param("aba", "123", "a", [KNOWN, KNOWN, APPLY], id="the newest of equals is on record"),
        pytest.param("ab", "11", "", [APPLY, Course("refused", 0, 2)], id="a tie orders nothing"),
        pytest.param("aa", "11", "", [APPLY, Course("equal", 0, 2)], id="a tie of equals"),
        pytest.param("ab", "1-", "", [APPLY, Course("refused", 0, 2)], id="an empty order cell"),
        pytest.param("ab", "1x", "", [APPLY, Course("refused", 0, 2)], id="order cells of two kinds"),
    ],
)
def test_courses_of_rows_with_one_number(digests: str, orders: str, current: str, expected: list[Course]) -> None:
    found = courses(_repeats(digests, orders), ordered=bool(orders), current=current)
    assert [found[row] for row in sorted(found)] == expected


def test_order_key_when_times_or_numbers_then_by_value_not_by_text() -> None:
    nine, ten = order_key("9", CLOCK), order_key("10", CLOCK)
    early, late = order_key("2026/9/30", CLOCK), order_key("2026/10/1 8:00", CLOCK)
    assert nine is not None
    assert ten is not None
    assert nine < ten
    assert early is not None
    assert late is not None
    assert early < late


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(1000, [PileUp(1, 1, 201, withheld=True), PileUp(2, 2, 200, withheld=False)], id="the minimum"),
        pytest.param(20_099, [PileUp(1, 1, 201, withheld=True), PileUp(2, 2, 200, withheld=False)], id="the share"),
        pytest.param(20_100, [PileUp(1, 1, 201, withheld=False), PileUp(2, 2, 200, withheld=False)], id="just at it"),
    ],
)
def test_pile_ups_carry_more_than_both_limits(rows: int, expected: list[PileUp]) -> None:
    found = pile_ups([((1, 1), 201), ((2, 2), 200), ((3, 3), 49)], rows, Placing(("point",)))
    assert found == expected


def test_pile_ups_when_exactly_the_share_then_still_used() -> None:
    place = Placing(("point",))
    assert [one.withheld for one in pile_ups([((1, 1), 300)], 30_000, place)] == [False]
    assert [one.withheld for one in pile_ups([((1, 1), 301)], 30_000, place)] == [True]


def test_key_of_a_mapping_when_there_is_one_then_the_docs_say_what_it_means() -> None:
    keys = {
        name
        for part in (SCHEMA, *SCHEMA["properties"].values())
        for name in part.get("properties", {})
        if name not in FIELDS
    }
    text = (Path(__file__).parents[2] / "docs/mappings.md").read_text(encoding="utf-8")
    assert {key for key in keys if f"`{key}`" not in text and f"`[{key}]`" not in text} == set()
