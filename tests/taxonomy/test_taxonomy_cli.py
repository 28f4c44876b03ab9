"""The command: refused without what it must know, one JSON object, nothing half done."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.conf import settings

from xiuhua.cli.main import main
from xiuhua.kernel.models import InstalledPack, Tenant
from xiuhua.taxonomy.models import FilingCondition

HEADER = "大类代码,大类名称,小类代码,小类名称,立案条件,处置时限,结案条件\n"
GOOD = "01,市容环境,01,暴露垃圾,少量,4小时,清走\n,,,,大量,2天,清走\n,,,,堆放,及时,清走\n"
MEANS = "--day-means work_day --hour-means work_hour"
Run = Callable[..., Result]


@pytest.fixture
def run(street: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `xiuhua taxonomy …` in Chinese beside the files good.csv and bad.csv."""
    monkeypatch.setenv("XIUHUA_LANG", "zh")
    (tmp_path / "good.csv").write_text(HEADER + GOOD, encoding="utf-8")
    (tmp_path / "bad.csv").write_text(HEADER + "01,市容环境,1A,坏,少量,4小时,\n" + GOOD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return lambda line, **given: CliRunner().invoke(main, ["taxonomy", *line.split()], **given)


def _json(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_condition_whose_limit_is_not_written_is_kept_and_installed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bare.csv").write_text(HEADER + GOOD + ",,,,夜里,,清走\n", encoding="utf-8")
    done = run(
        f"import bare.csv --kind event --scheme city {MEANS} --to out/city/1 --effective 2026-01-01 --install --json"
    )
    assert done.exit_code == 0, done.output
    held = FilingCondition.objects.get(text="夜里")
    assert (held.limits, held.limit_text) == ([], "—")


REFUSED = [
    pytest.param(f"import good.csv --kind event {MEANS}", "standard.scheme_missing", id="no-scheme"),
    pytest.param(
        "import good.csv --kind event --scheme city", "standard.means_undeclared", id="nobody-said-what-天-means"
    ),
    pytest.param(
        "import good.csv --kind event --scheme city --day-means work_day",
        "standard.means_undeclared",
        id="nobody-said-what-小时-means",
    ),
    pytest.param(f"import good.csv --scheme city {MEANS}", "standard.faulty", id="event-or-component"),
    pytest.param(f"import bad.csv --kind event --scheme city {MEANS}", "standard.faulty", id="a-faulty-row"),
    pytest.param(
        f"import bad.csv --kind event --scheme city {MEANS} --to out/city/1 --effective 2026-01-01 --install",
        "standard.faulty",
        id="a-faulty-row-and-nothing-is-written",
    ),
    pytest.param("show 0101", "taxonomy.scheme_unnamed", id="a-code-without-scheme"),
    pytest.param("show 0101 --scheme city", "taxonomy.class_not_found", id="scheme-not-installed"),
    pytest.param("check-code 3202130101 --scheme city", "taxonomy.scheme_unknown", id="identifier-without-scheme"),
    pytest.param("translate --from a --to b 0401", "taxonomy.scheme_unknown", id="translation-between-unknown"),
]


@pytest.mark.parametrize(("line", "code"), REFUSED)
def test_command_when_it_cannot_know_then_it_refuses_and_writes_nothing(run: Run, line: str, code: str) -> None:
    result = run(f"{line} --json")
    assert (result.exit_code, _json(result)["refused"]) == (1, code)
    assert (InstalledPack.objects.count(), FilingCondition.objects.count(), Path("out").exists()) == (0, 0, False)


def test_import_when_rows_are_faulty_then_every_one_is_listed_with_its_row(run: Run) -> None:
    faults = _json(run(f"import bad.csv --kind event --scheme city {MEANS} --json"))["faults"]
    assert [(fault["file"], fault["row"], fault["column"]) for fault in faults] == [("bad.csv", 2, "小类代码")]


def test_import_when_faulty_rows_may_be_skipped_then_the_others_are_installed(run: Run) -> None:
    line = f"import bad.csv --kind event --scheme city {MEANS} --install --effective 2026-01-01 --skip-faulty --json"
    result = _json(run(line))
    assert (result["conditions"], result["limits_read"], len(result["faulty"]), len(result["unread"])) == (3, 2, 1, 1)
    assert [one.unread for one in FilingCondition.objects.order_by("number")] == [False, False, True]


def test_import_when_written_to_a_folder_then_it_is_a_pack_that_checks_and_installs(run: Run) -> None:
    line = f"import good.csv --kind event --scheme city {MEANS} --to packs/taxonomy/city/2026-1 --effective 2026-01-01"
    written = _json(run(f"{line} --json"))
    assert (written["pack"], written["installed"]) == ("taxonomy/city@2026-1", False)
    folder = Path("packs/taxonomy/city/2026-1")
    assert sorted(path.name for path in folder.iterdir()) == [
        "classes.csv",
        "conditions.csv",
        "pack.toml",
        "scheme.toml",
    ]
    done = CliRunner().invoke(main, ["pack", "install", str(folder), "--json"])
    assert (done.exit_code, json.loads(done.stdout)["digest"]) == (0, written["digest"])
    again = run(f"{line} --json")
    assert (again.exit_code, _json(again)["refused"]) == (1, "standard.folder_taken")


def test_import_when_only_read_then_it_says_how_many_limits_were_read_and_which_were_not(run: Run) -> None:
    result = run(f"import good.csv --kind event --scheme city {MEANS}")
    assert result.exit_code == 0
    assert "1 个类" not in result.stdout  # the main class counts too
    assert "2 个类、3 个条件；时限读出 2 个（66.7 %）。" in result.stdout
    assert "good.csv 第 4 行“处置时限”：“及时”里没有数量。" in result.stdout
    assert "没有写数据包" in result.stdout


def test_import_when_it_is_to_be_kept_without_a_day_then_that_is_a_usage_error(run: Run) -> None:
    assert run(f"import good.csv --kind event --scheme city {MEANS} --install").exit_code == 2


@pytest.fixture
def national(run: Run) -> Run:
    """The old and the present national standard, installed by command."""
    for name in ("cn-old", "cn-national"):
        done = CliRunner().invoke(
            main, ["pack", "install", str(next((Path(settings.PACKS) / "taxonomy" / name).iterdir()))]
        )
        assert done.exit_code == 0, done.stderr
    return run


def test_list_when_standards_are_installed_then_each_version_is_named(national: Run) -> None:
    found = _json(national("list --json"))
    assert [(one["scheme"], one["version"]) for one in found["schemes"]] == [
        ("cn-national", "2013-1"),
        ("cn-old", "2007-1"),
    ]


def test_translate_when_a_code_is_both_event_and_component_then_both_are_told(national: Run) -> None:
    line = "translate --from cn-old --to cn-national"
    found = _json(national(f"{line} 0104 --json"))["classes"]
    assert [(one["kind"], one["from_name"], one["to_code"]) for one in found] == [
        ("event", "道路不洁", "0104"),
        ("component", "雨水箅子", "0104"),
    ]
    moved = _json(national(f"{line} 0401 --json"))["classes"]
    assert [(one["from_name"], one["to_code"], one["to_name"]) for one in moved] == [("路面塌陷", "0501", "路面塌陷")]


def test_show_when_a_scheme_is_named_then_the_same_code_is_another_thing(national: Run) -> None:
    names = [
        _json(national(f"show 0405 --scheme {scheme} --kind event --json"))["classes"][0]["name"]
        for scheme in ("cn-old", "cn-national")
    ]
    assert names == ["热力管道破裂", "机动车乱停放"]


@pytest.mark.parametrize(
    ("line", "exit_code", "key", "expected"),
    [
        ("next-code 01 --scheme cn-national --kind event", 0, "code", "0198"),
        ("next-code 02 --scheme cn-national --kind event", 0, "code", "0299"),
        ("next-code 09 --scheme cn-national --kind event", 1, "refused", "taxonomy.class_not_found"),
    ],
)
def test_local_code_when_asked_for_then_it_is_the_next_one_down_from_99(
    national: Run, line: str, exit_code: int, key: str, expected: str
) -> None:
    result = national(f"{line} --json")
    assert (result.exit_code, _json(result)[key]) == (exit_code, expected)


@pytest.mark.parametrize(
    ("line", "exit_code", "columns"),
    [
        ("check-code 3202130405 --scheme cn-national", 0, None),
        ("check-code 3202130477 --scheme cn-national --division 320211", 1, ["行政区划", "小类"]),
        ("check-code 3.20213E+14 --scheme cn-national", 1, [""]),
        ("check-code 32021300100201 --scheme cn-old", 0, None),
    ],
)
def test_identifier_when_checked_then_the_wrong_segments_are_named(
    national: Run, line: str, exit_code: int, columns: list[str] | None
) -> None:
    result = national(f"{line} --json")
    assert result.exit_code == exit_code
    assert columns is None or [fault["column"] for fault in _json(result)["faults"]] == columns


def test_means_when_a_person_is_there_then_they_are_asked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from xiuhua.cli import taxonomy as door  # noqa: PLC0415 - the module under test

    monkeypatch.setattr(door, "_watched", lambda: True)
    result = run("import good.csv --kind event --scheme city", input="work_day\nurgent_hour\n")
    assert result.exit_code == 0, result.stderr
    assert "时限读出 2 个" in result.stdout
    assert "表里的“天”指什么？" in result.stderr
