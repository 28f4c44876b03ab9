"""The one reader of tables that people fill in: CSV (UTF-8, GBK, UTF-16) or a workbook, from bytes."""

from __future__ import annotations

import tempfile
from pathlib import Path

import xiuhua.tables.phrases  # noqa: F401 - the sentences of the faults found here
from xiuhua.kernel.words import Fault
from xiuhua.tables.forms import filled
from xiuhua.tables.reading import open_table
from xiuhua.tables.rules import cell_text
from xiuhua.tables.words import MIB, Filled, Form, Limits, Table

#: What people fill in by hand is small: anything larger is another kind of file.
PEOPLES = Limits(file_bytes=16 * MIB, workbook_bytes=128 * MIB, rows=200_000, columns=200)


def open_bytes(data: bytes, *, limits: Limits = PEOPLES) -> tuple[Table, list[tuple[int, list[str]]]]:
    """Return the table in a file's bytes and its rows as texts. Raises a refusal of tables.words."""
    table, rows, _waiting = _opened(data, limits)
    return table, rows


def _opened(data: bytes, limits: Limits) -> tuple[Table, list[tuple[int, list[str]]], tuple[tuple[int, int], ...]]:
    """Return a table, its rows as texts and where formulas have no result (row, place in the row)."""
    with tempfile.TemporaryDirectory(prefix="xiuhua-table-") as folder:
        path = Path(folder, "table")
        path.write_bytes(data)
        table = open_table(path, whole=True, limits=limits)
        rows = [(number, [cell_text(cell) for cell in cells]) for number, cells in table.rows()]
        return table, rows, table.unanswered()


def read_filled(data: bytes, form: Form, *, limits: Limits = PEOPLES) -> tuple[Filled, list[Fault]]:
    """Return what a file says when read as `form`, and the faults of its cells.

    Raises a refusal of tables.words: for a file that is no table, and for columns missing or given twice.
    """
    table, rows, waiting = _opened(data, limits)
    found, faults = filled(form, table.header, rows, digest=table.digest)
    known = {name: column for column, name in enumerate(table.header)}
    used = {known[name]: name for name in found.headings.values()}
    failed = {
        (row, used[place]) for row, place in waiting if place in used and row >= table.header_row + table.header_rows
    }
    kept = [fault for fault in faults if (fault.row, fault.column) not in failed]
    kept += [Fault("form.formula_failed", row=row, column=name) for row, name in failed]
    return found, sorted(kept, key=lambda fault: (fault.row or 0, known.get(fault.column, 0)))
