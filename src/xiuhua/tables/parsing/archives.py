"""Looking into a workbook's archive before anything parses it: sizes, ratios and checksums, counted, not believed."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from xiuhua.tables.parsing.words import MIB, Limits, Stop

_LOCAL_HEADER = struct.Struct("<4s22xHH")
_WORKBOOK = "xl/workbook.xml"
#: What is in an archive says what kind of workbook it is.
_KINDS = {_WORKBOOK: "xlsx", "xl/workbook.bin": "xlsb", "content.xml": "ods"}
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_ENCRYPTED = 0x1
_UTF8 = 0x800
#: A sheet's cells, those alone in their tag and those with something in them; who wrote the file may name the prefix.
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_PLACE = re.compile(rb"""(?:^|\s)r=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_FAILED = re.compile(rb"""(?:^|\s)t=["']e["']""")
_FORMULA, _VALUE = re.compile(rb"<(?:\w+:)?f[\s>/]"), re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>[^<]")
#: A formula whose result is a text may well have an empty one.
_TEXT = re.compile(rb"""(?:^|\s)t=["']str["']""")
_PREFIX = re.compile(rb"<(\w+:)worksheet[\s>]")
_ROW = re.compile(rb"<(?:\w+:)?row\s([^>]*)>")
_COLUMNS = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
_ERRORS = (b' t="e"', b" t='e'")
#: Texts of the workbook, its formats and looks have no rows.
_NO_SHEETS = ("xl/sharedStrings.xml", "xl/styles.xml", "xl/theme/")
#: The longest tag that is put together over the border of two blocks.
_LONGEST_TAG = 64 * 1024
#: More than any name of a tag with its prefix.
_BORDER = 64
#: Columns a sheet can have: what is hidden beyond says nothing.
_COLUMNS_MOST = 16_384
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError, OSError)
_DATE_1904 = re.compile(rb"""\bdate1904=["'](?:1|true|on)["']""")


@dataclass(slots=True)
class Facts:
    """What a look over a sheet's text finds; rows from 1, columns from 0."""

    errors: int = 0
    formulas: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Archive:
    """A workbook's archive whose directory is within the limits; `content` is what it claims to unpack to."""

    path: Path
    kind: str
    content: int
    members: list[zipfile.ZipInfo]


