"""Where a header stands, what columns are called, which last rows are no records."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiuhua.tables.headers import LeftOut, find_header, trailing
from xiuhua.tables.parsing.words import Row, Span

BODY = [["A7001", "2026-01-02 08:00:00", "河滨路 3 号", "12"], ["A7002", "2026-01-02 09:00:00", "", "7"]]
HEAD = ["编号", "上报时间", "地址", "天数"]


def _rows(cells: Sequence[Sequence[str]]) -> list[Row]:
    return list(enumerate(cells, start=1))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([HEAD, *BODY], 1, id="first row"),
        pytest.param([["某街道案件"], HEAD, *BODY], 2, id="a title"),
        pytest.param(
            [["某街道案件", "", "", ""], ["导出时间：2026-01-03", "", "", "张三"], HEAD, *BODY],
            3,
            id="title and remark",
        ),
        pytest.param([["案件"] * 4, HEAD, *BODY], 2, id="a title written across"),
        pytest.param(
            [[], ["Cases of January"], [], ["id", "opened", "address", "days"], *BODY], 4, id="English, blanks"
        ),
        pytest.param([["Printed", "2026-01-03", "by", ""], HEAD, *BODY], 2, id="a remark nearly as full"),
        pytest.param([["案件"], HEAD], 2, id="no record yet"),
        pytest.param([["", "name"], ["0", "x"], ["1", "y"]], 1, id="a narrow table without a first name"),
        pytest.param([["a"], ["1", "2", "3"], ["4", "5", "6"]], 1, id="rows too long for their header"),
        pytest.param([["a", "b", "c"], ["x"] * 10], 1, id="one row too long"),
        pytest.param([["社区", "2024", "2025"], ["甲", "1", "2"]], 1, id="years as names"),
        pytest.param([["姓名", "备注", "电话"], ["张三", "", ""], ["李四", "", ""]], 1, id="records mostly empty"),
        pytest.param([["1", "2"], ["3", "4"]], 1, id="no names anywhere"),
    ],
)
def test_header_of_a_table_is_found_by_its_form(rows: list[list[str]], expected: int) -> None:
    header = find_header(_rows(rows))
    assert header is not None
    assert (header.row, header.rows) == (expected, 1)


GROUPED = [
    ["编号", "时间", "", "各方", ""],
    ["", "上报", "截止", "派遣", "处置"],
    ["A7001", "2026-01-02", "2026-01-03", "甲", "乙"],
    ["A7002", "2026-01-02", "2026-01-03", "甲", "乙"],
]
SPANS = [(1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 1, 4)]
REPEATED = [
    ["社区", "一月", "", "二月", ""],
    ["", "数量", "得分", "数量", "得分"],
    ["甲", "1", "2", "3", "4"],
    ["乙", "1", "2", "3", "4"],
]


@pytest.mark.parametrize(
    ("rows", "spans", "first", "names"),
    [
        pytest.param(GROUPED, SPANS, 1, ("编号", "上报", "截止", "派遣", "处置"), id="merged"),
        pytest.param(GROUPED, [], 1, ("编号", "上报", "截止", "派遣", "处置"), id="merging lost"),
        pytest.param(
            REPEATED, SPANS, 1, ("社区", "一月/数量", "一月/得分", "二月/数量", "二月/得分"), id="names repeat"
        ),
        pytest.param(
            REPEATED, [], 1, ("社区", "一月/数量", "一月/得分", "二月/数量", "二月/得分"), id="repeat, merging lost"
        ),
        pytest.param(
            [["月报"], *REPEATED],
            [(1, 0, 1, 4), *[(t + 1, a, b + 1, z) for t, a, b, z in SPANS]],
            2,
            ("社区", "一月/数量", "一月/得分", "二月/数量", "二月/得分"),
            id="below a title",
        ),
        pytest.param(
            [["一月", "", "二月", ""], ["数量", "得分", "数量", "得分"], ["1", "2", "3", "4"], ["1", "2", "3", "4"]],
            [],
            1,
            ("一月/数量", "一月/得分", "二月/数量", "二月/得分"),
            id="groups only",
        ),
    ],
)
def test_header_of_two_rows_is_joined_where_a_name_alone_is_not_unique(
    rows: list[list[str]], spans: list[Span], first: int, names: tuple[str, ...]
) -> None:
    assert find_header(_rows(rows), spans) == (first, 2, names)


def test_header_when_stated_then_that_row_whatever_the_form_says() -> None:
    rows = _rows([HEAD, *BODY])
    assert find_header(rows, row=2) == (2, 1, ("A7001", "2026-01-02 08:00:00", "河滨路 3 号", "12"))
    assert find_header(rows, row=9) is None
    assert find_header(_rows([["一", "二"], ["甲", "乙"], ["1", "2"]]), row=1, rows=2) == (1, 2, ("甲", "乙"))


names = st.lists(st.text("甲乙丙丁abcde", min_size=1, max_size=6), min_size=2, max_size=8, unique=True)


@given(names, st.lists(st.text("题目 title", min_size=1).filter(str.strip), max_size=3), st.integers(1, 9))
def test_header_below_any_titles_over_rows_of_numbers_is_found(head: list[str], titles: list[str], rows: int) -> None:
    body = [[str(row * 7 + place) for place in range(len(head))] for row in range(rows + 1)]
    table = [*[[title] for title in titles], head, *body]
    assert find_header(_rows(table)) == (len(titles) + 1, 1, tuple(head))


@given(names, st.lists(st.lists(st.text("甲乙1a", max_size=3), min_size=8, max_size=8), min_size=1, max_size=9))
def test_header_in_the_first_row_stays_the_header_over_full_rows(head: list[str], cells: list[list[str]]) -> None:
    body = [[cell or "空" for cell in row[: len(head)]] for row in cells]
    found = find_header(_rows([head, *body]))
    assert found is not None
    assert (found.row, found.rows) == (1, 1)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        pytest.param([["A1", "1"], ["合 计", "9"]], [(2, "total", "合 计")], id="total"),
        pytest.param([["A1", "1"], ["", "Grand Total:", "9"]], [(2, "total", "Grand Total:")], id="English total"),
        pytest.param([["A1", "1"], ["总计（件）：", "9"]], [(2, "total", "总计（件）：")], id="total with its unit"),
        pytest.param(
            [["A1", "1"], ["合计", "9"], ["制表人：某人", "", "审核：某人"]],
            [(2, "total", "合计"), (3, "footer", "制表人：某人")],
            id="total and signature",
        ),
        pytest.param([["A1", "1"], ["共 12 条"]], [(2, "footer", "共 12 条")], id="count"),
        pytest.param([["合计", "9"], ["A1", "1"]], [], id="a total before a record stays"),
        pytest.param([["A1", "1"], ["总计井盖损坏", "1"]], [], id="a text that begins like one"),
        pytest.param(
            [["A1", "1", "2", "3"], ["备注：某处", "1", "2", "3"]], [], id="a full row that begins like a remark"
        ),
        pytest.param([["A1", "1"], ["A2", "2"]], [], id="records only"),
    ],
)
def test_last_rows_that_are_no_records_are_told_apart(
    last: list[list[str]], expected: list[tuple[int, str, str]]
) -> None:
    assert trailing(_rows(last), 4) == [LeftOut(*one) for one in expected]
