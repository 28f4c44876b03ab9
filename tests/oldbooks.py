"""Workbooks written byte by byte: BIFF8 in an OLE container (.xls) and OpenDocument (.ods), as no library here writes them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from xml.sax.saxutils import escape

Value = str | float | bool | datetime | None
_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def xls(
    sheets: Mapping[str, Sequence[Sequence[Value]]],
    *,
    from_1904: bool = False,
    merged: Sequence[tuple[int, int, int, int]] = (),
    password: bool = False,
) -> bytes:
    """Return an old workbook; moments have a format of their own, `merged` are (top, left, bottom, right) from 0."""
    return ole({"Workbook": _workbook(sheets, from_1904=from_1904, merged=merged, password=password)})


def ole(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file with these streams, none of them in the small stream."""
    sectors: list[bytes] = []
    chains: list[int] = []
    starts = {}
    for name, data in streams.items():
        padded = data.ljust(max(4096, -(-len(data) // _SECTOR) * _SECTOR), b"\0")
        starts[name] = (len(sectors), len(padded))
        count = len(padded) // _SECTOR
        chains += [len(sectors) + n + 1 for n in range(count - 1)] + [_END]
        sectors += [padded[n * _SECTOR : (n + 1) * _SECTOR] for n in range(count)]
    entries = [_entry("Root Entry", 5, _END, 0, child=1)]
    for at, (name, (start, size)) in enumerate(starts.items(), start=1):
        entries.append(_entry(name, 2, start, size, right=at + 1 if at < len(starts) else _FREE))
    directory = b"".join(entries).ljust(-(-len(entries) // 4) * _SECTOR, b"\0")
    directory_at, count = len(sectors), len(directory) // _SECTOR
    chains += [directory_at + n + 1 for n in range(count - 1)] + [_END]
    sectors += [directory[n * _SECTOR : (n + 1) * _SECTOR] for n in range(count)]
    tables = 1
    while (len(chains) + tables) > tables * 128:
        tables += 1
    fat_at = len(sectors)
    chains += [_FAT] * tables
    fat = b"".join(struct.pack("<I", one) for one in chains).ljust(tables * _SECTOR, b"\xff")
    sectors += [fat[n * _SECTOR : (n + 1) * _SECTOR] for n in range(tables)]
    difat = [fat_at + n for n in range(tables)] + [_FREE] * (109 - tables)
    head = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        *(0, tables),
        *(directory_at, 0, 4096, _END, 0, _END, 0),
    )
    return head + b"".join(struct.pack("<I", one) for one in difat) + b"".join(sectors)


def _entry(name: str, kind: int, start: int, size: int, *, child: int = _FREE, right: int = _FREE) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return text.ljust(64, b"\0") + struct.pack(
        "<HBBIII16xI16xIQ", len(text), kind, 1, _FREE, right, child, 0, start, size
    )


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _text(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def _workbook(
    sheets: Mapping[str, Sequence[Sequence[Value]]],
    *,
    from_1904: bool,
    merged: Sequence[tuple[int, int, int, int]],
    password: bool,
) -> bytes:
    head = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0xDBB, 0x7CC, 0, 6))
    if password:
        head += _record(0x2F, struct.pack("<HHH16s16s16s", 1, 1, 1, b"s" * 16, b"v" * 16, b"h" * 16))
    head += _record(0x42, struct.pack("<H", 1200)) + _record(0x22, struct.pack("<H", from_1904))
    head += _record(0x41E, struct.pack("<H", 164) + _text("yyyy-mm-dd hh:mm:ss"))
    head += b"".join(_record(0xE0, struct.pack("<HHHBBBBIIH", 0, form, 0, 0, 0, 0, 0, 0, 0, 0)) for form in (0, 164))
    names = [(name, _name(name)) for name in sheets]
    length = len(head) + sum(4 + 6 + len(name) for _plain, name in names) + 4
    bodies = [_sheet(rows, merged, from_1904=from_1904) for rows in sheets.values()]
    places = b""
    for (_plain, name), body in zip(names, bodies, strict=True):
        places += _record(0x85, struct.pack("<IBB", length, 0, 0) + name)
        length += len(body)
    return head + places + _record(0xA) + b"".join(bodies)


def _name(name: str) -> bytes:
    return struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")


def _sheet(rows: Sequence[Sequence[Value]], merged: Sequence[tuple[int, int, int, int]], *, from_1904: bool) -> bytes:
    width = max(map(len, rows), default=0)
    made = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0xDBB, 0x7CC, 0, 6))
    made += _record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            made += _cell(row, column, value, from_1904=from_1904)
    if merged:
        made += _record(
            0xE5,
            struct.pack("<H", len(merged))
            + b"".join(struct.pack("<HHHH", top, bottom, left, right) for top, left, bottom, right in merged),
        )
    return made + _record(0xA)


def _cell(row: int, column: int, value: Value, *, from_1904: bool) -> bytes:
    if value is None:
        return b""
    at = struct.pack("<HH", row, column)
    if isinstance(value, str):
        return _record(0x204, at + struct.pack("<H", 0) + _text(value))
    if isinstance(value, bool):
        return _record(0x205, at + struct.pack("<HBB", 0, value, 0))
    if isinstance(value, datetime):
        return _record(0x203, at + struct.pack("<Hd", 1, serial(value, from_1904=from_1904)))
    return _record(0x203, at + struct.pack("<Hd", 0, value))


def serial(moment: datetime, *, from_1904: bool = False) -> float:
    """Return the day number of a moment after February 1900."""
    begin = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no zone
    return (moment - begin).total_seconds() / 86400


def ods(sheets: Mapping[str, Sequence[Sequence[Value]]], *, after: str = "", manifest: str = "") -> bytes:
    """Return an OpenDocument workbook; `after` is markup behind the last row of each sheet."""
    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in names)
    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(f"<table:table-row>{''.join(map(_ods_cell, cells))}</table:table-row>" for cells in rows)
        + after
        + "</table:table>"
        for name, rows in sheets.items()
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr(
            "content.xml",
            f"<?xml version='1.0' encoding='UTF-8'?><office:document-content {spaces} office:version='1.2'>"
            f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
            + manifest
            + "</manifest:manifest>",
        )
    return buffer.getvalue()


