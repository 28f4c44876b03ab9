"""A standard as people keep it in a spreadsheet: header anywhere, titles above, merged classes, notes below."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from xiuhua.kernel.words import Fact, Fault
from xiuhua.tables.rules import cell_text
from xiuhua.tables.words import Cell, Grid
from xiuhua.taxonomy.rules.limits import read_limit
from xiuhua.taxonomy.rules.packs import LENGTHS
from xiuhua.taxonomy.words import ClassKey, ClassRow, ClassScheme, ColumnNames, ConditionRow, Means, TableReading

#: A header below this row is none; as many columns must be recognised as make a table of conditions.
HEADER_WITHIN = 60
FEWEST = 3
_BRACKETS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
#: Columns whose full-width digits are narrowed; all other texts stay as they are written.
_NARROW = ("kind", "main_code", "sub_code", "number", "default")
_NEEDED = ("main_code", "sub_code", "sub_name", "text", "limit")
#: The text of a limit where the table's cell is empty: the standard has the condition, and a pack says how long.
_NOT_WRITTEN = "—"


@dataclass(frozen=True, slots=True)
class _Header:
    """Where the columns are: field → place from 0; `unit` is what the limit's heading says in brackets."""

    row: int
    below: int
    places: dict[str, int]
    names: dict[str, str]
    unit: str = ""


@dataclass(slots=True)
class _Reader:
    """What has been read so far: cells of the class columns that are empty inherit the row above."""

    scheme: ClassScheme
    names: ColumnNames
    means: Means
    kind: str
    header: _Header
    grid: Grid
    main: tuple[str, str] = ("", "")
    sub: tuple[str, str] = ("", "")
    current: str = ""
    classes: dict[ClassKey, ClassRow] = field(default_factory=dict)
    conditions: dict[tuple[ClassKey, str], ConditionRow] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unread: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)


def read_table(grid: Grid, scheme: ClassScheme, *, names: ColumnNames, means: Means, kind: str = "") -> TableReading:
    """Return the classes and conditions in a sheet, the rows that were refused, the limits that stayed unread.

    `kind` is what all rows are about where no column says it. A condition whose limit cannot be read is kept with its
    text and no limit. Faults are "standard.*" with row and column; remarks say what was padded or passed over.
    """
    header = _find_header(grid.rows, names)
    if header is None:
        return TableReading(faults=(Fault("standard.header_missing", facts={"rows": HEADER_WITHIN}),))
    missing = [name for name in _NEEDED if name not in header.places]
    if missing:
        called = "、".join(names.fields[name][0] for name in missing)
        return TableReading(faults=(Fault("standard.columns_missing", row=header.row, facts={"columns": called}),))
    if "kind" not in header.places and not kind:
        return TableReading(faults=(Fault("standard.kind_missing", row=header.row),))
    reader = _Reader(scheme, names, means, kind, header, grid)
    for number, cells in enumerate(grid.rows[header.below :], start=header.below + 1):
        _row(reader, number, cells)
    return TableReading(
        tuple(reader.classes.values()),
        tuple(reader.conditions.values()),
        tuple(reader.faults),
        tuple(reader.unread),
        tuple(reader.remarks),
    )


def together(readings: Sequence[tuple[str, TableReading]]) -> TableReading:
    """Return several tables as one, faults with the name of their file; what stands in two of them is a fault."""
    classes: dict[ClassKey, ClassRow] = {}
    conditions: dict[tuple[ClassKey, str], ConditionRow] = {}
    faults: list[Fault] = []
    for file, reading in readings:
        faults += _named(reading.faults, file)
        for row in reading.classes:
            if row.key in classes and classes[row.key].name != row.name:
                faults.append(_differs(row.line, "", row.key, classes[row.key].name, row.name, file=file))
            classes.setdefault(row.key, row)
        for condition in reading.conditions:
            if (condition.key, condition.number) in conditions:
                facts: dict[str, Fact] = {"text": f"{condition.key.code} {condition.number}"}
                faults.append(Fault("standard.condition_twice", row=condition.line, facts=facts, file=file))
            conditions.setdefault((condition.key, condition.number), condition)
    return TableReading(
        tuple(classes.values()),
        tuple(conditions.values()),
        tuple(faults),
        tuple(fault for file, reading in readings for fault in _named(reading.unread, file)),
        tuple(fault for file, reading in readings for fault in _named(reading.remarks, file)),
    )


def _named(faults: Sequence[Fault], file: str) -> Iterator[Fault]:
    return (replace(fault, file=file) for fault in faults)


def heading(text: str) -> str:
    """Return a heading as it is compared: narrow, without brackets, spaces, strokes and case."""
    return re.sub(r"[\s_:/.\-]", "", _BRACKETS.sub("", _narrow(text))).lower()


