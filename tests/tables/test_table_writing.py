"""Workbooks that people open: text stays text, nothing runs, paper is thought of."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from openpyxl import load_workbook

from xiuhua.tables.writing import Sheet, workbook

ROWS = [
    ["101001242404", "=1+1", datetime(2026, 10, 3, 8, 30), 3],  # noqa: DTZ001 - wall clock of the reader
    ["0017", "@SUM(A1)", None, None],
    ["+86", "-1", None, 0],
]


def test_workbook_when_opened_then_text_is_text_and_nothing_is_a_formula() -> None:
    page = load_workbook(BytesIO(workbook(Sheet("十月/排名", ["案号", "标题", "上报", "件"], ROWS)))).active
    assert [[cell.value for cell in row] for row in page.iter_rows(min_row=2)] == ROWS
    assert {cell.data_type for row in page.iter_rows(min_row=2, max_col=2) for cell in row} == {"s"}


def test_workbook_when_printed_then_the_head_repeats_and_the_width_fits() -> None:
    page = load_workbook(BytesIO(workbook(Sheet("排名", ["a", "b", "c", "d"], ROWS, note="出处")))).active
    assert (page.freeze_panes, page.print_title_rows) == ("A2", "$1:$1")
    assert (page.page_setup.orientation, page.page_setup.fitToHeight, page.sheet_properties.pageSetUpPr.fitToPage) == (
        "landscape",
        0,
        True,
    )
    assert page.cell(row=6, column=1).value == "出处"
