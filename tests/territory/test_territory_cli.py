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


@pytest.fixture
def years(run: object, tmp_path: Path) -> object:
    """Two blocks since 2024 and a table of changes."""
    for x in (0, 1):
        (tmp_path / f"{x}.json").write_text(json.dumps(square(x, 0)), encoding="utf-8")
        invoke(run, f"import {x}.json --level block --name 坊{x} --code {x} --effective 2024-01-01")
    (tmp_path / "changes.csv").write_text("old,new,kind,name\n0,7,merge,新坊\n1,7,merge,\n", encoding="utf-8")
    (tmp_path / "wrong.csv").write_text("old,new,kind\n0,7,melt\n", encoding="utf-8")
    return run


def asked(run: object, line: str) -> dict[str, object]:
    result = invoke(run, f"{line} --json")
    assert result.exit_code == 0, result.stdout
    answer: dict[str, object] = json.loads(result.stdout)
    return answer


def test_changes_when_a_file_is_carried_out_then_history_and_comparable_say_so(years: object) -> None:
    assert invoke(years, "changes changes.csv --effective 2025-01-01").stdout.splitlines() == [
        "2025-01-01 合并：终止 0、1；新设 7；转属的下级 0 个。"
    ]
    assert invoke(years, "history 7 --on 2025-01-01").stdout.splitlines()[2:] == [
        "前身  2025-01-01  合并  0 坊0",
        "前身  2025-01-01  合并  1 坊1",
        "那天是：7 新坊",
    ]
    told = asked(years, "history 0 --on 2025-06-01")
    assert [(one["code"], one["kind"]) for one in told["today"]] == [("7", "merge")]  # type: ignore[attr-defined]
    areas = asked(years, "comparable --level block --before 2024-06-01 --after 2025-06-01")
    assert areas["areas"] == [{"before": ["0", "1"], "after": ["7"], "how": "merge"}]
    assert asked(years, "vanished --level block") == {"count": 0, "vanished": []}


@pytest.mark.parametrize(
    ("line", "ended", "begun"),
    [
        ("merge 0 1 --into 7 --name 新坊", ["0", "1"], ["7"]),
        ("split 0 --into 0a=西 --into 0b=东", ["0"], ["0a", "0b"]),
        ("recode 0 100", ["0"], ["100"]),
        ("rename 0 柳坊", [], []),
    ],
    ids=["merge", "split", "recode", "rename"],
)
def test_succeed_when_told_then_it_is_done(years: object, line: str, ended: list[str], begun: list[str]) -> None:
    done = asked(years, f"succeed {line} --effective 2025-01-01 --basis 文7号")
    assert (done["ended"], done["begun"]) == (ended, begun)


def test_succeed_when_it_cannot_be_then_exit_one_and_a_sentence(years: object) -> None:
    result = invoke(years, "succeed transfer 0 0 --effective 2025-01-01")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines() == ["同一天内首尾相接：0。"]


def test_changes_when_a_row_is_wrong_then_exit_one_with_its_place(years: object) -> None:
    result = invoke(years, "changes wrong.csv --effective 2025-01-01")
    assert result.exit_code == 1
    assert "第 2 行“kind”" in result.stderr


def test_preview_when_an_outline_is_given_then_it_says_what_would_move(years: object, tmp_path: Path) -> None:
    (tmp_path / "new.json").write_text(json.dumps(square(0, 0, 1.2)), encoding="utf-8")
    seen = asked(years, "preview new.json --code 0 --effective 2025-01-01")
    assert (seen["cases"], seen["moved"], seen["points"]) == (0, 0, [])
    assert [(one["before"], one["after"]) for one in seen["ground"]] == [(["1"], ["0", "1"])]  # type: ignore[attr-defined]
    text = invoke(years, "preview new.json --code 0 --effective 2025-01-01").stdout
    assert "重叠" in text


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