def _text(cell: Cell) -> str:
    return cell_text(cell).strip()


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _find_header(rows: Sequence[Sequence[Cell]], names: ColumnNames) -> _Header | None:
    """Return the row, or pair of rows, among the first ones that names most columns; None if none names enough."""
    called = {heading(name): field_ for field_, all_names in names.fields.items() for name in all_names}
    best: _Header | None = None
    for at, cells in enumerate(rows[:HEADER_WITHIN]):
        one = [cell_text(cell).strip() for cell in cells]
        below = [cell_text(cell).strip() for cell in rows[at + 1]] if at + 1 < len(rows) else []
        for found in (_header(one, called, at + 1, at + 1), _header(_pair(one, below), called, at + 1, at + 2)):
            if found and (best is None or len(found.places) > len(best.places)):
                best = found
    return best


def _pair(one: Sequence[str], below: Sequence[str]) -> list[str]:
    """Return two rows as one header: "大类" above "代码" is "大类代码"; above a blank the first word to the left."""
    names, above = [], ""
    for first, second in zip(one, below, strict=False):
        above = first or above
        names.append(first if not second or first == second else above + second)
    return names


def _header(cells: Sequence[str], called: Mapping[str, str], row: int, below: int) -> _Header | None:
    places: dict[str, int] = {}
    for place, text in enumerate(cells):
        name = called.get(heading(text))
        if name:
            places.setdefault(name, place)
    if len(places) < FEWEST or not {"text", "limit"} & places.keys():
        return None
    limit = cells[places["limit"]] if "limit" in places else ""
    unit = _BRACKETS.search(limit)
    shown = {name: cells[place].strip() for name, place in places.items()}
    return _Header(row, below, places, shown, unit[0][1:-1].strip() if unit else "")


def _row(reader: _Reader, number: int, cells: Sequence[Cell]) -> None:
    texts = [_text(cell) for cell in cells]
    filled = [text for text in texts if text]
    if not filled or _repeated(reader, texts):
        return
    if _lonely(reader, texts):
        reader.remarks.append(Fault("standard.row_passed", row=number, facts={"text": filled[0][:40]}))
        return
    given = {name: texts[place] if place < len(texts) else "" for name, place in reader.header.places.items()}
    given |= {name: _narrow(given[name]) for name in _NARROW if name in given}
    key = _class_of(reader, number, given)
    if key is None:
        return
    if given["text"]:
        _condition(reader, number, key, given)
    elif given["limit"]:
        _fault(reader, "standard.text_missing", number, "text")


def _lonely(reader: _Reader, texts: Sequence[str]) -> bool:
    """Return whether a row says one thing only, and not where conditions stand: a title between rows, or a note."""
    places = [place for place, text in enumerate(texts) if text]
    return len({texts[place] for place in places}) == 1 and places != [reader.header.places["text"]]


def _repeated(reader: _Reader, texts: Sequence[str]) -> bool:
    """Return whether a row is the header printed once more on the next page."""
    return all(
        place < len(texts) and heading(texts[place]) == heading(reader.header.names[name])
        for name, place in reader.header.places.items()
    )


def _fault(reader: _Reader, code: str, number: int, name: str, **facts: Fact) -> None:
    reader.faults.append(Fault(code, row=number, column=reader.header.names.get(name, ""), facts=facts))


def _class_of(reader: _Reader, number: int, given: Mapping[str, str]) -> ClassKey | None:
    """Return the class of a row, remembering what its cells say for the rows below; None with a fault if unclear.

    Rows below an unclear one inherit nothing from it: they would end up under the wrong class.
    """
    kind, before = _kind(reader, number, given), len(reader.faults)
    if kind is None:
        return None
    if kind != reader.current:
        reader.current, reader.main, reader.sub = kind, ("", ""), ("", "")
    _take_main(reader, number, given)
    _take_sub(reader, number, given)
    if len(reader.faults) > before:
        reader.sub = ("", "")
        return None
    return _keep(reader, number, kind)


def _take_main(reader: _Reader, number: int, given: Mapping[str, str]) -> None:
    if given["main_code"]:
        main = _code(reader, number, given, "main_code", reader.scheme.main_digits)
        if main != reader.main[0]:
            reader.main, reader.sub = (main, ""), ("", "")
    if given.get("main_name"):
        reader.main = (reader.main[0], given["main_name"])


def _take_sub(reader: _Reader, number: int, given: Mapping[str, str]) -> None:
    if given["sub_code"]:
        reader.sub = (_sub_code(reader, number, given), given["sub_name"])
    elif given["sub_name"] and given["sub_name"] != reader.sub[1]:
        _fault(reader, "standard.sub_code_missing", number, "sub_code", text=given["sub_name"])


