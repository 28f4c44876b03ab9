"""A workbook changed in place: some cells of one sheet and one sheet more; every other byte of its parts stays.

Only what a spreadsheet program wrote by the usual names is patched: each row and each cell says where it stands. A file
that does not is refused by Unpatchable, and whoever asked writes it anew.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

from xiuhua.tables.parsing.archives import sheet_member
from xiuhua.tables.writing import Cell, Sheet

_BOOK, _RELATIONS, _TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
#: Bytes of a sheet that are read together.
_BLOCK = 1 << 20
_CHAIN = "xl/calcChain.xml"
_ROW = re.compile(rb"""<(\w+:)?row\s[^>]*?\br=["'](\d{1,7})["'][^>]*?(?:/>|>(.*?)</(?:\w+:)?row>)""", re.DOTALL)
_ROW_END = re.compile(rb"</(?:\w+:)?row>")
_CELL = re.compile(rb"""<(\w+:)?c\s([^>]*?)(/>|>.*?</(?:\w+:)?c>)""", re.DOTALL)
_PLACE = re.compile(rb"""(?:^|\s)r=["']([A-Z]{1,3})\d{1,7}["']""")
_STYLE = re.compile(rb"""(?:^|\s)s=["'](\d{1,6})["']""")
_SHEET_ID = re.compile(rb"""<(?:\w+:)?sheet\s[^>]*?sheetId=["'](\d+)["']""")
_LINK = re.compile(
    rb"""xmlns:(\w+)=["'](http://(?:schemas\.openxmlformats\.org|purl\.oclc\.org/ooxml)/officeDocument[\w/]*/relationships)["']"""
)
_OLD_DAYS = re.compile(rb"""date1904=["'](?:1|true)["']""")
_UNKEPT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"


class Unpatchable(Exception):
    """The workbook is written in a way that is not patched."""


@dataclass(frozen=True, slots=True)
class Patch:
    """What a cell becomes: its row from 1, its column from 0. A time takes its look from the cell `like` (row, column)."""

    row: int
    column: int
    value: Cell
    like: tuple[int, int] | None = None


def patch_workbook(path: Path, place: int, patches: Sequence[Patch], added: Sheet, target: BinaryIO) -> None:
    """Write the workbook at `path` with cells of its `place`-th sheet (from 0) changed and a sheet added at its end.

    The workbook must have been opened before (tables.reading), which looks at its archive. Raises Unpatchable.
    """
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        member = sheet_member(archive, place)
        if not member:
            raise Unpatchable
        names = set(archive.namelist())
        extra = next(
            f"xl/worksheets/sheet{n}.xml" for n in range(1, 10**6) if f"xl/worksheets/sheet{n}.xml" not in names
        )
        relation = f"rIdXiuhua{len(names)}"
        old_days = bool(_OLD_DAYS.search(archive.read(_BOOK)))
        for info in archive.infolist():
            if info.filename == _CHAIN:  # the order of working out formulas; without it the program makes a new one
                continue
            if info.filename == member:
                packed = zipfile.ZipInfo(member, info.date_time)
                packed.compress_type = zipfile.ZIP_DEFLATED
                with out.open(packed, "w", force_zip64=True) as part:
                    for piece in _patched(archive, member, patches, old_days=old_days):
                        part.write(piece)
                continue
            data = archive.read(info)
            change = {_BOOK: _book, _RELATIONS: _relations, _TYPES: _types}.get(info.filename)
            if change:
                data = change(data, added.title, relation, extra)
            out.writestr(zipfile.ZipInfo(info.filename, info.date_time), data, zipfile.ZIP_DEFLATED)
        out.writestr(extra, _plain_sheet(added), zipfile.ZIP_DEFLATED)


def _book(data: bytes, title: str, relation: str, _extra: str) -> bytes:
    link, ids = _LINK.search(data), [int(one) for one in _SHEET_ID.findall(data)]
    if not link or not ids or not (end := re.search(rb"</(\w+:)?sheets>", data)):
        raise Unpatchable
    prefix = (end[1] or b"").decode()
    name, space = link[1].decode(), link[2].decode()
    # said once more: some programs declare it at each sheet and not above
    declared = f'xmlns:{name}="{space}" {name}:id="{relation}"'
    tag = f'<{prefix}sheet name={quoteattr(title)} sheetId="{max(ids) + 1}" {declared}/>'
    return data[: end.start()] + tag.encode() + data[end.start() :]


def _relations(data: bytes, _title: str, relation: str, extra: str) -> bytes:
    data = re.sub(rb"<Relationship\s[^>]*calcChain[^>]*/>", b"", data)
    end = data.rfind(b"</Relationships>")
    if end < 0:
        raise Unpatchable
    tag = f'<Relationship Id="{relation}" Type="{_RELATED}" Target="/{extra}"/>'
    return data[:end] + tag.encode() + data[end:]


def _types(data: bytes, _title: str, _relation: str, extra: str) -> bytes:
    data = re.sub(rb"<Override\s[^>]*calcChain[^>]*/>", b"", data)
    end = data.rfind(b"</Types>")
    if end < 0:
        raise Unpatchable
    return data[:end] + f'<Override PartName="/{extra}" ContentType="{_WORKSHEET}"/>'.encode() + data[end:]


def _plain_sheet(added: Sheet) -> bytes:
    """Return the added sheet as a part of its own: texts in place, no styles of another book."""
    rows: list[list[Cell]] = [list(added.columns), *(list(row) for row in added.rows)]
    lines = []
    for number, cells in enumerate(rows, start=1):
        made = "".join(
            _cell("", number, column, value, b"", old_days=False).decode() for column, value in enumerate(cells)
        )
        lines.append(f'<row r="{number}">{made}</row>')
    pane = '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'{head}<worksheet xmlns="{space}">{pane}<sheetData>{"".join(lines)}</sheetData></worksheet>'.encode()


def _patched(archive: zipfile.ZipFile, member: str, patches: Sequence[Patch], *, old_days: bool) -> Iterator[bytes]:
    """Yield the sheet with its cells changed; rows without changes go through as they are."""
    wanted: dict[int, list[Patch]] = {}
    for patch in patches:
        wanted.setdefault(patch.row, []).append(patch)
    styles = _styles(archive, member, {patch.like for patch in patches if patch.like})
    for data in _blocks(archive, member):
        at = 0
        for found in _ROW.finditer(data):
            here = wanted.pop(int(found[2]), None)
            if here is None:
                continue
            if found[3] is None:
                raise Unpatchable
            yield data[at : found.start(3)]
            yield _row(found[3], found[1] or b"", here, styles, old_days=old_days)
            at = found.end(3)
        yield data[at:]
    if wanted:
        raise Unpatchable


def _blocks(archive: zipfile.ZipFile, member: str) -> Iterator[bytes]:
    """Yield a sheet in pieces that end with the end of a row, the last one with the sheet's."""
    held = b""
    with archive.open(member) as file:
        while block := file.read(_BLOCK):
            held += block
            cut = max((found.end() for found in _ROW_END.finditer(held)), default=0)
            if cut:
                yield held[:cut]
                held = held[cut:]
    yield held


def _styles(archive: zipfile.ZipFile, member: str, places: set[tuple[int, int]]) -> Mapping[tuple[int, int], bytes]:
    """Return the number of the style of some cells; reads no further than the last of them."""
    rows = {row for row, _column in places}
    found: dict[tuple[int, int], bytes] = {}
    if not rows:
        return found
    for data in _blocks(archive, member):
        for row in _ROW.finditer(data):
            if int(row[2]) not in rows:
                continue
            for cell in _CELL.finditer(row[3] or b""):
                place, style = _PLACE.search(cell[2]), _STYLE.search(cell[2])
                if place and style:
                    found[int(row[2]), _number(place[1])] = style[1]
            rows.discard(int(row[2]))
        if not rows:
            break
    return found


def _row(
    inner: bytes, prefix: bytes, patches: Sequence[Patch], styles: Mapping[tuple[int, int], bytes], *, old_days: bool
) -> bytes:
    cells: dict[int, tuple[bytes, bytes]] = {}
    for cell in _CELL.finditer(inner):
        place, style = _PLACE.search(cell[2]), _STYLE.search(cell[2])
        if not place:
            raise Unpatchable
        cells[_number(place[1])] = (cell[0], style[1] if style else b"")
    made = {column: whole for column, (whole, _style) in cells.items()}
    for patch in patches:
        old = cells.get(patch.column, (b"", b""))[1]
        look = styles.get(patch.like, old) if patch.like else old
        made[patch.column] = _cell(prefix.decode(), patch.row, patch.column, patch.value, look, old_days=old_days)
    return b"".join(made[column] for column in sorted(made))


def _cell(prefix: str, row: int, column: int, value: Cell, style: bytes, *, old_days: bool) -> bytes:
    """Return a cell as the format writes it; a text stands in it and is never a formula."""
    head = f'<{prefix}c r="{_letters(column)}{row}"' + (f' s="{style.decode()}"' if style else "")
    if value is None or value == "":
        return f"{head}/>".encode()
    if isinstance(value, str):
        text = escape(_UNKEPT.sub("", value))
        return f'{head} t="inlineStr"><{prefix}is><{prefix}t xml:space="preserve">{text}</{prefix}t></{prefix}is></{prefix}c>'.encode()
    number = _serial(value, old_days=old_days) if isinstance(value, date) else value
    return f"{head}><{prefix}v>{number!r}</{prefix}v></{prefix}c>".encode()


def _serial(value: date, *, old_days: bool) -> float | int:
    """Return the number of a day and its time, counted from the end of 1899, or from 1904 where the book says so."""
    begin = datetime(1904, 1, 1) if old_days else datetime(1899, 12, 30)  # noqa: DTZ001 - wall clock
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
    past = moment - begin
    return past.days if not (past.seconds or past.microseconds) else past.days + past.seconds / 86_400


def _letters(column: int) -> str:
    letters, rest = "", column + 1
    while rest:
        rest, sign = divmod(rest - 1, 26)
        letters = chr(ord("A") + sign) + letters
    return letters


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
