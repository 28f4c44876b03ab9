"""`xiuhua duty` and `xiuhua pack` as a person at a terminal uses them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from tests.responsibility.conftest import Write

from xiuhua.cases.models import Case
from xiuhua.cases.queries import duty_of, placed
from xiuhua.cases.words import Stage
from xiuhua.cli.main import main
from xiuhua.kernel.models import Tenant
from xiuhua.responsibility.models import Body
from xiuhua.responsibility.queries import DutyBook
from xiuhua.responsibility.rules.duty.preview import last_quarter, moves, quarter_named
from xiuhua.responsibility.words import UnitMove
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.models import Territory

ALL = "territory,*,,,*,,,,U,,街规"
OWNER = "owner,A,P05,,M,,,,V,W,合同"

Run = Callable[..., Result]


@pytest.fixture
def run(office: Tenant) -> Run:
    """Run a subcommand of duty."""
    return lambda *args: CliRunner().invoke(main, [*args])


def _json(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture
def installed(run: Run, write: Write) -> Path:
    """A matrix that is in force."""
    folder = write(ALL, OWNER, tests=("A1,P05,,,,M1,2026-10-04,V,owner,小区",))
    assert run("pack", "install", str(folder)).exit_code == 0
    return folder


@pytest.mark.parametrize(
    ("place", "unit", "line"),
    [
        (("--territory", "A1"), "U", 2),
        (("--site", "P05-1"), "V", 3),
        (("--at", "0.0005,0.0005"), "V", 3),
        (("--at", "0.0009,0.0009"), "U", 2),
        (("--at", "50,50"), "U", 2),
    ],
    ids=["territory", "site", "point at a site", "point beside it", "point outside"],
)
def test_who_names_the_unit_and_the_row(
    installed: Path, run: Run, place: tuple[str, str], unit: str, line: int
) -> None:
    result = run("duty", "who", *place, "--class", "M1", "--day", "2026-10-04", "--json")
    body = _json(result)
    assert (result.exit_code, body["unit"]["code"], body["row"]["line"]) == (0, unit, line)


def test_who_says_the_reason_and_who_lost_in_sentences(installed: Path, run: Run) -> None:
    result = run("duty", "who", "--site", "P05-1", "--class", "类M1", "--day", "2026-10-04")
    first, second = result.stdout.splitlines()
    assert "由单位V负责：按产权或合同，矩阵第 3 行" in first
    assert second == "  第 2 行（属地，全域 · 各类 → 单位U）没有采用：层次在后。"


@pytest.mark.parametrize(
    ("args", "refused"),
    [
        (("--territory", "X", "--class", "M1"), "territory.unknown"),
        (("--site", "X", "--class", "M1"), "site.unknown"),
        (("--territory", "A1", "--class", "X"), "duty.class_unclear"),
        (("--class", "M1"), "duty.place_missing"),
    ],
)
def test_who_when_the_question_is_wrong_then_refused(
    installed: Path, run: Run, args: tuple[str, ...], refused: str
) -> None:
    result = run("duty", "who", *args, "--json")
    assert (result.exit_code, _json(result)["refused"]) == (1, refused)


@pytest.mark.parametrize("point", ["1", "a,b", "200,0", "0,91"])
def test_who_when_the_point_is_none_then_usage(installed: Path, run: Run, point: str) -> None:
    assert run("duty", "who", "--at", point, "--class", "M1").exit_code == 2


def test_who_without_a_matrix_says_what_to_do(run: Run) -> None:
    result = run("duty", "who", "--territory", "A1", "--class", "M1", "--json")
    assert (result.exit_code, _json(result)["refused"]) == (1, "pack.undecided")


def test_check_when_all_is_clear_then_exit_code_0(installed: Path, run: Run) -> None:
    result = run("duty", "check", "--from", "2026-01-01", "--to", "2026-12-31", "--json")
    body = _json(result)
    cells = (4 + 2) * 3 * 365
    assert (result.exit_code, body["sound"], body["cells"], body["clear"]) == (0, True, cells, cells)


def test_check_when_there_are_gaps_conflicts_and_idle_rows_then_it_lists_them_and_ends_with_1(
    run: Run, write: Write
) -> None:
    rows = ("trade,A,,,*,,,,U,,b", "trade,B1,,,M,,,,U,,b", "trade,B1,,,M,,,,V,,b", "territory,A1,,,M1,,,,W,,b")
    assert run("pack", "install", str(write(*rows))).exit_code == 0
    result = run("duty", "check", "--from", "2026-10-05", "--to", "2026-10-06", "--json")
    body = _json(result)
    # B2 by itself and with its market lacks three classes, B1 lacks one
    assert (result.exit_code, body["gap_cells"], body["conflict_cells"]) == (1, (2 * 3 + 1) * 2, 2 * 2)
    assert sum(block["cells"] for block in body["gaps"]) == body["gap_cells"]
    assert [[row["line"] for row in one["rows"]] for one in body["conflicts"]] == [[3, 4]]
    assert [(row["line"], row["why"]) for row in body["idle"]] == [(4, "conflict"), (5, "beaten")]
    text = run("duty", "check", "--from", "2026-10-05", "--to", "2026-10-06").stdout
    assert "空白 14 格，冲突 4 格" in text
    assert "冲突：第 3 单位U、4 单位V 行，地B1 × 类M × 2026-10-05 – 2026-10-06（4 格）" in text


def test_tests_of_a_folder_that_fail_say_expected_got_and_row(run: Run, write: Write) -> None:
    folder = write(ALL, OWNER, tests=("A1,,,,,M1,2026-10-04,V,owner,小区外", "A1,,,,,M1,2026-10-04,U,,属地"))
    result = run("duty", "test", "--pack", str(folder))
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "duty/street@1：1 / 2 条用例通过。",
        "  tests.csv 第 2 行“unit”：应由“单位V”（层次 owner），得到“单位U”（层次 territory，矩阵第 2 行）。理由：小区外",
    ]


def test_tests_of_the_installed_matrix_pass(installed: Path, run: Run) -> None:
    result = run("duty", "test", "--json")
    assert (result.exit_code, _json(result)["passed"], _json(result)["tests"]) == (0, 1, 1)


@pytest.fixture
def cases(office: Tenant) -> list[str]:
    """Five cases of the third quarter and one of the fourth; C3 lies at the compound, C5 nowhere, V1 is void."""
    grids = {one.code: one for one in Territory.objects.all()}
    classes = {one.code: one for one in CaseClass.objects.all()}
    at = datetime(2026, 6, 30, 16, tzinfo=UTC)  # the first minute of July in Shanghai
    spots: dict[str, tuple[str | None, str, float | None]] = {
        "C1": ("A1", "M1", None),
        "C2": ("B1", "N1", None),
        "C3": ("A1", "M1", 0.0005),
        "C4": ("A2", "M2", 0.0015),
        "C5": (None, "M2", None),
        "C6": ("A1", "M1", None),
        "V1": ("A1", "M1", None),
    }
    for number, (where, what, lon) in spots.items():
        Case.objects.create(
            tenant=office,
            number=number,
            reported_at=at + timedelta(days=92 if number == "C6" else 0),
            case_class=classes[what],
            territory=grids[where] if where else None,
            longitude=lon,
            latitude=None if lon is None else 0.0005,
            body=Body.objects.get(code="U"),
            stage=Stage.VOID if number == "V1" else Stage.OPEN,
        )
    return list(spots)


def test_preview_names_winners_and_losers_with_their_cases(
    installed: Path, cases: list[str], run: Run, write: Write
) -> None:
    changed = write("territory,A,,,*,,,,W,,街规", "territory,B,,,*,,,,U,,街规", OWNER, version="2", day="2027-01-01")
    result = run("duty", "preview", "--pack", str(changed), "--quarter", "2026Q3", "--json")
    body = _json(result)
    assert (body["from"], body["to"], body["cases"], body["moved"]) == ("2026-07-01", "2026-09-30", 5, 3)
    assert [(one["unit"], one["before"], one["after"], one["gained"], one["lost"]) for one in body["units"]] == [
        ("W", 0, 2, ["C1", "C4"], []),
        (None, 0, 1, ["C5"], []),
        ("V", 1, 1, [], []),
        ("U", 4, 1, [], ["C1", "C4", "C5"]),
    ]
    assert "换了单位的 3 件" in run("duty", "preview", "--pack", str(changed), "--quarter", "2026Q3").stdout


def test_preview_of_a_boundary_answers_each_case_where_it_would_lie(
    installed: Path, cases: list[str], office: Tenant, run: Run, write: Write
) -> None:
    folder = write(OWNER, "territory,A,,,*,,,,U,,b", "territory,B,,,*,,,,W,,b", version="2", day="2026-06-01")
    assert run("pack", "install", str(folder)).exit_code == 0
    book = DutyBook.load(office)
    found = placed(office, *(quarter_named("2026Q3") or ()))
    before = duty_of(office, book, found)
    moved = ["B2" if code == "A2" else code for code in found.asked.territory]
    after = duty_of(office, book, found, moved)
    assert (before.unit, after.unit) == (["U", "W", "V", "U", ""], ["U", "W", "V", "W", ""])
    assert moves(found.numbers, before.unit, after.unit)[0] == UnitMove("W", ("C2",), ("C4",), ())


@pytest.mark.parametrize(
    ("day", "first", "end"),
    [("2026-11-25", "2026-07-01", "2026-10-01"), ("2026-01-01", "2025-10-01", "2026-01-01")],
)
def test_last_quarter_is_the_one_that_is_over(day: str, first: str, end: str) -> None:
    assert [str(one) for one in last_quarter(datetime.fromisoformat(day).date())] == [first, end]


def test_bench_answers_alike_on_both_roads(run: Run) -> None:
    result = run("bench", "duty", "--grids", "24", "--classes", "40", "--cases", "3000", "--json")
    body = _json(result)
    assert (result.exit_code, body["cells"], body["cases"]) == (0, 24 * 40 * 366, 3000)


RICH = (
    "owner,A,P05,,own:M,67,2026-02-01,2027-01-01,V,W;U,合同 第 3 条，甲“乙”",
    "trade,*,,P08-1,own:M1,,,,W,,协议",
    "territory,*,,,*,,,,U,,街规",
)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_workbook_when_exported_and_imported_then_it_says_the_same(
    run: Run, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("XIUHUA_LANG", language)
    folder = write(*RICH, tests=("A1,,,,,M1,2026-10-05,U,,平日",))
    assert run("pack", "install", str(folder)).exit_code == 0
    book, again = tmp_path / "矩阵.xlsx", tmp_path / "again"
    assert run("duty", "export", str(book)).exit_code == 0
    args = ("--version", "2", "--effective", "2027-01-01", "--to", str(again), "--install")
    result = run("duty", "import", str(book), *args, "--json")
    assert (result.exit_code, _json(result)["pack"], _json(result)["rows"]) == (0, "duty/street@2", 3)
    lines = (again / "matrix.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1:] == [*RICH]
    assert (again / "tests.csv").read_text() == (folder / "tests.csv").read_text()
    assert run("pack", "check", str(again)).exit_code == 0


def test_workbook_offers_drop_downs_of_what_exists(installed: Path, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "m.xlsx"
    assert run("duty", "export", str(path)).exit_code == 0
    book = load_workbook(path)
    page, lists = book.worksheets[0], book["lists"]
    heads = [cell.value for cell in page[1]]
    assert heads[:5] == ["层次*", "地域*", "点位类型", "点位", "类别*"]
    offered = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in lists.iter_cols()}
    assert offered["tiers"] == ["产权或合同", "行业主管", "属地"]
    assert offered["units"] == ["U 单位U", "V 单位V", "W 单位W"]
    assert offered["territories"][:3] == ["*", "A 地A", "A1 地A1"]
    assert {str(rule.sqref).split(":")[0] for rule in page.data_validations.dataValidation if rule.type == "list"} == {
        "A2",
        "B2",
        "D2",
        "E2",
        "I2",
    }


def test_workbook_when_a_cell_is_wrong_then_nothing_is_written(installed: Path, run: Run, tmp_path: Path) -> None:
    path, folder = tmp_path / "m.xlsx", tmp_path / "out"
    assert run("duty", "export", str(path)).exit_code == 0
    book = load_workbook(path)
    book.worksheets[0]["I3"] = "没有的单位"
    book.save(path)
    result = run(
        "duty", "import", str(path), "--version", "2", "--effective", "2027-01-01", "--to", str(folder), "--json"
    )
    faults = [(one["code"], one["row"], one["column"]) for one in _json(result)["faults"]]
    assert (result.exit_code, faults, folder.exists()) == (1, [("duty.unit_unknown", 3, "unit")], False)


@pytest.mark.usefixtures("office")
def test_first_matrix_is_filled_into_an_empty_workbook(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "first.xlsx"
    result = run("duty", "export", str(path), "--json")
    assert (result.exit_code, _json(result)["pack"], _json(result)["rows"]) == (0, None, 0)
    book = load_workbook(path)
    page = book.worksheets[0]
    for column, text in enumerate(("属地", "*", "", "", "*", "", "", "", "U 单位U", "", "街规"), start=1):
        page.cell(3, column, text or None)
    book.save(path)
    result = run("duty", "import", str(path), "--version", "1", "--effective", "2026-01-01", "--install", "--json")
    assert (result.exit_code, _json(result)["rows"]) == (0, 1)
    assert run("duty", "check").exit_code == 0
