"""Files as found in the wild: read whole, or refused with the reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.territory.ground import collection, square

from xiuhua.kernel.words import Fault, Refusal
from xiuhua.tables.words import TableEmpty, TableMalformed
from xiuhua.territory.actions.reading import read_territories
from xiuhua.territory.rules.files import (
    FieldMissing,
    FileEmpty,
    FileNotJson,
    FileNotTerritories,
    FileNotText,
    FileTooLarge,
    NameForMany,
    NameUndeclared,
)
from xiuhua.territory.words import FileContent, FileRow, Reading

NAMES = Reading(name_field="name")
FEATURE = {"type": "Feature", "properties": {"name": "甲", "no": 7}, "geometry": square(0, 0)}
BARE = Reading(name="甲", code="1")


def content(data: bytes, reading: Reading, limit: int = 10**6) -> tuple[FileContent, list[Fault]]:
    file, faults, _fields = read_territories(data, reading, limit=limit)
    return file, faults


def as_bytes(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "data",
    [
        as_bytes({"type": "FeatureCollection", "features": [FEATURE]}),
        as_bytes([FEATURE]),
        as_bytes(FEATURE),
        b"\xef\xbb\xbf  " + as_bytes(FEATURE),
        as_bytes([{"properties": {"name": "甲"}, "geometry": square(0, 0)}]),
    ],
    ids=["collection", "array", "feature", "with BOM", "untyped feature"],
)
def test_geojson_when_in_any_shape_then_the_same_row(data: bytes) -> None:
    file, faults = content(data, NAMES)
    assert (file.rows, file.drawn, faults) == ((FileRow(1, "甲", geometry=square(0, 0)),), True, [])


def test_geojson_when_a_bare_geometry_then_its_name_and_code_are_those_given() -> None:
    file, _faults = content(as_bytes(square(0, 0)), BARE)
    assert file.rows == (FileRow(1, "甲", "1", geometry=square(0, 0)),)


def test_geojson_when_values_are_numbers_or_lists_then_they_are_texts() -> None:
    data = collection(({"name": 5.0, "code": 110101001, "other": ["a", None, "b"]}, square(0, 0)))
    file, _faults = content(data, Reading(name_field="name", code_field="code", alias_field="other"))
    assert file.rows == (FileRow(1, "5", "110101001", "", ("a", "b"), geometry=square(0, 0)),)


def test_geojson_when_the_code_is_the_features_own_id_then_it_is_read() -> None:
    file, _faults = content(as_bytes({**FEATURE, "id": "0012"}), Reading(name_field="name", code_field="id"))
    assert [row.code for row in file.rows] == ["0012"]


def test_geojson_when_a_member_is_no_feature_then_it_is_a_fault_with_its_place() -> None:
    _file, faults = content(as_bytes([FEATURE, "x", {"type": "Topology"}]), NAMES)
    assert faults == [Fault("territory.feature_malformed", row=2), Fault("territory.feature_malformed", row=3)]


TABLE = '﻿code,name,upper,level\n001,甲,9,village\n\n002,"乙,\n丙",9,village\n003,丁,9,town\n'.encode()


def test_table_when_rows_are_quoted_or_blank_then_they_keep_their_places_and_zeros() -> None:
    file, faults = content(TABLE, Reading(name_field="name", code_field="code", parent_field="upper"))
    assert file.rows == (FileRow(2, "甲", "001", "9"), FileRow(4, "乙, 丙", "002", "9"), FileRow(5, "丁", "003", "9"))
    assert (file.drawn, faults) == (False, [])


def test_table_when_a_condition_is_given_then_only_such_rows_and_the_others_are_counted() -> None:
    file, _faults = content(TABLE, Reading(name_field="name", where=(("level", "town"),)))
    assert ([row.name for row in file.rows], file.skipped) == (["丁"], 2)


def test_table_when_a_row_has_too_many_cells_then_it_is_a_fault() -> None:
    _file, faults = content(b"name,code\na,1\nb,2,3\n", NAMES)
    assert faults == [Fault("territory.cells_many", row=3, facts={"cells": 3, "header": 2})]


@pytest.mark.parametrize(
    ("data", "reading", "refusal"),
    [
        (b"x" * 200, NAMES, FileTooLarge),
        (b'{"type": "\xff"}', NAMES, FileNotText),
        (b'{"type": "Feature", ', NAMES, FileNotJson),
        (b'{"type": "Feature", "properties": {"name": NaN}}', NAMES, FileNotJson),
        (b"[" * 100, NAMES, FileNotJson),
        (b'name\n"open\n', NAMES, TableMalformed),
        (b"", NAMES, TableEmpty),
        (b'{"type": "Topology"}', NAMES, FileNotTerritories),
        (b"[]", NAMES, FileEmpty),
        (b"name\n", NAMES, FileEmpty),
        (b"name,a\nx,1\n", Reading(name_field="name", where=(("a", "2"),)), FileEmpty),
        (b"title\nx\n", NAMES, FieldMissing),
        (b"name\nx\n", Reading(name_field="name", parent_field="up"), FieldMissing),
        (as_bytes({"type": "Feature", "geometry": None}), Reading(code_field="name"), NameUndeclared),
        (b"name\nx\ny\n", Reading(name="甲"), NameForMany),
    ],
    ids=[
        "large",
        "not UTF-8",
        "cut off",
        "not a number",
        "open brackets",
        "open quote",
        "empty",
        "topojson",
        "no feature",
        "header only",
        "nothing left",
        "no such name field",
        "no such parent field",
        "no name",
        "one name for two",
    ],
)
def test_file_when_it_cannot_be_read_then_it_is_refused(data: bytes, reading: Reading, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as refused:
        content(data, reading, limit=100)
    assert type(refused.value) is refusal
    assert str(refused.value)
