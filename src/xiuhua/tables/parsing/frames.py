"""Rows on their way between two processes: some hundred at a time, column by column, as JSON values.

Columns are mostly of one kind, so that kinds are asked for once a column, not once a cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from python_calamine import CalamineSheet

from xiuhua.tables.parsing.words import Cell, Limits, Row, Stop
from xiuhua.tables.parsing.workbooks import Raw, check_width, text_of
from xiuhua.tables.rules import number_text

#: Rows in one frame.
BATCH = 1000
#: A sign that JSON writes as it is and that cells do not hold.
_APART = "\x7f"
_DAY_LENGTH = len("2026-10-03")


def frames(sheet: CalamineSheet, limits: Limits) -> Iterator[dict[str, Any]]:
    """Yield the rows of a sheet that are not blank: `n` their numbers, `c` the texts by column, `m` which are moments.

    A column is one text, its cells set apart by DEL, or a list where a cell holds that sign. An entry of `m` is (column, places in it), no places standing for all. Raises Stop: table.columns_many,
    table.cell_long.
    """
    check_width(sheet, limits)
    rows = ((number, raw) for number, raw in enumerate(sheet.iter_rows(), start=1) if _said(raw))
    while batch := list(islice(rows, BATCH)):
        numbers, raws = zip(*batch, strict=True)
        columns: list[Sequence[str] | str] = []
        moments = []
        for place, column in enumerate(zip(*raws, strict=True)):
            texts, marked = _column(column)
            columns.append(_joined(texts, numbers, limits))
            if marked is not None:
                moments.append((place, marked))
        yield {"n": numbers, "c": columns, "m": moments}


def _joined(texts: Sequence[str], numbers: Sequence[int], limits: Limits) -> Sequence[str] | str:
    """Return a column as one text where none of its cells holds the sign that sets them apart, else as it is."""
    joined = _APART.join(texts)
    if len(joined) > limits.cell_chars:
        at = next((at for at, text in enumerate(texts) if len(text) > limits.cell_chars), -1)
        if at >= 0:
            raise Stop("table.cell_long", row=numbers[at], limit=limits.cell_chars)
    return joined if joined.count(_APART) == len(texts) - 1 else texts


def _said(raw: Iterable[Raw]) -> bool:
    return any(one.__class__ is not str or (one and not one.isspace()) for one in raw)


def _column(cells: Sequence[Raw]) -> tuple[Sequence[str], list[int] | None]:
    """Return a column's texts and where they are moments: nowhere (None), everywhere (no places), or at these places."""
    kinds = set(map(type, cells))
    if kinds == {str}:
        return cells, None  # type: ignore[return-value]
    if kinds == {float}:
        return [number_text(one) for one in cells], None  # type: ignore[arg-type]
    if kinds == {datetime}:
        return [text_of(one) if one.microsecond else one.isoformat() for one in cells], []  # type: ignore[union-attr]
    texts = [one if one.__class__ is str else text_of(one) for one in cells]
    if not any(issubclass(kind, date) for kind in kinds):
        return texts, None
    if all(issubclass(kind, date) for kind in kinds):
        return texts, []
    return texts, [at for at, one in enumerate(cells) if isinstance(one, date)]


def rows_of(frame: dict[str, Any]) -> Iterator[Row]:
    """Yield (row number, cells) of a frame."""
    columns = [column.split(_APART) if isinstance(column, str) else column for column in frame["c"]]
    for place, marked in frame["m"]:
        columns[place] = _moments(columns[place], marked)
    cells: Iterable[list[Cell]] = map(list, zip(*columns, strict=True))
    return zip(frame["n"], cells, strict=True)


def _moments(texts: list[Any], marked: list[int]) -> list[Cell]:
    if not marked:
        return [moment(text) for text in texts]
    for at in marked:
        texts[at] = moment(texts[at])
    return texts


def moment(text: str) -> Cell:
    """Return the day or moment that a text in ISO 8601 states."""
    return date.fromisoformat(text) if len(text) == _DAY_LENGTH else datetime.fromisoformat(text)
