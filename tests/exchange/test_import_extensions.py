"""Filing condition and extensions, as the file says them."""

from __future__ import annotations

import pytest

from xiuhua.exchange.rules.mappings import parse_mapping
from xiuhua.exchange.rules.rows import Faulty, RowReader

MAPPING = """
schema = 1
code = "platform"
name = "城运平台"
zone = "Asia/Shanghai"
date_order = "ymd"
[columns]
number = "编号"
reported_at = "上报"
condition = "立案条件"
extensions = "延期次数"
"""
HEADER = ("编号", "上报", "立案条件", "延期次数")


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("0", 0), ("2", 2), ("2.0", 2)],
    ids=["nothing", "none", "twice", "a workbook's number"],
)
def test_extensions_are_a_count(text: str, count: int) -> None:
    row = RowReader(parse_mapping(MAPPING), HEADER).read(2, ["A1", "2026-10-03 08:15", "3", text])
    assert (row.condition, row.extensions) == ("3", count)


@pytest.mark.parametrize("text", ["两次", "-1", "1.5", "1000"])
def test_extensions_that_are_no_count_refuse_the_row(text: str) -> None:
    with pytest.raises(Faulty) as faulty:
        RowReader(parse_mapping(MAPPING), HEADER).read(2, ["A1", "2026-10-03 08:15", "3", text])
    assert [(one.code, one.column) for one in faulty.value.faults] == [("import.extensions_unreadable", "延期次数")]
