"""Data packs as values: the header, tables and documents of a pack checked with file, line and field."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

import jsonschema

from xiuhua.kernel.rules.digests import digest
from xiuhua.kernel.words import Fault, Line, PackContent

HEADER = "pack.toml"
_CODE = {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$", "maxLength": 40}
HEADER_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["schema", "kind", "code", "version", "title", "effective_from", "provenance"],
    "properties": {
        "schema": {"const": 1},
        "kind": _CODE,
        "code": _CODE,
        "version": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$", "maxLength": 40},
        "title": {
            "type": "object",
            "required": ["zh", "en"],
            "additionalProperties": {"type": "string", "minLength": 1},
        },
        "effective_from": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        "made_up": {"type": "boolean"},
        "provenance": {
            "type": "object",
            "required": ["source"],
            "properties": {"source": {"type": "string", "minLength": 1}},
        },
    },
}
_ASSIGNED = re.compile(r"""^\s*["']?([^"'=\s]+)["']?\s*=""")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TABLE = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]")


def pack_of(files: Mapping[str, str]) -> tuple[PackContent | None, list[Fault]]:
    """Return the pack that these texts by path make up, None with the faults of its header if that cannot be read."""
    texts = {path: text.removeprefix("\ufeff").replace("\r\n", "\n") for path, text in files.items()}
    if HEADER not in texts:
        return None, [Fault("pack.header_missing", file=HEADER)]
    odd = [fault for path, text in sorted(texts.items()) for fault in _controls(text, path)]
    if odd:
        return None, odd
    header, faults = read_document(texts[HEADER], HEADER, HEADER_SCHEMA)
    day = None
    if not faults:
        day, faults = _day(header["effective_from"])
    if day is None:
        return None, faults
    pack = PackContent(
        kind=header["kind"],
        code=header["code"],
        version=header["version"],
        title=header["title"],
        effective_from=day,
        provenance=header["provenance"],
        files={path: text for path, text in sorted(texts.items()) if path != HEADER},
        digest=digest(dict(sorted(texts.items()))),
        made_up=header.get("made_up", False),
    )
    return pack, []


def _controls(text: str, path: str) -> list[Fault]:
    """Return the lines with control characters: no person wrote them, and no database keeps a NUL."""
    lines = enumerate(text.split("\n"), start=1) if _CONTROL.search(text) else ()
    return [Fault("pack.control", row=number, file=path) for number, line in lines if _CONTROL.search(line)]


def _day(text: str) -> tuple[date | None, list[Fault]]:
    try:
        return date.fromisoformat(text), []
    except ValueError:
        return None, [Fault("pack.day", column="effective_from", facts={"text": text}, file=HEADER)]


def document(pack: PackContent, path: str, schema: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """Return a TOML file of the pack that satisfies a JSON Schema, or {} with every fault. Days become ISO texts."""
    if path not in pack.files:
        return {}, [Fault("pack.file_missing", file=path)]
    return read_document(pack.files[path], path, schema)


def read_document(text: str, path: str, schema: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    """Return a TOML text that satisfies a JSON Schema, or {} with every fault by line and field."""
    try:
        found = plain(tomllib.loads(text))
    except (ValueError, RecursionError) as error:  # also numbers and nestings beyond what is read
        where = re.search(r"line (\d+)", str(error))
        row = int(where[1]) if where else None
        return {}, [Fault("pack.toml", row=row, facts={"reason": str(error)}, file=path)]
    if escaped := _CONTROL.search("".join(_texts(found))):
        row = line_with(text, f"\\u{ord(escaped[0]):04x}")
        return {}, [Fault("pack.control", row=row, file=path)]
    errors = sorted(jsonschema.Draft202012Validator(schema).iter_errors(found), key=lambda one: one.json_path)
    faults = [
        Fault(
            "pack.schema",
            row=line_of(text, [str(part) for part in error.absolute_path]),
            column=error.json_path.removeprefix("$").removeprefix("."),
            facts={"reason": error.message},
            file=path,
        )
        for error in errors
    ]
    return ({} if faults else found), faults


def _texts(value: Any) -> Iterator[str]:
    """Yield every text within a JSON value, the names of its fields too. Tabs and line ends are no control characters."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value


def line_with(text: str, part: str) -> int | None:
    """Return the first line that holds `part`, whatever its case; None where none does."""
    lines = enumerate(text.casefold().split("\n"), start=1)
    return next((number for number, line in lines if part.casefold() in line), None)


def plain(value: Any) -> Any:
    """Return a TOML value with its days and times as ISO texts, so that it is a JSON value."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date | datetime | time) else value


def line_of(text: str, path: Sequence[str]) -> int | None:
    """Return the line of a TOML text on which the field at `path` stands, of its table if it is missing there.

    Reads tables and plain assignments only; where a field is nested within a line, that line is the answer.
    """
    keys = [part for part in path if not part.isdigit()]
    wanted = next((int(part) for part in path if part.isdigit()), None)
    best: int | None = None
    at: list[str] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if match := _TABLE.match(line):
            name = match[2].strip()
            seen[name] = seen.get(name, -1) + 1
            other = match[1] == "[[" and wanted is not None and seen[name] != wanted
            at = ["?"] if other else name.split(".")
            best = number if at == keys[: len(at)] else best
        elif match := _ASSIGNED.match(line):
            here = [*at, *match[1].split(".")]
            best = number if here == keys[: len(here)] else best
    return best


def table(
    pack: PackContent, path: str, columns: Sequence[str], *, required: Sequence[str] = (), optional: bool = False
) -> tuple[list[Line], list[Fault]]:
    """Return the rows of a CSV file of the pack and every fault of their form.

    The header must hold exactly `columns` in any order; cells of `required` columns may not be empty. A missing file
    is a fault unless `optional`. Rows with nothing in them are passed over.
    """
    if path not in pack.files:
        return [], ([] if optional else [Fault("pack.file_missing", file=path)])
    reader = csv.reader(io.StringIO(pack.files[path].removeprefix("\ufeff"), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        faults = _heading(header, columns, path)
        if faults:
            return [], faults
        return _lines(reader, header, required, path)
    except csv.Error as error:
        return [], [Fault("pack.csv", row=reader.line_num, facts={"reason": str(error)}, file=path)]


def _heading(header: Sequence[str], columns: Sequence[str], path: str) -> list[Fault]:
    faults = [Fault("pack.column_missing", row=1, column=name, file=path) for name in columns if name not in header]
    faults += [Fault("pack.column_unknown", row=1, column=name, file=path) for name in header if name not in columns]
    twice = {name for name in header if header.count(name) > 1}
    return faults + [Fault("pack.column_twice", row=1, column=name, file=path) for name in sorted(twice)]


def _lines(
    reader: Iterator[list[str]], header: Sequence[str], required: Sequence[str], path: str
) -> tuple[list[Line], list[Fault]]:
    rows, faults, begin = [], [], 2
    for cells in reader:
        line, begin = begin, int(getattr(reader, "line_num", begin)) + 1
        texts = [cell.strip() for cell in cells]
        if not any(texts):
            continue
        if len(texts) != len(header):
            faults.append(Fault("pack.cells", row=line, facts={"cells": len(texts), "header": len(header)}, file=path))
            continue
        row = Line(line, dict(zip(header, texts, strict=True)))
        faults += [Fault("pack.cell_empty", row=line, column=name, file=path) for name in required if not row[name]]
        rows.append(row)
    return rows, faults
