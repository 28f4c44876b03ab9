"""Writing tables that people open in a spreadsheet: text stays text, times are real times, nothing runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import islice
from typing import Any

import xlsxwriter

Cell = str | int | float | datetime | None
#: What the format of a workbook holds in one sheet, less the header.
MOST_ROWS = 1_048_575
#: XlsxWriter's number of the paper.
A4 = 9


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to write. `note` says under the table where its numbers come from."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Sequence[int] = ()
    note: str = ""


def workbook(sheet: Sheet) -> bytes:
    """Return an XLSX file with one sheet: header frozen and repeated in print, filter, A4 landscape one page wide.

    Strings are written as strings, whatever sign they begin with, so no cell becomes a formula and no number of a case
    loses a digit. Times must be naive, in the reader's zone. Rows beyond MOST_ROWS are left out.
    """
    target = BytesIO()
    book = xlsxwriter.Workbook(
        target,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": False},
    )
    page = book.add_worksheet(sheet.title[:31].translate({ord(sign): "_" for sign in "[]:*?/\\"}))
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    formats = _Formats(book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
    page.write_row(0, 0, sheet.columns, head)
    last = 0
    for last, row in enumerate(islice(sheet.rows, MOST_ROWS), start=1):
        for column, value in enumerate(row):
            _write(page, last, column, value, formats)
    if sheet.note and last < MOST_ROWS - 1:
        page.write_string(last + 2, 0, sheet.note)
    _set_up(page, sheet, last)
    book.close()
    return target.getvalue()


@dataclass(frozen=True, slots=True)
class _Formats:
    text: Any
    moment: Any


def _write(page: Any, row: int, column: int, value: Cell, formats: _Formats) -> None:
    if isinstance(value, datetime):
        page.write_datetime(row, column, value, formats.moment)
    elif isinstance(value, str):
        page.write_string(row, column, value, formats.text)
    elif value is not None:
        page.write_number(row, column, value)


def _set_up(page: Any, sheet: Sheet, last: int) -> None:
    """Set what makes a sheet usable on screen and on paper."""
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(last, 1), len(sheet.columns) - 1)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
