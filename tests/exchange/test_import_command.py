"""`xiuhua import` as its users call it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xiuhua.exchange.queries import load_mapping

PACKS = Path(__file__).parents[2] / "packs"


def _xiuhua(home: Path, *words: str | Path, code: int = 0, lang: str = "zh") -> subprocess.CompletedProcess[str]:
    env = {
        key: value
        for key, value in os.environ.items()
        if key not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY"}
    }
    env |= {"XIUHUA_HOME": str(home), "XIUHUA_LANG": lang}
    command = [sys.executable, "-m", "xiuhua", *map(str, words)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done


def _json(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_command_imports_lists_and_undoes(
    tmp_path: Path, table: Callable[..., Path], case: Callable[..., dict[str, str]], mapping_text: str
) -> None:
    home, how = tmp_path / "home", tmp_path / "map.toml"
    how.write_text(mapping_text, encoding="utf-8")
    file = table(case("1"), case("2", 截止="soon"))
    _xiuhua(home, "init")
    dry = _json(_xiuhua(home, "import", "cases", file, "--mapping", how, "--dry-run", "--json"))
    assert (dry["batch"], dry["created"], dry["refused"]) == (None, 1, 1)
    told = _xiuhua(home, "import", "cases", file, "--mapping", how, lang="en").stdout
    assert "2 rows, 1 created, 0 updated, 0 unchanged, 1 refused" in told
    assert "Row 3, “截止”: “soon” is not a time written in the order ymd." in told
    again = _json(_xiuhua(home, "import", "cases", file, "--mapping", how, "--json"))
    assert (again["batch"], again["unchanged"], again["zone"]) == (2, 1, "Asia/Shanghai")
    assert [(fault["row"], fault["column"], fault["code"]) for fault in again["faults"]] == [
        (3, "截止", "import.time_unreadable")
    ]
    listed = _json(_xiuhua(home, "import", "list", "--json"))
    assert [(one["batch"], one["created"], one["state"]) for one in listed["batches"]] == [
        *[(2, 0, "applied"), (1, 1, "applied")],
    ]
    assert _json(_xiuhua(home, "import", "undo", "1", "--json"))["deleted"] == 1
    refused = _json(_xiuhua(home, "import", "undo", "1", "--json", code=1))
    assert refused["refused"] == "import.already_undone"
    assert _json(_xiuhua(home, "audit", "verify", "--json"))["broken"] == []


def test_command_when_the_mapping_is_malformed_then_every_fault_is_told(
    tmp_path: Path, table: Callable[..., Path], case: Callable[..., dict[str, str]]
) -> None:
    home, how = tmp_path / "home", tmp_path / "map.toml"
    how.write_text("schema = 1\n", encoding="utf-8")
    _xiuhua(home, "init")
    done = _json(_xiuhua(home, "import", "cases", table(case("1")), "--mapping", how, "--json", code=1))
    assert (done["refused"], len(done["faults"])) == ("import.mapping_malformed", 5)


@pytest.mark.parametrize("path", sorted((PACKS / "mappings").glob("*.toml")), ids=lambda path: path.stem)
def test_mappings_of_the_packs_are_all_well_formed(path: Path) -> None:
    assert load_mapping(path).columns["number"]
