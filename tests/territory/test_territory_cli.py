"""The command: one JSON object on stdout, sentences for people, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.territory.ground import collection, square

from xiuhua.cli.main import main
from xiuhua.kernel.models import Tenant

DATA = collection(
    ({"name": "甲", "code": "1"}, square(0, 0)),
    ({"name": "乙", "code": "2"}, {"type": "Polygon", "coordinates": [[[10, 50], [11, 51], [11, 50], [10, 51]]]}),
)


@pytest.fixture
def run(street: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """Run `xiuhua territory …` in Chinese, with DATA as the file blocks.geojson."""
    monkeypatch.setenv("XIUHUA_LANG", "zh")
    (tmp_path / "blocks.geojson").write_bytes(DATA)
    (tmp_path / "bare.json").write_text(json.dumps(square(0, 0)), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return lambda line: CliRunner().invoke(main, ["territory", *line.split()])


def invoke(run: object, line: str) -> Result:
    result: Result = run(line)  # type: ignore[operator]
    return result


IMPORT = "import blocks.geojson --level block --name-field name --code-field code"


def test_import_when_json_is_asked_then_one_object_with_the_counts_and_findings(run: object) -> None:
    result = invoke(run, f"{IMPORT} --json")
    report = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert {key: report[key] for key in ("level", "created", "updated", "unchanged")} == {
        "level": "block",
        "created": 2,
        "updated": 0,
        "unchanged": 0,
    }
    assert [(one["row"], one["name"], one["reason"]) for one in report["repaired"]] == [
        (2, "乙", "Self-intersection[10.5 50.5]")
    ]
    assert (list(report["overlaps"][0]), report["gaps"]) == (["a", "b", "m2"], [])


def test_import_when_a_person_reads_then_sentences(run: object) -> None:
    lines = invoke(run, IMPORT).stdout.splitlines()
    assert lines[0] == "层级 block：新建 2，更新 0，未变 0。"
    assert lines[1].startswith("  已修复“乙”：Self-intersection[10.5 50.5]，面积 ")
    assert lines[2].startswith("  重叠：1 与 2，")


def test_import_when_a_bare_geometry_then_named_by_options(run: object) -> None:
    result = invoke(run, "import bare.json --level block --name 甲 --code 7 --crs gcj02 --effective 2024-01-01 --json")
    assert json.loads(result.stdout)["created"] == 1
    listed = json.loads(invoke(run, "list --json").stdout)
    assert [(one["code"], one["name"], one["valid_from"]) for one in listed["territories"]] == [
        ("7", "甲", "2024-01-01")
    ]


def test_import_when_refused_then_exit_1_with_every_fault(run: object) -> None:
    result = invoke(run, "import blocks.geojson --level block --name-field name --parent-field code --json")
    body = json.loads(result.stdout)
    assert (result.exit_code, body["refused"]) == (1, "territory.refused")
    assert [(fault["row"], fault["code"]) for fault in body["faults"]] == [
        (1, "territory.parent_unknown"),
        (2, "territory.parent_unknown"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "import nowhere.csv --level block --name-field name",
        "import blocks.geojson --name-field name",
        "import blocks.geojson --level block --name-field name --where code",
        "import blocks.geojson --level block --name-field name --crs mars",
    ],
    ids=["no file", "no level", "half a condition", "no such system"],
)
def test_import_when_called_wrongly_then_exit_2(run: object, line: str) -> None:
    assert invoke(run, line).exit_code == 2


def test_list_when_a_person_reads_then_a_line_each(run: object) -> None:
    invoke(run, IMPORT)
    invoke(run, "alias 1 大甲")
    first = invoke(run, "list --level block").stdout.splitlines()[0]
    assert first.split("\t") == ["block", "1", "甲", "—", "797383 m²", "", "大甲"]
    assert invoke(run, "list --level nowhere").stdout == "—\n"


def test_alias_when_given_twice_then_said_so(run: object) -> None:
    invoke(run, IMPORT)
    assert [json.loads(invoke(run, "alias 1 大甲 --json").stdout)["added"] for _time in range(2)] == [True, False]
    assert invoke(run, "alias 1 乙").exit_code == 1


def test_import_when_dry_run_then_told_and_nothing_kept(run: object) -> None:
    lines = invoke(run, f"{IMPORT} --dry-run").stdout.splitlines()
    assert lines[:2] == ["试运行，什么也没写：", "层级 block：新建 2，更新 0，未变 0。"]
    assert invoke(run, "list").stdout == "—\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_import_when_a_table_has_known_headings_then_no_fields_need_naming(run: object, encoding: str) -> None:
    table = "区划代码,社区名称,又名\n示例 1,甲,\n００１,东社区,东边；旧东\n"
    Path("t.csv").write_bytes(table.encode(encoding))
    assert json.loads(invoke(run, "import t.csv --level community --json").stdout)["created"] == 1
    listed = json.loads(invoke(run, "list --json").stdout)["territories"]
    assert [(one["code"], one["name"], one["aliases"]) for one in listed] == [("001", "东社区", ["东边", "旧东"])]
