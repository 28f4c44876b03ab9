"""Otherwise realistic exports with every check seeded at a known count: the same bytes for the same seeds.

Everything in them is made up. `chinese()` has the columns of a district platform's export, `english()` those of a city's
hotline. A seed takes fresh rows from a common pool, so that seeds can stand alone or all together.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

Cell = str | datetime | date
Row = dict[str, Cell]
#: What XlsxWriter is told to write for a formula that failed.
FAILED = "#N/A"

#: Rows of the file that the platform had sent before: nothing but changes and disappearances is seeded there.
SENT = 20
ROWS = 280
WEEKDAYS = [date(2026, 9, 7) + timedelta(days=day) for day in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)]


@dataclass
class Corpus:
    """A file to be: rows in order, and the pool of those that no seed has touched yet."""

    header: tuple[str, ...]
    rows: list[Row]
    #: Rows that are cut short in text files.
    short: set[int] = field(default_factory=set)
    #: Rows that a workbook hides.
    hidden: set[int] = field(default_factory=set)
    #: What stands below the last row and is no case: the first cells of each line.
    below: list[list[str]] = field(default_factory=list)
    extra: list[Row] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)
    at: int = SENT

    def take(self, times: int) -> Iterator[Row]:
        """Yield so many rows that nobody has touched."""
        for _time in range(times):
            self.at += 1
            yield self.rows[self.at - 1]

    def lines(self) -> list[Row]:
        """Return the rows as they are written."""
        return [row for at, row in enumerate(self.rows) if at not in self.gone] + self.extra


def change(times: int, **cells: Cell) -> Callable[[Corpus], None]:
    """Return a seed that writes these cells into so many rows."""

    def seed(corpus: Corpus) -> None:
        for row in corpus.take(times):
            row.update(cells)

    return seed


def move(times: int, column: str, by: timedelta, origin: str = "", **cells: Cell) -> Callable[[Corpus], None]:
    """Return a seed that writes another column's time, moved, into so many rows."""

    def seed(corpus: Corpus) -> None:
        for row in corpus.take(times):
            moment = row[origin or column]
            assert isinstance(moment, datetime)
            row[column] = moment + by
            row.update(cells)

    return seed


def again(times: int, **cells: Cell) -> Callable[[Corpus], None]:
    """Return a seed that appends copies of so many rows with these cells changed; "+n" in a cell counts them."""

    def seed(corpus: Corpus) -> None:
        for n, row in enumerate(list(corpus.take(times))):
            told = {key: text.replace("+n", str(n)) if isinstance(text, str) else text for key, text in cells.items()}
            corpus.extra.append({**row, **told})

    return seed


def chinese() -> Corpus:
    """Return the clean export of a district's platform, 24 columns and its verdict."""
    return Corpus(CHINESE, [_chinese(n) for n in range(ROWS)])


def english() -> Corpus:
    """Return the clean export of a hotline with English columns and American dates."""
    return Corpus(ENGLISH, [_english(n) for n in range(ROWS)])


CHINESE = (
    *(
        "上报时间",
        "任务号",
        "大类名称",
        "小类名称",
        "问题来源",
        "问题描述",
        "当前阶段名称",
        "处置部门",
        "捆绑处置截止时间",
    ),
    *(
        "结案时间",
        "所属片区",
        "问题类型",
        "地址描述",
        "所属街道",
        "所属社区",
        "监督员",
        "处置截止时间",
        "X坐标",
        "Y坐标",
    ),
    *("延期理由", "处置意见", "单元网格", "延期次数", "所属区域", "是否超时"),
)
ENGLISH = (
    *("request id", "opened", "due", "closed", "status", "on time", "category", "type", "department", "source"),
    *("summary", "address", "neighborhood", "longitude", "latitude", "updated"),
)


