"""Words of tables: cells, limits, and why a file is not read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from xiuhua.kernel.words import Refusal, marked

#: A cell is text as it stands in the file; only a workbook's own dates and times keep their kind.
Cell = str | datetime | date
Row = tuple[int, Sequence[Cell]]

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may be at most. The defaults take a city's year and refuse a bomb."""

    #: Bytes on disk.
    file_bytes: int = 512 * MIB
    #: Bytes of text after decompression; text is streamed, so this bounds time, not memory.
    text_bytes: int = 4096 * MIB
    #: Bytes of a workbook after decompression; its reader holds the sheet in memory.
    workbook_bytes: int = 512 * MIB
    #: Decompressed to compressed; looked at once `ratio_floor` bytes have come out.
    ratio: int = 200
    ratio_floor: int = 16 * MIB
    #: Members of a workbook's archive.
    entries: int = 2000
    columns: int = 1000
    rows: int = 5_000_000
    #: Characters in a cell: what a spreadsheet can hold.
    cell_chars: int = 32_767


LIMITS = Limits()

Encoding = Literal["", "utf-8", "gb18030", "utf-16"]


@dataclass(frozen=True, slots=True)
class Table:
    """A file ready to be read: its header and, as often as wanted, its rows.

    `digest` is the SHA-256 of the file's bytes; `error_cells` counts a workbook's formula errors, which read as empty.
    """

    header: tuple[str, ...]
    header_row: int
    digest: str
    encoding: str
    error_cells: int
    source: Callable[[], Iterator[Row]]
    #: Answers with (row, place in the row from 0) of formulas without a result; as long as the file is there.
    unanswered: Callable[[], tuple[tuple[int, int], ...]] = tuple

    def rows(self) -> Iterator[Row]:
        """Yield (row number, cells) of every row below the header that is not blank; the file's first row is 1.

        Raises what reading can meet: TableMalformed, CellTooLong, TooManyRows, FileBroken.
        """
        return self.source()


@dataclass(frozen=True, slots=True)
class Grid:
    """All cells of a sheet, row by row; merged cells are filled. `numbers` are (row from 1, column from 0)."""

    rows: Sequence[Sequence[Cell]]
    numbers: frozenset[tuple[int, int]] = frozenset()
    error_cells: int = 0


class FileTooLarge(Refusal):
    """More bytes than an import reads."""

    code = "table.file_too_large"
    sentence = marked("文件有 %(bytes)s 字节，超过上限 %(limit)s 字节。")


class ContentTooLarge(Refusal):
    """Decompresses to more than an import reads, or from suspiciously little."""

    code = "table.content_too_large"
    sentence = marked("文件解压后超过上限（%(limit)s），拒绝读取。")


class FileBroken(Refusal):
    """The archive is damaged or cut off."""

    code = "table.file_broken"
    sentence = marked("文件已损坏或不完整：%(reason)s")


class FileNotTable(Refusal):
    """Neither text nor an .xlsx workbook."""

    code = "table.not_a_table"
    sentence = marked("文件不是 CSV 文本，也不是 .xlsx 工作簿（%(reason)s），请另存后再导入。")


class FileNotText(Refusal):
    """The bytes are not in the encoding."""

    code = "table.encoding"
    sentence = marked("文件不是 %(encoding)s 编码（第 %(position)s 字节处）。")


class TableEmpty(Refusal):
    """There is no header."""

    code = "table.empty"
    sentence = marked("文件里没有表头。")


class SheetMissing(Refusal):
    """The workbook has no sheet of that name."""

    code = "table.sheet_missing"
    sentence = marked("工作簿里没有“%(sheet)s”这张表；有的是：%(sheets)s。")


class TooManyColumns(Refusal):
    """More columns than an import reads."""

    code = "table.columns_many"
    sentence = marked("表有 %(columns)s 栏，超过上限 %(limit)s 栏。")


class TooManyRows(Refusal):
    """More rows than an import reads."""

    code = "table.rows_many"
    sentence = marked("表超过上限 %(limit)s 行。")


class CellTooLong(Refusal):
    """One cell is longer than a spreadsheet can hold: most likely a quotation mark that was never closed."""

    code = "table.cell_long"
    sentence = marked("第 %(row)s 行有一格超过 %(limit)s 字，多半是引号没有配对。")


class TableMalformed(Refusal):
    """The text is not a table at this row."""

    code = "table.malformed"
    sentence = marked("第 %(row)s 行读不成表格：%(reason)s")


#: What a column of a form holds: a code stays text whatever it looks like; a list is apart by ; ； | or 、.
CellKind = Literal["text", "code", "whole", "number", "day", "list"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a form that people fill in: its headings, what it holds, what to write beside it."""

    key: str
    zh: str
    en: str
    #: Other headings under which the column is recognised.
    also: tuple[str, ...] = ()
    kind: CellKind = "text"
    required: bool = False
    #: Characters at most.
    limit: int = 200
    #: Bounds of a number.
    least: float | None = None
    most: float | None = None
    note_zh: str = ""
    note_en: str = ""
    example: str = ""
    #: Name of the list from which the template offers a choice, and whether anything else is wrong.
    choice: str = ""
    strict: bool = False
    #: Width in the template, in characters.
    width: int = 14


@dataclass(frozen=True, slots=True)
class Form:
    """A table that people fill in. Its first column heads a row and carries the mark of an example."""

    title_zh: str
    title_en: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class FormRow:
    """A filled-in row: the file's row number and texts by column key; every key is there.

    `bad` are the keys of cells that have a fault; numbers and days among them are empty.
    """

    row: int
    cells: dict[str, str]
    bad: frozenset[str] = frozenset()

    def __getitem__(self, key: str) -> str:
        return self.cells[key]


@dataclass(frozen=True, slots=True)
class Filled:
    """What people filled in: rows, the heading of each column that the file has, what was passed over."""

    rows: tuple[FormRow, ...]
    headings: dict[str, str]
    #: Rows marked as examples.
    examples: int = 0
    #: Headings that mean nothing here.
    ignored: tuple[str, ...] = field(default=())
    digest: str = ""


class ColumnMissing(Refusal):
    """A column without which the form says nothing is not there."""

    code = "form.column_missing"
    sentence = marked("表里没有这几栏：%(columns)s；有的是：%(headings)s。")


class ColumnTwice(Refusal):
    """Two columns have headings that mean the same."""

    code = "form.column_twice"
    sentence = marked("“%(first)s”和“%(second)s”是同一栏，请只留一栏。")


class FormEmpty(Refusal):
    """There is no row below the header, or only examples."""

    code = "form.empty"
    sentence = marked("表里没有要导入的行（示例行 %(examples)s 行不算）。")
