"""`xiuhua export` and `xiuhua import photos`: what they write and say, and what they refuse."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from tests.files.pictures import encode, scene

from xiuhua.cases.models import Evidence
from xiuhua.cli.main import main
from xiuhua.exchange.words import ImportReport
from xiuhua.kernel.models import Tenant
from xiuhua.tables.reading import open_table

Rows = Callable[..., dict[str, str]]
pytestmark = pytest.mark.usefixtures("home")


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.fixture
def brought(bring: Callable[..., ImportReport], case: Rows) -> ImportReport:
    """Two cases of October, one of November."""
    return bring(case("A-1"), case("A-2"), case("A-3", 上报="2026-11-03 08:00", 截止="", 结案=""))


def test_export_when_a_month_is_named_then_its_cases_are_written(
    brought: ImportReport, communities: Tenant, tmp_path: Path
) -> None:
    out = tmp_path / "out.xlsx"
    done = _run("export", "cases", "--month", "2026-10", "--sort", "number", "--out", out, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told == {"file": str(out), "form": "xlsx", "rows": 2, "left_out": 0, "cut": 0}
    assert [row[0].value for row in load_workbook(out).active.iter_rows(min_row=2)] == ["A-1", "A-2"]
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".xlsx"] == ["out.xlsx"]


def test_export_when_a_batch_is_named_then_its_own_file(
    brought: ImportReport, communities: Tenant, tmp_path: Path
) -> None:
    original, out = tmp_path / "cases.csv", tmp_path / "back.csv"
    done = _run("export", "--batch", brought.batch, "--original", original, "--out", out, "--json")
    told = json.loads(done.stdout)
    assert (told["rows"], told["changed"], told["in_place"]) == (3, 0, True)
    assert out.read_bytes() == original.read_bytes()


def test_export_when_filtered_as_text_then_so(brought: ImportReport, communities: Tenant, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert _run("export", "own", "--filter", "q=A-3", "--out", out).exit_code == 0
    assert [cells[0] for _row, cells in open_table(out).rows()] == ["A-3"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["nothing"], 1), (["findings"], 1), (["--batch", "999"], 1), ([], 2), (["cases", "--batch", "1"], 2)],
    ids=str,
)
def test_export_when_refused_then_no_file(
    arguments: list[str], code: int, brought: ImportReport, communities: Tenant, tmp_path: Path
) -> None:
    out = tmp_path / "out.xlsx"
    assert _run("export", *arguments, "--out", out).exit_code == code
    assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == []


def test_photos_when_imported_then_told_by_name(brought: ImportReport, communities: Tenant, tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("A-1_前.jpg", encode(scene(1, (64, 48))))
        archive.writestr("zz.jpg", b"x")
    done = _run("import", "photos", path, "--source", "platform", "--json")
    told = json.loads(done.stdout)
    assert (told["added"], told["unknown"]) == ([{"name": "A-1_前.jpg", "number": "A-1"}], ["zz.jpg"])
    assert Evidence.objects.get().kind == "before"
    assert _run("import", "photos", path, "--source", "nobody").exit_code == 1
    path.write_bytes(b"no archive")
    assert _run("import", "photos", path).exit_code == 1
