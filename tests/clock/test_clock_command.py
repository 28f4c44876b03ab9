"""`xiuhua clock` as its users call it, with and without a database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from tests.clock.calendars import PACKS
from tests.shell import said, xiuhua

BOSTON = PACKS / "mappings/boston-311.toml"


#: Nothing here hangs on an engine, and only one test on there being none.
pytestmark = [pytest.mark.django_db, pytest.mark.once]


def _alone(home: Path, *words: str | Path) -> str:
    """Return what a command says in a process of its own, in a folder without a database."""
    env = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "SECRET_KEY"}}
    env |= {"XIUHUA_HOME": str(home), "XIUHUA_LANG": "zh"}
    command = [sys.executable, "-m", "xiuhua", "clock", *map(str, words)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_explain_works_from_a_folder_without_a_database(tmp_path: Path) -> None:
    words = ("explain", "--from", "2025-09-30 16:00", "--limit", "4工作时", "--pack", "calendar/demo-street")
    lines = _alone(tmp_path, *words).splitlines()
    assert lines[0] == "9月30日 周二 16:00 收到。"
    assert "10月9日 周四 10:30 到期。" in lines
    pause = ("--pause", "2025-10-09 09:00..2025-10-09 10:00", "--extensions", "1", "--json")
    answer = json.loads(_alone(tmp_path, *words, *pause))
    # due 11:30 after the suspension; four more hours: half until noon, 3.5 from 13:30
    assert answer["stages"] == [{"title": "", "due_at": "2025-10-09T03:30:00+00:00"}]
    assert answer["due_local"] == "2025-10-09T17:00:00+08:00"
    assert not (tmp_path / "xiuhua.sqlite3").exists()


def test_explain_refuses_what_it_cannot_read() -> None:
    base = ("explain", "--pack", "calendar/demo-street")
    refused = said(xiuhua("clock", *base, "--from", "2025-09-30 16:00", "--limit", "3天", "--json", code=1))
    assert refused["refused"] == "clock.limit_ambiguous"
    xiuhua("clock", *base, "--from", "yesterday", "--limit", "3工作日", code=2)
    xiuhua("clock", *base, "--from", "2025-09-30 16:00", "--limit", "3工作日", "--zone", "Mars/Base", code=2)
    xiuhua("clock", *base, "--from", "2025-09-30 16:00", "--limit", "3工作日", "--pause", "later", code=2)
    xiuhua("clock", *base, "--from", "0001-01-01", "--limit", "3工作日", code=2)
    far = said(xiuhua("clock", *base, "--from", "2025-09-30 16:00", "--limit", "9999999999d", "--json", code=1))
    assert far["refused"] == "clock.beyond_years"
    gone = said(
        xiuhua(
            "clock", "explain", "--from", "2025-09-30", "--limit", "1wd", "--pack", "calendar/none", "--json", code=1
        )
    )
    assert gone["refused"] == "pack.unknown"


def test_explain_takes_another_zone_and_an_offset() -> None:
    words = ("explain", "--limit", "2h", "--pack", "calendar/demo-street", "--json")
    there = said(xiuhua("clock", *words, "--from", "2025-11-03 09:00", "--zone", "America/New_York"))
    offset = said(xiuhua("clock", *words, "--from", "2025-11-03T09:00-05:00"))
    assert there["due_at"] == offset["due_at"] == "2025-11-03T16:00:00+00:00"


def test_holidays_writes_a_pack_that_is_ready_to_install(tmp_path: Path) -> None:
    table = tmp_path / "2027.csv"
    table.write_text("日期,类型,名称\n2027年1月1日至3日,放假,元旦\n", encoding="utf-8")
    report = said(xiuhua("clock", "holidays", table, "--to", tmp_path / "holidays/cn/2027-1", "--json"))
    assert (report["days"], report["first"], report["last"]) == (3, "2027-01-01", "2027-01-03")
    header = (tmp_path / "holidays/cn/2027-1/pack.toml").read_text(encoding="utf-8")
    assert 'code = "cn"\nversion = "2027-1"' in header
    xiuhua("clock", "holidays", table, "--to", tmp_path / "holidays/cn/2027-1", code=1)


def _city(path: Path) -> Path:
    """Write a small city: signs within two days on the same clock, danger within 24 hours, begun at once."""
    lines = ["TYPE,QUEUE,OPEN_DT,TARGET_DT"]
    for number in range(80):
        month, day = 1 + number // 20, 1 + number % 20
        hour = 9 + number % 7
        start = date(2015, month, day)
        if start.weekday() < 3:  # two days on is still a weekday
            lines.append(
                f"Sign,Shop,{month:02d}/{day:02d}/2015 {hour:02d}:00:00,{month:02d}/{day + 2:02d}/2015 {hour:02d}:00:00"
            )
        lines.append(
            f"Danger,Ops,{month:02d}/{day:02d}/2015 {hour:02d}:30:00,{month:02d}/{day + 1:02d}/2015 {hour:02d}:30:00"
        )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_infer_finds_the_limits_a_city_works_by(tmp_path: Path) -> None:
    mapping = tmp_path / "city.toml"
    mapping.write_text(
        'schema = 1\ncode = "city"\nname = "City"\nzone = "America/New_York"\ndate_order = "mdy"\n'
        'limit_by = ["TYPE", "QUEUE"]\n[columns]\nnumber = "TYPE"\nreported_at = "OPEN_DT"\n'
        'due_at = "TARGET_DT"\nsub_class = "TYPE"\n',
        encoding="utf-8",
    )
    city = _city(tmp_path / "city.csv")
    found = said(
        xiuhua("clock", "infer", city, "--mapping", mapping, "--split", "2015-04-01", "--min-group", "5", "--json")
    )
    assert (found["share"], found["rows_with_target"], found["rows_without"]) == (
        1.0,
        found["fit_rows"] + found["test_rows"],
        0,
    )
    limits = {tuple(one["group"]): one["limit"] for one in found["table"]}
    assert limits[("Danger", "Ops")] == "1 自然日"
    assert limits[("Sign", "Shop")] in {"2 自然日", "2 工作日"}
    mapping.write_text(mapping.read_text(encoding="utf-8").replace('due_at = "TARGET_DT"\n', ""), encoding="utf-8")
    refused = said(xiuhua("clock", "infer", city, "--mapping", mapping, "--json", code=1))
    assert refused["refused"] == "targets.columns"
