"""Import mappings: a TOML text checked against a schema, every fault named at once."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import jsonschema

from xiuhua.cases.words import Verdict
from xiuhua.exchange.words import Mapping, Placing
from xiuhua.kernel.words import Fault, Refusal, marked
from xiuhua.territory.rules.coordinates import SYSTEMS
from xiuhua.territory.rules.projections import FIRST_ZONE, LAST_ZONE, ZONE_WIDTH

REQUIRED = ("number", "reported_at")
FIELDS = (
    *REQUIRED,
    *("due_at", "closed_at", "title", "description", "address", "channel", "main_class", "sub_class", "body"),
    *("territory_code", "territory_name", "longitude", "latitude", "stage", "verdict", "condition", "extensions"),
)
#: What each way of placing needs.
WAYS = {"point": ("longitude", "latitude"), "code": ("territory_code",), "name": ("territory_name",)}
#: What a mapping may leave to whoever uses it: no table of names and no look at values can know these.
ASKED = ("crs", "zone", "date_order", "day")
#: What 天 and 小时 may mean where limits stand in the file (units of xiuhua.clock).
DAYS, HOURS = ("work_day", "natural_day"), ("work_hour", "urgent_hour")

_TEXT = {"type": "string", "minLength": 1}
_TEXTS = {"type": "array", "uniqueItems": True, "items": _TEXT}


def _table(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}


#: What of our own case may be filled into a file on its way back, by the field that a mapping names it with.
BACK = (
    *("closed_at", "due_at", "dispatched_at", "accepted_at", "disposed_at", "body", "stage", "remedy"),
    *("extensions", "reworks"),
)
SCHEMA: dict[str, Any] = _table(
    ("schema", "code", "name", "columns"),
    schema={"const": 1},
    code={"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$", "maxLength": 40},
    name={**_TEXT, "maxLength": 100},
    zone={**_TEXT, "maxLength": 60},
    date_order={"enum": ["ymd", "mdy", "dmy"]},
    ask={"type": "array", "uniqueItems": True, "items": {"enum": list(ASKED)}},
    crs={"enum": list(SYSTEMS)},
    central_meridian={"type": "number", "minimum": 72, "maximum": 136},
    zone_number={"type": "integer", "minimum": FIRST_ZONE, "maximum": LAST_ZONE},
    missing=_TEXTS,
    mirror={"type": "boolean"},
    complete={"enum": ["", "month"]},
    repeat_order={"type": "string"},
    encoding={"enum": ["", "utf-8", "gb18030", "utf-16"]},
    delimiter={"enum": ["", ",", ";", "\t"]},
    sheet={"type": "string"},
    header_row={"type": "integer", "minimum": 0, "maximum": 1000},
    header_rows={"type": "integer", "minimum": 0, "maximum": 5},
    limit_by=_TEXTS,
    columns=_table(REQUIRED, **dict.fromkeys(FIELDS, _TEXT)),
    back=_table(columns={"type": "object", "additionalProperties": {"enum": list(BACK)}}),
    stage=_table(void=_TEXTS, closing=_TEXTS, closed=_TEXTS, open=_TEXTS),
    verdict=_table(on_time=_TEXTS, overdue=_TEXTS, on_time_columns=_TEXTS, overdue_columns=_TEXTS, flags=_TEXTS),
    marks=_table(extension=_TEXTS, rework=_TEXTS, overdue=_TEXTS),
    units=_table(day={"enum": list(DAYS)}, hour={"enum": list(HOURS)}),
    place=_table(
        order={"type": "array", "uniqueItems": True, "items": {"enum": list(WAYS)}},
        level={"type": "string", "pattern": "^[a-z0-9_-]*$", "maxLength": 40},
        observe={"enum": ["if_level_empty", "never"]},
        pile_min={"type": "integer", "minimum": 1},
        pile_share={"type": "string", "pattern": r"^(0(\.\d+)?|1(\.0+)?)$"},
        pile_listed={"type": "integer", "minimum": 2},
    ),
)
#: What a mapping's document and the mapping call alike.
_PLAIN = (
    "code",
    "name",
    "zone",
    "date_order",
    "crs",
    "mirror",
    "complete",
    "repeat_order",
    "encoding",
    "delimiter",
    "sheet",
    "header_row",
    "header_rows",
    "columns",
)


class MappingMalformed(Refusal):
    """The mapping cannot be used; its faults say where."""

    code = "import.mapping_malformed"
    sentence = marked("导入映射有 %(n)s 处不合格式。")

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults, n=len(faults))


def parse_mapping(text: str) -> Mapping:
    """Return the mapping written in a TOML text. Raises MappingMalformed with every fault found.

    A template, which leaves something to be answered, is no mapping yet: each question is a fault (`answered` answers).
    """
    document = read_mapping(text)
    faults = [Fault("mapping.asked", column=one, facts={"what": one}) for one in asked(document)]
    faults += _contradictions(document)
    if faults:
        raise MappingMalformed(faults)
    return _mapping(document, text)


def read_mapping(text: str) -> dict[str, Any]:
    """Return a mapping's or a template's document, of the right form. Raises MappingMalformed with every fault found."""
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also numbers and nestings beyond what is read
        raise MappingMalformed([Fault("mapping.toml", facts={"reason": str(error)})]) from error
    errors = sorted(jsonschema.Draft202012Validator(SCHEMA).iter_errors(document), key=lambda one: one.json_path)
    faults = [
        Fault("mapping.schema", column=error.json_path.removeprefix("$."), facts={"reason": error.message})
        for error in errors
    ]
    if faults:
        raise MappingMalformed([*faults, *_untold(document)])
    return document


def asked(document: dict[str, Any]) -> tuple[str, ...]:
    """Return what a mapping leaves to be answered, in its order; nothing for one that is ready."""
    return tuple(document.get("ask", ()))


def mapping_faults(text: str) -> list[Fault]:
    """Return everything that is wrong with the text of a mapping or a template, each at its field."""
    try:
        return _contradictions(read_mapping(text))
    except MappingMalformed as refusal:
        return list(refusal.faults)


def _contradictions(document: dict[str, Any]) -> list[Fault]:
    """Return what the schema cannot say."""
    return [*_undeclared(document), *_places(document), *_verdicts(document)]


def _undeclared(document: dict[str, Any]) -> Iterator[Fault]:
    """Yield what has to be declared and neither is nor is left to be asked."""
    yield from _untold(document)
    for key in ASKED:
        if key in document and key in asked(document):
            yield Fault("mapping.asked_and_told", column=key, facts={"what": key})
    zone = document.get("zone", "UTC")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield Fault("mapping.zone", column="zone", facts={"zone": zone})


def _untold(document: dict[str, Any]) -> Iterator[Fault]:
    left = document.get("ask")
    for key in ("zone", "date_order"):
        if key not in document and not (isinstance(left, list) and key in left):
            yield Fault("mapping.undeclared", column=key, facts={"what": key})


def _places(document: dict[str, Any]) -> Iterator[Fault]:
    columns, place = document["columns"], document.get("place", {})
    if ("longitude" in columns) != ("latitude" in columns):
        yield Fault("mapping.coordinate_half", column="columns")
    if "longitude" in columns and "crs" not in document and "crs" not in asked(document):
        yield Fault("mapping.crs", column="crs")
    if "central_meridian" in document and "zone_number" in document:
        yield Fault("mapping.meridian_twice", column="zone_number")
    for way in place.get("order", []):
        lacking = [one for one in WAYS[way] if one not in columns]
        if lacking:
            yield Fault("mapping.way", column="place.order", facts={"way": way, "fields": ", ".join(lacking)})
    if place.get("observe", "never") != "never" and not place.get("level"):
        yield Fault("mapping.level", column="place.level")


def _verdicts(document: dict[str, Any]) -> Iterator[Fault]:
    verdict = document.get("verdict", {})
    for kind in ("", "_columns"):
        both = set(verdict.get(f"on_time{kind}", [])) & set(verdict.get(f"overdue{kind}", []))
        for text in sorted(both):
            yield Fault("mapping.verdict_both", column="verdict", facts={"text": text})
    marks = Counter(word.strip() for words in document.get("marks", {}).values() for word in words)
    for text, n in marks.items():
        if n > 1 or not text:
            yield Fault("mapping.mark_twice", column="marks", facts={"text": text})


def _mapping(document: dict[str, Any], text: str) -> Mapping:
    given = {key: document[key] for key in _PLAIN if key in document}
    if "zone_number" in document:
        given["meridian"] = float(ZONE_WIDTH * document["zone_number"])
    elif "central_meridian" in document:
        given["meridian"] = float(document["central_meridian"])
    verdict = document.get("verdict", {})
    if "flags" in verdict:
        given["flags"] = _stripped(verdict["flags"])
    return Mapping(
        **given,
        limit_by=tuple(document.get("limit_by", ())),
        place=_placing(document),
        missing=_stripped(document.get("missing", ())),
        void=_stripped(document.get("stage", {}).get("void", ())),
        closing=_stripped(document.get("stage", {}).get("closing", ())),
        closed=_stripped(document.get("stage", {}).get("closed", ())),
        opened=_stripped(document.get("stage", {}).get("open", ())),
        verdicts=_by_verdict(verdict, ""),
        verdict_columns=_by_verdict(verdict, "_columns"),
        back=dict(document.get("back", {}).get("columns", {})),
        marks={word.strip(): kind for kind, words in document.get("marks", {}).items() for word in words},
        text=text,
    )


def _stripped(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(one.strip() for one in texts)


def _by_verdict(verdict: dict[str, list[str]], kind: str) -> dict[str, Verdict]:
    found = dict.fromkeys((one.strip() for one in verdict.get(f"on_time{kind}", [])), Verdict.ON_TIME)
    return found | dict.fromkeys((one.strip() for one in verdict.get(f"overdue{kind}", [])), Verdict.OVERDUE)


def _placing(document: dict[str, Any]) -> Placing:
    place = dict(document.get("place", {}))
    columns = document["columns"]
    default = [way for way, needs in WAYS.items() if all(one in columns for one in needs)]
    place["order"] = tuple(place.get("order", default))
    if "pile_share" in place:
        place["pile_share"] = Fraction(place["pile_share"])
    return Placing(**place)
