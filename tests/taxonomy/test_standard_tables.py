"""Standards as people keep them in spreadsheets."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import xlsxwriter

from xiuhua.clock.words import Unit
from xiuhua.tables.words import TooManyColumns
from xiuhua.taxonomy.queries import read_tables, undeclared
from xiuhua.taxonomy.rules.limits import limit_text
from xiuhua.taxonomy.words import ClassScheme, Means, SchemeKind, TableReading

CITY = Means(Unit.WORK_DAY, Unit.WORK_HOUR)
SCHEME = ClassScheme("city", {"zh": "某市", "en": "City"}, SchemeKind.LOCAL)
HEADER = "大类代码,大类名称,小类代码,小类名称,立案条件,处置时限,结案条件\n"
FIRST = "01,市容环境,01,暴露垃圾,少量,4小时,清走\n"


def _read(path: Path, *, means: Means = CITY, kind: str = "event", sheet: str = "") -> TableReading:
    return read_tables([path], SCHEME, means=means, kind=kind, sheet=sheet)


def _text(tmp_path: Path, text: str, **given: str) -> TableReading:
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return _read(path, **given)  # type: ignore[arg-type]


def _said(reading: TableReading) -> list[tuple[str, str, str, str]]:
    return [(one.key.code, one.number, one.text, limit_text(one.limits)) for one in reading.conditions]


WASTE = ("0101", "1", "少量", "4工作时")
READ = [
    pytest.param(HEADER + FIRST, [WASTE], id="plain"),
    pytest.param(f"某市立案标准,,,,,,\n,,,,,,\n二〇二五年版,,,,,,\n{HEADER}{FIRST}", [WASTE], id="header-below-titles"),
    pytest.param(f",,\n,,\n{HEADER}{FIRST}", [WASTE], id="header-below-blank-rows"),
    pytest.param(
        HEADER + FIRST + ",,,,堵住通道,2紧急工作时,清走\n,,02,道路不洁,有尘土,2小时,扫净\n",
        [WASTE, ("0101", "2", "堵住通道", "2紧急工作时"), ("0102", "1", "有尘土", "2工作时")],
        id="blank-class-columns-inherit-the-row-above",
    ),
    pytest.param(HEADER + "０１,市容环境,０１,暴露垃圾,少量,４小时,清走\n", [WASTE], id="full-width-digits"),
    pytest.param(HEADER + "01,市容环境,0101,暴露垃圾,少量,4小时,清走\n", [WASTE], id="sub-code-with-its-main-code"),
    pytest.param(HEADER + FIRST + HEADER + "注：天指工作日,,,,,,\n", [WASTE], id="header-again-and-a-note-below"),
    pytest.param(
        "序号,大类,,小类,,立案,处置,结案条件\n,代码,名称,代码,名称,条件,时限,\n1,01,市容环境,01,暴露垃圾,少量,4小时,清走\n",
        [WASTE],
        id="header-of-two-rows",
    ),
    pytest.param(
        "大类 代码,大类\t名称,小类编码,小类名称,立案标准,处理时限(工作日),结案标准\n01,市容环境,01,暴露垃圾,少量,5,清走\n",
        [("0101", "1", "少量", "5工作日")],
        id="other-names-and-the-unit-in-the-heading",
    ),
    pytest.param(
        "kind,big_code,big_name,small_code,small_name,cond_no,filing_condition,limit_text,closing_condition\n"
        "component,01,公用设施,01,井盖,7,缺失,2紧急工作时,补上\n",
        [("0101", "7", "缺失", "2紧急工作时")],
        id="english-names-and-their-own-numbers",
    ),
    pytest.param(HEADER + "01,市容环境,01,暴露垃圾,,,\n", [], id="a-class-without-conditions"),
]


@pytest.mark.parametrize(("text", "expected"), READ)
def test_table_when_read_then_every_condition_stands_under_its_class(
    tmp_path: Path, text: str, expected: list[tuple[str, str, str, str]]
) -> None:
    assert _said(_text(tmp_path, text)) == expected


REFUSED = [
    pytest.param("甲,乙\n1,2\n", [("standard.header_missing", None)], id="no-header"),
    pytest.param("大类代码,小类名称,立案条件\n01,甲,乙\n", [("standard.columns_missing", 1)], id="columns-missing"),
    pytest.param(HEADER + ",,,,少量,4小时,清走\n", [("standard.class_missing", 2)], id="nothing-to-inherit"),
    pytest.param(
        HEADER + FIRST + "02,宣传广告,,,少量,4小时,清\n", [("standard.class_missing", 3)], id="new-main-no-sub"
    ),
    pytest.param(
        HEADER + FIRST + ",,,道路不洁,有尘土,2小时,\n", [("standard.sub_code_missing", 3)], id="sub-without-code"
    ),
    pytest.param(HEADER + "01,市容环境,1A,暴露垃圾,少量,4小时,\n", [("standard.code_form", 2)], id="letters-in-a-code"),
    pytest.param(
        HEADER + "01,市容环境,0201,暴露垃圾,少量,4小时,\n", [("standard.code_main", 2)], id="sub-of-another-main"
    ),
    pytest.param(
        HEADER + FIRST + "01,市容环境,01,道路不洁,有尘土,2小时,\n",
        [("standard.name_differs", 3)],
        id="one-code-two-names",
    ),
    pytest.param(
        HEADER + "01,市容环境,01,暴露垃圾,,4小时,清走\n", [("standard.text_missing", 2)], id="limit-of-nothing"
    ),
    pytest.param(
        HEADER + f"01,市容环境,01,暴露垃圾,{'长' * 1001},4小时,\n",
        [("taxonomy.text_long", 2)],
        id="longer-than-a-condition",
    ),
]


@pytest.mark.parametrize(("text", "expected"), REFUSED)
def test_table_when_a_row_is_unclear_then_it_is_refused_with_its_row(
    tmp_path: Path, text: str, expected: list[tuple[str, int | None]]
) -> None:
    assert [(fault.code, fault.row) for fault in _text(tmp_path, text).faults] == expected


def test_table_when_one_row_is_faulty_then_the_others_are_still_read(tmp_path: Path) -> None:
    reading = _text(tmp_path, HEADER + "01,市容环境,1A,坏,少量,4小时,\n" + FIRST)
    assert ([fault.row for fault in reading.faults], _said(reading)) == ([2], [WASTE])


def test_table_when_a_row_is_faulty_then_the_rows_below_do_not_slip_under_another_class(tmp_path: Path) -> None:
    reading = _text(tmp_path, HEADER + FIRST + "01,市容环境,1A,坏,少量,4小时,\n,,,,大量,2天,清走\n")
    faults = [(fault.code, fault.row) for fault in reading.faults]
    assert (_said(reading), faults) == ([WASTE], [("standard.code_form", 3), ("standard.class_missing", 4)])


def test_table_when_it_does_not_say_event_or_component_then_it_is_refused(tmp_path: Path) -> None:
    assert [fault.code for fault in _text(tmp_path, HEADER + FIRST, kind="").faults] == ["standard.kind_missing"]


def test_table_when_a_limit_is_not_understood_then_the_condition_is_kept_without_one(tmp_path: Path) -> None:
    reading = _text(tmp_path, HEADER + FIRST + ",,,,堆放,及时,清走\n")
    assert _said(reading) == [WASTE, ("0101", "2", "堆放", "")]
    assert [(fault.code, fault.row, fault.column, fault.file) for fault in reading.unread] == [
        ("limit.amount_missing", 3, "处置时限", "table.csv")
    ]
    assert reading.conditions[1].limit_text == "及时"


@pytest.mark.parametrize(
    ("means", "waits"),
    [
        (Means(), {"day", "hour"}),
        (Means(day=Unit.WORK_DAY), {"hour"}),
        (Means(hour=Unit.WORK_HOUR), {"day"}),
        (CITY, set()),
    ],
)
def test_table_when_it_says_days_and_hours_then_it_waits_for_what_they_mean(
    tmp_path: Path, means: Means, waits: set[str]
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(HEADER + FIRST + ",,,,大量,2天,清走\n", encoding="utf-8")
    assert undeclared(_read(path, means=means)) == waits


def test_table_when_a_code_lost_its_zeros_then_it_is_padded_and_that_is_said(tmp_path: Path) -> None:
    reading = _text(tmp_path, HEADER + "1,市容环境,1,暴露垃圾,少量,4小时,清走\n")
    assert _said(reading) == [WASTE]
    assert [(fault.code, fault.row, fault.column) for fault in reading.remarks] == [
        ("standard.code_short", 2, "大类代码"),
        ("standard.code_short", 2, "小类代码"),
    ]


@pytest.fixture
def merged(tmp_path: Path) -> Path:
    """A workbook with a title over everything, a header of two rows, merged classes and numbers for codes."""
    path = tmp_path / "standard.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("说明").write(0, 0, "看第二张表")
        page = book.add_worksheet("部件")
        page.merge_range(1, 1, 1, 7, "某市部件立案标准")
        page.merge_range(2, 1, 2, 2, "大类")
        page.merge_range(2, 3, 2, 4, "小类")
        for place, name in enumerate(("代码", "名称", "代码", "名称"), start=1):
            page.write(3, place, name)
        for place, name in enumerate(("立案条件", "处置时限", "结案条件"), start=5):
            page.merge_range(2, place, 3, place, name)
        page.merge_range(4, 1, 7, 1, 1)
        page.merge_range(4, 2, 7, 2, "公用设施")
        page.merge_range(4, 3, 6, 3, 1)
        page.merge_range(4, 4, 6, 4, "井盖")
        page.merge_range(4, 7, 5, 7, "补上或加固")
        for row, cells in enumerate((("缺失", "2紧急工作时"), ("松动", "2天"), ("有声响", "4小时")), start=4):
            page.write_row(row, 5, cells)
        page.write(6, 7, "加固")
        page.write_number(7, 3, 37)
        page.write_row(7, 4, ["路灯", "不亮", "1天", "已亮"])
        page.merge_range(8, 1, 8, 7, "注：时限自派遣起算")
    return path


def test_workbook_when_cells_are_merged_then_each_row_has_what_the_merged_cell_says(merged: Path) -> None:
    reading = _read(merged, kind="component", sheet="部件")
    assert [
        (one.key.code, one.number, one.text, limit_text(one.limits), one.closing) for one in reading.conditions
    ] == [
        ("0101", "1", "缺失", "2紧急工作时", "补上或加固"),
        ("0101", "2", "松动", "2工作日", "补上或加固"),
        ("0101", "3", "有声响", "4工作时", "加固"),
        ("0137", "1", "不亮", "1工作日", "已亮"),
    ]
    assert reading.faults == ()


def test_workbook_when_a_code_is_a_number_then_its_zeros_are_restored_and_that_is_said(merged: Path) -> None:
    reading = _read(merged, kind="component", sheet="部件")
    numbers = [(fault.row, fault.facts["text"], fault.facts["code"]) for fault in reading.remarks if fault.column]
    assert {fault.code for fault in reading.remarks if fault.column} == {"standard.code_number"}
    assert sorted(set(numbers)) == [(row, "1", "01") for row in (5, 6, 7, 8)]
    assert [fault.row for fault in reading.remarks if fault.code == "standard.row_passed"] == [9]


def test_table_when_it_is_wider_than_any_standard_then_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooManyColumns):
        _text(tmp_path, "," * 300 + "\n")


def test_tables_when_two_files_hold_the_same_condition_then_the_second_is_refused(tmp_path: Path) -> None:
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for path in paths:
        path.write_text(HEADER + FIRST, encoding="utf-8")
    reading = read_tables(paths, SCHEME, means=CITY, kind="event")
    assert [(fault.code, fault.file, fault.row) for fault in reading.faults] == [
        ("standard.condition_twice", "b.csv", 2)
    ]


FILES = ("filing-standard-events.csv", "filing-standard-components.csv")
ORACLE = {
    "work_day": Unit.WORK_DAY,
    "work_hour": Unit.WORK_HOUR,
    "urgent_hour": Unit.URGENT_HOUR,
    "urgent_day": Unit.CALENDAR_DAY,
}


@pytest.mark.real
def test_real_standard_when_both_tables_are_imported_then_all_conditions_come_with_their_units(real_data: Path) -> None:
    paths = [real_data / "cn" / name for name in FILES]
    reading = read_tables(paths, SCHEME, means=CITY)
    rows = [row for path in paths for row in csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())]
    assert (len(reading.conditions), len(rows), reading.faults) == (519, 519, ())
    right = sum(
        len(one.limits) == 1
        and (one.limits[0].limit.amount, one.limits[0].limit.unit)
        == (int(row["limit_value"]), ORACLE[row["limit_unit"]])
        for one, row in zip(reading.conditions, rows, strict=True)
    )
    assert right / 519 >= 0.95
    assert [one.limit_text for one in reading.conditions] == [row["limit_text"] for row in rows]
    assert len(reading.unread) == 519 - sum(bool(one.limits) for one in reading.conditions)
    assert undeclared(read_tables(paths, SCHEME, means=Means())) == {"day", "hour"}
