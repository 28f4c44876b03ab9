"""What binary sheets say beside their values: XLSB records ([MS-XLSB] §2.4) and BIFF records in a compound file ([MS-XLS], [MS-CFB])."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from xiuhua.tables.parsing.seen import COLUMNS_MOST, Facts

#: Records of an XLSB part: BrtRowHdr, BrtColInfo, BrtBundleSh; cells with errors; results of formulas.
_ROW, _COLUMNS, _SHEET = 0, 60, 156
_FAILED, _FORMULAS = frozenset({3, 11}), frozenset({8, 9, 10, 11})
#: fDyZero in the 12th byte of BrtRowHdr.
_ROW_HIDDEN, _ROW_FLAGS = 0x10, 11
#: BIFF: EOF, FORMULA, COLINFO, BOUNDSHEET, BOOLERR, ROW, BOF.
_EOF, _FORMULA, _COLINFO, _BOUND, _BOOLERR, _OLD_ROW, _BOF = 0x0A, 0x06, 0x7D, 0x85, 0x205, 0x208, 0x809
_OLD_HIDDEN = 0x20
_CHAIN_END = 0xFFFFFFFA
_HEADER_FATS = 109
_LONGEST = 1 << 20
_STREAMS = ("Workbook", "Book")
_MOST_SHEETS = 1000


class BinarySheet:
    """Looks over a part of an XLSB workbook, record by record."""

    def __init__(self) -> None:
        self._rest = b""
        self._facts = Facts()
        self._odd = False

    def take(self, block: bytes) -> None:
        """Look over the next block."""
        if self._odd:
            return
        data, end = self._rest + block, 0
        for kind, begin, end in _records(data):
            self._note(kind, data, begin, end)
        self._rest = data[end:]
        self._odd = len(self._rest) > _LONGEST  # something else: no record of a sheet is as long

    def finish(self) -> list[Facts]:
        """Return what the sheet says."""
        return [self._facts]

    def _note(self, kind: int, data: bytes, begin: int, end: int) -> None:
        facts = self._facts
        if kind == _ROW and end - begin > _ROW_FLAGS:
            if data[begin + _ROW_FLAGS] & _ROW_HIDDEN:
                facts.hidden_rows.append(struct.unpack_from("<I", data, begin)[0] + 1)
        elif kind == _COLUMNS and end - begin >= struct.calcsize("<IIIIH"):
            first, last, _width, _look, flags = struct.unpack_from("<IIIIH", data, begin)
            if flags & 1:
                facts.hidden_columns += range(first, min(last + 1, COLUMNS_MOST))
        else:
            facts.errors += kind in _FAILED
            facts.formulas += kind in _FORMULAS


def sheet_keys(book: bytes) -> list[bytes]:
    """Return the keys under which xl/workbook.bin names its sheets' members, in their order."""
    found = []
    for kind, begin, end in _records(book):
        if kind == _SHEET and end - begin > 12:  # noqa: PLR2004 - state and number of the sheet, length of the key
            (length,) = struct.unpack_from("<I", book, begin + 8)
            found.append(book[begin + 12 : min(begin + 12 + 2 * length, end)].decode("utf-16-le", "replace").encode())
    return found


def _records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield (kind, begin of the content, end) of the whole records; numbers are 7 bits a byte, the lowest first."""
    at, most = 0, len(data)
    while at < most:
        kind, at = data[at], at + 1
        if kind & 0x80:
            if at >= most:
                return
            kind, at = kind & 0x7F | (data[at] & 0x7F) << 7, at + 1
        size, shift, more = 0, 0, True
        while more:
            if at >= most:
                return
            size, more, at = size | (data[at] & 0x7F) << shift, bool(data[at] & 0x80) and shift < 21, at + 1  # noqa: PLR2004
            shift += 7
        if at + size > most:
            return
        yield kind, at, at + size
        at += size


def old_facts(path: Path) -> list[Facts]:
    """Return what each sheet of an XLS workbook says, in their order; nothing of a file that is no such workbook."""
    try:
        stream = _stream(path.read_bytes())
        return [_old_sheet(stream, at) for at in _sheets(stream)]
    except (struct.error, IndexError, ValueError):
        return []  # refusing is the parser's part


def _sheets(stream: bytes) -> Iterator[int]:
    at = 0
    for _n in range(_MOST_SHEETS * 100):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == _BOUND:
            yield struct.unpack_from("<I", stream, at + 4)[0]
        if kind == _EOF:
            return
        at += 4 + size


def _old_sheet(stream: bytes, at: int) -> Facts:
    """Return what a sheet says whose records begin at `at`; charts in it have records of their own."""
    facts, depth = Facts(), 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        at += 4
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            break
        if depth == 1:
            _old_note(facts, kind, stream[at : at + size])
        at += size
    return facts


def _old_note(facts: Facts, kind: int, data: bytes) -> None:
    if kind == _OLD_ROW and data[12] & _OLD_HIDDEN:
        facts.hidden_rows.append(struct.unpack_from("<H", data)[0] + 1)
    elif kind == _COLINFO:
        first, last, _width, _look, flags = struct.unpack_from("<HHHHH", data)
        if flags & 1:
            facts.hidden_columns += range(first, min(last + 1, COLUMNS_MOST))
    elif kind == _FORMULA:
        facts.formulas += 1
        facts.errors += data[6] == 2 and data[12:14] == b"\xff\xff"  # noqa: PLR2004 - [MS-XLS] 2.5.133: an error
    elif kind == _BOOLERR:
        facts.errors += data[7]


def _stream(file: bytes) -> bytes:
    """Return the workbook's stream of a compound file. Raises ValueError where there is none."""
    shift, fats, directory, more = *struct.unpack_from("<30xH12xII", file), struct.unpack_from("<68xI", file)[0]
    size = 1 << min(shift, 20)

    def sector(n: int) -> bytes:
        return file[(n + 1) * size : (n + 2) * size]

    places = list(struct.unpack_from(f"<{_HEADER_FATS}I", file, 76))
    while more < _CHAIN_END and len(places) < fats:
        *found, more = struct.unpack(f"<{size // 4}I", sector(more))
        places += found
    table = struct.unpack(f"<{fats * size // 4}I", b"".join(sector(n) for n in places[:fats]))

    def chain(n: int) -> Iterator[int]:
        for _one in table:
            if n >= _CHAIN_END:
                return
            yield n
            n = table[n]

    entries = b"".join(sector(n) for n in chain(directory))
    for at in range(0, len(entries), 128):
        length, begin, weight = (
            *struct.unpack_from("<64xH50xI", entries, at),
            struct.unpack_from("<120xI", entries, at)[0],
        )
        if entries[at : at + max(length - 2, 0)].decode("utf-16-le", "replace") in _STREAMS:
            return b"".join(sector(n) for n in chain(begin))[:weight]
    raise ValueError(_STREAMS)
