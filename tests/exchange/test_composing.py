"""From the form about a file to its mapping: nothing is lost, nothing is answered by itself, every gap is named."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from xiuhua.exchange.rules.composing import Filled, asked_of, composed, faults_of, filled_by
from xiuhua.exchange.rules.drafts import written
from xiuhua.exchange.rules.mappings import parse_mapping
from xiuhua.exchange.words import Mapping

SHIPPED = sorted(Path(settings.PACKS, "mappings").glob("*.toml"))
#: What a person may answer where a shipped mapping asks.
ANSWERS = {"crs": "gcj02", "zone": "Asia/Shanghai", "date_order": "ymd", "day": "work_day"}
READY = Filled(
    columns={"甲": "number", "乙": "reported_at", "丙": "", "丁": "", "戊": ""},
    code="hotline",
    name="热线",
    zone="Asia/Shanghai",
    date_order="ymd",
)


def _header(document: dict[str, Any]) -> list[str]:
    verdict = document.get("verdict", {})
    flags = [*verdict.get("on_time_columns", ()), *verdict.get("overdue_columns", ())]
    return list(dict.fromkeys([*document["columns"].values(), *flags, *document.get("limit_by", ()), "别的"]))


def _answered(filled: Filled, document: dict[str, Any]) -> Filled:
    return replace(filled, **{what: ANSWERS[what] for what in document.get("ask", ())})


def _same(one: Mapping) -> Mapping:
    return replace(one, text="")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_mapping_when_filled_in_and_written_again_then_it_is_the_same_mapping(path: Path) -> None:
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    header = _header(document)
    filled = _answered(filled_by(document, header), document)
    again = parse_mapping(written(composed(document, filled, header)))
    told = {key: value for key, value in document.items() if key != "ask"}
    asked = {what: ANSWERS[what] for what in document.get("ask", ()) if what != "day"}
    if "day" in document.get("ask", ()):
        told["units"] = {**told.get("units", {}), "day": ANSWERS["day"]}
    assert _same(again) == _same(parse_mapping(written({**told, **asked})))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_form_when_it_opens_from_a_mapping_then_what_that_asks_is_not_answered(path: Path) -> None:
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    filled = filled_by(document, _header(document))
    assert {what: getattr(filled, what) for what in document.get("ask", ())} == dict.fromkeys(
        document.get("ask", ()), ""
    )


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({}, []),
        ({"zone": ""}, ["compose.open_zone"]),
        ({"date_order": ""}, ["compose.open_date_order"]),
        ({"name": " "}, ["compose.unnamed"]),
        ({"meridian": "x"}, ["compose.meridian"]),
        ({"columns": {"甲": "number"}}, ["compose.lacking"]),
        ({"columns": {}}, ["compose.lacking", "compose.lacking"]),
        ({"columns": {"甲": "number", "乙": "reported_at", "丙": "number"}}, ["compose.twice"]),
        (
            {"columns": {"甲": "number", "乙": "reported_at", "丙": "longitude"}, "crs": "wgs84"},
            ["mapping.coordinate_half"],
        ),
        (
            {"columns": {"甲": "number", "乙": "reported_at", "丙": "longitude", "丁": "latitude"}},
            ["compose.open_crs"],
        ),
    ],
    ids=["ready", "zone", "order", "name", "meridian", "no report", "nothing", "twice", "half", "system"],
)
def test_form_when_something_is_open_then_each_gap_is_a_fault(changed: dict[str, Any], codes: list[str]) -> None:
    assert [one.code for one in faults_of(replace(READY, **changed), limits=False)] == codes


def test_day_when_the_file_has_limits_then_it_is_asked() -> None:
    assert asked_of(READY, limits=True) == ("zone", "date_order", "day")
    assert [one.code for one in faults_of(READY, limits=True)] == ["compose.open_day"]


@pytest.mark.parametrize(
    ("crs", "kept"), [("cgcs2000-gk3", 120.0), ("gcj02", None)], ids=["zones of three degrees", "degrees"]
)
def test_meridian_when_the_system_has_none_then_it_is_left_out(crs: str, kept: float | None) -> None:
    columns = {"甲": "number", "乙": "reported_at", "丙": "longitude", "丁": "latitude"}
    filled = replace(READY, columns=columns, crs=crs, meridian="120")
    assert composed({}, filled, columns).get("central_meridian") == kept


def test_words_when_given_a_meaning_then_they_stand_there_and_others_nowhere() -> None:
    filled = replace(
        READY,
        columns={**READY.columns, "丙": "stage", "丁": "verdict"},
        stages={"作废": "void", "结案": "closed", "处置": "open", "怪": ""},
        verdicts={"否": "on_time", "是": "overdue"},
    )
    mapping = parse_mapping(written(composed({}, filled, READY.columns)))
    assert (mapping.void, mapping.closed, mapping.opened) == ({"作废"}, {"结案"}, {"处置"})
    assert {text: str(one) for text, one in mapping.verdicts.items()} == {"否": "on_time", "是": "overdue"}


def test_way_of_placing_when_its_columns_are_not_there_then_it_is_left_out() -> None:
    base = {"place": {"order": ["point", "code", "name"], "pile_min": 9}}
    columns = {**READY.columns, "丙": "territory_name"}
    place = composed(base, replace(READY, columns=columns), columns)["place"]
    assert place == {"order": ["name"], "pile_min": 9}
