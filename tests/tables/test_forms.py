"""People's tables: columns found by any of their headings, cells kept as people meant them, faults with their place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter

from xiuhua.kernel.phrases import fault_sentence
from xiuhua.kernel.words import Fault, Refusal
from xiuhua.tables.forms import form_of, heading
from xiuhua.tables.reading.filled import read_filled
from xiuhua.tables.words import ColumnMissing, ColumnTwice, Filled, FormEmpty, TableEmpty

FORM = form_of("""
title = { zh = "表", en = "Table" }
[[column]]
key = "code"
zh = "编码"
en = "Code"
also = ["编号"]
kind = "code"
required = true
limit = 10
[[column]]
key = "name"
zh = "名称"
en = "Name"
limit = 5
[[column]]
key = "many"
zh = "个数"
en = "Many"
kind = "whole"
least = 0
most = 50
[[column]]
key = "size"
zh = "大小"
en = "Size"
kind = "number"
[[column]]
key = "day"
zh = "日期"
en = "Day"
kind = "day"
""")


def read(text: str, encoding: str = "utf-8") -> tuple[Filled, list[Fault]]:
    return read_filled(text.encode(encoding), FORM)


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("编码*", "编码"),
        (" 编 码（必填）", "编码"),
        ("ＣＯＤＥ", "code"),
        ("Valid from", "validfrom"),
        ("名称(全称)*", "名称"),
    ],
)
def test_heading_when_written_differently_then_it_is_the_same(written: str, compared: str) -> None:
    assert heading(written) == compared


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("header", ["编码,名称", "名称,编号*", "Name,CODE", "多余,编码（文本）,名称"])
def test_table_when_headed_in_any_way_then_the_same_cells(header: str, encoding: str) -> None:
    cells = {"编码": "００１", "编号*": "001", "CODE": " 001 ", "编码（文本）": "001", "多余": "x"}
    row = ",".join(cells.get(name, "  东河\u3000社 ") for name in header.split(","))
    filled, faults = read(f"{header}\n{row}\n", encoding)
    assert [(row.row, row["code"], row["name"]) for row in filled.rows] == [(2, "001", "东河 社")]
    assert (faults, filled.ignored) == ([], ("多余",) if "多余" in header else ())


@pytest.mark.parametrize(
    ("column", "written", "kept", "code"),
    [
        ("编码", "4.40305E+17", "4.40305E+17", "form.code_mangled"),
        ("编码", "", "", "form.cell_missing"),
        ("编码", "12345678901", "12345678901", "form.cell_long"),
        ("编码", "0012", "0012", ""),
        ("名称", "一\ufffd", "一\ufffd", "form.text_unusable"),
        ("名称", "（甲）１", "（甲）１", ""),
        ("个数", "１２", "12", ""),
        ("个数", "12.0", "12", ""),
        ("个数", "12.5", "", "form.not_whole"),
        ("个数", "51", "", "form.number_outside"),
        ("大小", "-1.5", "-1.5", ""),
        ("大小", "NaN", "", "form.not_number"),
        ("大小", "1e9999", "", "form.not_number"),
        ("日期", "2026年3月5日", "2026-03-05", ""),
        ("日期", "2026/3/5", "2026-03-05", ""),
        ("日期", "2026-03-05 00:00:00", "2026-03-05", ""),
        ("日期", "2026-02-30", "", "form.not_day"),
        ("日期", "昨天", "", "form.not_day"),
    ],
)
def test_cell_when_written_so_then_kept_so(column: str, written: str, kept: str, code: str) -> None:
    header = ["编码", "名称", "个数", "大小", "日期"]
    cells = {"编码": "1", "名称": "一"} | {column: written}
    filled, faults = read(",".join(header) + "\n" + ",".join(cells.get(name, "") for name in header) + ",\n")
    key = next(one.key for one in FORM.columns if one.zh == column)
    assert [(fault.code, fault.row, fault.column) for fault in faults] == ([(code, 2, column)] if code else [])
    assert [row[key] for row in filled.rows] == [kept]
    assert all(fault_sentence(fault).startswith(f"第 2 行“{column}”：") for fault in faults)


def test_rows_when_marked_as_examples_then_passed_over_and_counted() -> None:
    filled, faults = read("编码,个数\n示例 1,x\nExample 2,3\n1,3\n")
    assert ([row["code"] for row in filled.rows], filled.examples, faults) == (["1"], 2, [])


def test_row_when_it_has_more_cells_than_the_header_then_a_fault() -> None:
    _filled, faults = read("编码,个数\n1,2,3\n")
    assert [(fault.code, fault.row) for fault in faults] == [("form.cells_many", 2)]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("名称\n甲\n", ColumnMissing),
        ("编码,编号\n1,2\n", ColumnTwice),
        ("编码\n", FormEmpty),
        ("编码\n示例 1\n", FormEmpty),
        ("", TableEmpty),
    ],
)
def test_table_when_it_is_not_the_form_then_refused_with_a_sentence(text: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as refused:
        read(text)
    assert str(refused.value)


def _book(write: Callable[[xlsxwriter.Workbook, object], None]) -> bytes:
    target = BytesIO()
    book = xlsxwriter.Workbook(target)
    write(book, book.add_worksheet())
    book.close()
    return target.getvalue()


def test_workbook_when_cells_are_numbers_and_days_then_texts_as_a_person_reads_them() -> None:
    def write(book: xlsxwriter.Workbook, page: object) -> None:
        page.write_row(0, 0, ["编码", "个数", "大小", "日期"])  # type: ignore[attr-defined]
        page.write_row(1, 0, [7, 3, 0.25])  # type: ignore[attr-defined]
        page.write_datetime(1, 3, datetime(2026, 3, 5), book.add_format({"num_format": "yyyy-mm-dd"}))  # type: ignore[attr-defined]  # noqa: DTZ001 - a workbook's day has no zone

    filled, faults = read_filled(_book(write), FORM)
    row = filled.rows[0]
    assert ([row[key] for key in ("code", "many", "size", "day")], faults) == (["7", "3", "0.25", "2026-03-05"], [])


def test_workbook_when_a_long_code_was_typed_as_a_number_then_refused_as_mangled() -> None:
    def write(_book: xlsxwriter.Workbook, page: object) -> None:
        page.write_row(0, 0, ["编码"])  # type: ignore[attr-defined]
        page.write_row(1, 0, [440305202610030012.0])  # type: ignore[attr-defined]

    _filled, faults = read_filled(_book(write), FORM)
    assert {fault.code for fault in faults} <= {"form.code_mangled", "form.cell_long"}
    assert faults


def test_workbook_when_a_formula_has_no_result_then_a_fault_at_its_cell_and_not_an_empty_one() -> None:
    def write(_book: xlsxwriter.Workbook, page: object) -> None:
        page.write_row(1, 1, ["编码", "名称", "个数", "旁注"])  # type: ignore[attr-defined]
        page.write_row(2, 1, ["1", "甲"])  # type: ignore[attr-defined]
        page.write_formula(3, 1, "=NA()", value="#N/A")  # type: ignore[attr-defined]
        page.write_row(4, 1, ["2", "=1+1"])  # type: ignore[attr-defined]
        page.write_formula(4, 3, "=VLOOKUP(1,A:B,2)", value="#REF!")  # type: ignore[attr-defined]
        page.write_formula(5, 4, "=NA()", value="#N/A")  # type: ignore[attr-defined]
        page.write_row(5, 1, ["3", "丙"])  # type: ignore[attr-defined]

    _filled, faults = read_filled(_book(write), FORM)
    assert [(one.code, one.row, one.column) for one in faults] == [
        ("form.formula_failed", 4, "编码"),
        ("form.formula_failed", 5, "个数"),
    ]


def test_workbook_when_a_formula_was_never_worked_out_then_a_fault_and_not_an_empty_cell() -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(["编码", "名称", "个数"])
    page.append(["1", "甲", "=1+1"])
    target = BytesIO()
    book.save(target)
    _filled, faults = read_filled(target.getvalue(), FORM)
    assert [(one.code, one.row, one.column) for one in faults] == [("form.formula_failed", 2, "个数")]
