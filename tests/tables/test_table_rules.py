"""What separates cells, how numbers are written, how columns are called."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiuhua.tables.rules import cell_text, delimiter_of, header_names, number_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a,b,c\n1;2;3;4;5\n", ",", id="only the header counts"),
        pytest.param("a;b;c,d\n", ";", id="most frequent"),
        pytest.param("a\tb\tc", "\t", id="tab"),
        pytest.param('"a,b,c,d";e;f\n', ";", id="not within quotation marks"),
        pytest.param("\n\n  \na;b\n", ";", id="blank lines before"),
        pytest.param('"a\nb;c";d;e,f', ";", id="a line break within quotation marks"),
        pytest.param("only one", ",", id="one column"),
        pytest.param("a,b;c\n", ",", id="tie"),
    ],
)
def test_delimiter_of_a_text_is_the_headers_most_frequent(text: str, expected: str) -> None:
    assert delimiter_of(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7.0, "7"),
        (-3.0, "-3"),
        (0.1, "0.1"),
        (101001242404.0, "101001242404"),
        (999_999_999_999_999.0, "999999999999999"),
        (440305202610030001.0, "4.40305202610030E+17"),
    ],
)
def test_number_text_when_written_by_a_spreadsheet_then_reads_as_a_person_wrote_it(value: float, expected: str) -> None:
    assert number_text(value) == expected


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_number_text_of_any_exact_whole_number_is_its_digits(value: int) -> None:
    assert number_text(float(value)) == str(value)


def test_cell_text_when_a_date_or_a_moment_then_year_first() -> None:
    assert cell_text(date(2026, 10, 3)) == "2026-10-03"
    assert cell_text(datetime(2026, 10, 3, 8, 15)) == "2026-10-03 08:15:00"  # noqa: DTZ001 - a cell has no zone
    assert cell_text(" text ") == " text "


def test_header_names_when_repeated_or_empty_then_distinct() -> None:
    assert header_names([" a ", "b", "a", "", "a", "new\nline"]) == ("a", "b", "a (2)", "#4", "a (3)", "new line")
