"""What a workbook of any kind hides, works out and fails at is said, not only what an XLSX does."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest
import xlsxwriter
from tests.disclosure.offices import converted, needs_soffice
from tests.oldbooks import ods, xls, xlsb

from xiuhua.tables.parsing.binary import BinarySheet, old_facts
from xiuhua.tables.parsing.opendocument import OpenDocument
from xiuhua.tables.parsing.seen import Facts, Look
from xiuhua.tables.reading import look, open_table

HEAD = ["编号", "数", "和", "备注"]
WHOLE = [HEAD, *([f"A{n}", float(n), float(2 * n), "照常"] for n in range(1, 40))]
HIDDEN, UNSEEN = (4, 8, 31), (3,)
FORMULAS, FAILED = 39, 2
EMPTY = (
    '<table:table-row table:visibility="collapse" table:number-rows-repeated="1048000"><table:table-cell/>'
    "</table:table-row>"
)


def _new() -> bytes:
    """Return what a present-day office writes: a sheet before ours, hidden rows, a hidden column, formulas, two that fail."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet("说明").write(0, 0, "看下一张")
        page = book.add_worksheet("案件")
        for row, cells in enumerate(WHOLE):
            page.write_row(row, 0, cells)
            if row:
                fails = row % 17 == 0
                page.write_formula(row, 2, "=1/0" if fails else f"=B{row + 1}*2", None, "#DIV/0!" if fails else 2 * row)
        for row in HIDDEN:
            page.set_row(row - 1, None, None, {"hidden": True})
        page.set_column(3, 3, None, None, {"hidden": True})
    return buffer.getvalue()


@needs_soffice
def test_workbook_when_an_office_saves_it_as_another_kind_then_the_same_is_seen(tmp_path: Path) -> None:
    for kind, to in (("xlsx", ""), ("xls", "xls:MS Excel 97"), ("ods", "ods")):
        path = tmp_path / f"saved.{kind}"
        path.write_bytes(converted({"t.xlsx": _new()}, to, tmp_path / kind)["t"] if to else _new())
        table = open_table(path, sheet="案件")
        seen = (table.encoding, table.hidden_rows, table.hidden_columns, table.formula_cells, table.error_cells)
        assert seen == (kind, HIDDEN, UNSEEN, FORMULAS, FAILED)
        assert [(one.hidden_rows, one.formulas) for one in look(path).sheets] == [(0, 0), (len(HIDDEN), FORMULAS)]


def test_binary_workbook_when_parts_are_hidden_then_said(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsb"
    rows = [HEAD, ["A1", 1.0, True, "甲"], ["A2", 2.0, True, "#N/A"], ["A3", 3.0, None, "丙"]]
    path.write_bytes(xlsb("案件", rows, hidden=[2], unseen=[3]))
    table = open_table(path)
    assert (table.hidden_rows, table.hidden_columns, table.formula_cells, table.error_cells) == ((3,), (3,), 2, 1)


def _open_document() -> bytes:
    hidden = EMPTY.replace("1048000", "3").replace(
        "<table:table-cell/>", '<table:table-cell office:value-type="float"/>'
    )
    formula = (
        '<table:table-row><table:table-cell table:formula="of:=1/0" calcext:value-type="error"/></table:table-row>'
    )
    sheet = (
        '<table:table table:name="x"><table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
        "<table:table-row><table:table-cell><table:table><table:table-row table:visibility='collapse'>"
        "<table:table-cell><text:p>in a cell</text:p></table:table-cell></table:table-row></table:table>"
        f"</table:table-cell></table:table-row>{formula}{hidden}<table:table-row/>{hidden}{EMPTY}</table:table>"
    )
    return f'<office:spreadsheet><table:table table:name="empty"/>{sheet}{sheet}</office:spreadsheet>'.encode()


def test_open_document_when_rows_are_repeated_or_nested_then_only_those_with_something_in_them_count() -> None:
    text = _open_document().replace(b'<table:table table:name="empty"/>', b"")
    for size in (*range(25, 60), len(text)):
        seen = OpenDocument()
        for begin in range(0, len(text), size):
            seen.take(text[begin : begin + size])
        assert seen.finish() == 2 * [Facts(1, 1, [3, 4, 5, 7, 8, 9], [2, 3])], size


@pytest.mark.parametrize("kind", ["xls", "ods", "xlsb"])
def test_workbook_when_damaged_then_what_is_seen_is_less_never_a_crash(tmp_path: Path, kind: str) -> None:
    rows = [HEAD, ["A1", 1.0, None, "甲"], ["A2", 2.0, None, "#N/A"]]
    whole = {"xls": xls({"案件": WHOLE}), "ods": _open_document(), "xlsb": xlsb("案件", rows, hidden=[1])}[kind]
    chance = random.Random(5)  # noqa: S311 - the same damage every time
    for n in range(300):
        data = bytearray(whole)
        for _one in range(chance.randrange(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        data = data[: chance.randrange(1, len(data))] if n % 3 == 0 else data
        if kind == "xls":
            path = tmp_path / "t.xls"
            path.write_bytes(data)
            old_facts(path)
            continue
        seen: Look = OpenDocument() if kind == "ods" else BinarySheet()
        for begin in range(0, len(data), 97):
            seen.take(bytes(data[begin : begin + 97]))
        seen.finish()


def test_open_document_when_ours_then_nothing_is_hidden(tmp_path: Path) -> None:
    path = tmp_path / "t.ods"
    path.write_bytes(ods({"案件": WHOLE}, after=EMPTY))
    table = open_table(path)
    assert (table.hidden_rows, table.hidden_columns, table.formula_cells, table.error_cells) == ((), (), 0, 0)
