"""A whole sheet as a grid: for tables whose header is not their first row and whose cells are merged."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from xiuhua.tables.parsing.frames import moment
from xiuhua.tables.parsing.grids import MOST_COLUMNS, MOST_ROWS
from xiuhua.tables.reading.guard import guarded
from xiuhua.tables.reading.texts import open_text
from xiuhua.tables.words import LIMITS, MAGIC, FileTooLarge, Grid, Limits, TooManyColumns, TooManyRows


def open_grid(path: Path, *, sheet: str = "", limits: Limits = LIMITS) -> Grid:
    """Return all cells of a CSV file or of a workbook's sheet, blank rows as well; row 1 is the file's first.

    Merged cells all hold what stands in their first; `numbers` says which cells a workbook holds as numbers, where
    leading zeros cannot be. A workbook is parsed in a process of its own. Raises the refusals of `tables.words`.
    """
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise FileTooLarge(bytes=size, limit=limits.file_bytes)
    with path.open("rb") as file:
        magic = file.read(4)
    if magic in MAGIC:
        found = next(guarded("grid", path, limits, sheet=sheet).lines())
        for row, place in found["moments"]:
            found["rows"][row][place] = moment(found["rows"][row][place].replace(" ", "T"))
        return Grid(found["rows"], frozenset((row, column) for row, column in found["numbers"]), found["errors"])
    text = open_text(path, encoding="", delimiter="", limits=limits)
    rows = [list(cells) for _number, cells in islice(text.records(), MOST_ROWS + 1)]
    if len(rows) > MOST_ROWS:
        raise TooManyRows(limit=MOST_ROWS)
    if (widest := max(map(len, rows), default=0)) > MOST_COLUMNS:
        raise TooManyColumns(columns=widest, limit=MOST_COLUMNS)
    return Grid(rows)
