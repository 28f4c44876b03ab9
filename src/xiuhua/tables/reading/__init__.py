"""Opening a tabular file: what it is, whether it may be read, its header, its rows."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from xiuhua.tables.headers import LAST, MOST_HEADER_ROWS, WINDOW, Header, LeftOut, find_header, shown, trailing
from xiuhua.tables.parsing.frames import rows_of
from xiuhua.tables.parsing.words import Span
from xiuhua.tables.reading.grids import open_grid
from xiuhua.tables.reading.guard import guarded
from xiuhua.tables.reading.texts import Text, open_text
from xiuhua.tables.rules import blank
from xiuhua.tables.words import (
    LIMITS,
    MAGIC,
    Encoding,
    FileTooLarge,
    HeaderMissing,
    Limits,
    Look,
    Row,
    SheetLook,
    Table,
    TableEmpty,
    TooManyColumns,
    TooManyRows,
)

#: How archives and the files of older office programs begin.
#: Rows that a look shows.
_SHOWN = 12

__all__ = ["guarded", "look", "open_grid", "open_table"]


def open_table(
    path: Path,
    *,
    encoding: Encoding = "",
    delimiter: str = "",
    sheet: str = "",
    header_row: int = 0,
    header_rows: int = 0,
    whole: bool = False,
    limits: Limits = LIMITS,
) -> Table:
    """Return the table in a CSV (.gz), XLSX, XLS, XLSB or ODS file, told apart by content.

    Empty arguments are found out: the encoding strictly, the delimiter from the header, the sheet as the first, the
    header by `tables.headers.find_header`. Last rows that are no records (totals, signatures) are left out and listed;
    `whole` keeps them. Text is streamed; a workbook is parsed in a process of its own, its rows wait in a file without
    a name. Raises a refusal of `tables.words`.
    """
    begin = _checked(path, limits)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if begin not in MAGIC:
        text = open_text(path, encoding=encoding, delimiter=delimiter, limits=limits)
        header = _header(text.records(), (), header_row, header_rows, limits)
        return _table(text.records, header, digest, text.encoding, limits, whole=whole)
    answer = guarded("table", path, limits, sheet=sheet)
    head: dict[str, Any] = next(answer.lines())
    header = _header(_rows(answer.lines()), [tuple(one) for one in head["spans"]], header_row, header_rows, limits)
    table = _table(lambda: _rows(answer.lines()), header, digest, head["kind"], limits, whole=whole)
    return replace(
        table,
        error_cells=head["errors"],
        formula_cells=head["formulas"],
        hidden_rows=tuple(head["hidden_rows"]),
        hidden_columns=tuple(head["hidden_columns"]),
        place=head["place"],
        left=head["left"],
        unanswered=lambda: _unanswered(path, head, limits),
    )


def _checked(path: Path, limits: Limits) -> bytes:
    """Return how the file begins. Raises FileTooLarge."""
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise FileTooLarge(bytes=size, limit=limits.file_bytes)
    with path.open("rb") as file:
        return file.read(4)


def _rows(lines: Iterator[Any]) -> Iterator[Row]:
    for line in lines:
        if "n" in line:
            yield from rows_of(line)


def _unanswered(path: Path, head: dict[str, Any], limits: Limits) -> tuple[tuple[int, int], ...]:
    """Return (row number, place in the row from 0) of the formulas that have no result."""
    if not head["errors"] and not head["formulas"]:
        return ()
    found = next(guarded("unanswered", path, limits, place=head["place"]).lines())
    return tuple((row, column - head["left"]) for row, column in found)


def _header(records: Iterator[Row], spans: Sequence[Span], row: int, rows: int, limits: Limits) -> Header:
    first = list(islice(records, max(WINDOW, row + MOST_HEADER_ROWS) if row else WINDOW))
    while first and not row and all(blank(cells) for _number, cells in first):
        first = list(islice(records, WINDOW))
    header = find_header(first, spans, row=row, rows=rows)
    if header is None:
        raise HeaderMissing(row=row) if row and first else TableEmpty
    if len(header.names) > limits.columns:
        raise TooManyColumns(columns=len(header.names), limit=limits.columns)
    return header


def _table(
    records: Callable[[], Iterator[Row]], header: Header, digest: str, kind: str, limits: Limits, *, whole: bool
) -> Table:
    body = _Body(records, header, limits, whole=whole)
    return Table(
        header=header.names,
        header_row=header.row,
        digest=digest,
        encoding=kind,
        error_cells=0,
        source=body.rows,
        header_rows=header.rows,
        left_out=body.left_out,
    )


@dataclass(slots=True)
class _Body:
    """The rows below a header; those at the end wait until it is known whether they are records."""

    records: Callable[[], Iterator[Row]]
    header: Header
    limits: Limits
    whole: bool
    _found: tuple[LeftOut, ...] | None = field(default=None, kw_only=True)

    def rows(self) -> Iterator[Row]:
        waiting: deque[Row] = deque()
        for row in self._below():
            waiting.append(row)
            if len(waiting) > LAST:
                yield waiting.popleft()
        found = () if self.whole else trailing(list(waiting), len(self.header.names))
        self._found = tuple(found)
        for row in islice(waiting, len(waiting) - len(found)):
            yield row

    def left_out(self) -> tuple[LeftOut, ...]:
        if self._found is None:
            deque(self.rows(), maxlen=0)
        return self._found or ()

    def _below(self) -> Iterator[Row]:
        last = self.header.row + self.header.rows - 1
        for number, cells in self.records():
            if number <= last or blank(cells):
                continue
            if number - last > self.limits.rows:
                raise TooManyRows(limit=self.limits.rows)
            yield number, cells


def look(path: Path, limits: Limits = LIMITS) -> Look:
    """Return what is in a file before it is read: its sheets with their shape, proposed header and first rows.

    A workbook is looked at in a process of its own; of a text, the beginning is shown and its rows are not counted (-1).
    Raises a refusal of `tables.words`.
    """
    if _checked(path, limits) not in MAGIC:
        return _text_look(open_text(path, encoding="", delimiter="", limits=limits), limits)
    found = next(guarded("look", path, limits, rows=_SHOWN).lines())
    sheets = tuple(_sheet_look(one) for one in found["sheets"])
    return Look(found["kind"], sheets, date_1904=found["date_1904"], error_cells=found["errors"])


def _text_look(text: Text, limits: Limits) -> Look:
    first = list(islice(text.records(), WINDOW))
    width = max((len(cells) for _number, cells in first), default=0)
    if width > limits.columns:
        raise TooManyColumns(columns=width, limit=limits.columns)
    facts = {"name": "", "hidden": False, "rows": -1, "columns": width, **shown(first, (), _SHOWN)}
    return Look("text", (_sheet_look(facts),), encoding=text.encoding, delimiter=text.delimiter)


def _sheet_look(facts: dict[str, Any]) -> SheetLook:
    first = tuple((number, tuple(cells)) for number, cells in facts["first"])
    return SheetLook(**{**facts, "header": tuple(facts["header"]), "first": first})