def open_archive(path: Path, limits: Limits) -> Archive:
    """Return what kind of workbook an archive is, having made sure that what its directory claims may be parsed.

    Raises Stop: table.not_a_table, table.encrypted, table.content_too_large (members, bytes, ratio), table.file_broken.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            kind = _kind(archive, members, limits)
    except _BROKEN as error:
        raise Stop("table.file_broken", reason=str(error)) from error
    return Archive(path, kind, sum(member.file_size for member in members), members)


def check_members(archive: Archive) -> dict[str, Facts]:
    """Return what the texts of an archive's sheets say, by member, having unpacked and counted every byte of it.

    Raises Stop: table.file_broken where the directory has lied or a checksum is wrong.
    """
    found: dict[str, Facts] = {}
    try:
        with archive.path.open("rb") as file:
            for member in archive.members:
                facts = _check_member(file, member, seen=_is_sheet(archive.kind, member.filename))
                if facts:
                    found[member.filename] = facts
    except _BROKEN as error:
        raise Stop("table.file_broken", reason=str(error)) from error
    return found


def _is_sheet(kind: str, name: str) -> bool:
    return kind == "xlsx" and name.startswith("xl/") and name.endswith(".xml") and not name.startswith(_NO_SHEETS)


def unanswered(path: Path, place: int) -> tuple[tuple[int, int], ...]:
    """Return (row from 1, column from 0) of the formulas without a result in the `place`-th sheet of a checked workbook.

    A formula that failed (#N/A) and one that was never worked out both read as empty, which nobody meant.
    """
    with zipfile.ZipFile(path) as archive:
        name = sheet_member(archive, place)
        return tuple(_places(archive.read(name))) if name else ()


def counts_from_1904(path: Path) -> bool:
    """Return whether a checked workbook counts its days from 1904, as old spreadsheets on one platform did."""
    with zipfile.ZipFile(path) as archive:
        return bool(_DATE_1904.search(archive.read(_WORKBOOK))) if _WORKBOOK in archive.namelist() else False


def sheet_member(archive: zipfile.ZipFile, place: int) -> str:
    """Return the member that holds a sheet, "" where the workbook does not say."""
    names = set(archive.namelist())
    relations = "xl/_rels/workbook.xml.rels"
    if relations not in names or _WORKBOOK not in names:
        return ""
    sheets = _RELATION.findall(archive.read(_WORKBOOK))
    targets = {}
    for tag in _TAG.findall(archive.read(relations)):
        fields = dict(_FIELD.findall(tag))
        targets[fields.get(b"Id", b"")] = fields.get(b"Target", b"").decode("utf-8", "replace")
    target = targets.get(sheets[place], "") if place < len(sheets) else ""
    member = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return member if member in names else ""


_RELATION = re.compile(rb"""<(?:\w+:)?sheet\s[^>]*?\w+:id=["']([^"']+)["']""")
_TAG = re.compile(rb"<(?:\w+:)?Relationship\s([^>]*)>")
_FIELD = re.compile(rb"""(\w+)=["']([^"']*)["']""")


def _places(sheet: bytes) -> Iterator[tuple[int, int]]:
    for fields, inner in _CELL.findall(sheet):
        waits = _FORMULA.search(inner) and not _VALUE.search(inner) and not _TEXT.search(fields)
        if (waits or _FAILED.search(fields)) and (found := _PLACE.search(fields)):
            yield int(found[2]), _column(found[1])


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _kind(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], limits: Limits) -> str:
    names = {member.filename for member in members}
    kind = next((kind for name, kind in _KINDS.items() if name in names), "")
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise Stop("table.encrypted")
    _check_directory(members, limits)
    if kind == "ods":
        manifest = "META-INF/manifest.xml"
        if manifest in names and b"encryption-data" in archive.read(manifest):
            raise Stop("table.encrypted")
        if "mimetype" not in names or not archive.read("mimetype").strip().startswith(_ODS):
            raise Stop("table.not_a_table", reason="ZIP")
    if not kind:
        raise Stop("table.not_a_table", reason="ZIP")
    return kind


def _check_directory(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(members) > limits.entries:
        raise Stop("table.content_too_large", limit=f"{limits.entries} entries")
    if sum(member.file_size for member in members) > limits.workbook_bytes:
        raise Stop("table.content_too_large", limit=f"{limits.workbook_bytes} B")
    if any(
        member.file_size > limits.ratio_floor and member.file_size > limits.ratio * member.compress_size
        for member in members
    ):
        raise Stop("table.content_too_large", limit=f"{limits.ratio} : 1")


def _check_member(file: IO[bytes], member: zipfile.ZipInfo, *, seen: bool) -> Facts | None:
    """Decompress one member without keeping it; its directory entry must not have lied. Returns what a sheet says."""
    size, crc = 0, 0
    scan = _Scan() if seen else None
    for block in _inflated(file, member):
        size += len(block)
        if size > member.file_size:
            break
        crc = zlib.crc32(block, crc)
        if scan:
            scan.take(block)
    if size != member.file_size or crc != member.CRC:
        raise Stop("table.file_broken", reason=member.filename)
    return scan.finish() if scan else None


class _Scan:
    """Looks over a sheet's text block by block, without copying it; what lies on the border of two is put together."""

    def __init__(self) -> None:
        #: The end of what has been looked over, from its last tag on.
        self._tail = b""
        self._formulas: tuple[bytes, ...] = ()
        self._facts = Facts()

    def take(self, block: bytes) -> None:
        if not self._formulas:
            found = _PREFIX.search(block)
            tag = b"<" + (found[1] if found else b"") + b"f"
            self._formulas = (tag + b">", tag + b" ", tag + b"/>")
        facts = self._facts
        facts.errors += sum(self._count(block, sign) for sign in _ERRORS)
        tag = self._formulas[0][:-1]
        if tag in block or tag in self._tail[-_BORDER:] + block[:_BORDER]:
            facts.formulas += sum(self._count(block, sign) for sign in self._formulas)
        self._hide(block)
        last = block.rfind(b"<")
        self._tail = (block[last:] if last >= 0 else self._tail + block)[-_LONGEST_TAG:]

    def finish(self) -> Facts:
        return self._facts

    def _count(self, block: bytes, sign: bytes) -> int:
        over = len(sign) - 1
        return block.count(sign) + (self._tail[-over:] + block[:over]).count(sign)

    def _hide(self, block: bytes) -> None:
        """Find hidden rows and columns; a tag that the border cuts is looked at with the block in which it ends."""
        cut = b"" if b">" in self._tail else self._tail
        if b"hidden" not in block and b"hidden" not in cut + block[:_BORDER]:
            return
        piece = cut + block
        self._facts.hidden_rows += _hidden(_ROW, piece, b"r", b"r", 0)
        self._facts.hidden_columns += _hidden(_COLUMNS, piece, b"min", b"max", 1)


def _hidden(tags: re.Pattern[bytes], piece: bytes, first: bytes, last: bytes, base: int) -> Iterator[int]:
    """Yield the numbers of hidden rows or columns, less `base`."""
    for tag in tags.findall(piece):
        if b"hidden" not in tag:
            continue
        fields = dict(_FIELD.findall(tag))
        begin, end = fields.get(first, b""), fields.get(last, b"")
        if fields.get(b"hidden") in {b"1", b"true"} and begin.isdigit() and end.isdigit():
            yield from range(int(begin) - base, min(int(end), int(begin) + _COLUMNS_MOST) - base + 1)


def _stored_name(member: zipfile.ZipInfo) -> bytes:
    """Return a member's name as its bytes stand in the archive."""
    return member.orig_filename.encode("utf-8" if member.flag_bits & _UTF8 else "cp437")


def _inflated(file: IO[bytes], member: zipfile.ZipInfo) -> Iterator[bytes]:
    file.seek(member.header_offset)
    magic, name, extra = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    if magic != b"PK\x03\x04" or member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Stop("table.file_broken", reason=member.filename)
    if file.read(name) != _stored_name(member):
        raise Stop("table.file_broken", reason=member.filename)  # readers would not agree on what this member is
    file.seek(extra, 1)
    left = member.compress_size
    inflater = zlib.decompressobj(-zlib.MAX_WBITS) if member.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0 and (packed := file.read(min(left, MIB))):
        left -= len(packed)
        if inflater is None:
            yield packed
            continue
        yield inflater.decompress(packed, MIB)
        while inflater.unconsumed_tail:
            yield inflater.decompress(inflater.unconsumed_tail, MIB)
    if left > 0 or (inflater is not None and not inflater.eof):
        raise Stop("table.file_broken", reason=member.filename)