def _ods_cell(value: Value) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
    if isinstance(value, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'


def xlsb(
    name: str, rows: Sequence[Sequence[Value]], *, hidden: Sequence[int] = (), unseen: Sequence[int] = ()
) -> bytes:
    """Return a binary workbook of one sheet with texts, numbers and formulas (a truth is one whose result it is).

    `hidden` are rows, `unseen` columns, both from 0; a cell "#N/A" is an error.
    """
    book = (
        _brt(131)
        + _brt(143)
        + _brt(156, struct.pack("<II", 0, 1) + _wide("rId1") + _wide(name))
        + _brt(144)
        + _brt(132)
    )
    width = max(map(len, rows), default=1)
    cells = b""
    for row, values in enumerate(rows):
        cells += _brt(0, struct.pack("<IIHBB", row, 0, 300, 0, 0x10 if row in hidden else 0).ljust(17, b"\0"))
        for column, value in enumerate(values):
            at = struct.pack("<II", column, 0)
            if value == "#N/A":
                cells += _brt(3, at + b"\x2a")
            elif isinstance(value, str):
                cells += _brt(6, at + _wide(value))
            elif isinstance(value, bool):
                cells += _brt(10, at + struct.pack("<BHII", value, 0, 0, 0))
            elif isinstance(value, float):
                cells += _brt(5, at + struct.pack("<d", value))
    sheet = _brt(129) + _brt(148, struct.pack("<IIII", 0, max(len(rows) - 1, 0), 0, width - 1))
    looks = b"".join(_brt(60, struct.pack("<IIIIH", one, one, 2304, 0, 1)) for one in unseen)
    sheet += (_brt(390) + looks + _brt(391) if looks else b"") + _brt(145)
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types"/>')
        archive.writestr("xl/workbook.bin", book)
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/worksheet" '
            'Target="worksheets/sheet1.bin"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.bin", sheet + cells + _brt(146) + _brt(130))
    return buffer.getvalue()


def _brt(kind: int, data: bytes = b"") -> bytes:
    first = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(data)
    while length > 127:
        size, length = size + bytes([length & 0x7F | 0x80]), length >> 7
    return first + size + bytes([length]) + data


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
