"""How fast cases are imported, beside Django's bare `bulk_create` of the same columns, in the same run.

Measured in a process and a fresh SQLite database of their own. Ours is the whole import: looking through the file,
parsing, placing by outline and name, versions, findings, ledger, commit. The baseline starts from objects already built
and does nothing but `bulk_create` cases and source records and commit.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from xiuhua.exchange.shelf import ready_mappings
from xiuhua.kernel.words import Refusal, marked
from xiuhua.tables.reading import open_table

_CHILD = "import django; django.setup(); from xiuhua.bench.import_measuring import main; main()"
SIDE = 12
DEGREE = 0.01
WEST, SOUTH = 120.0, 31.0
KINDS = ("路面破损", "井盖缺失", "暴露垃圾", "占道经营", "违规停车", "小广告", "绿化缺株", "路灯不亮")
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
due_at = "截止时间"
closed_at = "结案时间"
title = "标题"
description = "问题描述"
address = "地址"
channel = "来源"
main_class = "大类"
sub_class = "小类"
body = "处置部门"
territory_name = "社区"
longitude = "经度"
latitude = "纬度"
stage = "阶段"
verdict = "是否超时"
[verdict]
on_time = ["否"]
overdue = ["是"]
[place]
order = ["point", "name"]
level = "community"
"""


class NoMapping(Refusal):
    """No mapping of the packs knows the file's columns."""

    code = "bench.no_mapping"
    sentence = marked("mappings 里没有一份映射认得 %(file)s 的栏。")


def run(rows: int = 50_000, file: Path | None = None) -> dict[str, Any]:
    """Return {name, ours, baseline, ratio, unit, rows, …}: rows a second of an import and of bare `bulk_create`.

    Imports a generated file of `rows` rows, or `file` with the mapping of the packs that knows its columns. Raises
    NoMapping. `ratio` is ours / baseline: above 1, the whole import is faster than Django's bare insert.
    """
    with tempfile.TemporaryDirectory(prefix="xiuhua-bench-") as home:
        folder = Path(home)
        mapping = _mapping_for(file) if file else folder / "bench.toml"
        if file is None:
            file = folder / "bench.csv"
            mapping.write_text(MAPPING, encoding="utf-8")
            write_cases(file, rows)
        env = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_URL", "SECRET_KEY"))}
        env["XIUHUA_HOME"] = home
        env["DJANGO_SETTINGS_MODULE"] = "xiuhua.config.settings"
        command = [sys.executable, "-c", _CHILD, str(file), str(mapping)]
        done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ourselves
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def write_cases(path: Path, rows: int) -> None:
    """Write a platform's export of `rows` cases: the same bytes for the same number."""
    begin = datetime(2026, 1, 1, 8, 0)  # noqa: DTZ001 - the wall clock of a file
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(line.split(" = ")[1].strip('"') for line in MAPPING.split("[columns]\n")[1].splitlines()[:16])
        for n in range(rows):
            reported = begin + timedelta(seconds=n * 37)
            due = reported + timedelta(hours=24 + n % 72)
            closed = reported + timedelta(minutes=(n * 7919) % 9000 if n % 997 else -5)
            late = "是" if closed > due else "否"
            x, y = (n * 31) % (SIDE * 100) / 100, (n * 17) % (SIDE * 100) / 100
            known = n % 11 != 0
            kind = KINDS[n % len(KINDS)]
            out.writerow(
                [
                    *(f"2026{n:010d}", f"{reported}", f"{due}", f"{closed}" if n % 5 else "", f"{kind}{n % 50}"),
                    *(f"{kind}，巡查发现，请尽快处置，编号 {n}。", f"河滨路{n % 300}号", "巡查" if n % 3 else "热线"),
                    *("市容环境" if n % 2 else "公用设施", kind, f"养护{n % 25}队", f"社区{n % 14 if n % 22 else n}"),
                    *((f"{WEST + x * DEGREE:.6f}", f"{SOUTH + y * DEGREE:.6f}") if known else ("", "")),
                    *("结案" if n % 5 else "处置", late if n % 5 else ""),
                ]
            )


def outlines() -> bytes:
    """Return GeoJSON of twelve communities by twelve: squares that hold every point of the generated file."""
    features = []
    for at in range(SIDE * SIDE):
        x, y = WEST + at % SIDE * DEGREE, SOUTH + at // SIDE * DEGREE
        ring = [[x, y], [x + DEGREE, y], [x + DEGREE, y + DEGREE], [x, y + DEGREE], [x, y]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"name": f"社区{at}"}, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _mapping_for(file: Path) -> Path:
    """Return the first mapping of the packs whose columns the file has. Raises NoMapping."""
    header = set(open_table(file).header)
    for ready in ready_mappings():
        if not ready.ask and ready.columns <= header:
            return Path(settings.PACKS) / "mappings" / f"{ready.name}.toml"
    raise NoMapping(file=file.name)
