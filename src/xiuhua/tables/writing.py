"""Writing tables that people open in a spreadsheet: text stays text, times are real times, nothing runs."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, TextIOWrapper
from itertools import islice
from typing import Any, BinaryIO

import xlsxwriter

Cell = str | int | float | datetime | date | None
#: (place of the column from 0, text) → the text that goes out: the one gate of every text of a file.
Gate = Callable[[int, str], str]
#: What the format of a workbook holds in one sheet, less the header.
MOST_ROWS = 1_048_575
#: Characters that a spreadsheet keeps in one cell.
MOST_SIGNS = 32_767
#: XlsxWriter's number of the paper.
A4 = 9
#: With one of these in front a spreadsheet takes the text of a CSV cell for a formula (OWASP, CSV Injection).
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
#: Before it a workbook has no dates.
_FIRST_YEAR = 1900


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to write. `note` says under the table where its numbers come from, `above` are rows over the header."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int] = ()
    note: str = ""
    above: Sequence[Sequence[Cell]] = ()
    gate: Gate | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: rows below the header, rows that did not fit, texts that a cell cannot hold in full."""

    rows: int
    left_out: int = 0
    cut: int = 0


def guarded(text: str) -> str:
    """Return a text of a CSV cell so that no spreadsheet runs it: with ' in front where it begins with one of DANGEROUS."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def unguarded(text: str) -> str:
    """Return the text that `guarded` was given; what it would not have guarded stays as it is."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(DANGEROUS) else text


def workbook(sheet: Sheet) -> bytes:
    """Return an XLSX file with one sheet, as `write_workbook` writes it. For tables that are small anyway."""
    target = BytesIO()
    write_workbook([sheet], target)
    return target.getvalue()


def write_workbook(sheets: Sequence[Sheet], target: BinaryIO, *, about: str = "") -> Written:
    """Write an XLSX file and say what the first sheet holds: header frozen and repeated in print, filter, A4 landscape.

    Strings are written as strings, whatever sign they begin with, so no cell becomes a formula and no number of a case
    loses a digit; of a text longer than MOST_SIGNS the end is left out. Times must be naive, in the reader's zone. Rows
    beyond MOST_ROWS are left out. Rows go to the disk one by one: memory does not grow with them. `about` says in the
    file's properties who wrote it, when, and what it was narrowed to.
    """
    book = xlsxwriter.Workbook(
        target,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": False},
    )
    if about:
        book.set_properties({"comments": about})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    formats = _Formats(
        book.add_format({"num_format": "@"}),
        book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        book.add_format({"num_format": "yyyy-mm-dd"}),
    )
    done = [_sheet(book.add_worksheet(sheet_name(sheet.title)), sheet, head, formats) for sheet in sheets]
    book.close()
    return done[0]


def sheet_name(title: str) -> str:
    """Return a title as a workbook takes it for a sheet: at most 31 characters, none that it forbids."""
    return title.translate({ord(sign): "_" for sign in "[]:*?/\\"})[:31].strip("'") or "_"


@dataclass(frozen=True, slots=True)
class _Formats:
    text: Any
    minute: Any
    second: Any
    day: Any


def _sheet(page: Any, sheet: Sheet, head: Any, formats: _Formats) -> Written:
    """Write one sheet; `top` is the row of its header."""
    for number, above in enumerate(sheet.above):
        _row(page, number, above, None, formats)
    top = len(sheet.above)
    page.write_row(top, 0, [_fitting(name) for name in sheet.columns], head)
    rows = iter(sheet.rows)
    last, cut = top, 0
    for last, row in enumerate(islice(rows, MOST_ROWS - top), start=top + 1):
        cut += _row(page, last, row, sheet.gate, formats)
    left_out = sum(1 for _row_ in rows)
    if sheet.note and last < MOST_ROWS - 1:
        page.write_string(last + 2, 0, _fitting(sheet.note))
    _set_up(page, sheet, top, last)
    return Written(last - top, left_out, cut)


def _row(page: Any, number: int, row: Sequence[Cell], gate: Gate | None, formats: _Formats) -> int:
    """Write the cells of a row; return how many of their texts had to be cut."""
    cut = 0
    for column, value in enumerate(row):
        if isinstance(value, str):
            text = gate(column, value) if gate else value
            cut += len(text) > MOST_SIGNS
            page.write_string(number, column, _fitting(text), formats.text)
        elif isinstance(value, date):
            _day(page, number, column, value, formats)
        elif value is not None and math.isfinite(value):
            page.write_number(number, column, value)
    return cut


def _day(page: Any, row: int, column: int, value: date, formats: _Formats) -> None:
    if value.year < _FIRST_YEAR:
        page.write_string(row, column, text_of(value), formats.text)
    elif isinstance(value, datetime):
        page.write_datetime(row, column, value, formats.second if value.second else formats.minute)
    else:
        page.write_datetime(row, column, datetime(value.year, value.month, value.day), formats.day)  # noqa: DTZ001 - wall clock


def _fitting(text: str) -> str:
    return text if len(text) <= MOST_SIGNS else f"{text[: MOST_SIGNS - 1]}…"


def _set_up(page: Any, sheet: Sheet, top: int, last: int) -> None:
    """Set what makes a sheet usable on screen and on paper."""
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width)
    page.freeze_panes(top + 1, 0)
    page.autofilter(top, 0, max(last, top + 1), len(sheet.columns) - 1)
    page.repeat_rows(top)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)


def write_csv(sheet: Sheet, target: BinaryIO) -> Written:
    """Write a CSV file in UTF-8 with BOM, so that spreadsheets see its encoding, and say how many rows.

    Texts that a spreadsheet would run are `guarded`; times are texts like 2026-10-03 08:15:30. There is no note: a line
    that is no row would be read as one.
    """
    text = TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([guarded(name) for name in sheet.columns])
    count = 0
    for row in sheet.rows:
        writer.writerow(list(_csv_cells(row, sheet.gate)))
        count += 1
    text.flush()
    text.detach()
    return Written(count)


def _csv_cells(row: Sequence[Cell], gate: Gate | None) -> Iterator[str]:
    for column, value in enumerate(row):
        if isinstance(value, str):
            yield guarded(gate(column, value) if gate else value)
        else:
            yield text_of(value)


def text_of(value: Cell) -> str:
    """Return a cell as text, as `tables.rules.cell_text` reads it back: 2026-10-03 08:15:30, 2026-10-03, 7, 118.5."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value)
