"""Every kind of workbook and text: titles, groups, hidden parts, formulas, days from 1904, totals, what a look shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from tests.oldbooks import ods, serial, xls, xlsb

from xiuhua.tables.headers import LeftOut
from xiuhua.tables.parsing.seen import Facts, SheetText
from xiuhua.tables.reading import look, open_table
from xiuhua.tables.rules import half_width
from xiuhua.tables.words import Cell, HeaderMissing, Look, SheetLook, TableEmpty

MOMENT = datetime(2026, 1, 2, 8, 15, 30)  # noqa: DTZ001 - a cell has no zone
ROWS: list[list[str | float | bool | datetime | None]] = [
    ["某街道案件"],
    [],
    ["编号", "上报时间", "天数"],
    ["0071", MOMENT, 7.0],
    ["0072", None, 7.5],
    ["合计", None, 2.0],
]
READ: list[tuple[int, list[Cell]]] = [(4, ["0071", MOMENT, "7"]), (5, ["0072", "", "7.5"])]


@pytest.fixture(params=["named as it is", "named wrongly", "without a name"])
def ending(request: pytest.FixtureRequest) -> str:
    """How the name of an old workbook ends: what is in a file counts, not what it is called."""
    return {"named as it is": ".xls", "named wrongly": ".xlsx", "without a name": ""}[request.param]


def test_old_workbook_when_opened_then_its_table_whatever_the_file_is_called(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"t{ending}"
    path.write_bytes(xls({"案件": ROWS}))
    table = open_table(path)
    assert (table.encoding, table.header, table.header_row) == ("xls", ("编号", "上报时间", "天数"), 3)
    assert list(table.rows()) == READ
    assert table.left_out() == (LeftOut(6, "total", "合计"),)


def test_open_document_when_opened_then_its_table(tmp_path: Path) -> None:
    path = tmp_path / "t.ods"
    empty = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
    path.write_bytes(ods({"案件": ROWS}, after=empty))
    table = open_table(path)
    assert (table.encoding, table.header, table.header_row) == ("ods", ("编号", "上报时间", "天数"), 3)
    assert table.left_out() == (LeftOut(6, "total", "合计"),)
    assert list(table.rows()) == READ


def test_binary_workbook_when_opened_or_looked_at_then_its_table(tmp_path: Path) -> None:
    path = tmp_path / "t"
    path.write_bytes(xlsb("案件", [["某街道案件"], ["编号", "数"], ["0071", 7.0], ["0072", 7.5], ["共2条"]]))
    table = open_table(path)
    assert (table.encoding, table.header, table.header_row) == ("xlsb", ("编号", "数"), 2)
    assert list(table.rows()) == [(3, ["0071", "7"]), (4, ["0072", "7.5"])]
    assert [(one.name, one.rows, one.header_row) for one in look(path).sheets] == [("案件", 5, 2)]


@pytest.mark.parametrize("whole", [False, True])
def test_table_when_it_is_to_be_read_whole_then_its_totals_stay(tmp_path: Path, whole: bool) -> None:
    path = tmp_path / "t.csv"
    path.write_text("编号,数\na1,1\na2,2\n总计,3\n", encoding="gb18030")
    table = open_table(path, whole=whole)
    assert [cells[0] for _row, cells in table.rows()] == ["a1", "a2", "总计"][: 3 if whole else 2]
    assert len(table.left_out()) == (0 if whole else 1)


@pytest.mark.parametrize("make", ["xlsx", "xls"])
def test_days_when_a_workbook_counts_them_from_1904_then_the_same_moments(tmp_path: Path, make: str) -> None:
    path = tmp_path / f"t.{make}"
    if make == "xls":
        path.write_bytes(xls({"a": [["编号", "时间"], ["1", MOMENT]]}, from_1904=True))
    else:
        with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
            page = book.add_worksheet()
            page.write_row(0, 0, ["编号", "时间"])
            page.write_string(1, 0, "1")
            page.write_datetime(1, 1, MOMENT, book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}))
    assert serial(MOMENT) - serial(MOMENT, from_1904=True) == pytest.approx(1462)
    assert [cells for _row, cells in open_table(path).rows()] == [["1", MOMENT]]
    assert look(path).date_1904 == (make == "xlsx")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook with a title, two header rows, hidden parts, formulas and a hidden sheet."""
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        page = workbook.add_worksheet("案件")
        page.merge_range(0, 0, 0, 4, "某街道案件")
        page.merge_range(1, 0, 2, 0, "编号")
        page.merge_range(1, 1, 1, 2, "一月")
        page.merge_range(1, 3, 1, 4, "二月")
        page.write_row(2, 1, ["数量", "得分", "数量", "得分"])
        for row in range(3, 7):
            page.write_row(row, 0, [f"甲{row}", 1, 2, 3])
            page.write_formula(row, 4, f"=D{row + 1}*2", None, 6)
        page.set_row(4, None, None, {"hidden": True})
        page.set_column(3, 4, None, None, {"hidden": True})
        page.write_row(7, 0, ["制表人：某人"])
        other = workbook.add_worksheet("参数")
        other.hide()
        other.write_row(0, 0, ["名称", "值"])
    return path


