"""Rows of a holiday table as people write them: dates, lists and ranges of dates, and what they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from xiuhua.clock.words import DayKind
from xiuhua.kernel.words import Fault

#: Usual headings of each column, compared without spaces and in lower case.
HEADINGS = {
    "date": ("日期", "时间", "放假日期", "date", "day", "dates"),
    "kind": ("类型", "性质", "安排", "类别", "kind", "type"),
    "name": ("名称", "节日", "节假日", "假日", "说明", "name", "holiday"),
    "source": ("来源", "依据", "文号", "source"),
}
_KINDS = {
    **dict.fromkeys(("放假", "休", "休息", "假", "节假日", "假期", "holiday", "off"), DayKind.HOLIDAY),
    **dict.fromkeys(("上班", "班", "调休上班", "调休", "补班", "工作日", "workday", "working"), DayKind.WORKDAY),
}
_DAY = r"(?:(?:(?P<y{0}>\d{{4}})[-/.年])?(?P<m{0}>\d{{1,2}})[-/.月])?(?P<d{0}>\d{{1,2}})日?"
_RANGE = re.compile(_DAY.format(1) + r"(?:(?:至|到|~|—|–|－|\.\.)" + _DAY.format(2) + ")?")
_MOST_DAYS = 60


@dataclass(frozen=True, slots=True)
class TableDay:
    """A day of the table as read."""

    day: date
    kind: DayKind
    name: str
    source: str


def columns(header: Sequence[str]) -> dict[str, int]:
    """Return the places of the columns that the usual headings name."""
    plain = [re.sub(r"\s", "", name).lower() for name in header]
    found = {}
    for field, names in HEADINGS.items():
        place = next((plain.index(name) for name in names if name in plain), None)
        if place is not None:
            found[field] = place
    return found


def read_row(row: int, cells: dict[str, str | date | datetime]) -> tuple[list[TableDay], list[Fault]]:
    """Return the days of one row of the table, or what is wrong with it.

    A cell holds a date, several with 、 between them, or a range as “2027年10月1日至7日”; the month and the year of
    a later date are those of the one before it in the cell. A date without a year is refused, not guessed.
    """
    kind_text = str(cells.get("kind", "")).strip()
    kind = _KINDS.get(kind_text.lower())
    faults = [] if kind else [Fault("holidays.kind", row=row, column="kind", facts={"text": kind_text})]
    days, wrong = _days(cells.get("date", ""))
    if wrong:
        faults.append(Fault(wrong, row=row, column="date", facts={"text": str(cells.get("date", ""))}))
    if faults or kind is None:
        return [], faults
    name, source = (str(cells.get(field, "")).strip() for field in ("name", "source"))
    return [TableDay(day, kind, name, source) for day in days], []


def _days(cell: str | date | datetime) -> tuple[list[date], str]:
    """Return the days of a cell, or the code of its fault."""
    if isinstance(cell, date):
        return [cell.date() if isinstance(cell, datetime) else cell], ""
    found: list[date] = []
    text = re.sub(r"\s|[（(][^）)]*[）)]", "", unicodedata.normalize("NFKC", cell))
    last: date | None = None
    for part in re.split(r"[、,，;；和]", text):
        match = _RANGE.fullmatch(part)
        first = _date(match, 1, last) if match else None
        if match and first is None and not match["y1"] and last is None:
            return [], "holidays.year_missing"
        until = _date(match, 2, first) if match and match["d2"] else first
        if first is None or until is None or not 0 <= (until - first).days <= _MOST_DAYS:
            return [], "holidays.date"
        found += [first + timedelta(days=number) for number in range((until - first).days + 1)]
        last = until
    return found, ""


def _date(match: re.Match[str], number: int, before: date | None) -> date | None:
    year, month, day = (match[f"{part}{number}"] for part in "ymd")
    if before is None and not (year and month):
        return None
    try:
        return date(int(year or before.year), int(month or before.month), int(day))  # type: ignore[union-attr]
    except ValueError:
        return None
