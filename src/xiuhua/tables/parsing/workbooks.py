"""XLSX, XLS, XLSB and ODS: a sheet's numbers as people wrote them, its dates as dates."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from xiuhua.tables.parsing.archives import Archive, check_members, open_archive, sheet_member
from xiuhua.tables.parsing.binary import old_facts
from xiuhua.tables.parsing.seen import Facts
from xiuhua.tables.parsing.words import Cell, Limits, Row, Span, Stop
from xiuhua.tables.rules import number_text

ZIP = b"PK\x03\x04"
#: What older office programs write, and what an encrypted workbook is wrapped in.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD = "Workbook"
#: Kinds whose sheets are in one place of the file.
_TOGETHER = {"xls": _OLD, "ods": "content.xml"}
_SEALED = "EncryptedPackage".encode("utf-16-le")
#: A cell of an old binary workbook takes so many times less than its text in an archive.
_DENSE = 4
_SECOND = 1_000_000
#: Serial day numbers carry about a tenth of a millisecond: what is this close to a whole second means it.
_SNAP = 1_000

Raw = int | float | str | bool | time | date | datetime | timedelta


class Book:
    """A workbook that may be parsed: its kind, and how many bytes are in it."""

    def __init__(self, path: Path, kind: str, content: int, archive: Archive | None = None) -> None:
        self.path, self.kind, self.content = path, kind, content
        self._archive = archive
        self._pool = ThreadPoolExecutor(1)
        self._facts: Future[dict[str, list[Facts]]] | None = None

    def check(self) -> None:
        """Begin to look the workbook over, beside the parsing; an archive's bytes are counted: both are bound to what it claims.

        Raises Stop: table.too_costly.
        """
        try:
            if self._archive:
                self._facts = self._pool.submit(check_members, self._archive)
            else:
                self._facts = self._pool.submit(lambda: {_OLD: old_facts(self.path)})
        except RuntimeError as error:  # no memory for a thread
            raise Stop("table.too_costly") from error

    @property
    def errors(self) -> int:
        """Return how many cells of the whole workbook hold formula errors, as far as its kind lets us see.

        Waits for the check's end. Raises Stop with what is wrong with the archive.
        """
        return sum(one.errors for sheets in self._facts.result().values() for one in sheets) if self._facts else 0

    def facts(self, place: int) -> Facts:
        """Return what the `place`-th sheet says beside its values, after the check. Raises Stop as `errors` does."""
        found = self._facts.result() if self._facts else {}
        if self.kind in _TOGETHER:
            sheets = found.get(_TOGETHER[self.kind], [])
            return sheets[place] if place < len(sheets) else Facts()
        with zipfile.ZipFile(self.path) as archive:
            return found.get(sheet_member(archive, place), [Facts()])[0]


def open_book(path: Path, limits: Limits) -> Book:
    """Return a workbook that may be parsed. Raises Stop: what `open_archive` raises, table.not_a_table."""
    with path.open("rb") as file:
        magic = file.read(len(OLE))
    if magic[: len(ZIP)] == ZIP:
        archive = open_archive(path, limits)
        return Book(path, archive.kind, archive.content * (_DENSE if archive.kind == "xlsb" else 1), archive)
    if magic != OLE:
        raise Stop("table.not_a_table", reason="OLE")
    if path.stat().st_size > limits.workbook_bytes:
        raise Stop("table.content_too_large", limit=f"{limits.workbook_bytes} B")
    return Book(path, "xls", path.stat().st_size * _DENSE)


@contextmanager
def parsed(book: Book) -> Iterator[CalamineWorkbook]:
    """Give the workbook to read from. Raises Stop: table.encrypted, table.file_broken, table.empty (no sheet)."""
    try:
        opened = _opened(book)
        if not opened.sheet_names:
            raise Stop("table.empty")
        yield opened
    except PasswordError as error:
        raise Stop("table.encrypted") from error
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        if book.kind == "xls" and _SEALED in book.path.read_bytes():
            raise Stop("table.encrypted") from error
        raise Stop("table.file_broken", reason=str(error)[:200]) from error


def _opened(book: Book) -> CalamineWorkbook:
    """Return the workbook opened as the kind it is: the parser goes by the ending of the name, which may be wrong."""
    with TemporaryDirectory(prefix="xiuhua-") as folder:
        link = Path(folder, f"book.{book.kind}")
        link.symlink_to(book.path.absolute())
        return CalamineWorkbook.from_path(link)


def sheet_of(opened: CalamineWorkbook, name: str) -> tuple[CalamineSheet, int]:
    """Return the named sheet, the first one for "", and which it is. Raises Stop: table.sheet_missing."""
    names = opened.sheet_names
    if name and name not in names:
        raise Stop("table.sheet_missing", sheet=name, sheets=", ".join(names))
    wanted = name or names[0]
    return opened.get_sheet_by_name(wanted), names.index(wanted)


def spans_of(sheet: CalamineSheet) -> list[Span]:
    """Return the merged cells of a sheet, where its kind says."""
    merged = sheet.merged_cell_ranges or ()
    return [(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in merged]


def check_width(sheet: CalamineSheet, limits: Limits) -> None:
    """Stop at a sheet of too many columns: table.columns_many."""
    if sheet.width > limits.columns:
        raise Stop("table.columns_many", columns=sheet.width, limit=limits.columns)


def records(sheet: CalamineSheet, limits: Limits) -> Iterator[Row]:
    """Yield (row number of the sheet, cells), blank rows as well. Raises Stop: table.columns_many."""
    check_width(sheet, limits)
    for number, raw in enumerate(sheet.iter_rows(), start=1):
        yield number, [one if isinstance(one, str) else cell_of(one) for one in raw]


def cell_of(raw: Raw) -> Cell:
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


def text_of(raw: Raw) -> str:
    """Return what `cell_of` returns as text, moments in ISO 8601; the many numbers and moments take the short way."""
    if raw.__class__ is float:
        return number_text(raw)
    if isinstance(raw, datetime):
        return (raw if not raw.microsecond else _snapped(raw)).isoformat()
    cell = cell_of(raw)
    return cell if isinstance(cell, str) else cell.isoformat()
