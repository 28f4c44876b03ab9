"""CSV as found in the wild, and what is refused."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from xiuhua.kernel.words import Refusal
from xiuhua.tables.reading import open_table
from xiuhua.tables.words import (
    CellTooLong,
    ContentTooLarge,
    Encoding,
    FileBroken,
    FileNotTable,
    FileNotText,
    FileTooLarge,
    Limits,
    TableEmpty,
    TableMalformed,
    TooManyColumns,
    TooManyRows,
)

TEXT = '编号,街道\r\n1,河滨路\r\n\r\n2,"多\n行"\r\n'
ROWS = [(2, ["1", "河滨路"]), (4, ["2", "多\n行"])]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        pytest.param(TEXT.encode(), "utf-8-sig", id="utf-8"),
        pytest.param(TEXT.encode("utf-8-sig"), "utf-8-sig", id="utf-8 with BOM"),
        pytest.param(TEXT.encode("gb18030"), "gb18030", id="gb18030"),
        pytest.param(TEXT.encode("utf-16"), "utf-16", id="utf-16 with BOM"),
        pytest.param(gzip.compress(TEXT.encode("gb18030")), "gb18030", id="gzipped"),
        pytest.param(TEXT.replace(",", "\t").encode(), "utf-8-sig", id="tabs"),
        pytest.param(TEXT.replace(",", ";").encode(), "utf-8-sig", id="semicolons"),
    ],
)
def test_table_of_a_text_when_opened_then_the_same_rows_as_often_as_wanted(
    tmp_path: Path, data: bytes, encoding: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    table = open_table(path)
    assert (table.header, table.header_row, table.encoding) == (("编号", "街道"), 1, encoding)
    assert list(table.rows()) == ROWS
    assert list(table.rows()) == ROWS


def test_rows_when_the_header_stands_below_blank_lines_then_numbered_as_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("\n,\na,b\n\n1,2\n", encoding="utf-8")
    table = open_table(path)
    assert (table.header_row, list(table.rows())) == (3, [(5, ["1", "2"])])


@pytest.mark.parametrize(
    ("data", "encoding", "refusal"),
    [
        pytest.param(b"", "", TableEmpty, id="empty"),
        pytest.param(b"\n \n", "", TableEmpty, id="blank"),
        pytest.param(b"a,b\n\xff\xff\xff\xff", "", FileNotText, id="no encoding fits"),
        pytest.param("编号".encode("gb18030"), "utf-8", FileNotText, id="not the declared encoding"),
        pytest.param("编".encode()[:2], "utf-8", FileNotText, id="cut within a character"),
        pytest.param(b"a,b\n1,\x002\n", "", FileNotTable, id="NUL"),
        pytest.param(b"\xd0\xcf\x11\xe0 old office", "", FileNotTable, id="xls"),
        pytest.param(gzip.compress(TEXT.encode() * 99)[:-30], "", FileBroken, id="gzip cut off"),
        pytest.param(b"\x1f\x8b" + b"rubbish" * 9, "", FileBroken, id="gzip broken"),
        pytest.param(gzip.compress(TEXT.encode())[:-4] + b"1234", "", FileBroken, id="gzip of a wrong length"),
        pytest.param(b'a,b\n1,"2\n3,4\n5,6\n', "", TableMalformed, id="quotation mark never closed"),
        pytest.param(b'a,b\n1,"2"3\n', "", TableMalformed, id="text after a closing quotation mark"),
        pytest.param(
            b'a,b\n1,"' + b"x" * 40_000 + b'"\n', "", CellTooLong, id="a cell longer than a spreadsheet holds"
        ),
        pytest.param(b'a,b\n1,"' + b"x" * 200_000, "", TableMalformed, id="a cell longer than the reader takes"),
    ],
)
def test_text_when_damaged_or_no_table_then_refused(
    tmp_path: Path, data: bytes, encoding: Encoding, refusal: type[Refusal]
) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    with pytest.raises(refusal) as caught:
        list(open_table(path, encoding=encoding).rows())
    assert str(caught.value)


@pytest.mark.parametrize(
    ("limits", "refusal"),
    [
        pytest.param(Limits(file_bytes=10), FileTooLarge, id="bytes on disk"),
        pytest.param(Limits(text_bytes=100), ContentTooLarge, id="bytes of text"),
        pytest.param(Limits(ratio=2, ratio_floor=100), ContentTooLarge, id="ratio"),
        pytest.param(Limits(columns=1), TooManyColumns, id="columns"),
        pytest.param(Limits(rows=99), TooManyRows, id="rows"),
        pytest.param(Limits(cell_chars=2), CellTooLong, id="characters in a cell"),
    ],
)
def test_text_when_a_limit_is_passed_then_refused(tmp_path: Path, limits: Limits, refusal: type[Refusal]) -> None:
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"123,456\n" * 100))
    with pytest.raises(refusal):
        list(open_table(path, limits=limits).rows())


def test_gzip_bomb_when_opened_then_refused_after_the_floor(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"0" * 40_000_000, compresslevel=9))
    with pytest.raises(ContentTooLarge):
        open_table(path)


def test_text_when_it_changes_after_it_was_opened_then_refused_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    table = open_table(path)
    path.write_bytes(b"a,b\n1,\xff\xff\n")
    with pytest.raises(FileBroken):
        list(table.rows())
