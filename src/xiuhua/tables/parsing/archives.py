"""Looking into a workbook's archive before anything parses it: sizes, ratios and checksums, counted, not believed."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from xiuhua.tables.parsing.binary import BinarySheet, sheet_keys
from xiuhua.tables.parsing.opendocument import OpenDocument
from xiuhua.tables.parsing.seen import Facts, Look, SheetText
from xiuhua.tables.parsing.words import MIB, Limits, Stop

_LOCAL_HEADER = struct.Struct("<4s22xHH")
_WORKBOOK = "xl/workbook.xml"
_BINARY = "xl/workbook.bin"
#: What is in an archive says what kind of workbook it is.
_KINDS = {_WORKBOOK: "xlsx", _BINARY: "xlsb", "content.xml": "ods"}
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
#: Texts of the workbook, its formats and looks have no rows.
_NO_SHEETS = tuple(f"xl/{name}" for name in ("sharedStrings.", "styles.", "theme/", "printerSettings/"))
_ENCRYPTED = 0x1
_UTF8 = 0x800
#: A sheet's cells, those alone in their tag and those with something in them; who wrote the file may name the prefix.
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_PLACE = re.compile(rb"""(?:^|\s)r=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_FAILED = re.compile(rb"""(?:^|\s)t=["']e["']""")
_FORMULA, _VALUE = re.compile(rb"<(?:\w+:)?f[\s>/]"), re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>[^<]")
#: A formula whose result is a text may well have an empty one.
_TEXT = re.compile(rb"""(?:^|\s)t=["']str["']""")
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError, OSError)
_DATE_1904 = re.compile(rb"""\bdate1904=["'](?:1|true|on)["']""")


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


def check_members(archive: Archive) -> dict[str, list[Facts]]:
    """Return what an archive's sheets say, by member and in their order there, having unpacked and counted every byte of it.

    Raises Stop: table.file_broken where the directory has lied or a checksum is wrong.
    """
    found: dict[str, list[Facts]] = {}
    try:
        with archive.path.open("rb") as file:
            for member in archive.members:
                look = _look(archive.kind, member.filename)
                _check_member(file, member, look)
                if look:
                    found[member.filename] = look.finish()
    except _BROKEN as error:
        raise Stop("table.file_broken", reason=str(error)) from error
    return found


def _look(kind: str, name: str) -> Look | None:
    """Return how to look over a member, None where no sheet can be in it: who wrote the file names its members."""
    if kind == "ods":
        return OpenDocument() if name == "content.xml" else None
    if not name.startswith("xl/") or name.startswith(_NO_SHEETS):
        return None
    if kind == "xlsb":
        return BinarySheet() if name.endswith(".bin") else None
    return SheetText() if name.endswith(".xml") else None


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
    book = next((name for name in (_WORKBOOK, _BINARY) if name in names), "")
    relations = f"xl/_rels/{book.removeprefix('xl/')}.rels"
    if not book or relations not in names:
        return ""
    text = archive.read(book)
    sheets = sheet_keys(text) if book == _BINARY else _RELATION.findall(text)
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


def _check_member(file: IO[bytes], member: zipfile.ZipInfo, look: Look | None) -> None:
    """Decompress one member without keeping it, looked over as it passes; its directory entry must not have lied."""
    size, crc = 0, 0
    for block in _inflated(file, member):
        size += len(block)
        if size > member.file_size:
            break
        crc = zlib.crc32(block, crc)
        if look:
            look.take(block)
    if size != member.file_size or crc != member.CRC:
        raise Stop("table.file_broken", reason=member.filename)


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
