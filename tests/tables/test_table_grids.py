"""A whole sheet with its merged cells filled."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from xiuhua.tables.reading import open_grid
from xiuhua.tables.words import FileNotTable, Limits, SheetMissing, TooManyColumns, TooManyRows


def test_grid_when_cells_are_merged_then_all_of_them_hold_what_the_first_says(tmp_path: Path) -> None:
    path = tmp_path / "merged.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.merge_range(1, 1, 2, 2, "甲")
        page.merge_range(3, 1, 4, 1, 7)
        page.write(4, 2, "乙")
    grid = open_grid(path)
    assert [list(row) for row in grid.rows] == [
        ["", "", ""],
        ["", "甲", "甲"],
        ["", "甲", "甲"],
        ["", "7", ""],
        ["", "7", "乙"],
    ]
    assert grid.numbers == {(4, 1), (5, 1)}


def test_grid_when_a_file_is_text_then_blank_rows_keep_their_place(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("\n标题,\n\n甲,乙\n", encoding="gb18030")
    assert [list(row) for row in open_grid(path).rows] == [[], ["标题", ""], [], ["甲", "乙"]]


def _far(path: Path, row: int, column: int) -> Path:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write(row, column, "远")
    return path


@pytest.mark.parametrize(
    ("row", "column", "refusal"), [(20_000, 0, TooManyRows), (0, 200, TooManyColumns), (1_048_575, 16_383, TooManyRows)]
)
def test_grid_when_a_cell_stands_far_away_then_the_sheet_is_refused(
    tmp_path: Path, row: int, column: int, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        open_grid(_far(tmp_path / "far.xlsx", row, column))


def test_grid_when_the_sheet_is_not_there_then_the_others_are_named(tmp_path: Path) -> None:
    with pytest.raises(SheetMissing):
        open_grid(_far(tmp_path / "far.xlsx", 1, 1), sheet="没有")


def test_grid_when_the_file_is_an_old_workbook_then_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "old.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0 and more")
    with pytest.raises(FileNotTable):
        open_grid(path)


def test_grid_when_text_has_more_rows_than_allowed_then_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("a,b\n" * 20_001, encoding="utf-8")
    with pytest.raises(TooManyRows):
        open_grid(path, limits=Limits())
