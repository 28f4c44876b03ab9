"""Words of tables: cells, limits, and why a file is not read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from xiuhua.kernel.words import Refusal, marked
from xiuhua.tables.headers import LeftOut
from xiuhua.tables.parsing.words import LIMITS, MIB, Cell, Limits, Row

__all__ = ["LIMITS", "MIB", "Cell", "LeftOut", "Limits", "Row"]

#: What `Table.encoding` says of a workbook: its kind.
WORKBOOKS = frozenset({"xlsx", "xlsb", "xls", "ods"})

#: How files begin that are parsed as workbooks: ZIP archives (XLSX, XLSB, ODS) and OLE (XLS).
MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

Encoding = Literal["", "utf-8", "gb18030", "utf-16"]


@dataclass(frozen=True, slots=True)
class Table:
    """A file ready to be read: its header and, as often as wanted, its rows.

    `digest` is the SHA-256 of the file's bytes; `error_cells` counts a workbook's formula errors, which read as empty.
    `header_row` is the header's first row in the file, `header_rows` how many it has.
    """

    header: tuple[str, ...]
    header_row: int
    digest: str
    encoding: str
    error_cells: int
    source: Callable[[], Iterator[Row]]
    #: Answers with (row, place in the row from 0) of formulas without a result; as long as the file is there.
    unanswered: Callable[[], tuple[tuple[int, int], ...]] = tuple
    header_rows: int = 1
    #: Answers with the last rows that are no records, which `rows` leaves out; costs a pass where there was none yet.
    left_out: Callable[[], tuple[LeftOut, ...]] = tuple
    #: Rows (from 1, also those above the header) and places in the row that a workbook hides; they are read like others.
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    #: Cells of the sheet whose value a formula worked out.
    formula_cells: int = 0
    #: Which sheet of its workbook it is, and how many columns of the sheet lie left of it, both from 0.
    place: int = 0
    left: int = 0

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


@dataclass(frozen=True, slots=True)
class SheetLook:
    """A sheet as it is shown before it is read: its shape, the proposed header, its first rows as texts.

    `header_row` is 0 where there is no header; `first` are (row number, texts); -1 stands for a count not made.
    """

    name: str
    hidden: bool
    rows: int
    columns: int
    header_row: int
    header_rows: int
    header: tuple[str, ...]
    first: tuple[tuple[int, tuple[str, ...]], ...]
    formulas: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """A file as it is shown before it is read. Text is one sheet without a name; `date_1904`: days count from 1904."""

    kind: str
    sheets: tuple[SheetLook, ...]
    encoding: str = ""
    delimiter: str = ""
    date_1904: bool = False
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
    """Neither text nor a workbook."""

    code = "table.not_a_table"
    sentence = marked("文件不是 CSV 文本，也不是 XLSX、XLS、XLSB、ODS 工作簿（%(reason)s），请另存后再导入。")


class FileEncrypted(FileNotTable):
    """A password is needed to read it."""

    code = "table.encrypted"
    sentence = marked("工作簿有密码，读不了。请打开后去掉密码，另存一份再导入。")


class TooCostly(Refusal):
    """Reading it took more memory or time than a file of its size may take, or brought the parser down."""

    code = "table.too_costly"
    sentence = marked("读这个工作簿要用的内存或时间超过上限，已停止。请另存为新的工作簿，只留要导入的表，再试。")


class HeaderMissing(Refusal):
    """The stated row of the header is blank or beyond the table."""

    code = "table.header_missing"
    sentence = marked("第 %(row)s 行是空行，不是表头。")


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
