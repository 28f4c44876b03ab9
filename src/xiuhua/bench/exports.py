"""A platform's export as districts send it, for measurements: a workbook of 24 columns and a verdict, made up."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

SIDE = 12
DEGREE = 0.01
WEST, SOUTH = 120.0, 31.0
#: Main class, sub-class and hours of its limit in the standard that is shipped with the made-up street.
KINDS = (
    *(("市容环境", "暴露垃圾", 4), ("市容环境", "道路不洁", 2), ("宣传广告", "非法小广告", 4)),
    *(("街面秩序", "店外经营", 2), ("街面秩序", "沿街晾挂", 4), ("施工管理", "工地扬尘", 4)),
)
#: Working days of a month without holidays; reports come in the first hour and a half, so that limits end on the day.
DAYS = [day for day in (date(2026, 3, 2) + timedelta(days=n) for n in range(30)) if day.weekday() < 5]  # noqa: PLR2004
MORNING = 5400
UNITS = 25
HEADER = (
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
MAPPING = """
schema = 1
code = "bench"
name = "bench"
zone = "Asia/Shanghai"
date_order = "ymd"
crs = "wgs84"
[columns]
number = "任务号"
reported_at = "上报时间"
due_at = "捆绑处置截止时间"
closed_at = "结案时间"
title = "小类名称"
description = "问题描述"
address = "地址描述"
channel = "问题来源"
main_class = "大类名称"
sub_class = "小类名称"
body = "处置部门"
territory_name = "所属社区"
longitude = "X坐标"
latitude = "Y坐标"
stage = "当前阶段名称"
verdict = "是否超时"
extensions = "延期次数"
[stage]
void = ["[作废]"]
closed = ["[结案]"]
open = ["[处置]"]
[verdict]
on_time = ["否"]
overdue = ["是"]
[place]
order = ["point", "name"]
level = "community"
"""


def write_export(path: Path, rows: int) -> None:
    """Write an XLSX export of `rows` cases: the same cells for the same number, times as times, numbers as text."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        page = book.add_worksheet("案件")
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        page.write_row(0, 0, HEADER)
        for n in range(rows):
            for column, cell in enumerate(_cells(n)):
                if isinstance(cell, datetime):
                    page.write_datetime(n + 1, column, cell, moment)
                elif cell:
                    page.write_string(n + 1, column, cell)


def _cells(n: int) -> list[str | datetime]:
    main, sub, hours = KINDS[n % len(KINDS)]
    begin = datetime.combine(DAYS[n % len(DAYS)], datetime.min.time()) + timedelta(hours=8, minutes=30)
    reported = begin + timedelta(seconds=n * 37 % MORNING)
    due = reported + timedelta(minutes=hours * 60 + (90 if hours > 2 else 0))  # noqa: PLR2004 - the noon break is in it
    due += timedelta(minutes=37 if n % 10 == 0 else 0)
    closed = reported + timedelta(minutes=n * 7919 % 500 if n % 997 else -5)
    x, y = (n * 31) % (SIDE * 100) / 100, (n * 17) % (SIDE * 100) / 100
    known, done = n % 11 != 0, n % 5 != 0
    return [
        *(reported, f"2026{n:010d}", main, sub, "监督员上报" if n % 3 else "12345热线"),
        *(f"巡查发现{sub}，请尽快处置，编号 {n}。", "[结案]" if done else "[处置]", f"养护{n % UNITS}队", due),
        *(closed if done else "", "城区片", "事件", f"河滨路{n % 300}号", "星河街道"),
        *(f"社区{n % 14 if n % 22 else n}", f"{n % 40}号岗", due),
        *((f"{WEST + x * DEGREE:.6f}", f"{SOUTH + y * DEGREE:.6f}") if known else ("", "")),
        *("", "已到场处置，现场恢复整洁。" if done else "", "", "0", "星汉区"),
        ("是" if closed > due else "否") if done else "",
    ]


def outlines() -> bytes:
    """Return GeoJSON of twelve communities by twelve: squares that hold every point of the generated file."""
    features = []
    for at in range(SIDE * SIDE):
        x, y = WEST + at % SIDE * DEGREE, SOUTH + at // SIDE * DEGREE
        ring = [[x, y], [x + DEGREE, y], [x + DEGREE, y + DEGREE], [x, y + DEGREE], [x, y]]
        geometry: dict[str, Any] = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"name": f"社区{at}"}, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()
