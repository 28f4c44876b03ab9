"""The file that goes back: the same cells in the same order, faults marked, reasons beside them."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from django.utils import translation
from tests.exchange.corpus import CHINESE_SEEDS, chinese, write

from xiuhua.exchange.actions import import_cases
from xiuhua.exchange.actions.importing import NotWhatWasChecked
from xiuhua.exchange.health import check_file
from xiuhua.exchange.marked import mark_file
from xiuhua.exchange.rules.health.catalogue import CHECKS
from xiuhua.exchange.rules.mappings import parse_mapping
from xiuhua.exchange.words import Mapping
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor

RED, YELLOW = "FFF4B6B0", "FFFBE3B0"
HEAD = ("编号", "上报", "截止", "结案", "标题", "大类", "小类", "部门", "网格", "社区", "经度", "纬度", "阶段", "超时")


def _back(office: Tenant, path: Path, how: Mapping, at: datetime) -> Any:
    health = check_file(office, path, how, at=at)
    return openpyxl.load_workbook(BytesIO(mark_file(office, path, how, health)))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook with a real time, a text number, a figure and a true value; its second row is blank."""
    path = tmp_path / "十月.xlsx"
    with xlsxwriter.Workbook(path) as made:
        page = made.add_worksheet("十月")
        page.write_row(0, 0, HEAD)
        page.write_string(0, 14, "备注")
        moment = made.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for row, (number, closed, lon) in enumerate(
            [("00000000000000001", "2026-10-04 08:00", 120.005), ("2", "待定", 120.005), ("3", "", 121.5)], start=2
        ):
            cells = ["标题", "大类", "小类", "养护一队", "", "东河社区"]
            page.write_string(row, 0, number)
            page.write_datetime(row, 1, datetime(2026, 10, 3, 8, 0), moment)  # noqa: DTZ001 - a workbook's clock
            page.write_string(row, 2, "2026-10-05 08:00")
            page.write_string(row, 3, closed)
            page.write_row(row, 4, cells)
            page.write_number(row, 10, lon)
            page.write_number(row, 11, 31.005)
            page.write_boolean(row, 14, True)  # noqa: FBT003 - a cell
        made.add_worksheet("别的")
    return path


def test_file_back_keeps_sheet_order_and_kinds_and_marks_what_is_wrong(
    communities: Tenant, mapping: Mapping, book: Path, at: datetime
) -> None:
    made = _back(communities, book, mapping, at)
    assert made.sheetnames == ["十月", "检查结果"]
    page = made["十月"]
    assert [cell.value for cell in page[1]] == [*HEAD, "备注", "问题（检查）"]
    assert [page.cell(row, 1).value for row in (2, 3, 4, 5)] == [None, "00000000000000001", "2", "3"]
    assert [page.cell(3, column).value for column in (2, 4, 11, 15)] == [
        datetime(2026, 10, 3, 8, 0),  # noqa: DTZ001 - a workbook's clock
        "2026-10-04 08:00",
        120.005,
        True,
    ]
    assert (page.cell(3, 16).value, page.cell(3, 4).fill.fgColor.rgb) == (None, "00000000")
    assert (page.cell(4, 4).value, page.cell(4, 4).fill.fgColor.rgb) == ("待定", RED)
    assert page.cell(4, 16).value == "“结案”：“待定”不是按 ymd 次序写的时间。"
    assert page.cell(4, 4).comment.text == page.cell(4, 16).value
    assert page.cell(5, 11).fill.fgColor.rgb == YELLOW
    assert page.cell(5, 16).value == "“经度”：坐标不在本单位辖区内。"
    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", "A1:P5")
    checks = {row[0]: row[2] for row in made["检查结果"].iter_rows(min_row=2, values_only=True)}
    assert list(checks) == [one.id for one in CHECKS]
    assert (checks["unreadable.time"], checks["place.outside"], checks["record.changed"]) == (1, 1, "没有运行")


def test_file_back_of_a_workbook_without_an_ending_is_told_by_its_content(
    communities: Tenant, mapping: Mapping, book: Path, at: datetime
) -> None:
    assert _back(communities, book.rename(book.with_suffix("")), mapping, at).sheetnames == ["十月", "检查结果"]


def test_file_back_of_a_text_file_is_a_workbook(
    communities: Tenant, mapping: Mapping, at: datetime, table: Any, case: Any
) -> None:
    path = table(case("1"), case("002", 部门="", 标题="=1+1"))
    page = _back(communities, path, mapping, at)["CSV"]
    assert [cell.value for cell in page["A"]] == ["编号", "1", "002"]
    assert (page["E3"].value, page["E3"].data_type) == ("=1+1", "s")
    assert page["O3"].value.splitlines()[0] == "“部门”：没有处置单位。"


def test_file_back_in_english_speaks_english(
    communities: Tenant, mapping: Mapping, at: datetime, table: Any, case: Any
) -> None:
    path = table(case("1", 部门="", 社区="东河社区"))
    with translation.override("en"):
        page = _back(communities, path, mapping, at)["CSV"]
    assert (page["O1"].value, page["O2"].value) == ("Problems (check)", "“部门”: No unit.")


def test_file_back_when_imported_again_is_the_same_rows(
    communities: Tenant, mapping: Mapping, at: datetime, ana: Actor, table: Any, case: Any, tmp_path: Path
) -> None:
    path = table(case("1"), case("2", 部门=""))
    import_cases(communities, path, mapping, by=ana, at=at)
    back = tmp_path / "back.xlsx"
    back.write_bytes(mark_file(communities, path, mapping, check_file(communities, path, mapping, at=at)))
    report = import_cases(communities, back, mapping, by=ana, at=at)
    assert (report.unchanged, report.updated, report.created) == (2, 0, 0)


def test_file_back_when_the_file_is_another_then_refused(
    communities: Tenant, mapping: Mapping, at: datetime, table: Any, case: Any
) -> None:
    health = check_file(communities, table(case("1")), mapping, at=at)
    with pytest.raises(NotWhatWasChecked):
        mark_file(communities, table(case("2")), mapping, health)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_file_back_names_every_row_on_which_a_check_found_something(
    communities: Tenant, at: datetime, tmp_path: Path, ending: str
) -> None:
    how = parse_mapping((Path(__file__).parent / "district.toml").read_text(encoding="utf-8"))
    corpus = chinese()
    for name in ("unreadable.time", "missing.unit", "row.void", "repeat.different", "place.pile"):
        CHINESE_SEEDS[name].sow(corpus)
    path = write(corpus, tmp_path / f"cases.{ending}")
    rows = list(_back(communities, path, how, at).worksheets[0].iter_rows(min_row=2, values_only=True))
    assert len(rows) == len(corpus.lines())
    said = [str(row[-1]) for row in rows if row[-1]]
    counted = {
        text: sum(text in one for one in said)
        for text in ("不是按 ymd", "没有处置单位", "作废件", "重复而内容", "默认坐标")
    }
    assert counted == {"不是按 ymd": 4, "没有处置单位": 3, "作废件": 5, "重复而内容": 3, "默认坐标": 9}
