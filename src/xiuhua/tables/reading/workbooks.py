"""XLSX: the first sheet or a named one, its numbers as people wrote them, its dates as dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from xiuhua.tables.reading.archives import check_archive, unanswered
from xiuhua.tables.rules import number_text
from xiuhua.tables.words import Cell, CellTooLong, FileBroken, Limits, Row, SheetMissing, TableEmpty

ZIP = b"PK\x03\x04"
_SECOND = 1_000_000
#: Serial day numbers carry about a tenth of a millisecond: what is this close to a whole second means it.
_SNAP = 1_000

_Raw = int | float | str | bool | time | date | datetime | timedelta


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet in memory."""

    sheet: CalamineSheet
    limits: Limits
    error_cells: int
    path: Path
    #: Which sheet of the workbook this is, from 0.
    place: int

    def unanswered(self) -> tuple[tuple[int, int], ...]:
        """Return (row number, place in the row from 0) of the formulas that have no result."""
        _row, left = self.sheet.start or (0, 0)
        return tuple((row, column - left) for row, column in unanswered(self.path, self.place))

    def records(self) -> Iterator[Row]:
        """Yield (row number of the sheet, cells), blank rows as well. Raises CellTooLong."""
        longest = self.limits.cell_chars
        for number, raw in enumerate(self.sheet.iter_rows(), start=1):
            cells = [one if isinstance(one, str) else cell_of(one) for one in raw]
            if any(isinstance(cell, str) and len(cell) > longest for cell in cells):
                raise CellTooLong(row=number, limit=longest)
            yield number, cells


def open_sheet(path: Path, *, sheet: str, limits: Limits) -> Sheet:
    """Return the named sheet of a workbook, the first one for "".

    Raises FileNotTable, ContentTooLarge, FileBroken, SheetMissing, TableEmpty.
    """
    errors = check_archive(path, limits)
    try:
        book = CalamineWorkbook.from_path(path)
        names = book.sheet_names
        if not names:
            raise TableEmpty
        if sheet and sheet not in names:
            raise SheetMissing(sheet=sheet, sheets=", ".join(names))
        wanted = sheet or names[0]
        return Sheet(book.get_sheet_by_name(wanted), limits, errors, path, names.index(wanted))
    except (CalamineError, OSError, ValueError) as error:
        raise FileBroken(reason=str(error)) from error


def cell_of(raw: _Raw) -> Cell:
    """Return a workbook's cell as a cell of ours: numbers as people wrote them, moments to the second."""
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, int | float):
        return number_text(float(raw)) if isinstance(raw, float) else str(raw)
    if isinstance(raw, datetime):
        return _snapped(raw)
    return raw if isinstance(raw, date) else str(raw)


def _snapped(moment: datetime) -> datetime:
    over = moment.microsecond
    if _SNAP < over < _SECOND - _SNAP:
        return moment
    return moment.replace(microsecond=0) + timedelta(seconds=1 if over >= _SECOND - _SNAP else 0)
