"""Workbooks changed in place, whoever wrote them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from xiuhua.tables.patching import Patch, Unpatchable, patch_workbook
from xiuhua.tables.reading import open_table
from xiuhua.tables.writing import Sheet

MOMENT = datetime(2026, 10, 3, 8, 15, 30)  # noqa: DTZ001 - wall clock
ADDED = Sheet("改动", ["行", "栏"], [[2, "=a"], [3, "<b>&"]])
ROWS = [["号", "时间", "空", "数"], ["A-1", MOMENT, None, 7], ["A-2", MOMENT, None, 8], ["A-3", MOMENT, None, 9]]


def _by_openpyxl(path: Path) -> None:
    book = Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(path)


def _by_openpyxl_1904(path: Path) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in ROWS:
        book.active.append(row)
    book.save(path)


def _by_xlsxwriter(path: Path, **options: bool) -> None:
    book = xlsxwriter.Workbook(str(path), options)
    page = book.add_worksheet("中文 & 表")
    form = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for number, row in enumerate(ROWS):
        for column, value in enumerate(row):
            if isinstance(value, datetime):
                page.write_datetime(number, column, value, form)
            elif value is not None:
                page.write(number, column, value)
    book.close()


def _by_net(path: Path) -> None:
    """Write as .NET's library does: every name of the sheet with a prefix."""
    _by_xlsxwriter(path)
    _rewrite(path, lambda text: re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", text).replace("xmlns=", "xmlns:x="))


def _rewrite(path: Path, change: Callable[[str], str]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = change(parts[name].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)


@pytest.mark.parametrize(
    "write",
    [
        _by_openpyxl,
        _by_openpyxl_1904,
        _by_xlsxwriter,
        lambda path: _by_xlsxwriter(path, constant_memory=True),
        lambda path: _by_xlsxwriter(path, date_1904=True),
        _by_net,
    ],
    ids=["openpyxl", "openpyxl 1904", "xlsxwriter", "inline texts", "1904", "prefixed"],
)
def test_cells_when_patched_then_they_and_no_others_change(write: Callable[[Path], None], tmp_path: Path) -> None:
    path, out = tmp_path / "in.xlsx", tmp_path / "out.xlsx"
    write(path)
    later = datetime(2027, 1, 2, 3, 4, 5)  # noqa: DTZ001 - wall clock
    patches = [
        Patch(2, 0, "=1+1"),
        Patch(3, 1, later, like=(2, 1)),
        Patch(3, 2, later, like=(2, 1)),
        Patch(4, 2, ' <&>"é\n '),
        Patch(4, 3, ""),
    ]
    with out.open("wb") as target:
        patch_workbook(path, 0, patches, ADDED, target)
    before = {(row, at): cell for row, cells in open_table(path).rows() for at, cell in enumerate(cells)}
    after = {(row, at): cell for row, cells in open_table(out).rows() for at, cell in enumerate(cells)}
    changed = {(2, 0): "=1+1", (3, 1): later, (3, 2): later, (4, 2): ' <&>"é\n ', (4, 3): ""}
    assert after == before | changed
    book = load_workbook(out)
    assert book.sheetnames[-1] == "改动"
    assert [[cell.value for cell in row] for row in book["改动"].iter_rows()] == [["行", "栏"], [2, "=a"], [3, "<b>&"]]
    assert book.worksheets[0]["A2"].data_type in {"s", "inlineStr"}


def test_every_other_part_when_patched_then_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    _by_xlsxwriter(path)
    target = io.BytesIO()
    patch_workbook(path, 0, [Patch(2, 0, "x")], ADDED, target)
    with zipfile.ZipFile(path) as was, zipfile.ZipFile(target) as now:
        touched = {"xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"}
        assert {name for name in was.namelist() if was.read(name) != now.read(name)} == touched
        assert set(now.namelist()) - set(was.namelist()) == {"xl/worksheets/sheet2.xml"}
        assert now.testzip() is None


def test_sheet_when_it_has_no_places_or_lacks_the_row_then_unpatchable(tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    _by_xlsxwriter(path)
    with pytest.raises(Unpatchable):
        patch_workbook(path, 0, [Patch(99, 0, "x")], ADDED, io.BytesIO())
    _rewrite(path, lambda text: re.sub(r'<c r="[A-Z]+\d+"', "<c ", text))
    with pytest.raises(Unpatchable):
        patch_workbook(path, 0, [Patch(2, 0, "x")], ADDED, io.BytesIO())


def test_day_when_patched_then_a_whole_number(tmp_path: Path) -> None:
    path, out = tmp_path / "in.xlsx", tmp_path / "out.xlsx"
    _by_xlsxwriter(path)
    with out.open("wb") as target:
        patch_workbook(path, 0, [Patch(2, 3, date(2026, 10, 3))], ADDED, target)
    assert load_workbook(out).worksheets[0]["D2"].value == 46298
