"""From what a person has filled in to a mapping: which column is what, and the answers no file can give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from xiuhua.exchange.rules.mappings import DAYS, FIELDS, REQUIRED, WAYS
from xiuhua.kernel.words import Fault
from xiuhua.territory.rules.coordinates import SYSTEMS

ORDERS = ("ymd", "mdy", "dmy")
#: What the words of a stage column and of a verdict column may mean.
STAGES: tuple[str, ...] = ("open", "closed", "void")
VERDICTS: tuple[str, ...] = ("on_time", "overdue")
_AXES = ("longitude", "latitude")
#: Keys of a mapping's document that the form decides, or that have to be met with the file.
_FORMED = frozenset(
    {
        *("schema", "ask", "code", "name", "zone", "date_order", "sheet", "crs", "central_meridian", "zone_number"),
        *("repeat_order", "limit_by", "header_row"),
    }
)

Question = Literal["crs", "zone", "date_order", "day"]


@dataclass(frozen=True, slots=True)
class Filled:
    """The form about a file as it was filled in; empty texts are not answered yet."""

    #: Column → field.
    columns: Mapping[str, str]
    code: str = ""
    name: str = ""
    sheet: str = ""
    #: The row that a person said the header is in, 0 where it is to be found.
    header_row: int = 0
    crs: str = ""
    meridian: str = ""
    zone: str = ""
    date_order: str = ""
    day: str = ""
    #: Word of the column → what it means.
    stages: Mapping[str, str] = field(default_factory=dict)
    verdicts: Mapping[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, str]:
        """Return field → column, of several columns for one field the first."""
        found: dict[str, str] = {}
        for column, which in self.columns.items():
            if which:
                found.setdefault(which, column)
        return found


def filled_by(document: Mapping[str, Any], header: Sequence[str]) -> Filled:
    """Return the form as it opens from a mapping's document: nothing is answered that the document leaves open."""
    fields = {column: which for which, column in document["columns"].items() if column in header}
    stage, verdict = document.get("stage", {}), document.get("verdict", {})
    told = {key: str(document.get(key, "")) for key in ("code", "name", "sheet", "crs", "zone", "date_order")}
    meridian = document.get("central_meridian", 3 * document["zone_number"] if "zone_number" in document else "")
    return Filled(
        columns={column: fields.get(column, "") for column in header},
        **told,
        header_row=int(document.get("header_row", 0)),
        meridian=f"{meridian:g}" if meridian else "",
        day=document.get("units", {}).get("day", ""),
        stages={text: means for means in STAGES for text in stage.get(means, ())},
        verdicts={text: means for means in VERDICTS for text in verdict.get(means, ())},
    )


def asked_of(filled: Filled, *, limits: bool) -> tuple[Question, ...]:
    """Return what has to be answered: the system of coordinates, the zone, the order of dates, and (`limits`) what 天 means."""
    located = any(axis in filled.fields for axis in _AXES)
    return (*(("crs",) if located else ()), "zone", "date_order", *(("day",) if limits else ()))


def faults_of(filled: Filled, *, limits: bool) -> list[Fault]:
    """Return what keeps the form from being a mapping: a fault for each open question and each column that does not fit."""
    found = [Fault("compose.lacking", column=one, facts={"what": one}) for one in REQUIRED if one not in filled.fields]
    counts = Counter(which for which in filled.columns.values() if which)
    for column, which in filled.columns.items():
        if counts[which] > 1 and filled.fields[which] != column:
            found.append(Fault("compose.twice", column=column, facts={"first": filled.fields[which]}))
    half = [axis for axis in _AXES if axis in filled.fields]
    if len(half) == 1:
        found.append(Fault("mapping.coordinate_half", column=filled.fields[half[0]]))
    found += [
        Fault(f"compose.open_{one}", column=one) for one in asked_of(filled, limits=limits) if not getattr(filled, one)
    ]
    if not filled.name.strip():
        found.append(Fault("compose.unnamed", column="name"))
    if filled.meridian and _degrees(filled.meridian) is None:
        found.append(Fault("compose.meridian", column="meridian"))
    return found


def _degrees(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def composed(base: Mapping[str, Any], filled: Filled, header: Iterable[str]) -> dict[str, Any]:
    """Return the document of the mapping: what `base` says and the form does not ask stays, as far as the file has it."""
    there, fields = frozenset(header), filled.fields
    kept = {key: value for key, value in base.items() if key not in _FORMED and not isinstance(value, dict)}
    document: dict[str, Any] = {"schema": 1, "code": filled.code, "name": filled.name.strip(), **kept}
    told = {"zone": filled.zone, "date_order": filled.date_order, "sheet": filled.sheet}
    if any(axis in fields for axis in _AXES):
        told["crs"] = filled.crs
        if filled.crs == "cgcs2000-gk3" and filled.meridian:
            document["central_meridian"] = _degrees(filled.meridian)
    document |= {key: text for key, text in told.items() if text}
    if filled.header_row:
        document["header_row"] = filled.header_row
    if base.get("repeat_order") in there:
        document["repeat_order"] = base["repeat_order"]
    document["limit_by"] = [one for one in base.get("limit_by", ()) if one in there]
    taken = {**_beside(base, filled), **fields}
    document["columns"] = {one: taken[one] for one in FIELDS if one in taken}
    document["stage"] = {**_closing(base), **_by_meaning(filled.stages, STAGES)} if "stage" in fields else {}
    document["verdict"] = _verdict(base, filled, there)
    document["units"] = {**base.get("units", {}), **({"day": filled.day} if filled.day else {})}
    document["place"] = _place(base, fields)
    for key in ("marks", "back"):  # the form asks neither; what a returned file is filled with goes by its columns
        if key in base:
            document[key] = base[key]
    return document


def _beside(base: Mapping[str, Any], filled: Filled) -> dict[str, str]:
    """Return the fields that a column serves in `base` beside the one the form shows, as long as it still serves that."""
    told = base.get("columns", {})
    return {which: column for which, column in told.items() if told.get(filled.columns.get(column, "")) == column}


def _closing(base: Mapping[str, Any]) -> dict[str, Any]:
    return {"closing": list(base.get("stage", {}).get("closing", ()))}


def _by_meaning(words: Mapping[str, str], meanings: Sequence[str]) -> dict[str, list[str]]:
    return {one: sorted(text for text, means in words.items() if means == one) for one in meanings}


def _verdict(base: Mapping[str, Any], filled: Filled, there: frozenset[str]) -> dict[str, list[str]]:
    told = base.get("verdict", {})
    columns = {
        key: [one for one in told.get(key, ()) if one in there] for key in ("on_time_columns", "overdue_columns")
    }
    flags = {"flags": list(told["flags"])} if "flags" in told and any(columns.values()) else {}
    words = _by_meaning(filled.verdicts, VERDICTS) if "verdict" in filled.fields else {}
    return {**words, **columns, **flags}


def _place(base: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    place = dict(base.get("place", {}))
    if "order" in place:
        possible = [way for way in place["order"] if all(one in fields for one in WAYS[way])]
        place["order"] = possible or [way for way, needs in WAYS.items() if all(one in fields for one in needs)]
    return place


__all__ = [
    "DAYS",
    "ORDERS",
    "STAGES",
    "SYSTEMS",
    "VERDICTS",
    "Filled",
    "asked_of",
    "composed",
    "faults_of",
    "filled_by",
]
