"""Holiday tables as offices keep them: dates in cells become a pack, and what is not understood is refused by row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from tests.clock.calendars import STREET

from xiuhua.clock.packs import HOLIDAYS_KIND
from xiuhua.clock.rules.packs import holiday_table
from xiuhua.clock.tables import FolderTaken, HolidayColumns, HolidaysRefused, YearUnclear, holiday_pack, write_pack
from xiuhua.kernel.queries import read_pack

TABLE = """日期,类型,名称
2026年1月1日至3日,放假,元旦
2026年1月4日,调休上班,元旦
2026年2月15日至23日,放假,春节
2026年2月14日、2月28日,上班,春节
2026-04-04..2026-04-06,休,清明节
2026/5/1—5/5,放假,劳动节
2026年5月9日（周六）,补班,劳动节
2026年6月19日至6月21日,放假,端午节
2026年9月25日至27日,放假,中秋节
2026年10月1日至7日,放假,国庆节
2026年9月20日、10月10日,上班,国庆节
"""


def _csv(folder: Path, text: str) -> Path:
    path = folder / "holidays.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_table_of_ranges_becomes_the_pack_of_the_year(tmp_path: Path) -> None:
    files, report = holiday_pack(_csv(tmp_path, TABLE), code="cn", version="2026-9")
    write_pack(tmp_path / "holidays/cn/2026-9", files)
    content = read_pack(tmp_path / "holidays/cn/2026-9")
    assert HOLIDAYS_KIND.check(content) == []
    table, _faults = holiday_table(content)
    ours = {day: (mark.kind, mark.name) for day, mark in table.days.items()}
    assert ours == {day: (mark.kind, mark.name) for day, mark in STREET.days.items() if day.year == 2026}
    assert (report["days"], report["years"]) == (39, [2026])


def test_table_of_a_workbook_has_dates_as_dates(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Date", "Type", "Name"], [date(2027, 1, 1), "holiday", "New Year"], [date(2027, 1, 3), "workday", ""]):
        sheet.append(row)
    book.save(tmp_path / "h.xlsx")
    files, report = holiday_pack(tmp_path / "h.xlsx", code="x", version="1")
    assert files["days.csv"] == (
        "date,kind,name,works_as,source\n2027-01-01,holiday,New Year,,h.xlsx\n2027-01-03,workday,,,h.xlsx\n"
    )
    assert (report["first"], report["last"]) == ("2027-01-01", "2027-01-03")


REFUSED = {
    "no year": ("10月1日至7日,放假,国庆节", "holidays.year_missing"),
    "no such day": ("2026-02-30,放假,", "holidays.date"),
    "a range turned round": ("2026年10月7日至1日,放假,", "holidays.date"),
    "a range of a year": ("2026年1月1日至12月31日,放假,", "holidays.date"),
    "words": ("国庆,放假,", "holidays.date"),
    "neither off nor worked": ("2026-10-01,半天,", "holidays.kind"),
}


@pytest.mark.parametrize(("row", "code"), REFUSED.values(), ids=REFUSED)
def test_row_that_is_not_understood_is_refused_with_its_number(tmp_path: Path, row: str, code: str) -> None:
    with pytest.raises(HolidaysRefused) as refused:
        holiday_pack(_csv(tmp_path, f"日期,类型,名称\n2026-01-01,放假,元旦\n{row}\n"), code="x", version="1")
    assert [(fault.row, fault.code) for fault in refused.value.faults] == [(3, code)]


def test_day_both_off_and_worked_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HolidaysRefused) as refused:
        holiday_pack(_csv(tmp_path, "日期,类型\n2026-01-01,放假\n2026-01-01,上班\n"), code="x", version="1")
    assert [(fault.row, fault.code) for fault in refused.value.faults] == [(3, "holidays.contradiction")]


def test_table_without_its_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HolidayColumns):
        holiday_pack(_csv(tmp_path, "甲,乙\n1,2\n"), code="x", version="1")


def test_days_of_several_years_ask_which_are_announced(tmp_path: Path) -> None:
    table = _csv(tmp_path, "日期,类型,名称\n2026年12月31日,放假,元旦\n2027年1月1日,放假,元旦\n")
    with pytest.raises(YearUnclear):
        holiday_pack(table, code="x", version="1")
    files, _report = holiday_pack(table, code="x", version="1", years=[2027])
    # of 2026 only the one day is known
    assert files["holidays.toml"] == (
        "[[known]]\nfirst = 2026-12-31\nlast = 2026-12-31\n\n[[known]]\nfirst = 2027-01-01\nlast = 2027-12-31\n\n"
    )


def test_version_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    write_pack(tmp_path / "v", {"pack.toml": "a"})
    with pytest.raises(FolderTaken):
        write_pack(tmp_path / "v", {"pack.toml": "b"})
    assert (tmp_path / "v/pack.toml").read_text(encoding="utf-8") == "a"