def test_workbook_when_its_header_has_two_rows_and_parts_are_hidden_then_read_and_said(book: Path) -> None:
    table = open_table(book)
    assert (table.header, table.header_row, table.header_rows) == (
        ("编号", "一月/数量", "一月/得分", "二月/数量", "二月/得分"),
        2,
        2,
    )
    assert list(table.rows()) == [(row + 1, [f"甲{row}", "1", "2", "3", "6"]) for row in range(3, 7)]
    assert (table.hidden_rows, table.hidden_columns, table.formula_cells) == ((5,), (3, 4), 4)
    assert table.left_out() == (LeftOut(8, "footer", "制表人：某人"),)


def test_workbook_when_looked_at_then_its_sheets_with_shape_header_and_first_rows(book: Path) -> None:
    found = look(book)
    assert [(one.name, one.hidden, one.rows, one.columns, one.header_row, one.header_rows) for one in found.sheets] == [
        ("案件", False, 8, 5, 2, 2),
        ("参数", True, 1, 2, 1, 1),
    ]
    first = found.sheets[0]
    assert (found.kind, first.formulas, first.hidden_rows, first.hidden_columns) == ("xlsx", 4, 1, 2)
    assert first.header == ("编号", "一月/数量", "一月/得分", "二月/数量", "二月/得分")
    assert first.first[3] == (4, ("甲3", "1", "2", "3", "6"))


def test_text_when_looked_at_then_encoding_separator_header_and_first_rows(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text("某街道案件\n编号\t数\n甲\t1\n乙\t2\n", encoding="gb18030")
    assert look(path) == Look(
        "text",
        (
            SheetLook("", hidden=False, rows=-1, columns=2, header_row=2, header_rows=1, header=("编号", "数"),
                      first=((1, ("某街道案件",)), (2, ("编号", "数")), (3, ("甲", "1")), (4, ("乙", "2")))),
        ),
        encoding="gb18030",
        delimiter="\t",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "rows", "header"),
    [
        pytest.param(0, 0, ("编号", "数"), id="found"),
        pytest.param(3, 1, ("编号", "数"), id="stated"),
        pytest.param(3, 0, ("编号", "数"), id="row stated"),
        pytest.param(4, 1, ("甲", "1"), id="another row stated"),
    ],
)
def test_header_when_stated_then_it_wins(tmp_path: Path, row: int, rows: int, header: tuple[str, ...]) -> None:
    path = tmp_path / "t.csv"
    path.write_text("某街道案件\n\n编号,数\n甲,1\n乙,2\n", encoding="utf-8")
    table = open_table(path, header_row=row, header_rows=rows)
    assert table.header == header


@pytest.mark.parametrize(("row", "refusal"), [(2, HeaderMissing), (99, HeaderMissing)])
def test_header_when_stated_where_no_row_is_then_refused(tmp_path: Path, row: int, refusal: type[Exception]) -> None:
    path = tmp_path / "t.csv"
    path.write_text("某街道案件\n\n编号,数\n甲,1\n", encoding="utf-8")
    with pytest.raises(refusal):
        open_table(path, header_row=row)


@pytest.mark.parametrize("make", [lambda: xls({"空": []}), lambda: ods({"空": []})], ids=["xls", "ods"])
def test_workbook_when_it_is_empty_then_refused(tmp_path: Path, make: Callable[[], bytes]) -> None:
    path = tmp_path / "t"
    path.write_bytes(make())
    with pytest.raises(TableEmpty):
        open_table(path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("１１４．０５", "114.05"),
        ("　Ａ７１ ", "A71"),
        ("２０２６－０１－０２　０８：１５", "2026-01-02 08:15"),
        ("a b", "a b"),
    ],
)
def test_half_width_when_a_code_or_number_is_in_full_width_then_plain(text: str, expected: str) -> None:
    assert half_width(text) == expected


def test_sheet_when_read_in_pieces_of_any_size_then_the_same_is_found() -> None:
    sheet = (
        b'<worksheet><cols><col min="2" max="3" width="9" hidden="1"/><col min="4" max="4"/></cols><sheetData>'
        b'<row r="1"><c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row><row r="2" hidden="1"><c r="A2"><f t="x">1</f></c>'
        b'</row><row spans="1:1" r=\'3\' hidden=\'true\'/><row hidden="0" r="4"/><row r="5" ht="0" hidden="1"></row>'
        b"</sheetData></worksheet>"
    )
    for size in [*range(40, 90), len(sheet)]:
        scan = SheetText()
        for begin in range(0, len(sheet), size):
            scan.take(sheet[begin : begin + size])
        assert scan.finish() == [Facts(1, 2, [2, 3, 5], [1, 2])], size
