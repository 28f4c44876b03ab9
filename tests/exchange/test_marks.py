"""Lists that mark cases: what they say, and what in them cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from xiuhua.exchange.rules.drafts import write_mapping
from xiuhua.exchange.rules.mappings import mapping_faults, parse_mapping
from xiuhua.exchange.rules.marks import marks_in_rows, marks_in_text
from xiuhua.kernel.words import Fault

WORDS = {"延期": "extension", "返工": "rework", "超时": "overdue", "Late": "overdue"}
EXTENDED, REWORKED, LATE = frozenset({"extension"}), frozenset({"rework"}), frozenset({"overdue"})


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        pytest.param("延期：甲1、甲2", {"甲1": EXTENDED, "甲2": EXTENDED}, id="full width"),
        pytest.param("返工: 甲1,甲2;甲3", {"甲1": REWORKED, "甲2": REWORKED, "甲3": REWORKED}, id="half width"),
        pytest.param("超时 甲１ 甲2", {"甲1": LATE, "甲2": LATE}, id="no colon, full-width digits"),
        pytest.param(
            "延期：\n甲1\n\n甲2\n返工：甲1", {"甲1": EXTENDED | REWORKED, "甲2": EXTENDED}, id="numbers below the word"
        ),
        pytest.param("LATE: 7/8", {"7": LATE, "8": LATE}, id="another language, whatever case"),
        pytest.param("", {}, id="nothing"),
    ],
)
def test_text_of_marks_when_read_then_the_kinds_by_number(text: str, marks: dict[str, frozenset[str]]) -> None:
    assert marks_in_text(text, WORDS) == (marks, ())


@pytest.mark.parametrize(
    ("text", "marks", "faults"),
    [
        pytest.param(
            "挂账：甲1\n甲2", {}, [(1, "kind_unknown", "挂账"), (2, "kind_missing", "甲2")], id="unknown word"
        ),
        pytest.param("甲1、甲2", {}, [(1, "kind_missing", "甲1、甲2".replace("、", "、"))], id="no word"),
        pytest.param("延期：甲1、请核实", {"甲1": EXTENDED}, [(1, "number_unreadable", "请核实")], id="no number"),
        pytest.param("延期：甲1\n延期：甲1", {"甲1": EXTENDED}, [(2, "repeated", "甲1")], id="twice"),
        pytest.param("延期：4.4E+17", {}, [(1, "number_mangled", "4.4E+17")], id="mangled"),
    ],
)
def test_text_of_marks_when_something_is_unclear_then_a_fault_at_its_line(
    text: str, marks: dict[str, frozenset[str]], faults: list[tuple[int, str, str]]
) -> None:
    found = marks_in_text(text, WORDS)
    assert found.marks == marks
    assert list(found.faults) == [Fault(f"marks.{code}", row, "", {"text": said}) for row, code, said in faults]


@pytest.mark.parametrize(
    ("rows", "marks", "faults"),
    [
        pytest.param(
            [["编号", "标记"], ["甲1", "延期"], ["甲1", "返工"]], {"甲1": EXTENDED | REWORKED}, [], id="heading"
        ),
        pytest.param([["甲1", "延期、返工"]], {"甲1": EXTENDED | REWORKED}, [], id="several in a cell"),
        pytest.param([["超时", "", "甲1"]], {"甲1": LATE}, [], id="word first"),
        pytest.param(
            [["甲1", "挂账"], ["甲2", ""], ["延期", ""]],
            {},
            [(1, "B", "kind_unknown", "挂账"), (2, "A", "kind_missing", "甲2"), (3, "", "number_missing", "延期")],
            id="unclear",
        ),
    ],
)
def test_table_of_marks_when_read_then_kinds_by_number_and_faults_by_cell(
    rows: Sequence[Sequence[str]], marks: dict[str, frozenset[str]], faults: list[tuple[int, str, str, str]]
) -> None:
    found = marks_in_rows(enumerate(rows, start=1), WORDS)
    assert found.marks == marks
    assert list(found.faults) == [Fault(f"marks.{code}", row, at, {"text": said}) for row, at, code, said in faults]


MAPPING = """
schema = 1
code = "made-up"
name = "虚构平台"
zone = "Asia/Shanghai"
date_order = "ymd"
header_row = 3
header_rows = 2
[columns]
number = "编号"
reported_at = "上报时间"
[marks]
extension = ["延期", "挂账"]
rework = ["返工"]
"""


def test_mapping_when_it_states_header_and_marks_then_they_are_read() -> None:
    mapping = parse_mapping(MAPPING)
    assert (mapping.header_row, mapping.header_rows) == (3, 2)
    assert mapping.marks == {"延期": "extension", "挂账": "extension", "返工": "rework"}


def test_mapping_when_a_word_marks_two_things_then_it_is_a_fault() -> None:
    text = MAPPING.replace('rework = ["返工"]', 'rework = ["延期"]')
    assert mapping_faults(text) == [Fault("mapping.mark_twice", column="marks", facts={"text": "延期"})]


def test_mapping_when_written_again_then_header_and_marks_are_in_it() -> None:
    mapping = parse_mapping(MAPPING)
    assert replace(parse_mapping(write_mapping(mapping)), text="") == replace(mapping, text="")
