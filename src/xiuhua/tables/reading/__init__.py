"""Opening a tabular file: what it is, whether it may be read, its header, its rows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from xiuhua.tables.reading.grids import open_grid
from xiuhua.tables.reading.texts import open_text
from xiuhua.tables.reading.workbooks import ZIP, open_sheet
from xiuhua.tables.rules import blank, header_names
from xiuhua.tables.words import (
    LIMITS,
    Encoding,
    FileNotTable,
    FileTooLarge,
    Limits,
    Row,
    Table,
    TableEmpty,
    TooManyColumns,
    TooManyRows,
)

#: What older office programs write, and what an encrypted workbook is wrapped in.
_OLE = b"\xd0\xcf\x11\xe0"

__all__ = ["open_grid", "open_table"]


def open_table(
    path: Path, *, encoding: Encoding = "", delimiter: str = "", sheet: str = "", limits: Limits = LIMITS
) -> Table:
    """Return the table in a CSV (.gz) or XLSX file, told apart by content; the header is its first row not blank.

    Empty arguments are found out: the encoding strictly, the delimiter from the header, the sheet as the first. Text
    is streamed; a workbook is held in memory, within `limits`. Raises a refusal of `tables.words`.
    """
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise FileTooLarge(bytes=size, limit=limits.file_bytes)
    with path.open("rb") as file:
        magic = file.read(4)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if magic == _OLE:
        raise FileNotTable(reason=".xls / OLE")
    if magic == ZIP:
        book = open_sheet(path, sheet=sheet, limits=limits)
        table = _table(book.records, digest=digest, encoding="xlsx", errors=book.error_cells, limits=limits)
        return replace(table, unanswered=book.unanswered)
    text = open_text(path, encoding=encoding, delimiter=delimiter, limits=limits)
    return _table(text.records, digest=digest, encoding=text.encoding, errors=0, limits=limits)


def _table(records: Callable[[], Iterator[Row]], *, digest: str, encoding: str, errors: int, limits: Limits) -> Table:
    header_row, header = next(((number, cells) for number, cells in records() if not blank(cells)), (0, []))
    if not header:
        raise TableEmpty
    if len(header) > limits.columns:
        raise TooManyColumns(columns=len(header), limit=limits.columns)
    return Table(
        header=header_names(header),
        header_row=header_row,
        digest=digest,
        encoding=encoding,
        error_cells=errors,
        source=lambda: _below(records(), header_row, limits),
    )


def _below(records: Iterator[Row], header_row: int, limits: Limits) -> Iterator[Row]:
    for number, cells in records:
        if number <= header_row or blank(cells):
            continue
        if number - header_row > limits.rows:
            raise TooManyRows(limit=limits.rows)
        yield number, cells
