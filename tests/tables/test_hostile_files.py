"""Damaged and hostile files: refused, or read as they stand – never other data, never a crash.

Archives carry checksums: a damaged one is refused or says what the whole one said. Text and old workbooks have none:
text must read as an independent reader reads the same bytes; an old workbook must be refused or be a table.
XIUHUA_HOSTILE sets how many files are damaged (400 without it).
"""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from tests.oldbooks import ods, xls

from xiuhua.kernel.words import Refusal
from xiuhua.tables.reading import look, open_grid, open_table
from xiuhua.tables.words import (
    ContentTooLarge,
    FileBroken,
    FileEncrypted,
    FileNotTable,
    Limits,
    TooCostly,
    TooManyColumns,
)

HEAD = ["编号", "上报时间", "地址", "天数", "说明"]
BEGIN = datetime(2026, 1, 2, 8, 0, 1)  # noqa: DTZ001 - a cell has no zone
RECORDS = [
    [f"A{7000 + n}", BEGIN + timedelta(hours=n), f"河滨路 {n} 号", float(n), "沿街堆放，“请处理”\n第二行"]
    for n in range(60)
]
DAMAGED = int(os.environ.get("XIUHUA_HOSTILE", "400"))


def _xlsx(rows: Sequence[Sequence[object]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        page = book.add_worksheet("案件")
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, datetime):
                    page.write_datetime(row, column, cell, moment)
                else:
                    page.write(row, column, cell)
    return buffer.getvalue()


def _text(encoding: str) -> bytes:
    target = io.StringIO()
    csv.writer(target).writerows([HEAD, *([str(cell) for cell in row] for row in RECORDS)])
    return target.getvalue().encode(encoding)


def _damaged(whole: bytes, n: int) -> bytes:
    """Return the n-th damage: two bits of three times in four, else the end cut off; places spread over the file."""
    at = (n * 7919 + 13) % len(whole)
    if n % 4 == 3:
        return whole[:at]
    return whole[:at] + bytes([whole[at] ^ (1 << n % 8)]) + whole[at + 1 :]


def _read(path: Path) -> tuple[object, ...]:
    """Return what a file says, or its refusal's code."""
    try:
        table = open_table(path)
        return table.header, [list(cells) for _row, cells in table.rows()], table.left_out()
    except Refusal as refusal:
        assert str(refusal)  # noqa: PT017 - either outcome is right, a traceback is not
        return ("refused", refusal.code)


def _oracle(data: bytes, encoding: str) -> list[list[str]]:
    text = data.decode(encoding)
    return [cells for cells in csv.reader(io.StringIO(text, newline="")) if any(cell.strip() for cell in cells)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_text_when_damaged_then_refused_or_read_as_another_reader_reads_it(tmp_path: Path, encoding: str) -> None:
    whole = _text(encoding)
    path = tmp_path / "t.csv"
    for n in range(DAMAGED * 3 // 20):
        data = _damaged(whole, n)
        path.write_bytes(data)
        try:
            table = open_table(path, delimiter=",", header_row=1)
            read = [list(table.header), *(list(cells) for _row, cells in table.rows())]
            rest = [[one.text] for one in table.left_out()]
        except Refusal as refusal:
            assert str(refusal)  # noqa: PT017 - either outcome is right, other data is not
            continue
        wanted = _oracle(data, table.encoding)
        assert read[1:] == wanted[1 : len(wanted) - len(rest)], n


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: _xlsx([HEAD, *RECORDS]), id="xlsx"),
        pytest.param(lambda: ods({"案件": [HEAD, *RECORDS]}), id="ods"),
    ],
)
def test_archive_when_damaged_then_refused_or_read_as_the_whole_one(tmp_path: Path, make: Callable[[], bytes]) -> None:
    whole = make()
    sound = tmp_path / "sound"
    sound.write_bytes(whole)
    expected = _read(sound)
    assert expected[0] == tuple(HEAD)

    def outcome(n: int) -> tuple[object, ...]:
        path = tmp_path / f"{n}"
        path.write_bytes(_damaged(whole, n))
        return _read(path)

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(outcome, range(DAMAGED // 5)))
    assert [n for n, one in enumerate(found) if one[0] != "refused" and one != expected] == []
    assert any(one[0] == "refused" for one in found)


def test_old_workbook_when_damaged_then_refused_or_a_table_never_a_crash(tmp_path: Path) -> None:
    whole = xls({"案件": [HEAD, *RECORDS]})

    def outcome(n: int) -> tuple[object, ...]:
        path = tmp_path / f"{n}.xls"
        path.write_bytes(_damaged(whole, n))
        return _read(path)

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(outcome, range(DAMAGED * 3 // 20)))
    assert {len(one) for one in found} == {2, 3}


def _far(row: int, column: int) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["a", "b"])
        page.write_row(1, 0, ["x", "y"])
        page.write(row, column, "z")
    return buffer.getvalue()


def _rewritten(book: bytes, member: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, data if name == member else old.read(name))
    return buffer.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
OPEN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
WIDE = b"".join(
    b'<c t="str" r="%s1"><v>x</v></c>' % xlsxwriter.utility.xl_col_to_name(n).encode() for n in range(20_000)
)
BOMB = (
    b'<!DOCTYPE a [<!ENTITY b "'
    + b"x" * 1000
    + b'">'
    + b"".join(b'<!ENTITY b%d "%s">' % (n, (b"&b%d;" % (n - 1) if n else b"&b;") * 10) for n in range(9))
    + b"]>"
)
ENTITY = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
ROW = b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>%s</t></is></c></row></sheetData></worksheet>'


@pytest.mark.parametrize(
    ("data", "refusals"),
    [
        pytest.param(_far(1_048_575, 16_383), {TooCostly, FileBroken}, id="a cell in XFD1048576"),
        pytest.param(_far(1, 16_383), {TooManyColumns}, id="16,384 columns"),
        pytest.param(
            _rewritten(_far(1, 1), SHEET, OPEN + b"<sheetData><row>" + WIDE + b"</row></sheetData></worksheet>"),
            {TooManyColumns, FileBroken},
            id="20,000 columns",
        ),
        pytest.param(_rewritten(_far(1, 1), SHEET, b" " * 200_000_000), {ContentTooLarge}, id="a bomb"),
        pytest.param(
            ods(
                {"a": [["a", "b"], ["x", "y"]]},
                after='<table:table-row table:number-rows-repeated="1000000">'
                '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
                "</table:table-row>",
            ),
            {TooCostly, FileBroken},
            id="a row repeated a million times",
        ),
        pytest.param(xls({"a": [["a"]]}, password=True), {FileEncrypted}, id="old workbook with a password"),
        pytest.param(
            ods({"a": [["a"]]}, manifest="<manifest:encryption-data/>"), {FileEncrypted}, id="ods with a password"
        ),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 5000, {FileBroken}, id="an old workbook of nothing"
        ),
        pytest.param(b"PK\x03\x04" + b"\0" * 500, {FileBroken}, id="an archive of nothing"),
    ],
)
def test_hostile_workbook_when_opened_or_looked_at_then_refused(
    tmp_path: Path, data: bytes, refusals: set[type[Refusal]]
) -> None:
    path = tmp_path / "hostile"
    path.write_bytes(data)
    for read in (open_table, look):
        with pytest.raises(Refusal) as caught:
            read(path)
        assert caught.type in refusals
    with pytest.raises(Refusal):
        open_grid(path)


@pytest.mark.parametrize(("declaration", "cell"), [(BOMB, b"&b8;"), (ENTITY, b"&e;")], ids=["laughs", "a file of ours"])
def test_workbook_when_it_declares_entities_then_none_is_followed(
    tmp_path: Path, declaration: bytes, cell: bytes
) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(_rewritten(_far(1, 1), SHEET, declaration + OPEN + ROW % (b"a" + cell)))
    try:
        said = "".join(open_table(path).header)
    except Refusal as refusal:
        said = str(refusal)
    assert "root:" not in said
    assert len(said) < 1000


def test_workbook_when_a_million_rows_are_empty_then_read_without_them(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(_far(1_048_575, 0))
    assert [row for row, _cells in open_table(path).rows()] == [2, 1_048_576]
    sheet = OPEN + b'<dimension ref="A1:XFD1048576"/>' + ROW % b"a"
    path.write_bytes(_rewritten(_far(1, 1), SHEET, sheet))
    table = open_table(path)
    assert (table.header, list(table.rows())) == (("a",), [])


def test_workbook_when_one_text_stands_in_very_many_cells_then_its_copies_are_bounded(tmp_path: Path) -> None:
    text, cells = b"x" * 30_000, b'<c t="s"><v>0</v></c>' * 100
    rows = b"".join(b"<row>" + cells + b"</row>" for _n in range(600))
    strings = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + text + b"</t></si></sst>"
    )
    book = _rewritten(_far(1, 1), SHEET, OPEN + b"<sheetData>" + rows + b"</sheetData></worksheet>")
    path = tmp_path / "t.xlsx"
    path.write_bytes(_rewritten(book, "xl/sharedStrings.xml", strings))
    with pytest.raises(TooCostly):
        open_table(path)


def test_workbook_when_its_parser_runs_out_of_memory_then_refused_and_the_next_one_is_read(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(_xlsx([HEAD, *RECORDS]))
    with pytest.raises(TooCostly):
        open_table(path, limits=Limits(memory_floor=1024 * 1024, memory_times=0))
    assert len(list(open_table(path).rows())) == len(RECORDS)


def test_archive_when_a_member_is_called_otherwise_in_its_directory_then_refused(tmp_path: Path) -> None:
    data = _xlsx([HEAD])
    at = data.rindex(b"xl/sharedStrings.xml")
    path = tmp_path / "t.xlsx"
    path.write_bytes(data[:at] + b"xl/sharedStrinks.xml" + data[at + 20 :])
    with pytest.raises(FileBroken):
        open_table(path)


def test_archive_when_no_workbook_of_any_kind_then_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.odt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<a/>")
    with pytest.raises(FileNotTable):
        open_table(path)
