"""Import mappings: a TOML text checked against a schema, every fault named at once."""

from __future__ import annotations

import tomllib
from collections import Counter
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import jsonschema

from xiuhua.cases.words import Verdict
from xiuhua.exchange.words import Mapping, Placing
from xiuhua.kernel.words import Fault, Refusal, marked

REQUIRED = ("number", "reported_at")
FIELDS = (
    *REQUIRED,
    *("due_at", "closed_at", "title", "description", "address", "channel", "main_class", "sub_class", "body"),
    *("territory_code", "territory_name", "longitude", "latitude", "stage", "verdict", "condition", "extensions"),
)
#: What each way of placing needs.
WAYS = {"point": ("longitude", "latitude"), "code": ("territory_code",), "name": ("territory_name",)}

_TEXT = {"type": "string", "minLength": 1}
_TEXTS = {"type": "array", "uniqueItems": True, "items": _TEXT}


def _table(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}


SCHEMA: dict[str, Any] = _table(
    ("schema", "code", "name", "zone", "date_order", "columns"),
    schema={"const": 1},
    code={"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$", "maxLength": 40},
    name={**_TEXT, "maxLength": 100},
    zone={**_TEXT, "maxLength": 60},
    date_order={"enum": ["ymd", "mdy", "dmy"]},
    crs={"enum": ["wgs84", "gcj02", "bd09"]},
    mirror={"type": "boolean"},
    repeat_order={"type": "string"},
    encoding={"enum": ["", "utf-8", "gb18030", "utf-16"]},
    delimiter={"enum": ["", ",", ";", "\t"]},
    sheet={"type": "string"},
    header_row={"type": "integer", "minimum": 0, "maximum": 1000},
    header_rows={"type": "integer", "minimum": 0, "maximum": 5},
    limit_by=_TEXTS,
    columns=_table(REQUIRED, **dict.fromkeys(FIELDS, _TEXT)),
    stage=_table(void=_TEXTS),
    verdict=_table(on_time=_TEXTS, overdue=_TEXTS),
    marks=_table(extension=_TEXTS, rework=_TEXTS, overdue=_TEXTS),
    place=_table(
        order={"type": "array", "uniqueItems": True, "items": {"enum": list(WAYS)}},
        level={"type": "string", "pattern": "^[a-z0-9_-]*$", "maxLength": 40},
        observe={"enum": ["if_level_empty", "never"]},
        pile_min={"type": "integer", "minimum": 1},
        pile_share={"type": "string", "pattern": r"^(0(\.\d+)?|1(\.0+)?)$"},
        pile_listed={"type": "integer", "minimum": 2},
    ),
)


class MappingMalformed(Refusal):
    """The mapping cannot be used; its faults say where."""

    code = "import.mapping_malformed"
    sentence = marked("导入映射有 %(n)s 处不合格式。")

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults, n=len(faults))


def parse_mapping(text: str) -> Mapping:
    """Return the mapping written in a TOML text. Raises MappingMalformed with every fault found."""
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also numbers and nestings beyond what is read
        raise MappingMalformed([Fault("mapping.toml", facts={"reason": str(error)})]) from error
    errors = sorted(jsonschema.Draft202012Validator(SCHEMA).iter_errors(document), key=lambda one: one.json_path)
    faults = [
        Fault("mapping.schema", column=error.json_path.removeprefix("$."), facts={"reason": error.message})
        for error in errors
    ]
    if not faults:
        faults = _contradictions(document)
    if faults:
        raise MappingMalformed(faults)
    return _mapping(document, text)


def mapping_faults(text: str) -> list[Fault]:
    """Return everything that is wrong with a mapping's text, each at its field."""
    try:
        parse_mapping(text)
    except MappingMalformed as refusal:
        return list(refusal.faults)
    return []


def _contradictions(document: dict[str, Any]) -> list[Fault]:
    """Return what the schema cannot say."""
    columns, place = document["columns"], document.get("place", {})
    faults = []
    try:
        ZoneInfo(document["zone"])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        faults.append(Fault("mapping.zone", column="zone", facts={"zone": document["zone"]}))
    if ("longitude" in columns) != ("latitude" in columns):
        faults.append(Fault("mapping.coordinate_half", column="columns"))
    if "longitude" in columns and "crs" not in document:
        faults.append(Fault("mapping.crs", column="crs"))
    for way in place.get("order", []):
        lacking = [one for one in WAYS[way] if one not in columns]
        if lacking:
            faults.append(Fault("mapping.way", column="place.order", facts={"way": way, "fields": ", ".join(lacking)}))
    if place.get("observe", "never") != "never" and not place.get("level"):
        faults.append(Fault("mapping.level", column="place.level"))
    verdict = document.get("verdict", {})
    faults += [
        Fault("mapping.verdict_both", column="verdict", facts={"text": text})
        for text in sorted(set(verdict.get("on_time", [])) & set(verdict.get("overdue", [])))
    ]
    marks = Counter(word.strip() for words in document.get("marks", {}).values() for word in words)
    faults += [
        Fault("mapping.mark_twice", column="marks", facts={"text": text})
        for text, n in marks.items()
        if n > 1 or not text
    ]
    return faults


def _mapping(document: dict[str, Any], text: str) -> Mapping:
    given = {key: document[key] for key in SCHEMA["properties"] if key in document}
    for key in ("schema", "stage", "verdict", "marks", "place"):
        given.pop(key, None)
    given["limit_by"] = tuple(given.get("limit_by", ()))
    verdict = document.get("verdict", {})
    verdicts = dict.fromkeys((one.strip() for one in verdict.get("on_time", [])), Verdict.ON_TIME)
    verdicts |= dict.fromkeys((one.strip() for one in verdict.get("overdue", [])), Verdict.OVERDUE)
    return Mapping(
        **given,
        place=_placing(document),
        void=frozenset(one.strip() for one in document.get("stage", {}).get("void", [])),
        verdicts=verdicts,
        marks={word.strip(): kind for kind, words in document.get("marks", {}).items() for word in words},
        text=text,
    )


def _placing(document: dict[str, Any]) -> Placing:
    place = dict(document.get("place", {}))
    columns = document["columns"]
    default = [way for way, needs in WAYS.items() if all(one in columns for one in needs)]
    place["order"] = tuple(place.get("order", default))
    if "pile_share" in place:
        place["pile_share"] = Fraction(place["pile_share"])
    return Placing(**place)
