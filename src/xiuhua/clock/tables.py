"""Holiday tables come in: a spreadsheet of dates becomes a new version of a holiday pack."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from xiuhua.clock.rules.holidays import TableDay, columns, read_row
from xiuhua.clock.rules.packs import DAY_COLUMNS, DAYS_FILE, HOLIDAYS
from xiuhua.clock.words import Span
from xiuhua.kernel.words import Fault, Refusal, marked
from xiuhua.tables.reading import open_table


class HolidaysRefused(Refusal):
    """Rows of the table cannot be used; nothing was written."""

    code = "holidays.refused"
    sentence = marked("节假日表有 %(count)s 处看不懂，没有写出数据包。")


class HolidayColumns(Refusal):
    """The table has no column of dates or of kinds."""

    code = "holidays.columns"
    sentence = marked("表头要有“日期”和“类型”两栏（“名称”“来源”可有可无），这份表有：%(header)s。")


class YearUnclear(Refusal):
    """The days lie in several years and nobody said which years are announced in full."""

    code = "holidays.years"
    sentence = marked("表里有 %(years)s 几年的日子：请用 --year 写明哪几年已全部公布，没有全公布的年份不能当作已知。")


class FolderTaken(Refusal):
    """The folder has something in it: a version is written once."""

    code = "holidays.folder"
    sentence = marked("“%(folder)s”里已有文件。版本定了就不改，请换一个版本号。")


def holiday_pack(
    path: Path,
    *,
    code: str,
    version: str,
    years: Sequence[int] = (),
    effective_from: date | None = None,
) -> tuple[dict[str, str], dict[str, Any]]:
    """Return the files of a holiday pack made from a table, and a report of it.

    `years` are announced in full by the table; one year may be left to be found. Days of the table in other years
    (the end of December before New Year) are known by themselves. The pack is in force from `effective_from`, by default the first of `years`. Raises HolidayColumns, HolidaysRefused with all faults, YearUnclear, refusals of `tables`.
    """
    table = open_table(path, whole=True)
    places = columns(table.header)
    if not {"date", "kind"} <= set(places):
        raise HolidayColumns(header="、".join(table.header))
    days = _read(table.rows(), places)
    found = sorted({each.day.year for each in days})
    if not years and len(found) > 1:
        raise YearUnclear(years="、".join(map(str, found)))
    known = _known(days, years or found)
    rows = _rows(days, path.name)
    effective = effective_from or date(min(years or found), 1, 1)
    files = {
        "pack.toml": _header(code, version, effective, path.name, known),
        "holidays.toml": "".join(f"[[known]]\nfirst = {span.first}\nlast = {span.last}\n\n" for span in known),
        DAYS_FILE: _csv(rows),
    }
    report = {"days": len(rows), "first": rows[0][0], "last": rows[-1][0], "years": list(years or found)}
    return files, report


def write_pack(folder: Path, files: Mapping[str, str]) -> None:
    """Write a pack's files into a new folder. Raises FolderTaken if there is anything in it."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderTaken(folder=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def _read(rows: Iterable[tuple[int, Sequence[Any]]], places: Mapping[str, int]) -> list[TableDay]:
    days: dict[date, TableDay] = {}
    faults: list[Fault] = []
    for number, cells in rows:
        found, wrong = read_row(number, {field: cells[place] for field, place in places.items() if place < len(cells)})
        for each in found:
            held = days.setdefault(each.day, each)
            if held.kind != each.kind:
                wrong.append(Fault("holidays.contradiction", row=number, facts={"text": each.day.isoformat()}))
        faults += wrong
    if not faults and not days:
        faults = [Fault("holidays.empty")]
    if faults:
        raise HolidaysRefused(faults, count=len(faults))
    return [days[day] for day in sorted(days)]


def _known(days: Sequence[TableDay], years: Sequence[int]) -> list[Span]:
    spans = [Span(date(year, 1, 1), date(year, 12, 31)) for year in years]
    for each in days:
        if not any(span.first <= each.day <= span.last for span in spans):
            spans.append(Span(each.day, each.day))
    return sorted(set(spans), key=lambda span: (span.first, span.last))


def _rows(days: Sequence[TableDay], source: str) -> list[tuple[str, ...]]:
    return [(each.day.isoformat(), each.kind.value, each.name, "", each.source or source) for each in days]


def _csv(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(DAY_COLUMNS)
    writer.writerows(rows)
    return text.getvalue()


def _header(code: str, version: str, effective: date, source: str, known: Sequence[Span]) -> str:
    span = f"{known[0].first.year}–{known[-1].last.year}"
    quoted = source.replace("\\", "").replace('"', "")
    return (
        f'schema = 1\nkind = "{HOLIDAYS}"\ncode = "{code}"\nversion = "{version}"\n'
        f'title = {{ zh = "节假日（{span}）", en = "Holidays ({span})" }}\n'
        f'effective_from = {effective}\n\n[provenance]\nsource = "{quoted}"\n'
    )
