"""A clerk's workbook: titles, a total and a signature, full width, hidden rows and formulas – imported, each thing said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter

from xiuhua.cases.models import Case
from xiuhua.exchange.models import ImportBatch
from xiuhua.exchange.queries import findings
from xiuhua.exchange.words import ImportReport, Mapping
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.phrases import fault_sentence
from xiuhua.kernel.words import Fault


def test_import_of_a_clerks_workbook_takes_the_cases_and_says_what_else_is_in_it(
    communities: Tenant,
    mapping: Mapping,
    case: Callable[..., dict[str, str]],
    take: Callable[..., ImportReport],
    tmp_path: Path,
) -> None:
    path = tmp_path / "上月案件.xlsx"
    rows = [
        case("甲１０１", 经度="１２０．００５", 上报="２０２６－１０－０３　０８：００"),
        case("甲102"),
        case("甲103"),
    ]
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.merge_range(0, 0, 0, 12, "某街道上月案件")
        page.write_row(1, 0, ["导出时间：2026-11-01", "", "导出人：某人"])
        page.write_row(3, 0, list(rows[0]))
        for at, row in enumerate(rows, start=4):
            page.write_row(at, 0, list(row.values()))
        page.write_formula(5, 4, '=CONCATENATE("井盖","缺失")', None, "井盖缺失")
        page.set_row(6, None, None, {"hidden": True})
        page.write_row(7, 0, ["合计", "", "", "3"])
        page.write_row(9, 0, ["制表：某人"])
    report = take(communities, path, mapping)
    assert (report.rows, report.created, report.refused) == (3, 3, 0)
    assert list(Case.objects.order_by("number").values_list("number", "title")) == [
        (number, "井盖缺失") for number in ("甲101", "甲102", "甲103")
    ]
    first = Case.objects.get(number="甲101")
    assert (first.reported_at, first.longitude) == (datetime(2026, 10, 3, tzinfo=UTC), 120.005)
    said = [(one.code, one.row, one.facts) for one in findings(ImportBatch.objects.get())]
    assert sorted(one for one in said if one[0] != "packs_undecided") == [
        ("formula_cells", None, {"n": 1}),
        ("hidden_rows", None, {"n": 1}),
        ("row_footer", 10, {"text": "制表：某人"}),
        ("row_total", 8, {"text": "合计"}),
    ]
    assert (
        fault_sentence(Fault("row_total", 8, facts={"text": "合计"})) == "第 8 行：是合计（“合计”），没有当作案件导入。"
    )


def test_import_when_the_mapping_states_the_header_then_that_row(
    communities: Tenant,
    mapped: Callable[..., Mapping],
    case: Callable[..., dict[str, str]],
    take: Callable[..., ImportReport],
    tmp_path: Path,
) -> None:
    path = tmp_path / "cases.csv"
    row = case("1")
    lines = [row.keys(), [f"旧{name}" for name in row], row.keys(), row.values()]
    path.write_text("".join(",".join(one) + "\n" for one in lines), encoding="gb18030")
    stated = mapped(("[columns]", "header_row = 3\n[columns]"))
    assert (take(communities, path, stated).rows, Case.objects.get().number) == (1, "1")
