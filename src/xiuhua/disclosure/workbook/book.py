"""Writing sheets that are printed for a meeting: A4 landscape, fitted to the width, head frozen and repeated.

Text is always written as text, so nothing a name or address begins with can run; formulas are only those that this
package makes. Equal input gives equal bytes: no clock, no random ids, dates of the archive fixed by XlsxWriter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from fractions import Fraction
from io import BytesIO
from math import ceil
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from xiuhua.tables.writing import A4, MOST_SIGNS, sheet_name

#: The faces every office has, of a file in Chinese and of one in English; a spreadsheet without them takes its own.
FACE, LATIN = "宋体", "Arial"
_TITLE, _SMALL, _BODY = 16, 9, 10
_LINE, _HAIR, _SHADE = "#827E74", "#DFDCD4", "#F5F4F0"
#: Height in points of a row with so many lines of body text.
_ROW, _SPARE = 14, 5
#: How many characters of a column's width a Latin letter takes at most, plain and bold, and a Han sign.
_PLAIN, _BOLD, _HAN = 0.98, 1.2, 2.0
#: Points that a letter of a head takes which is written upwards, and the most that such a head may be high.
_UPWARDS, _TALLEST = 6.6, 120
_MARGIN = 0.5
#: Characters across that still print legibly on A4 landscape when they are fitted to its width; beyond, pages side by side.
_WIDEST, _SCALE = 220, 70


class Kind(StrEnum):
    """How a column is shown."""

    TEXT = "text"
    LONG = "long"
    WHOLE = "whole"
    COUNT = "count"
    POINTS = "points"
    SCORE = "score"
    EXACT = "exact"
    RATE = "rate"
    CHANGE = "change"
    DAY = "day"
    RANK = "rank"


@dataclass(frozen=True, slots=True)
class Col:
    """A column of a sheet: its head, how it is shown, its width in characters."""

    head: str
    kind: Kind = Kind.TEXT
    width: int = 10
    #: Whether the head is written from below upwards: many names over narrow columns.
    turned: bool = False

    @property
    def wide(self) -> int:
        """The width of the column, in which no Latin word of its head is broken."""
        longest = max((len(word) for word in self.head.split() if word.isascii()), default=0)
        return self.width if self.turned else max(self.width, ceil(longest * _BOLD) + 1)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with the value we computed for it; `value` is None where it shows —."""

    text: str
    value: Fraction | int | None


