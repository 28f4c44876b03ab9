"""A received file given back: the same cells in the same order, what is wrong marked, its reasons beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook

from xiuhua.exchange.actions.importing import NotWhatWasChecked
from xiuhua.exchange.health.telling import check_sentence, mark_sentence, parts_text
from xiuhua.exchange.health.walking import Progress, Seen, Walk
from xiuhua.exchange.rules.health.catalogue import BY_ID
from xiuhua.exchange.words import PROBLEMS, Checked, Mapping
from xiuhua.exchange.words.health import Gravity, Health, Mark
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import digest
from xiuhua.tables.rules import cell_text
from xiuhua.tables.words import WORKBOOKS

#: Characters of a cell that a spreadsheet holds.
_LONGEST = 32_767
#: A workbook with more comments opens slowly: beyond, cells are coloured and the last column says why.
MOST_COMMENTS = 20_000
_COLOURS = {Gravity.STOPS: "#f4b6b0", Gravity.LOOK: "#fbe3b0"}
_DAY, _MOMENT, _CLOCK = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "hh:mm:ss"
_LINE = "\n"

Raw = str | int | float | bool | datetime | date | time | timedelta


def mark_file(
    tenant: Tenant, path: Path, mapping: Mapping, health: Health, *, progress: Progress | None = None
) -> bytes:
    """Return a checked file as a workbook with its faults marked; a text file becomes a workbook too.

    The sheet keeps its name, its rows above the header, the order of its rows and the kind of each cell: dates are
    dates, texts stay texts whatever they look like. Cells with a fault are coloured and carry a comment (MOST_COMMENTS
    at most), a last column says what is wrong with the row; what is only good to know is said there without colour.
    Header frozen, filter on. A second sheet lists the checks. Rows go through one by one: memory is that of the reader.
    Raises NotWhatWasChecked if file or mapping are not those of `health`, and the refusals of `tables`.
    """
    walk = Walk(tenant, path, mapping, at=health.at, progress=progress)
    if _differs(walk, health):
        raise NotWhatWasChecked
    with TemporaryDirectory(prefix="xiuhua-marked-") as folder:
        target = BytesIO()
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
        }
        book = xlsxwriter.Workbook(target, options)
        _Marker(book, walk).write()
        _checks(book, health)
        book.close()
        return target.getvalue()


def _differs(walk: Walk, health: Health) -> bool:
    return Checked(walk.table.digest, digest(walk.mapping.text)) != health.checked


class _Marker:
    """Writes the rows of one file as they come."""

    def __init__(self, book: Any, walk: Walk) -> None:
        self._walk = walk
        self._raw = _raw_rows(walk)
        self._page = book.add_worksheet(_title(walk))
        self._book = book
        self._formats: dict[tuple[str, str], Any] = {}
        self._place = {name: at for at, name in enumerate(walk.table.header)}
        self._last = len(walk.table.header)
        #: Rows of the header.
        self._deep = walk.table.header_rows
        self._held: Sequence[Raw] = ()
        self._row = 0
        self._comments = 0

    def write(self) -> None:
        """Write every row of the file, and what makes the sheet usable."""
        for chunk in self._walk.chunks():
            for seen in chunk:
                self._up_to(seen.row)
                self._marked(seen)
        self._up_to(None)
        top = self._walk.table.header_row + self._deep - 1
        self._page.freeze_panes(top, 0)
        self._page.autofilter(top - 1, 0, max(self._row - 1, top), self._last)
        self._page.set_column(0, self._last - 1, 16)
        self._page.set_column(self._last, self._last, 80)

    def _up_to(self, row: int | None) -> None:
        """Write the rows before `row` as they are: title, header, blank rows, totals; the rest of the file without one."""
        for number, cells in self._raw:
            if number == row:
                self._held = cells
                return
            self._plain(number, cells)

    def _plain(self, number: int, cells: Sequence[Raw]) -> None:
        first = self._walk.table.header_row
        header = first <= number < first + self._deep
        for column, cell in enumerate(cells):
            self._cell(number - 1, column, cell, "header" if header else "")
        if number == first + self._deep - 1:
            self._cell(number - 1, self._last, _(PROBLEMS[0]), "header")
        self._row = number

    def _marked(self, seen: Seen) -> None:
        by_column: defaultdict[int, list[Mark]] = defaultdict(list)
        for mark in seen.marks:
            by_column[self._place.get(mark.column, self._last)].append(mark)
        for column, cell in enumerate(self._held):
            marks = by_column.get(column, [])
            self._cell(seen.row - 1, column, cell, _colour(marks))
            if marks and _colour(marks):
                self._comment(seen.row - 1, column, marks)
        said = _LINE.join(dict.fromkeys(mark_sentence(mark) for mark in seen.marks))
        if said:
            self._cell(seen.row - 1, self._last, said[:_LONGEST], _colour(seen.marks))
        self._row = seen.row

    def _comment(self, row: int, column: int, marks: Sequence[Mark]) -> None:
        self._comments += 1
        if self._comments <= MOST_COMMENTS:
            text = _LINE.join(dict.fromkeys(mark_sentence(mark) for mark in marks))
            self._page.write_comment(row, column, text[:_LONGEST])

    def _cell(self, row: int, column: int, cell: Raw, look: str) -> None:
        page = self._page
        if isinstance(cell, str):
            if cell or look:
                page.write_string(row, column, cell[:_LONGEST], self._format("@", look))
        elif isinstance(cell, bool):
            page.write_boolean(row, column, cell, self._format("", look))
        elif isinstance(cell, int | float):
            page.write_number(row, column, cell, self._format("", look))
        else:
            page.write_datetime(row, column, cell, self._format(_kind(cell), look))

    def _format(self, number: str, look: str) -> Any:
        """Return the format of a kind of cell: "header", a colour, or plain."""
        if (number, look) not in self._formats:
            facts: dict[str, Any] = {"num_format": number} if number else {}
            if look == "header":
                facts |= {"bold": True, "bottom": 1}
            elif look:
                facts |= {"bg_color": look}
            self._formats[number, look] = self._book.add_format(facts)
        return self._formats[number, look]


def _kind(cell: datetime | date | time | timedelta) -> str:
    if isinstance(cell, datetime):
        return _MOMENT
    return _DAY if isinstance(cell, date) else _CLOCK


def _colour(marks: Sequence[Mark]) -> str:
    """Return the colour of the gravest of some marks, empty where all are only good to know."""
    found = {BY_ID[mark.check].gravity for mark in marks}
    return next((colour for gravity, colour in _COLOURS.items() if gravity in found), "")


def _opened(path: Path) -> CalamineWorkbook:
    """Return a workbook told by its content: a received file need not have an ending."""
    return CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))


def _title(walk: Walk) -> str:
    """Return the name of the sheet that was read."""
    if walk.table.encoding not in WORKBOOKS:
        return "CSV"
    return walk.mapping.sheet or str(_opened(walk.path).sheet_names[0])


def _raw_rows(walk: Walk) -> Iterator[tuple[int, Sequence[Raw]]]:
    """Yield (row number, cells) of every row of the file, a workbook's in their own kind; a text file's blank rows are left out."""
    if walk.table.encoding in WORKBOOKS:
        sheet = _opened(walk.path).get_sheet_by_name(_title(walk))
        yield from enumerate(sheet.iter_rows(), start=1)
        return
    yield walk.table.header_row, walk.table.header
    for row, cells in walk.table.rows():
        yield row, [cell_text(cell) for cell in cells]


def _checks(book: Any, health: Health) -> None:
    """Write the second sheet: what each check found, or why it did not run."""
    page = book.add_worksheet(_("检查结果"))
    head = book.add_format({"bold": True, "bottom": 1})
    text, share = book.add_format({"text_wrap": True, "valign": "top"}), book.add_format({"num_format": "0.0%"})
    page.write_row(0, 0, [_("检查"), _("轻重"), _("数量"), _("占比"), _("说明"), _("其中")], head)
    for at, one in enumerate(health.checks, start=1):
        page.write_string(at, 0, one.id)
        page.write_string(at, 1, str(Gravity(one.gravity).label))
        if one.ran:
            page.write_number(at, 2, one.count)
            page.write_number(at, 3, one.share, share)
        else:
            page.write_string(at, 2, _("没有运行"))
        page.write_string(at, 4, check_sentence(one), text)
        page.write_string(at, 5, parts_text(one), text)
    for column, width in enumerate((24, 12, 10, 8, 60, 60)):
        page.set_column(column, column, width)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, len(health.checks), 5)
