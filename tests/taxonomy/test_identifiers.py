"""Identifiers are texts whose every segment says something; local codes grow from 99 downward."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from xiuhua.kernel.queries import read_pack
from xiuhua.taxonomy.queries.standards import PatternUnknown, pattern_of
from xiuhua.taxonomy.rules.identifiers import check_identifier, next_local_code
from xiuhua.taxonomy.rules.packs import standard_of
from xiuhua.taxonomy.words import Standard


def _standard(name: str) -> Standard:
    return standard_of(read_pack(Path(settings.PACKS) / "taxonomy" / name))[0]


TABLE = [
    pytest.param("cn-national/2013-1", "class-code", "3202130405", [], id="class-code"),
    pytest.param("cn-national/2013-1", "unit-grid", "320213001002001", [], id="unit-grid-of-15"),
    pytest.param("cn-old/2007-1", "unit-grid", "32021300100201", [], id="unit-grid-of-14"),
    pytest.param("cn-national/2013-1", "component-code", "3202130101000001", [], id="component-of-16"),
    pytest.param(
        "cn-national/2013-1",
        "unit-grid",
        "32021300100201",
        [("identifier.length", "")],
        id="old-grid-is-too-short-today",
    ),
    pytest.param("cn-national/2013-1", "class-code", "320213040", [("identifier.length", "")], id="a-digit-short"),
    pytest.param(
        "cn-national/2013-1", "class-code", "３２０２１３０４０５", [("identifier.not_digits", "")], id="full-width"
    ),
    pytest.param("cn-national/2013-1", "class-code", "32021304O5", [("identifier.not_digits", "")], id="a-letter"),
    pytest.param("cn-national/2013-1", "unit-grid", "3.20213E+14", [("identifier.mangled", "")], id="a-float"),
    pytest.param("cn-national/2013-1", "class-code", "3202130405.0", [("identifier.mangled", "")], id="a-float-whole"),
    pytest.param(
        "cn-national/2013-1", "class-code", "9902130405", [("identifier.division_unknown", "行政区划")], id="division"
    ),
    pytest.param("cn-national/2013-1", "class-code", "3202130477", [("identifier.class_unknown", "小类")], id="class"),
    pytest.param("cn-national/2013-1", "unit-grid", "320213000002001", [("identifier.zero", "街道")], id="street"),
    pytest.param(
        "cn-national/2013-1",
        "unit-grid",
        "000000001000000",
        [("identifier.zero", "行政区划"), ("identifier.zero", "社区"), ("identifier.zero", "顺序码")],
        id="several-segments",
    ),
]


@pytest.mark.parametrize(("pack", "name", "text", "expected"), TABLE)
def test_identifier_when_checked_then_the_wrong_segment_is_named(
    pack: str, name: str, text: str, expected: list[tuple[str, str]]
) -> None:
    standard = _standard(pack)
    codes = {row.key.code for row in standard.classes if row.parent}
    faults = check_identifier(text, pattern_of(standard, name=name), divisions={"320213"}, codes=codes)
    assert [(fault.code, fault.column) for fault in faults] == expected


def test_identifier_when_no_division_is_known_then_none_is_refused() -> None:
    standard = _standard("cn-national/2013-1")
    assert check_identifier("9902130405", pattern_of(standard, name="class-code")) == []


def test_pattern_when_no_identifier_is_so_long_then_the_known_ones_are_named() -> None:
    with pytest.raises(PatternUnknown) as refused:
        pattern_of(_standard("cn-national/2013-1"), length=18)
    assert refused.value.facts["known"] == "class-code（10）、unit-grid（15）、component-code（16）"


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        pytest.param([], "0199", id="first"),
        pytest.param(["0199", "0198"], "0197", id="downward"),
        pytest.param(["0101", "0199", "0197"], "0198", id="a-gap-is-filled"),
        pytest.param([f"01{number:02d}" for number in range(1, 100)], None, id="full"),
    ],
)
def test_local_code_when_given_out_then_it_is_the_highest_free_one(taken: list[str], expected: str | None) -> None:
    assert next_local_code("01", taken) == expected
