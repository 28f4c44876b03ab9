"""`xiuhua import check`: a table for people, one JSON object for programs, the file back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from xiuhua.cli.main import main
from xiuhua.exchange.models import ImportBatch
from xiuhua.kernel.models import Tenant

Run = Callable[..., Any]


@pytest.fixture
def run(
    communities: Tenant,
    table: Callable[..., Path],
    case: Callable[..., dict[str, str]],
    mapping_text: str,
    tmp_path: Path,
) -> Run:
    """Check a small file with one bad row from the command line."""
    path = table(case("1"), case("", 部门=""), case("3", 部门=""))
    how = tmp_path / "how.toml"
    how.write_text(mapping_text, encoding="utf-8")

    def check(*more: str, env: dict[str, str] | None = None) -> Any:
        return CliRunner().invoke(main, ["import", "check", str(path), "--mapping", str(how), *more], env=env)

    return check


def test_check_command_prints_one_json_object_with_sentences(run: Run) -> None:
    done = run("--json")
    assert (done.exit_code, ImportBatch.objects.count()) == (0, 0)
    told = json.loads(done.stdout)
    assert (told["rows"], told["rows_good"], told["rows_bad"]) == (3, 2, 1)
    found = {one["id"]: one for one in told["checks"]}
    assert (found["missing.unit"]["count"], found["missing.unit"]["share"]) == (2, 0.666667)
    assert found["missing.number"]["examples"] == [{"row": 3, "column": "编号", "text": ""}]
    assert found["unknown.class"]["sentence"] == "没有装立案标准，或没有选定用哪个。"


def test_check_command_tells_people_what_it_found(run: Run) -> None:
    lines = run().stdout.splitlines()
    assert lines[0] == "共 3 行：可导入 2，不能导入 1。导入会新建 2，更新 0，未变 0。"
    assert lines[1] == "不能导入"
    assert lines[2].split() == ["missing.number", "1", "33.3%", "1", "行没有编号。"]
    assert run(env={"XIUHUA_LANG": "en"}).stdout.splitlines()[1:3][0] == "stops the row"


def test_check_command_writes_the_file_back(run: Run, tmp_path: Path) -> None:
    back = tmp_path / "back.xlsx"
    assert run("--back", str(back)).exit_code == 0
    page = openpyxl.load_workbook(back).worksheets[0]
    assert page["O3"].value.splitlines()[0] == "“编号”：没有编号。"
