"""Pure decisions about tables: what separates cells, how a number is written, how columns are called."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice

from xiuhua.tables.parsing.words import Cell

DELIMITERS = (",", ";", "\t")
#: Lines that are looked at for the separator.
_LINES = 20

#: Spreadsheets keep 15 significant digits: a whole number from here on has lost its last ones.
EXACT = 10**15


def header_line(text: str) -> str:
    """Return the first line of `text` that is not blank; line breaks within quotation marks do not end it."""
    return next(_lines(text), "")


def _lines(text: str) -> Iterator[str]:
    """Yield the lines that are not blank; line breaks within quotation marks do not end one."""
    quoted, begin = False, 0
    for at, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif char in "\r\n" and not quoted:
            if text[begin:at].strip():
                yield text[begin:at]
            begin = at + 1
    if text[begin:].strip():
        yield text[begin:]


def delimiter_of(text: str) -> str:
    """Return what separates the cells of the header: the most frequent of , ; and tab outside quotation marks.

    A tie goes to the one named first; a header without any is one column, separated by commas. Where the first line is
    a title, it is the one that most of the following lines have equally often.
    """
    lines = [_counts(line) for line in islice(_lines(text), _LINES)]
    if not lines:
        return DELIMITERS[0]
    found = max(DELIMITERS, key=lambda one: lines[0][one])
    steady = [one for one in DELIMITERS if _steady([line[one] for line in lines[1:]])]
    return steady[0] if steady and found not in steady and lines[0][steady[0]] == 0 else found


def _counts(line: str) -> dict[str, int]:
    quoted, counts = False, dict.fromkeys(DELIMITERS, 0)
    for char in line:
        if char == '"':
            quoted = not quoted
        elif char in counts and not quoted:
            counts[char] += 1
    return counts


def _steady(counts: Sequence[int]) -> bool:
    """Return whether most of the lines, two at least, have a sign equally often."""
    often, lines = Counter(counts).most_common(1)[0] if counts else (0, 0)
    return often > 0 and lines >= 2 and lines * 3 >= len(counts) * 2  # noqa: PLR2004 - two thirds of two at least


def number_text(value: float) -> str:
    """Return a workbook's number as a person wrote it: 7.0 is "7", 101001242404.0 is "101001242404".

    Whole numbers of more than 15 digits have lost digits and stay visibly so: "4.40305202610030E+17".
    """
    text = repr(value or 0.0)  # there is no zero below zero
    if not text.endswith(".0") and not value.is_integer():
        return text
    return text[:-2] if abs(value) < EXACT else f"{value:.14E}"


def half_width(text: str) -> str:
    """Return a text with full-width digits, letters and punctuation in their plain form, trimmed (Unicode NFKC).

    For what is read as a number, a day or a code; a text that is kept as it was written is not to go through here.
    """
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()


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