Cell = str | int | Fraction | date | Formula | None


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet to write. `notes` stand under the table, `last` is a row of sums, `rules` are rows with a line above them."""

    name: str
    title: str
    about: str
    columns: Sequence[Col]
    rows: Sequence[Sequence[Cell]]
    last: Sequence[Cell] = ()
    notes: Sequence[str] = ()
    rules: frozenset[int] = frozenset()
    freeze: int = 0
    #: The column that says red or black list, and what it says.
    listed: tuple[int, str, str] | None = None
    #: First and last column whose counts are shaded from none to most.
    shaded: tuple[int, int] | None = None


#: What a line may end after: a Latin word with the blanks behind it, or any other sign.
_PIECES = re.compile(r"[!-~]+ *| +|[^ -~]")
#: Rows above the first row of a table: title, what it is about, head. Formulas count on it.
TOP = 3
#: What a cell without a value shows.
NONE = "—"


def address(row: int, column: int, *, fixed: bool = False) -> str:
    """Return the address of a cell of a table: `row` 0 is its first row below the head."""
    return str(xl_rowcol_to_cell(row + TOP, column, row_abs=fixed, col_abs=fixed))


def span(first: int, last: int, column: int, *, fixed: bool = True) -> str:
    """Return the address of the cells of a column from row `first` to row `last` (included)."""
    return f"{address(first, column, fixed=fixed)}:{address(last, column, fixed=fixed)}"


def elsewhere(name: str, cells: str) -> str:
    """Return an address on another sheet."""
    quoted = sheet_name(name).replace("'", "''")
    return f"'{quoted}'!{cells}"


def write(
    pages: Sequence[Page], *, title: str, comments: str, created: datetime, digits: int, face: str = FACE
) -> bytes:
    """Return the XLSX file of the pages. `created` goes into its properties; `digits` are those of printed points."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    stamp = created.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": title, "comments": comments, "created": stamp})
    book.set_calc_mode("auto")
    formats = _Formats(book, digits, face)
    for page in pages:
        _page(book.add_worksheet(sheet_name(page.name)), page, formats)
    book.close()
    return target.getvalue()


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any, digits: int, face: str) -> None:
        self._book, self._face = book, face
        self._made: dict[tuple[str, bool, bool], Any] = {}
        points = f"0.{'0' * digits}" if digits else "0"
        self._numbers = {
            Kind.TEXT: "@",
            Kind.LONG: "@",
            # no separators and a real minus: a number looks the same in every file
            Kind.WHOLE: "0",
            # a matrix is mostly zeros: a dot lets the others be seen
            Kind.COUNT: '0;-0;"·"',
            Kind.POINTS: points,
            Kind.EXACT: "0.000000",
            Kind.RATE: "0.0%",
            Kind.CHANGE: f'+{points};"−"{points};{points}',
            Kind.DAY: "yyyy-mm-dd",
            Kind.RANK: "General",
        }
        self._numbers[Kind.SCORE] = self._numbers[Kind.POINTS]
        self.title = self._new(bold=True, font_size=_TITLE, valign="vcenter")
        self.about = self._new(font_size=_SMALL, font_color="#535B63", valign="vcenter")
        self.red = book.add_format({"font_color": "#B02F1E", "bold": True})
        self.black = book.add_format({"font_color": "#FFFFFF", "bg_color": "#1A1E22", "bold": True})
        self.note = self._new(font_size=_SMALL, text_wrap=True, valign="top")
        head = {"bold": True, "text_wrap": True, "align": "center", "bg_color": _SHADE}
        head |= {"top": 6, "bottom": 1, "top_color": _LINE}
        self.head = self._new(**head, valign="vcenter")
        self.turned = self._new(**head, valign="bottom", rotation=90)

    def _new(self, **given: Any) -> Any:
        return self._book.add_format({"font_name": self._face, "font_size": _BODY, **given})

    def of(self, kind: Kind, *, ruled: bool, total: bool) -> Any:
        """Return the format of a cell in a column of this kind; `ruled` draws a line above, `total` is a row of sums."""
        key = (kind, ruled, total)
        if key not in self._made:
            given: dict[str, Any] = {"num_format": self._numbers[kind], "valign": "vcenter", "bottom": 4}
            given |= {"bottom_color": _HAIR, "bold": kind is Kind.SCORE}
            given |= {"top": 1, "top_color": _LINE} if ruled or total else {}
            if kind in {Kind.TEXT, Kind.LONG}:  # set in from the number before it
                given |= {"align": "left", "indent": 1, "text_wrap": True}
            else:
                given["align"] = "center" if kind in {Kind.RANK, Kind.DAY, Kind.COUNT} else "right"
            given |= {"bold": True, "bottom": 6, "bottom_color": _LINE} if total else {}
            self._made[key] = self._new(**given)
        return self._made[key]


def _page(sheet: Any, page: Page, formats: _Formats) -> None:
    sheet.write_string(0, 0, page.title, formats.title)
    sheet.set_row(0, 26)
    sheet.write_string(1, 0, page.about, formats.about)
    for column, col in enumerate(page.columns):
        sheet.set_column(column, column, col.wide)
        sheet.write_string(TOP - 1, column, col.head, formats.turned if col.turned else formats.head)
    sheet.set_row(TOP - 1, _head_height(page.columns))
    for number, row in enumerate(page.rows):
        _row(sheet, number, row, page, formats, total=False)
    end = len(page.rows)
    if page.last:
        _row(sheet, end, page.last, page, formats, total=True)
        end += 1
    _notes(sheet, TOP + end + 1, page, formats)
    _colours(sheet, page, formats)
    _set_up(sheet, page)


def _colours(sheet: Any, page: Page, formats: _Formats) -> None:
    first, last = TOP, TOP + max(0, len(page.rows) - 1)
    if page.listed:
        column, *words = page.listed
        for word, form in zip(words, (formats.red, formats.black), strict=True):
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": form}
            sheet.conditional_format(first, column, last, column, rule)
    if page.shaded and page.rows:
        shade = {"type": "2_color_scale", "min_type": "num", "min_value": 0, "min_color": "#FFFFFF"}
        sheet.conditional_format(first, page.shaded[0], last, page.shaded[1], {**shade, "max_color": "#F3DAAF"})


