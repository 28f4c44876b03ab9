"""Files of territories as found in the wild: GeoJSON in four shapes, and the rows of tables of codes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xiuhua.kernel.words import Fault, Refusal, marked
from xiuhua.territory.rules.names import aliases_in
from xiuhua.territory.words import MAX_BYTES, FileContent, FileRow, Reading

GEOMETRIES = frozenset(
    {"Polygon", "MultiPolygon", "GeometryCollection", "Point", "MultiPoint", "LineString", "MultiLineString"}
)
_BARE = "•"


class FileTooLarge(Refusal):
    """The file is larger than an import reads."""

    code = "territory.file_too_large"
    sentence = marked("文件有 %(bytes)s 字节，超过上限 %(limit)s 字节。")


class FileNotText(Refusal):
    """The file is not UTF-8."""

    code = "territory.file_not_utf8"
    sentence = marked("文件不是 UTF-8 编码（第 %(position)s 字节处），请另存为 UTF-8。")


class FileNotJson(Refusal):
    """The file begins like JSON and is not."""

    code = "territory.file_not_json"
    sentence = marked("文件不是完整的 JSON（第 %(line)s 行）。")


class FileNotTerritories(Refusal):
    """The JSON holds no features and no geometry."""

    code = "territory.file_not_geojson"
    sentence = marked("JSON 里没有要素也没有几何图形：看到的是“%(kind)s”。")


class FileEmpty(Refusal):
    """The file holds no territory, or the condition leaves none."""

    code = "territory.file_empty"
    sentence = marked("文件里没有可导入的地域（因条件略去 %(skipped)s 行）。")


class FieldMissing(Refusal):
    """A field that the command names is nowhere in the file."""

    code = "territory.field_missing"
    sentence = marked("文件里没有“%(field)s”这一栏；有的是：%(fields)s。")


class NameUndeclared(Refusal):
    """Neither a field of names nor a name was given."""

    code = "territory.name_undeclared"
    sentence = marked("请用 --name-field 指明名称栏；只有图形而没有属性的文件请用 --name 写明名称。")


class NameForMany(Refusal):
    """One name was given for several features."""

    code = "territory.name_for_many"
    sentence = marked("--name 只用于一个图形，这个文件有 %(rows)s 个；请用 --name-field。")


@dataclass(frozen=True, slots=True)
class Record:
    """A row before its fields are read: where it stands, its texts, its geometry."""

    row: int
    fields: Mapping[str, str]
    geometry: dict[str, Any] | None


def drawn(data: bytes) -> bool:
    """Return whether a file begins like GeoJSON; any other is a table."""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}


def check_size(data: bytes, limit: int = MAX_BYTES) -> None:
    """Raise FileTooLarge for more bytes than an import reads."""
    if len(data) > limit:
        raise FileTooLarge(bytes=len(data), limit=limit)


def drawn_records(data: bytes, *, limit: int = MAX_BYTES) -> tuple[list[Record], list[Fault]]:
    """Return the features of a GeoJSON file and the faults of those that are none.

    It may be a FeatureCollection, a bare array of features, one feature or a bare geometry. Raises FileTooLarge,
    FileNotText, FileNotJson, FileNotTerritories.
    """
    check_size(data, limit)
    return _features(_text(data))


def table_records(header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]]) -> tuple[list[Record], list[Fault]]:
    """Return the rows of a table (row number, cells as texts) by heading, and the faults of those that are too long."""
    records, faults = [], []
    for number, cells in rows:
        if any(cell.strip() for cell in cells[len(header) :]):
            faults.append(Fault("territory.cells_many", row=number, facts={"cells": len(cells), "header": len(header)}))
            continue
        padded = [cell.strip() for cell in cells] + [""] * (len(header) - len(cells))
        records.append(Record(number, dict(zip(header, padded, strict=False)), None))
    return records, faults


def content(records: Sequence[Record], reading: Reading, faults: list[Fault], *, drawn: bool) -> FileContent:
    """Return what the records of a file say; `faults` are those of its form, `drawn` whether it draws outlines.

    Raises FileEmpty, FieldMissing, NameUndeclared, NameForMany.
    """
    if not reading.name_field and not reading.name:
        raise NameUndeclared
    if not (drawn and all(_BARE in record.fields for record in records)):
        _check_fields(records, reading)
    kept = [record for record in records if all(record.fields.get(key) == value for key, value in reading.where)]
    if not kept and not faults:
        raise FileEmpty(skipped=len(records))
    if not reading.name_field and len(kept) > 1:
        raise NameForMany(rows=len(kept))
    return FileContent(tuple(_row(record, reading) for record in kept), len(records) - len(kept), drawn)


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileNotText(position=error.start + 1) from error


def _check_fields(records: Sequence[Record], reading: Reading) -> None:
    present = sorted({name for record in records for name in record.fields})
    wanted = [reading.name_field, reading.code_field, reading.parent_field, reading.alias_field]
    wanted += [field for _system, field in reading.externals] + [key for key, _value in reading.where]
    for name in wanted:
        if records and name and name not in present:
            raise FieldMissing(field=name, fields="、".join(present) or "—")


def _row(record: Record, reading: Reading) -> FileRow:
    field = record.fields.get
    name = field(reading.name_field, "") if reading.name_field else reading.name
    return FileRow(
        row=record.row,
        name=" ".join(name.split()),  # a line break within a cell is a space
        code=field(reading.code_field, "") if reading.code_field else reading.code.strip(),
        parent=field(reading.parent_field, ""),
        aliases=aliases_in(field(reading.alias_field, "")),
        externals=tuple((system, field(name, "")) for system, name in reading.externals if field(name, "")),
        geometry=record.geometry,
    )


# GeoJSON


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _features(text: str) -> tuple[list[Record], list[Fault]]:
    try:
        return _read(_members(json.loads(text, parse_constant=_no_constant)))
    except json.JSONDecodeError as error:
        raise FileNotJson(line=error.lineno) from error
    except (ValueError, RecursionError) as error:  # no number, a number without end, lists in lists without end
        raise FileNotJson(line="?") from error


def _read(members: list[Any]) -> tuple[list[Record], list[Fault]]:
    records, faults = [], []
    for number, feature in enumerate(members, start=1):
        if isinstance(feature, dict) and (feature.get("type") == "Feature" or "geometry" in feature):
            records.append(Record(number, _properties(feature), _object(feature.get("geometry"))))
        elif isinstance(feature, dict) and feature.get("type") in GEOMETRIES:
            records.append(Record(number, {_BARE: ""}, feature))
        else:
            faults.append(Fault("territory.feature_malformed", row=number))
    return records, faults


def _members(document: Any) -> list[Any]:
    """Return the features of a document: of a collection, an array, or the one thing that it is."""
    if isinstance(document, list):
        return document
    if isinstance(document, dict) and isinstance(document.get("features"), list):
        members: list[Any] = document["features"]
        return members
    kind = document.get("type") if isinstance(document, dict) else type(document).__name__
    if kind == "Feature" or kind in GEOMETRIES:
        return [document]
    raise FileNotTerritories(kind=str(kind)[:60])


def _object(value: Any) -> dict[str, Any] | None:
    return value if isinstance(value, dict) else None


def _properties(feature: dict[str, Any]) -> dict[str, str]:
    """Return a feature's properties as texts; its own `id` counts as a field of that name."""
    fields = {"id": _cell(feature["id"])} if "id" in feature else {}
    return fields | {key: _cell(value) for key, value in (_object(feature.get("properties")) or {}).items()}


def _cell(value: Any) -> str:
    """Return a JSON value as the text of a cell: whole numbers without a point, lists joined, null as nothing."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ";".join(_cell(part) for part in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    # half a surrogate pair can be written in JSON and nowhere else: it becomes the sign for a broken character
    return str(value).strip().encode("utf-16", "surrogatepass").decode("utf-16", "replace")
