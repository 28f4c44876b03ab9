"""Looking into a workbook's archive before anything parses it: sizes, ratios and checksums, counted, not believed."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from xiuhua.tables.words import MIB, ContentTooLarge, FileBroken, FileNotTable, Limits

_LOCAL_HEADER = struct.Struct("<4s22xHH")
_WORKBOOK = "xl/workbook.xml"
_ENCRYPTED = 0x1
_ERROR_CELL = re.compile(rb"""\st=["']e["']""")
#: A sheet's cells, those alone in their tag and those with something in them; who wrote the file may name the prefix.
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_PLACE = re.compile(rb"""(?:^|\s)r=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_FAILED = re.compile(rb"""(?:^|\s)t=["']e["']""")
_FORMULA, _VALUE = re.compile(rb"<(?:\w+:)?f[\s>/]"), re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>[^<]")
#: A formula whose result is a text may well have an empty one.
_TEXT = re.compile(rb"""(?:^|\s)t=["']str["']""")
#: One byte less than the attribute that marks an error: one on the border of two blocks is seen, none twice.
_OVERLAP = 5
#: Bytes in which a tag's name may be cut by the border of two blocks.
_TAIL = 64


def check_archive(path: Path, limits: Limits) -> int:
    """Return how many cells of a workbook hold formula errors, having made sure that it may be parsed.

    Raises FileNotTable (not a workbook, encrypted), ContentTooLarge (members, bytes, ratio), FileBroken.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
        _check_directory(members, limits)
        with path.open("rb") as file:
            return sum(_check_member(file, member) for member in members)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError) as error:
        raise FileBroken(reason=str(error)) from error


def unanswered(path: Path, place: int) -> tuple[tuple[int, int], ...]:
    """Return (row from 1, column from 0) of the formulas without a result in the `place`-th sheet of a checked workbook.

    A formula that failed (#N/A) and one that was never worked out both read as empty, which nobody meant.
    """
    with zipfile.ZipFile(path) as archive:
        name = _sheet_member(archive, place)
        return tuple(_places(archive.read(name))) if name and _may_wait(archive, name) else ()


def _may_wait(archive: zipfile.ZipFile, name: str) -> bool:
    """Return whether a sheet has a formula or an error at all: most have none, and are not held in memory to see it."""
    tail = b""
    with archive.open(name) as sheet:
        while block := sheet.read(MIB):
            text = tail + block
            if _FORMULA.search(text) or _ERROR_CELL.search(text):
                return True
            tail = text[-_TAIL:]
    return False


def _sheet_member(archive: zipfile.ZipFile, place: int) -> str:
    """Return the member that holds a sheet, "" where the workbook does not say."""
    names = set(archive.namelist())
    relations = "xl/_rels/workbook.xml.rels"
    if relations not in names:
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
    for cell in _CELL.finditer(sheet):
        fields, inner = cell[1], cell[2] or b""
        waits = _FORMULA.search(inner) and not _VALUE.search(inner) and not _TEXT.search(fields)
        if (waits or _FAILED.search(fields)) and (found := _PLACE.search(fields)):
            yield int(found[2]), _column(found[1])


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _check_directory(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    if _WORKBOOK not in {member.filename for member in members}:
        raise FileNotTable(reason="ZIP")
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise FileNotTable(reason="encrypted")
    if len(members) > limits.entries:
        raise ContentTooLarge(limit=f"{limits.entries} entries")
    if sum(member.file_size for member in members) > limits.workbook_bytes:
        raise ContentTooLarge(limit=f"{limits.workbook_bytes} B")
    if any(
        member.file_size > limits.ratio_floor and member.file_size > limits.ratio * member.compress_size
        for member in members
    ):
        raise ContentTooLarge(limit=f"{limits.ratio} : 1")


def _check_member(file: IO[bytes], member: zipfile.ZipInfo) -> int:
    """Decompress one member without keeping it; its directory entry must not have lied. Returns its error cells."""
    size, crc, errors, tail = 0, 0, 0, b""
    sheet = member.filename.startswith("xl/worksheets/")
    for block in _inflated(file, member):
        size += len(block)
        if size > member.file_size:
            break
        crc = zlib.crc32(block, crc)
        if sheet:
            errors += len(_ERROR_CELL.findall(tail + block))
            tail = (tail + block)[-_OVERLAP:]
    if size != member.file_size or crc != member.CRC:
        raise FileBroken(reason=member.filename)
    return errors


def _inflated(file: IO[bytes], member: zipfile.ZipInfo) -> Iterator[bytes]:
    file.seek(member.header_offset)
    magic, name, extra = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    if magic != b"PK\x03\x04" or member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise FileBroken(reason=member.filename)
    file.seek(name + extra, 1)
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
        raise FileBroken(reason=member.filename)