def _keep(reader: _Reader, number: int, kind: str) -> ClassKey | None:
    (main, main_name), (sub, sub_name) = reader.main, reader.sub
    if not main or not sub:
        _fault(reader, "standard.class_missing", number, "sub_code" if main else "main_code")
        return None
    parent, key = ClassKey(kind, main), ClassKey(kind, sub)
    main_name = main_name or (reader.classes[parent].name if parent in reader.classes else "")
    sub_name = sub_name or (reader.classes[key].name if key in reader.classes else "")
    if not main_name or not sub_name:
        _fault(reader, "standard.name_missing", number, "sub_name" if main_name else "main_name", text=sub)
        return None
    for one, name, above in ((parent, main_name, ""), (key, sub_name, main)):
        known = reader.classes.setdefault(one, ClassRow(one, name, above, number))
        if known.name != name:
            reader.faults.append(_differs(number, reader.header.names.get("sub_name", ""), one, known.name, name))
            return None
    return key


def _differs(number: int, column: str, key: ClassKey, known: str, name: str, *, file: str = "") -> Fault:
    facts: dict[str, Fact] = {"text": key.code, "known": known, "name": name}
    return Fault("standard.name_differs", row=number, column=column, facts=facts, file=file)


def _kind(reader: _Reader, number: int, given: Mapping[str, str]) -> str | None:
    text = given.get("kind", "")
    if not text:
        if "kind" in given and reader.current:
            return reader.current
        if not reader.kind:
            _fault(reader, "standard.kind_unknown", number, "kind", text="")
        return reader.kind or None
    wanted = heading(text)
    for kind, names in reader.names.kinds.items():
        if wanted in names:
            return kind
    _fault(reader, "standard.kind_unknown", number, "kind", text=text)
    return None


def _code(reader: _Reader, number: int, given: Mapping[str, str], name: str, digits: int) -> str:
    """Return a code of so many digits; a shorter one has lost its zeros and is padded with a remark."""
    text = given[name]
    if not (text.isascii() and text.isdigit()) or len(text) > digits:
        _fault(reader, "standard.code_form", number, name, text=text, length=digits)
        return text
    if len(text) < digits:
        is_number = (number, reader.header.places[name]) in reader.grid.numbers
        code = "standard.code_number" if is_number else "standard.code_short"
        facts: dict[str, Fact] = {"text": text, "code": text.zfill(digits)}
        reader.remarks.append(Fault(code, row=number, column=reader.header.names[name], facts=facts))
    return text.zfill(digits)


def _sub_code(reader: _Reader, number: int, given: Mapping[str, str]) -> str:
    """Return the full code of a sub-class, main digits first, whether the table writes it so or only the rest."""
    scheme, (main, _name) = reader.scheme, reader.main
    whole = scheme.main_digits + scheme.sub_digits
    if len(given["sub_code"]) <= scheme.sub_digits:
        return main + _code(reader, number, given, "sub_code", scheme.sub_digits)
    code = _code(reader, number, given, "sub_code", whole)
    if main and not code.startswith(main) and len(code) == whole:
        _fault(reader, "standard.code_main", number, "sub_code", text=code, main=main)
    return code


def _condition(reader: _Reader, number: int, key: ClassKey, given: Mapping[str, str]) -> None:
    taken = sum(1 for held, _number in reader.conditions if held == key)
    name = given.get("number") or str(taken + 1)
    if (key, name) in reader.conditions:
        _fault(reader, "standard.condition_twice", number, "number", text=f"{key.code} {name}")
        return
    for column, limit in LENGTHS.items():
        if len(given.get(column, "")) > limit:
            _fault(reader, "taxonomy.text_long", number, column, length=len(given[column]), limit=limit)
            return
    written = given["limit"]
    said = written + reader.header.unit if written.replace(".", "", 1).isdigit() else written
    reading = read_limit(said, reader.means)
    if reading.fault:
        column = reader.header.names["limit"]
        reader.unread.append(Fault(reading.fault.code, row=number, column=column, facts=reading.fault.facts))
    for note in reading.notes:
        facts: dict[str, Fact] = {"text": written}
        reader.remarks.append(Fault(note, row=number, column=reader.header.names["limit"], facts=facts))
    reader.conditions[key, name] = ConditionRow(
        key=key,
        number=name,
        text=given["text"],
        limits=reading.limits,
        limit_text=given.get("limit_text") or said or _NOT_WRITTEN,
        closing=given.get("closing", ""),
        thresholds=given.get("thresholds", ""),
        basis=given.get("basis", ""),
        remedy=given.get("remedy", ""),
        default=given.get("default", "").lower() in reader.names.yes,
        line=number,
    )
