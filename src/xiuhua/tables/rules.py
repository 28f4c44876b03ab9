"""Pure decisions about tables: what separates cells, how a number is written, how columns are called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from xiuhua.tables.words import Cell

DELIMITERS = (",", ";", "\t")

#: Spreadsheets keep 15 significant digits: a whole number from here on has lost its last ones.
EXACT = 10**15


def header_line(text: str) -> str:
    """Return the first line of `text` that is not blank; line breaks within quotation marks do not end it."""
    quoted, begin = False, 0
    for at, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif char in "\r\n" and not quoted:
            if text[begin:at].strip():
                return text[begin:at]
            begin = at + 1
    return text[begin:]


def delimiter_of(text: str) -> str:
    """Return what separates the cells of the header: the most frequent of , ; and tab outside quotation marks.

    A tie goes to the one named first; a header without any is one column, separated by commas.
    """
    quoted, counts = False, dict.fromkeys(DELIMITERS, 0)
    for char in header_line(text):
        if char == '"':
            quoted = not quoted
        elif char in counts and not quoted:
            counts[char] += 1
    return max(DELIMITERS, key=lambda one: counts[one])


def number_text(value: float) -> str:
    """Return a workbook's number as a person wrote it: 7.0 is "7", 101001242404.0 is "101001242404".

    Whole numbers of more than 15 digits have lost digits and stay visibly so: "4.40305202610030E+17".
    """
    if value.is_integer():
        return str(int(value)) if abs(value) < EXACT else f"{value:.14E}"
    return repr(value)


def cell_text(cell: Cell) -> str:
    """Return a cell as text: dates as 2026-10-03, moments as 2026-10-03 08:15:30."""
    if isinstance(cell, str):
        return cell
    return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()


def header_names(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Return one distinct name per column: trimmed; a repeated one gets " (2)", an empty one "#5" by its place."""
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = wanted = " ".join(cell_text(cell).split()) or f"#{place}"
        again = 1
        while name in names:
            again += 1
            name = f"{wanted} ({again})"
        names.append(name)
    return tuple(names)


def blank(cells: Sequence[Cell | date]) -> bool:
    """Return whether a row holds nothing but white space."""
    return not any(not isinstance(cell, str) or cell.strip() for cell in cells)