def _row(sheet: Any, number: int, row: Sequence[Cell], page: Page, formats: _Formats, *, total: bool) -> None:
    for column, (value, col) in enumerate(zip(row, page.columns, strict=True)):
        _cell(sheet, number + TOP, column, value, formats.of(col.kind, ruled=number in page.rules, total=total))
    texts = [(value, col.wide) for value, col in zip(row, page.columns, strict=True) if isinstance(value, str)]
    sheet.set_row(number + TOP, _height(texts))


def _head_height(columns: Sequence[Col]) -> int:
    """Return the height of a head: of what is written across, and of what is written upwards on two lines at most."""
    across = max((_lines(col.head, col.wide, _BOLD) for col in columns if not col.turned), default=1) * _ROW + _SPARE
    upwards = [
        max(_signs(col.head, 1) / 2, *(_signs(word, 1) for word in col.head.split())) * _UPWARDS + 2 * _SPARE
        for col in columns
        if col.turned and col.head.strip()
    ]
    return min(_TALLEST, max([across, *map(ceil, upwards)]))


def _height(texts: Sequence[tuple[str, int]]) -> int:
    """Return the height of a row whose texts wrap in their columns: nobody opens a row by hand before a meeting."""
    most = max((_lines(text, width) for text, width in texts), default=1)
    return most * _ROW + _SPARE


def _lines(text: str, width: int, letter: float = _PLAIN) -> int:
    """Return how many lines a text takes in a column: Latin words are not broken, between Han signs a line may end."""
    room, lines, used = max(1.0, width - 1.0), 1, 0.0
    for piece in _PIECES.findall(text):
        wide = _signs(piece, letter)
        if used and used + _signs(piece.rstrip(), letter) > room:
            lines, used = lines + 1, 0.0
        lines += int(wide // room) if wide > room else 0
        used = used + wide if wide <= room else wide % room
    return lines


def _signs(text: str, letter: float) -> float:
    return sum(letter if sign.isascii() else _HAN for sign in text)


def _cell(sheet: Any, row: int, column: int, value: Cell, form: Any) -> None:
    match value:
        case Formula(text, known):
            sheet.write_formula(row, column, text, form, NONE if known is None else _number(known))
        case str():
            sheet.write_string(row, column, value if len(value) <= MOST_SIGNS else f"{value[: MOST_SIGNS - 1]}…", form)
        case date():
            sheet.write_datetime(row, column, value, form)
        case None:
            sheet.write_string(row, column, NONE, form)
        case _:
            sheet.write_number(row, column, _number(value), form)


def _number(value: Fraction | int) -> float | int:
    return int(value) if value == int(value) else float(value)


def _notes(sheet: Any, row: int, page: Page, formats: _Formats) -> None:
    """Write the notes over the whole width of the table, each as high as it needs."""
    width = sum(col.wide for col in page.columns)
    for number, note in enumerate(page.notes, start=row):
        if len(page.columns) > 1:
            sheet.merge_range(number, 0, number, len(page.columns) - 1, "", formats.note)
        sheet.write_string(number, 0, note, formats.note)
        sheet.set_row(number, _lines(note, width) * (_ROW - 1) + 2)


def _set_up(sheet: Any, page: Page) -> None:
    sheet.freeze_panes(TOP, page.freeze)
    # codes are texts that look like numbers, and are meant to: no green corner on any of them
    sheet.ignore_errors({"number_stored_as_text": f"A{TOP + 1}:{address(len(page.rows), len(page.columns) - 1)}"})
    sheet.repeat_rows(TOP - 1)
    sheet.set_landscape()
    sheet.set_paper(A4)
    if sum(col.wide for col in page.columns) > _WIDEST:  # fitted to one page nobody could read it
        sheet.repeat_columns(0, max(0, page.freeze - 1))
        sheet.set_print_scale(_SCALE)
    else:
        sheet.fit_to_pages(1, 0)
    sheet.set_margins(_MARGIN, _MARGIN, _MARGIN + 0.1, _MARGIN + 0.2)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
    sheet.set_footer("&L&9&A&C&9&P / &N")