def _chinese(n: int) -> Row:
    reported = datetime.combine(WEEKDAYS[n % 10], datetime.min.time()) + timedelta(hours=9, minutes=n // 10)
    place = n % 2
    garbage = n % 3 != 0
    return {
        "上报时间": reported,
        "任务号": f"2026{n:010d}",
        "大类名称": "市容环境" if garbage else "宣传广告",
        "小类名称": "暴露垃圾" if garbage else "非法小广告",
        "问题来源": "监督员上报" if n % 4 else "12345热线",
        "问题描述": f"巡查发现第{n}处{'垃圾未清' if garbage else '墙面小广告'}，请安排处理。",
        "当前阶段名称": "[结案]",
        "处置部门": "养护一队",
        "捆绑处置截止时间": reported + timedelta(hours=5, minutes=30),
        "结案时间": reported + timedelta(hours=2),
        "所属片区": "城区片",
        "问题类型": "事件",
        "地址描述": f"河滨路{n % 90 + 1}号旁",
        "所属街道": "星河街道",
        "所属社区": ("东河社区", "西河社区")[place],
        "监督员": f"{n % 6 + 1}号岗",
        "处置截止时间": reported + timedelta(hours=5, minutes=30),
        "X坐标": f"{120.0005 + place * 0.01 + (n % 95) * 0.00009:.6f}",
        "Y坐标": f"{31.0005 + (n * 7 % 97) * 0.00009:.6f}",
        "延期理由": "",
        "处置意见": "已清理",
        "单元网格": "",
        "延期次数": "0",
        "所属区域": "星汉区",
        "是否超时": "否",
    }


def _english(n: int) -> Row:
    opened = datetime.combine(WEEKDAYS[n % 10], datetime.min.time()) + timedelta(hours=9, minutes=n // 10)
    return {
        "request id": f"1010{n:08d}",
        "opened": opened,
        "due": opened + timedelta(days=2),
        "closed": opened + timedelta(hours=30),
        "status": "Closed",
        "on time": "ONTIME",
        "category": "Street cleaning",
        "type": ("Missed trash", "Litter")[n % 2],
        "department": "Public works",
        "source": ("App", "Call")[n % 2],
        "summary": f"Litter at corner {n}",
        "address": f"{n % 90 + 1} Harbour Street",
        "neighborhood": ("东河社区", "西河社区")[n % 2],
        "longitude": f"{120.0005 + n % 2 * 0.01 + (n % 95) * 0.00009:.6f}",
        "latitude": f"{31.0005 + (n * 7 % 97) * 0.00009:.6f}",
        "updated": str(n),
    }


def _cut(corpus: Corpus) -> None:
    for row in corpus.take(2):
        corpus.short.add(id(row))


def _hide(corpus: Corpus) -> None:
    for row in corpus.take(3):
        corpus.hidden.add(id(row))


def _total(corpus: Corpus) -> None:
    corpus.below += [["合计", "", "", str(len(corpus.rows))], ["制表人：某某"]]


def _vanish(corpus: Corpus) -> None:
    corpus.gone |= {5, 6}


def _changed(corpus: Corpus) -> None:
    for at in (8, 9, 11):
        corpus.rows[at]["处置意见"] = "已清理并复查"


def _august(corpus: Corpus) -> None:
    for n, row in enumerate(corpus.take(3)):
        reported = datetime(2026, 8, 12, 9, n)  # noqa: DTZ001 - the wall clock of a file
        row["上报时间"], row["结案时间"] = reported, reported + timedelta(hours=1)
        row["捆绑处置截止时间"] = reported + timedelta(hours=5, minutes=30)


def _pile(corpus: Corpus) -> None:
    for row in corpus.take(9):
        row["X坐标"], row["Y坐标"] = "120.005555", "31.005555"


def _fall(corpus: Corpus) -> None:
    """1:30 in the night in which Boston's clocks go back comes twice."""
    for row in corpus.take(2):
        row["opened"] = datetime(2026, 11, 1, 1, 30)  # noqa: DTZ001 - the wall clock of a file
        row["due"], row["closed"] = datetime(2026, 11, 5, 9, 0), datetime(2026, 11, 2, 9, 0)  # noqa: DTZ001


def _versions(corpus: Corpus) -> None:
    for row in list(corpus.take(2)):
        corpus.extra.append({**row, "updated": "9" + str(row["updated"]), "summary": "Seen to"})


@dataclass(frozen=True)
class Seed:
    """How a check is sown, and every count that a report must find of it."""

    sow: Callable[[Corpus], None]
    counts: Mapping[str, int]
    #: Which formats can carry it.
    formats: tuple[str, ...] = ("csv", "xlsx")


def _seed(check: str, count: int, sow: Callable[[Corpus], None], also: Mapping[str, int] | None = None) -> Seed:
    return Seed(sow, {check: count, **(also or {})})


_LATER = datetime(2027, 3, 1, 9, 0)  # noqa: DTZ001 - the wall clock of a file

CHINESE_SEEDS: dict[str, Seed] = {
    "missing.number": _seed("missing.number", 2, change(2, 任务号="")),
    "missing.reported": _seed("missing.reported", 3, change(3, 上报时间="")),
    "mangled.number": _seed("mangled.number", 2, change(2, 任务号="4.40305202610030E+17")),
    "unreadable.time": _seed("unreadable.time", 4, change(4, 结案时间="处理后")),
    "unreadable.coordinate": _seed("unreadable.coordinate", 2, change(2, X坐标="路口东侧")),
    "unreadable.extensions": _seed("unreadable.extensions", 2, change(2, 延期次数="两次")),
    "row.cells": Seed(_cut, {"row.cells": 2}, ("csv",)),
    "rows.hidden": Seed(_hide, {"rows.hidden": 3}, ("xlsx",)),
    "rows.left_out": _seed("rows.left_out", 2, _total),
    "row.long": _seed("row.long", 1, change(1, 任务号="9" * 81)),
    "repeat.different": _seed("repeat.different", 3, again(3, 处置意见="另一份")),
    "taken.number": _seed("taken.number", 1, change(1, 任务号="T1")),
    "missing.due": _seed("missing.due", 3, change(3, 捆绑处置截止时间="", 是否超时="")),
    "missing.closed": _seed("missing.closed", 2, change(2, 结案时间="", 是否超时="")),
    "missing.class": _seed("missing.class", 2, change(2, 大类名称="", 小类名称="")),
    "missing.unit": _seed("missing.unit", 3, change(3, 处置部门="")),
    "missing.community": _seed("missing.community", 4, change(4, 所属社区="")),
    "missing.coordinate": _seed("missing.coordinate", 5, change(5, X坐标="", Y坐标="")),
    "missing.address": _seed("missing.address", 6, change(6, 地址描述="  ")),
    "order.closed_first": _seed("order.closed_first", 2, move(2, "结案时间", -timedelta(hours=1), "上报时间")),
    "order.due_first": _seed(
        *("order.due_first", 2, move(2, "捆绑处置截止时间", -timedelta(hours=1), "上报时间", 是否超时="")),
        {"deadline.differs": 2},
    ),
    "order.future": _seed("order.future", 2, change(2, 结案时间=_LATER, 是否超时="是")),
    "order.open_but_closed": _seed("order.open_but_closed", 2, change(2, 当前阶段名称="[处置]")),
    "record.vanished": _seed("record.vanished", 2, _vanish),
    "unknown.class": _seed("unknown.class", 3, change(3, 小类名称="天上掉馅饼")),
    "unknown.unit": _seed("unknown.unit", 2, change(2, 处置部门="无名队")),
    "unknown.community": _seed("unknown.community", 3, change(3, 所属社区="月亮社区")),
    "unknown.channel": _seed("unknown.channel", 2, change(2, 问题来源="飞鸽传书")),
    "unknown.stage": _seed("unknown.stage", 2, change(2, 当前阶段名称="[挂起]")),
    "unknown.verdict": _seed("unknown.verdict", 2, change(2, 是否超时="说不清")),
    "ambiguous.community": _seed("ambiguous.community", 2, change(2, 所属社区="河边")),
    "place.outside": _seed("place.outside", 3, change(3, X坐标="120.500000")),
    "place.pile": _seed("place.pile", 9, _pile),
    "coordinate.half": _seed("coordinate.half", 2, change(2, Y坐标="")),
    "coordinate.unusable": _seed("coordinate.unusable", 3, change(3, X坐标="0", Y坐标="0")),
    "verdict.differs": _seed("verdict.differs", 4, change(4, 是否超时="是")),
    "deadline.differs": _seed(
        "deadline.differs", 3, move(3, "捆绑处置截止时间", timedelta(hours=5, minutes=67), "上报时间")
    ),
    "unit.differs": _seed("unit.differs", 3, change(3, 处置部门="养护二队")),
    "text.personal": _seed("text.personal", 3, change(3, 问题描述="门前积水，请回电13800138000。")),
    "cells.error": Seed(change(3, 延期理由=FAILED), {"cells.error": 3, "cells.formula": 3}, ("xlsx",)),
    "month.frozen": _seed("month.frozen", 3, _august),
    "repeat.equal": _seed("repeat.equal", 2, again(2)),
    "repeat.twin": _seed("repeat.twin", 2, again(2, 任务号="202699000+n")),
    "record.changed": _seed("record.changed", 3, _changed),
    "alias.community": _seed("alias.community", 2, change(2, 所属社区="东河")),
    "alias.unit": _seed("alias.unit", 2, change(2, 处置部门="一队")),
    "row.void": _seed("row.void", 5, change(5, 当前阶段名称="[作废]")),
    "time.day_only": _seed("time.day_only", 2, move(2, "结案时间", timedelta(0), "上报时间")),
    "text.cut": _seed("text.cut", 2, change(2, 地址描述="河" * 301)),
}


def _only_days(seed: Seed) -> Seed:
    def sow(corpus: Corpus) -> None:
        before = corpus.at
        seed.sow(corpus)
        for row in corpus.rows[before : corpus.at]:
            moment = row["结案时间"]
            assert isinstance(moment, datetime)
            row["结案时间"] = moment.date()

    return Seed(sow, seed.counts)


CHINESE_SEEDS["time.day_only"] = _only_days(CHINESE_SEEDS["time.day_only"])

ENGLISH_SEEDS: dict[str, Seed] = {
    "missing.number": _seed("missing.number", 2, change(2, **{"request id": ""})),
    "unreadable.time": _seed("unreadable.time", 2, change(2, due="ASAP")),
    "missing.due": _seed("missing.due", 3, change(3, due="", **{"on time": ""})),
    "missing.class": _seed("missing.class", 2, change(2, category="", type="")),
    "time.shifted": _seed("time.shifted", 2, _fall),
    "repeat.versions": _seed("repeat.versions", 4, _versions),
    "missing.address": _seed("missing.address", 2, change(2, address="")),
    "unknown.verdict": _seed("unknown.verdict", 3, change(3, **{"on time": "MAYBE"})),
}


def write(corpus: Corpus, path: Path, times: str = "%Y-%m-%d %H:%M:%S") -> Path:
    """Write the file by its ending: texts with times written as `times`, or a workbook with real times."""
    if path.suffix == ".csv":
        _csv(corpus, path, times)
    else:
        _xlsx(corpus, path)
    return path


def _csv(corpus: Corpus, path: Path, times: str) -> None:
    with path.open("w", encoding="gb18030", newline="") as file:
        out = csv.writer(file)
        out.writerow(corpus.header)
        for row in corpus.lines():
            cells = [_text(row[name], times) for name in corpus.header]
            out.writerow(cells[:-3] if id(row) in corpus.short else cells)
        for line in corpus.below:
            out.writerow([*line, *[""] * (len(corpus.header) - len(line))])


def _text(cell: Cell, times: str) -> str:
    if isinstance(cell, datetime):
        return cell.strftime(times)
    return cell.strftime(times.split(" ", maxsplit=1)[0]) if isinstance(cell, date) else cell


def _xlsx(corpus: Corpus, path: Path) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet("案件")
        formats = {one: book.add_format({"num_format": one}) for one in ("yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd")}
        page.write_row(0, 0, corpus.header)
        lines = corpus.lines()
        for at, line in enumerate(corpus.below, start=len(lines) + 1):
            page.write_row(at, 0, line)
        for at, row in enumerate(lines, start=1):
            if id(row) in corpus.hidden:
                page.set_row(at, options={"hidden": True})
            for place, name in enumerate(corpus.header):
                _cell(page, at, place, row[name], list(formats.values()))


def _cell(page: Any, at: int, place: int, cell: Cell, formats: list[Any]) -> None:
    moment, day = formats
    if isinstance(cell, datetime):
        page.write_datetime(at, place, cell, moment)
    elif isinstance(cell, date):
        page.write_datetime(at, place, datetime.combine(cell, datetime.min.time()), day)
    elif cell == FAILED:
        page.write_formula(at, place, "=NA()", None, FAILED)
    elif cell:
        page.write_string(at, place, cell)
