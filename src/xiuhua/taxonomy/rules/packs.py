"""A taxonomy pack as values, with every fault by file, line and field; and the texts of a pack from values."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from xiuhua.kernel.rules.packs import document, table
from xiuhua.kernel.words import Fact, Fault, Line, PackContent
from xiuhua.taxonomy.rules.limits import limit_text, read_limit
from xiuhua.taxonomy.words import (
    KIND,
    CaseKind,
    ClassKey,
    ClassRow,
    ClassScheme,
    ConditionRow,
    Identifier,
    Means,
    SchemeKind,
    Segment,
    Standard,
    Translation,
)

SCHEME, CLASSES, CONDITIONS = "scheme.toml", "classes.csv", "conditions.csv"
TRANSLATION, IDENTIFIERS = "translation.csv", "identifiers.toml"
FILES = (SCHEME, CLASSES, CONDITIONS, TRANSLATION, IDENTIFIERS)
CLASS_COLUMNS = ("kind", "code", "name", "parent")
CONDITION_COLUMNS = (
    "kind",
    "code",
    "number",
    "text",
    "limit",
    "limit_text",
    "closing",
    "thresholds",
    "basis",
    "remedy",
    "default",
)
TRANSLATION_COLUMNS = ("from_scheme", "from_kind", "from_code", "to_kind", "to_code", "note")
#: Columns that identify a row, for comparing two versions.
KEYS = {
    CLASSES: ("kind", "code"),
    CONDITIONS: ("kind", "code", "number"),
    TRANSLATION: ("from_scheme", "from_kind", "from_code", "to_kind", "to_code"),
}
#: What the tables of the database hold.
LENGTHS = {"name": 100, "number": 20, "text": 1000, "limit_text": 200, "closing": 500, "thresholds": 1000}
LENGTHS |= {"basis": 500, "remedy": 500}
_TITLE = {"type": "object", "required": ["zh", "en"], "additionalProperties": {"type": "string", "minLength": 1}}
_DIGITS = {"type": "integer", "minimum": 1, "maximum": 4}
SCHEME_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["kind"],
    "properties": {
        "kind": {"enum": [kind.value for kind in SchemeKind]},
        "main_digits": _DIGITS,
        "sub_digits": _DIGITS,
        "predecessor": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
    },
}
IDENTIFIERS_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["identifier"],
    "properties": {
        "identifier": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name", "title", "segments"],
                "properties": {
                    "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"},
                    "title": _TITLE,
                    "segments": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["name", "length", "kind"],
                            "properties": {
                                "name": {"type": "string", "minLength": 1},
                                "length": {"type": "integer", "minimum": 1, "maximum": 20},
                                "kind": {"enum": ["division", "street", "community", "serial", "main", "sub"]},
                            },
                        },
                    },
                },
            },
        }
    },
}


def standard_of(pack: PackContent) -> tuple[Standard, list[Fault]]:
    """Return what a pack says and everything that is wrong with it; with faults the values are of no use."""
    scheme, faults = _scheme(pack)
    classes, wrong = _classes(pack, scheme)
    faults += wrong
    conditions, wrong = _conditions(pack, {row.key for row in classes})
    faults += wrong
    translations, wrong = _translations(pack, {row.key for row in classes})
    faults += wrong
    identifiers, wrong = _identifiers(pack)
    return Standard(scheme, tuple(classes), tuple(conditions), tuple(translations), identifiers), [*faults, *wrong]


def check(pack: PackContent) -> list[Fault]:
    """Return everything that is wrong with a taxonomy pack by itself."""
    return standard_of(pack)[1]


def _scheme(pack: PackContent) -> tuple[ClassScheme, list[Fault]]:
    found, faults = document(pack, SCHEME, SCHEME_SCHEMA)
    kind = SchemeKind(found.get("kind", SchemeKind.LOCAL.value))
    return (
        ClassScheme(
            pack.code,
            pack.title,
            kind,
            found.get("main_digits", 2),
            found.get("sub_digits", 2),
            found.get("predecessor", ""),
        ),
        faults,
    )


def _key(row: Line, kind: str = "kind", code: str = "code") -> ClassKey:
    return ClassKey(row[kind], row[code])


def _classes(pack: PackContent, scheme: ClassScheme) -> tuple[list[ClassRow], list[Fault]]:
    lines, faults = table(pack, CLASSES, CLASS_COLUMNS, required=("kind", "code", "name"))
    rows = [ClassRow(_key(line), line["name"], line["parent"], line.line) for line in lines]
    known = {row.key for row in rows}
    for row in rows:
        faults += [
            Fault(code, row=row.line, column=column, facts=facts, file=CLASSES)
            for code, column, facts in _class_faults(row, scheme, known)
        ]
    faults += _twice([(row.line, (row.key.kind, row.key.code)) for row in rows], CLASSES, "taxonomy.class_twice")
    return rows, faults + _long(lines, CLASSES)


def _class_faults(row: ClassRow, scheme: ClassScheme, known: set[ClassKey]) -> list[tuple[str, str, dict[str, Any]]]:
    found: list[tuple[str, str, dict[str, Any]]] = []
    length = scheme.main_digits + (scheme.sub_digits if row.parent else 0)
    if row.key.kind not in CaseKind.values:
        found.append(("taxonomy.kind_unknown", "kind", {"text": row.key.kind}))
    if not _digits(row.key.code) or len(row.key.code) != length:
        found.append(("taxonomy.code_form", "code", {"text": row.key.code, "length": length}))
    if row.parent and (ClassKey(row.key.kind, row.parent) not in known or not row.key.code.startswith(row.parent)):
        found.append(("taxonomy.parent_unknown", "parent", {"text": row.parent}))
    return found


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _conditions(pack: PackContent, known: set[ClassKey]) -> tuple[list[ConditionRow], list[Fault]]:
    lines, faults = table(
        pack, CONDITIONS, CONDITION_COLUMNS, required=("kind", "code", "number", "text"), optional=True
    )
    rows = []
    for line in lines:
        row, wrong = _condition(line, known)
        rows.append(row)
        faults += wrong
    numbered = [(row.line, (row.key.kind, row.key.code, row.number)) for row in rows]
    faults += _twice(numbered, CONDITIONS, "taxonomy.condition_twice")
    marked = [(row.line, (row.key.kind, row.key.code)) for row in rows if row.default]
    faults += _twice(marked, CONDITIONS, "taxonomy.default_twice")
    return rows, faults + _long(lines, CONDITIONS)


def _condition(line: Line, known: set[ClassKey]) -> tuple[ConditionRow, list[Fault]]:
    faults = []
    if _key(line) not in known:
        text = f"{line['kind']} {line['code']}"
        faults.append(
            Fault("taxonomy.class_unknown", row=line.line, column="code", facts={"text": text}, file=CONDITIONS)
        )
    if line["default"] not in {"", "1"}:
        facts: dict[str, Fact] = {"text": line["default"]}
        faults.append(Fault("taxonomy.default_form", row=line.line, column="default", facts=facts, file=CONDITIONS))
    reading = read_limit(line["limit"], Means())  # a pack names its units
    if line["limit"] and reading.fault:
        fault = reading.fault
        faults.append(Fault(fault.code, row=line.line, column="limit", facts=fault.facts, file=CONDITIONS))
    if not line["limit"] and not line["limit_text"]:
        faults.append(Fault("limit.empty", row=line.line, column="limit", file=CONDITIONS))
    row = ConditionRow(
        key=_key(line),
        number=line["number"],
        text=line["text"],
        limits=reading.limits,
        limit_text=line["limit_text"] or line["limit"],
        closing=line["closing"],
        thresholds=line["thresholds"],
        basis=line["basis"],
        remedy=line["remedy"],
        default=line["default"] == "1",
        line=line.line,
    )
    return row, faults


def _translations(pack: PackContent, known: set[ClassKey]) -> tuple[list[Translation], list[Fault]]:
    required = ("from_scheme", "from_kind", "from_code")
    lines, faults = table(pack, TRANSLATION, TRANSLATION_COLUMNS, required=required, optional=True)
    rows = []
    for line in lines:
        to = _key(line, "to_kind", "to_code") if line["to_code"] else None
        if to and to not in known:
            facts: dict[str, Fact] = {"text": f"{to.kind} {to.code}"}
            faults.append(
                Fault("taxonomy.class_unknown", row=line.line, column="to_code", facts=facts, file=TRANSLATION)
            )
        rows.append(Translation(line["from_scheme"], _key(line, "from_kind", "from_code"), to, line["note"]))
    return rows, faults


def _identifiers(pack: PackContent) -> tuple[tuple[Identifier, ...], list[Fault]]:
    if IDENTIFIERS not in pack.files:
        return (), []
    found, faults = document(pack, IDENTIFIERS, IDENTIFIERS_SCHEMA)
    return (
        tuple(
            Identifier(each["name"], each["title"], tuple(Segment(**segment) for segment in each["segments"]))
            for each in found.get("identifier", ())
        ),
        faults,
    )


def _twice(keyed: Sequence[tuple[int, tuple[str, ...]]], file: str, code: str) -> list[Fault]:
    counts = Counter(key for _line, key in keyed)
    return [Fault(code, row=line, facts={"text": " ".join(key)}, file=file) for line, key in keyed if counts[key] > 1]


def _long(lines: Iterable[Line], file: str) -> list[Fault]:
    return [
        Fault(
            "taxonomy.text_long", row=line.line, column=column, facts={"length": len(text), "limit": limit}, file=file
        )
        for line in lines
        for column, text in line.cells.items()
        if (limit := LENGTHS.get(column)) and len(text) > limit
    ]


def class_table(classes: Iterable[ClassRow]) -> str:
    """Return classes as the text of classes.csv, sorted."""
    rows = sorted(classes, key=lambda row: row.key)
    return _csv(CLASS_COLUMNS, ((row.key.kind, row.key.code, row.name, row.parent) for row in rows))


def condition_table(conditions: Iterable[ConditionRow]) -> str:
    """Return conditions as the text of conditions.csv, in the order given; limits in our own notation."""
    return _csv(
        CONDITION_COLUMNS,
        (
            (
                row.key.kind,
                row.key.code,
                row.number,
                row.text,
                limit_text(row.limits),
                row.limit_text,
                row.closing,
                row.thresholds,
                row.basis,
                row.remedy,
                "1" if row.default else "",
            )
            for row in conditions
        ),
    )


def scheme_text(scheme: ClassScheme) -> str:
    """Return a scheme as the text of scheme.toml."""
    lines = [
        f'kind = "{scheme.kind.value}"',
        f"main_digits = {scheme.main_digits}",
        f"sub_digits = {scheme.sub_digits}",
    ]
    lines += [f'predecessor = "{scheme.predecessor}"'] if scheme.predecessor else []
    return "\n".join(lines) + "\n"


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return target.getvalue()


def header_text(code: str, version: str, title: str, effective: date, *, source: str, note: str) -> str:
    """Return the text of pack.toml for a standard that was imported."""
    quoted = {
        name: json.dumps(text, ensure_ascii=False)
        for name, text in (("title", title), ("source", source), ("note", note))
    }
    return (
        f'schema = 1\nkind = "{KIND}"\ncode = "{code}"\nversion = "{version}"\n'
        f"title = {{ zh = {quoted['title']}, en = {quoted['title']} }}\neffective_from = {effective.isoformat()}\n\n"
        f"[provenance]\nsource = {quoted['source']}\nnote = {quoted['note']}\n"
    )
