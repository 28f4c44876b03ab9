"""A whole sheet with its merged cells filled, within narrow bounds."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from python_calamine import CalamineSheet

from xiuhua.tables.parsing.words import Cell, Stop
from xiuhua.tables.parsing.workbooks import cell_of

#: A grid is held in memory and read by people: a city's standard has some thousand rows.
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_MERGED = 20_000


def check_size(rows: int, columns: int) -> None:
    """Stop at a sheet that is too large for a grid: table.rows_many, table.columns_many."""
    if rows > MOST_ROWS:
        raise Stop("table.rows_many", limit=MOST_ROWS)
    if columns > MOST_COLUMNS:
        raise Stop("table.columns_many", columns=columns, limit=MOST_COLUMNS)


def grid(sheet: CalamineSheet) -> tuple[list[list[Cell]], set[tuple[int, int]]]:
    """Return all cells, merged ones filled, and which are numbers (row from 1, column from 0).

    Raises Stop: table.rows_many, table.columns_many, table.content_too_large (merged cells).
    """
    last_row, last_column = sheet.end or (-1, -1)
    check_size(last_row + 1, last_column + 1)
    raw = sheet.to_python(skip_empty_area=False)
    rows: list[list[Cell]] = [[cell_of(cell) for cell in row] for row in raw]
    numbers = {(row, column) for row, cells in enumerate(raw) for column, cell in enumerate(cells) if _number(cell)}
    _spread(sheet, rows, numbers)
    return rows, {(row + 1, column) for row, column in numbers}


def _number(cell: float | str | bool | time | date | datetime | timedelta) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _spread(sheet: CalamineSheet, rows: list[list[Cell]], numbers: set[tuple[int, int]]) -> None:
    """Write what stands in the first of merged cells into all of them."""
    merged = sheet.merged_cell_ranges or ()
    if len(merged) > MOST_MERGED:
        raise Stop("table.content_too_large", limit=f"{MOST_MERGED} merged")
    filled = 0
    for (top, left), (bottom, right) in merged:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        last_row, last_column = min(bottom, len(rows) - 1), min(right, len(rows[top]) - 1)
        filled += (last_row - top + 1) * (last_column - left + 1)
        if filled > MOST_ROWS * MOST_COLUMNS:
            raise Stop("table.content_too_large", limit=f"{MOST_ROWS * MOST_COLUMNS} merged")
        for row in range(top, last_row + 1):
            for column in range(left, last_column + 1):
                rows[row][column] = rows[top][left]
                if (top, left) in numbers:
                    numbers.add((row, column))
