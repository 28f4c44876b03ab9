"""`xiuhua import` as its users call it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.shell import said, xiuhua

from xiuhua.exchange.queries import load_mapping
from xiuhua.kernel.actions import create_tenant
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("home")]


@pytest.fixture
def office(db: None, ana: Actor, at: datetime) -> Tenant:
    """The office as `xiuhua init` makes it: without a zone until a list brings one."""
    return create_tenant("main", "本街道", by=ana, at=at)


def _alone(home: Path, *words: str | Path) -> dict[str, Any]:
    """Run a command in a process of its own, on a database in a folder."""
    without = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY"}
    env = {key: value for key, value in os.environ.items() if key not in without}
    env |= {"XIUHUA_HOME": str(home), "XIUHUA_LANG": "zh"}
    command = [sys.executable, "-m", "xiuhua", *map(str, words), "--json"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_commands_when_each_is_a_process_of_its_own_then_they_share_what_is_in_the_folder(
    tmp_path: Path, table: Callable[..., Path], case: Callable[..., dict[str, str]], mapping_text: str
) -> None:
    how = tmp_path / "map.toml"
    how.write_text(mapping_text, encoding="utf-8")
    home = tmp_path / "home"
    _alone(home, "init")
    assert _alone(home, "import", "cases", table(case("1")), "--mapping", how)["created"] == 1
    assert _alone(home, "import", "undo", "1")["deleted"] == 1
    assert _alone(home, "audit", "verify")["broken"] == []


def test_command_imports_lists_and_undoes(
    office: Tenant, tmp_path: Path, table: Callable[..., Path], case: Callable[..., dict[str, str]], mapping_text: str
) -> None:
    how = tmp_path / "map.toml"
    how.write_text(mapping_text, encoding="utf-8")
    file = table(case("1"), case("2", 截止="soon"))
    dry = said(xiuhua("import", "cases", file, "--mapping", how, "--dry-run", "--json"))
    assert (dry["batch"], dry["created"], dry["refused"]) == (None, 1, 1)
    told = xiuhua("import", "cases", file, "--mapping", how, lang="en").stdout
    assert "2 rows, 1 created, 0 updated, 0 unchanged, 1 refused" in told
    assert "Row 3, “截止”: “soon” is not a time written in the order ymd." in told
    again = said(xiuhua("import", "cases", file, "--mapping", how, "--json"))
    assert (again["batch"], again["unchanged"], again["zone"]) == (2, 1, "Asia/Shanghai")
    assert [(fault["row"], fault["column"], fault["code"]) for fault in again["faults"]] == [
        (3, "截止", "import.time_unreadable")
    ]
    listed = said(xiuhua("import", "list", "--json"))
    assert [(one["batch"], one["created"], one["state"]) for one in listed["batches"]] == [
        *[(2, 0, "applied"), (1, 1, "applied")],
    ]
    assert said(xiuhua("import", "undo", "1", "--json"))["deleted"] == 1
    refused = said(xiuhua("import", "undo", "1", "--json", code=1))
    assert refused["refused"] == "import.already_undone"
    assert said(xiuhua("audit", "verify", "--json"))["broken"] == []


def test_command_when_the_mapping_is_malformed_then_every_fault_is_told(
    office: Tenant, tmp_path: Path, table: Callable[..., Path], case: Callable[..., dict[str, str]]
) -> None:
    how = tmp_path / "map.toml"
    how.write_text("schema = 1\n", encoding="utf-8")
    done = said(xiuhua("import", "cases", table(case("1")), "--mapping", how, "--json", code=1))
    assert (done["refused"], len(done["faults"])) == ("import.mapping_malformed", 5)


HEADER = "任务号,上报时间,截止时间,结案时间,当前阶段,X坐标,Y坐标"
ROWS = (
    "SZ0001,2026-10-03 08:00,2026-10-05 08:00,2026-10-04 08:00,[结案],13390000.5,3690000.5",
    "SZ0002,2026-10-13 08:00,2026-10-15 08:00,,[作废],13390100.5,3690100.5",
)
DECLARED = ("--crs", "bd09mc", "--zone", "Asia/Shanghai", "--date-order", "ymd")


def _export(folder: Path, *, columns: int = 7) -> Path:
    path = folder / "export.csv"
    lines = [",".join(line.split(",")[:columns]) for line in (HEADER, *ROWS)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_guess_command_when_nothing_is_set_up_then_a_table_of_columns_and_the_questions(tmp_path: Path) -> None:
    told = xiuhua("import", "guess", _export(tmp_path), lang="en").stdout
    assert (
        "number       任务号    0.95  the name is “任务号”, values like numbers of records".replace(", ", "，") in told
    )
    assert "To be asked: which system the coordinates are in (--crs)" in told
    assert "bd09mc：China has just these metres in that system" in told
    found = _alone(tmp_path / "home", "import", "guess", _export(tmp_path))  # not even a database
    assert {name: one["column"] for name, one in found["fields"].items()} == {
        "number": "任务号",
        "reported_at": "上报时间",
        "due_at": "截止时间",
        "closed_at": "结案时间",
        "longitude": "X坐标",
        "latitude": "Y坐标",
        "stage": "当前阶段",
    }
    assert [one["what"] for one in found["questions"]] == ["crs", "zone", "date_order"]
    assert found["values"] == {"stage": [{"text": "[结案]", "rows": 1}, {"text": "[作废]", "rows": 1}]}
    assert (found["left"], found["known"], found["written"]) == ([], None, None)


def test_guess_command_when_all_is_answered_then_written_remembered_and_used_without_being_named(
    office: Tenant,
    tmp_path: Path,
) -> None:
    file, out = _export(tmp_path), tmp_path / "map.toml"
    open_ = said(xiuhua("import", "guess", file, "--write", out, "--json", code=1))
    assert (open_["refused"], out.exists()) == ("import.draft_incomplete", False)
    untold = said(xiuhua("import", "cases", file, "--json", code=1))
    assert untold["refused"] == "import.mapping_not_told"
    done = said(xiuhua("import", "guess", file, *DECLARED, "--void", "[作废]", "--write", out, "--remember", "--json"))
    assert (done["written"], done["remembered"]) == (str(out), True)
    mapping = load_mapping(out)
    assert (mapping.crs, mapping.void) == ("bd09mc", frozenset({"[作废]"}))
    brought = said(xiuhua("import", "cases", file, "--json"))
    assert (brought["created"], brought["refused"], brought["warnings"]) == (2, 0, {})
    known = said(xiuhua("import", "guess", file, "--json"))["known"]
    assert known["mapping"] == mapping.code
    assert said(xiuhua("audit", "verify", "--json"))["broken"] == []


def test_cases_command_when_a_shipped_template_is_named_then_asked_and_with_answers_taken(
    office: Tenant, tmp_path: Path
) -> None:
    file = tmp_path / "bulk.csv"
    file.write_text(
        "service_request_id,requested_datetime,updated_datetime,status,service_name,agency_responsible,description,address,lat,long\n"
        "1,2026-10-01T08:00:00,2026-10-02T08:00:00,closed,Pothole,Roads,deep,1 Sample St,41.9,-87.6\n"
        "2,2026-10-01T09:00:00,2026-10-02T09:00:00,open,Pothole,Roads,deep,2 Sample St,41.9,-87.6\n",
        encoding="utf-8",
    )
    asked = said(xiuhua("import", "cases", file, "--mapping", "georeport-bulk", "--json", code=1))
    assert [(fault["code"], fault["column"]) for fault in asked["faults"]] == [("mapping.asked", "zone")]
    words = ("--mapping", "georeport-bulk", "--zone", "America/Chicago", "--json")
    done = said(xiuhua("import", "cases", file, *words))
    assert (done["created"], done["zone"]) == (2, "America/Chicago")
    unknown = said(xiuhua("import", "cases", file, "--mapping", "no-such", "--json", code=1))
    assert unknown["refused"] == "import.mapping_unknown"
