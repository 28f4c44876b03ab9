"""A whole sheet as a grid: for tables whose header is not their first row and whose cells are merged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path

from python_calamine import CalamineSheet

from xiuhua.tables.reading.texts import open_text
from xiuhua.tables.reading.workbooks import ZIP, cell_of, open_sheet
from xiuhua.tables.words import (
    LIMITS,
    Cell,
    ContentTooLarge,
    FileNotTable,
    FileTooLarge,
    Grid,
    Limits,
    TooManyColumns,
    TooManyRows,
)

_OLE = b"\xd0\xcf\x11\xe0"
#: A grid is held in memory and read by people: a city's standard has some thousand rows.
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_MERGED = 20_000


def open_grid(path: Path, *, sheet: str = "", limits: Limits = LIMITS) -> Grid:
    """Return all cells of a CSV file or of a workbook's sheet, blank rows as well; row 1 is the file's first.

    Merged cells all hold what stands in their first; `numbers` says which cells a workbook holds as numbers, where
    leading zeros cannot be. Raises the refusals of `tables.words`.
    """
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise FileTooLarge(bytes=size, limit=limits.file_bytes)
    with path.open("rb") as file:
        magic = file.read(4)
    if magic == _OLE:
        raise FileNotTable(reason=".xls / OLE")
    if magic == ZIP:
        return _sheet(path, sheet, limits)
    text = open_text(path, encoding="", delimiter="", limits=limits)
    rows = [list(cells) for _number, cells in islice(text.records(), MOST_ROWS + 1)]
    _check_size(len(rows), max(map(len, rows), default=0))
    return Grid(rows)


def _check_size(rows: int, columns: int) -> None:
    if rows > MOST_ROWS:
        raise TooManyRows(limit=MOST_ROWS)
    if columns > MOST_COLUMNS:
        raise TooManyColumns(columns=columns, limit=MOST_COLUMNS)


def _sheet(path: Path, name: str, limits: Limits) -> Grid:
    book = open_sheet(path, sheet=name, limits=limits)
    found = book.sheet
    last_row, last_column = found.end or (-1, -1)
    _check_size(last_row + 1, last_column + 1)
    raw = found.to_python(skip_empty_area=False)
    rows: list[list[Cell]] = [[cell_of(cell) for cell in row] for row in raw]
    numbers = {(row, column) for row, cells in enumerate(raw) for column, cell in enumerate(cells) if _number(cell)}
    _spread(found, rows, numbers)
    return Grid(rows, frozenset((row + 1, column) for row, column in numbers), book.error_cells)


def _number(cell: float | str | bool | time | date | datetime | timedelta) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _spread(sheet: CalamineSheet, rows: list[list[Cell]], numbers: set[tuple[int, int]]) -> None:
    """Write what stands in the first of merged cells into all of them."""
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = sheet.merged_cell_ranges or ()
    if len(merged) > MOST_MERGED:
        raise ContentTooLarge(limit=f"{MOST_MERGED} merged")
    filled = 0
    for (top, left), (bottom, right) in merged:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        last_row, last_column = min(bottom, len(rows) - 1), min(right, len(rows[top]) - 1)
        filled += (last_row - top + 1) * (last_column - left + 1)
        if filled > MOST_ROWS * MOST_COLUMNS:
            raise ContentTooLarge(limit=f"{MOST_ROWS * MOST_COLUMNS} merged")
        for row in range(top, last_row + 1):
            for column in range(left, last_column + 1):
                rows[row][column] = rows[top][left]
                if (top, left) in numbers:
                    numbers.add((row, column))
