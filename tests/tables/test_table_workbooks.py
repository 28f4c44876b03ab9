"""XLSX: numbers as people wrote them, dates as dates, and archives that lie."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiuhua.kernel.words import Refusal
from xiuhua.tables.reading import open_table
from xiuhua.tables.words import (
    CellTooLong,
    ContentTooLarge,
    FileBroken,
    FileNotTable,
    Limits,
    SheetMissing,
    TableEmpty,
    TooManyColumns,
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook with a table on its second sheet and cells of every kind."""
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        first = workbook.add_worksheet("案件")
        first.write_row(1, 0, ["编号", "时间", "日期", "数", "真假", "长号", "文本号", "钟点"])
        first.write_number(2, 0, 101001242404)
        first.write_datetime(2, 1, datetime(2026, 10, 3, 8, 15, 30), moment)  # noqa: DTZ001 - a cell has no zone
        first.write_datetime(2, 2, date(2026, 10, 3), day)
        first.write_number(2, 3, 42.3594)
        first.write_boolean(2, 4, True)  # noqa: FBT003 - the writer's signature
        first.write_number(2, 5, 440305202610030001)
        first.write_string(2, 6, "00123")
        first.write_datetime(2, 7, time(8, 15), workbook.add_format({"num_format": "hh:mm"}))
        first.write_formula(4, 0, "=1/0", None, "#DIV/0!")
        first.write_string(4, 1, "x")
        second = workbook.add_worksheet("别的")
        second.write_row(0, 0, ["a", "b"])
        workbook.add_worksheet("空")
    return path


def test_workbook_when_opened_then_cells_are_text_and_dates_keep_their_kind(book: Path) -> None:
    table = open_table(book)
    assert (table.header, table.header_row) == (
        ("编号", "时间", "日期", "数", "真假", "长号", "文本号", "钟点"),
        2,
    )
    moment = datetime(2026, 10, 3, 8, 15, 30)  # noqa: DTZ001 - a cell has no zone
    assert list(table.rows()) == [
        (
            3,
            [
                *("101001242404", moment, date(2026, 10, 3), "42.3594"),
                *("TRUE", "4.40305202610030E+17", "00123", "08:15:00"),
            ],
        ),
        (5, ["", "x", "", "", "", "", "", ""]),
    ]


def test_workbook_when_cells_hold_formula_errors_then_counted(book: Path) -> None:
    assert open_table(book).error_cells == 1


def test_workbook_when_a_sheet_is_named_then_that_one(book: Path) -> None:
    assert open_table(book, sheet="别的").header == ("a", "b")


@pytest.mark.parametrize(("sheet", "refusal"), [("没有", SheetMissing), ("空", TableEmpty)])
def test_workbook_when_the_sheet_is_missing_or_empty_then_refused(
    book: Path, sheet: str, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        open_table(book, sheet=sheet)


@pytest.mark.parametrize(
    ("limits", "refusal"),
    [
        pytest.param(Limits(entries=3), ContentTooLarge, id="members"),
        pytest.param(Limits(workbook_bytes=1000), ContentTooLarge, id="bytes"),
        pytest.param(Limits(ratio=1, ratio_floor=10), ContentTooLarge, id="ratio"),
        pytest.param(Limits(columns=3), TooManyColumns, id="columns"),
        pytest.param(Limits(cell_chars=2), CellTooLong, id="characters in a cell"),
    ],
)
def test_workbook_when_a_limit_is_passed_then_refused(book: Path, limits: Limits, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        list(open_table(book, limits=limits).rows())


def _rewritten(book: Path, **members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, members.get(name, old.read(name)))
        for name in set(members) - set(old.namelist()):
            new.writestr(name, members[name])
    return buffer.getvalue()


def test_archive_when_a_member_is_larger_than_its_directory_says_then_refused(book: Path) -> None:
    data = bytearray(_rewritten(book, **{"xl/zeros.xml": b"0" * 1_000_000}))
    directory = data.rindex(b"PK\x01\x02", 0, data.rindex(b"xl/zeros.xml"))
    data[directory + 24 : directory + 28] = (10).to_bytes(4, "little")  # the uncompressed size it claims
    book.write_bytes(bytes(data))
    with pytest.raises(FileBroken):
        open_table(book)


def test_archive_bomb_when_opened_then_refused(book: Path) -> None:
    book.write_bytes(_rewritten(book, **{"xl/zeros.xml": b"0" * 40_000_000}))
    with pytest.raises(ContentTooLarge):
        open_table(book)


def test_archive_when_no_workbook_then_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a,b")
    with pytest.raises(FileNotTable):
        open_table(path)


def test_archive_when_the_workbook_inside_is_no_xml_then_refused(book: Path) -> None:
    book.write_bytes(_rewritten(book, **{"xl/workbook.xml": b"not <xml"}))
    with pytest.raises(Refusal):
        open_table(book)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_workbook_when_cut_off_or_flipped_anywhere_then_refused_or_read_never_a_crash(
    book: Path, data: st.DataObject
) -> None:
    whole = book.read_bytes()
    at = data.draw(st.integers(4, len(whole) - 1))
    damaged = whole[:at] if data.draw(st.booleans()) else whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]
    path = book.with_name("damaged.xlsx")
    path.write_bytes(damaged)
    try:
        list(open_table(path).rows())
    except Refusal as refusal:
        assert str(refusal)  # noqa: PT017 - either outcome is right, a traceback is not


def test_moments_when_written_by_a_spreadsheet_then_read_to_the_second(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    begin = datetime(2015, 1, 1, 0, 0, 1)  # noqa: DTZ001 - a cell has no zone
    moments = [begin + timedelta(seconds=n * 7919) for n in range(2000)]
    with xlsxwriter.Workbook(path) as workbook:
        moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet = workbook.add_worksheet()
        sheet.write_string(0, 0, "t")
        for row, one in enumerate(moments, start=1):
            sheet.write_datetime(row, 0, one, moment)
    assert [cells[0] for _row, cells in open_table(path).rows()] == moments
