"""Tables that go out and come back: every text as it was, in a workbook and in a text file."""

from __future__ import annotations

import csv
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from xiuhua.tables.reading import open_table
from xiuhua.tables.rules import cell_text
from xiuhua.tables.writing import MOST_SIGNS, Sheet, Written, guarded, unguarded, write_csv, write_workbook

#: What a database keeps as text: no surrogates, and no controls but those of white space.
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\n"), max_size=40).filter(
    lambda text: "\x85" not in text
)


def _back(sheet: Sheet, ending: str) -> list[list[str]]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"out.{ending}"
        with path.open("wb") as target:
            if ending == "csv":
                write_csv(sheet, target)
            else:
                write_workbook([sheet], target)
        return [[cell_text(cell) for cell in cells] for _number, cells in open_table(path).rows()]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@settings(max_examples=60)
@given(texts=st.lists(TEXTS, min_size=1, max_size=5))
@example(texts=["_x0041_", " a ", "a\nb", "0017", "1e5", "TRUE", "2026-10-03", "'quoted", "101001242404123456789"])
def test_text_when_written_and_read_then_equal(ending: str, texts: list[str]) -> None:
    sheet = Sheet("t", ["n", "text"], [[f"n{place}", text] for place, text in enumerate(texts)])
    read = [row[1] for row in _back(sheet, ending)]
    assert [unguarded(text) if ending == "csv" else text for text in read] == texts


@given(text=st.text(max_size=20))
def test_text_when_guarded_then_no_formula_and_taken_back(text: str) -> None:
    assert guarded(text)[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert unguarded(guarded(text)) == text or text.startswith("'")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")'])
def test_csv_when_a_text_would_run_then_an_apostrophe_stands_before_it(text: str) -> None:
    target = BytesIO()
    write_csv(Sheet("t", ["a"], [[text]]), target)
    rows = list(csv.reader(target.getvalue().decode("utf-8-sig").splitlines(keepends=True)))
    assert rows[1] == [f"'{text}"]


def test_csv_when_opened_then_bom_and_native_values_as_text() -> None:
    target = BytesIO()
    moment = datetime(2026, 10, 3, 8, 15, 30)  # noqa: DTZ001 - wall clock of the reader
    done = write_csv(Sheet("t", list("abcde"), [[moment, date(2026, 10, 3), -1.5, 7, None]]), target)
    assert target.getvalue() == b"\xef\xbb\xbfa,b,c,d,e\r\n2026-10-03 08:15:30,2026-10-03,-1.5,7,\r\n"
    assert done == Written(1)


def test_workbook_when_a_text_is_too_long_for_a_cell_then_cut_and_counted() -> None:
    target = BytesIO()
    done = write_workbook([Sheet("t", ["a"], [["x" * MOST_SIGNS], ["x" * (MOST_SIGNS + 1)]])], target)
    page = load_workbook(target).active
    assert [page["A2"].value, page["A3"].value] == ["x" * MOST_SIGNS, "x" * (MOST_SIGNS - 1) + "…"]
    assert done == Written(2, 0, 1)


def test_workbook_when_rows_stand_above_then_the_head_below_them_is_frozen_and_repeated() -> None:
    target = BytesIO()
    write_workbook([Sheet("案件", ["a"], [["1"]], above=[["某区 10 月"], []]), Sheet("改动", ["b"], [])], target)
    book = load_workbook(target)
    page = book["案件"]
    assert [page["A1"].value, page["A3"].value, page["A4"].value] == ["某区 10 月", "a", "1"]
    assert (page.freeze_panes, page.print_title_rows, book.sheetnames) == ("A4", "$3:$3", ["案件", "改动"])


def test_gate_when_given_then_every_text_goes_through_it_and_no_number() -> None:
    seen: list[tuple[int, str]] = []

    def gate(column: int, text: str) -> str:
        seen.append((column, text))
        return text.upper()

    assert _back(Sheet("t", ["a", "b", "c"], [["x", 1, "y"]], gate=gate), "csv") == [["X", "1", "Y"]]
    assert seen == [(0, "x"), (2, "y")]


def test_workbook_when_told_about_then_the_properties_say_it() -> None:
    target = BytesIO()
    write_workbook([Sheet("t", ["a"], [])], target, about="林 2026-10-03 状态：未结")
    assert load_workbook(target).properties.description == "林 2026-10-03 状态：未结"
