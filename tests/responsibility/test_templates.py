"""Templates as spreadsheets see them: drop-downs, text codes, an example that imports pass over, and the way back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.conf import settings as django_settings
from django.utils import translation
from openpyxl import Workbook, load_workbook

from xiuhua.cli.main import main
from xiuhua.kernel.actions import install_pack
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import read_pack
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import import_units
from xiuhua.responsibility.models import Body, User
from xiuhua.territory.actions import observe_territories
from xiuhua.territory.models import Site, Territory

Run = Callable[..., Result]
TABLES = {
    "site": ("sites.xlsx", {"类型": "types", "所属社区": "communities"}, ["编码", "类型编码", "单元网格"]),
    "unit": ("units.xlsx", {"类别": "kinds", "本地域": "communities"}, ["编码"]),
    "user": ("users.xlsx", {"角色": "roles", "单位": "units"}, ["账号"]),
    "territory": ("territories.xlsx", {"上级编码": "parents"}, ["编码", "上级编码"]),
}


@pytest.fixture
def run(street: Tenant, ana: Actor, at: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `xiuhua …` in Chinese beside an office with two communities, types, kinds and one unit."""
    observe_territories(street, "community", ["东河社区", "西河社区"])
    Territory.objects.update(confirmed=True)
    for pack in ("sites/cn-types/1", "units/cn-kinds/1"):
        install_pack(street, read_pack(Path(django_settings.PACKS, pack)), by=ana, at=at)
    import_units(street, "编码,名称\nU0,街道办\n".encode(), by=ana, at=at)
    monkeypatch.setenv("XIUHUA_LANG", "zh")
    monkeypatch.chdir(tmp_path)

    def runner(line: str, typed: str = "") -> Result:
        with translation.override("zh-hans"):
            return CliRunner().invoke(main, line.split(), input=typed)

    return runner


def _page(book: Workbook) -> tuple[dict[str, str], list[str]]:
    """Return the columns' letters by heading without the star, and the headings with a star."""
    heads = {cell.column_letter: str(cell.value) for cell in book.worksheets[0][1]}
    return {head.rstrip("*"): letter for letter, head in heads.items()}, [h for h in heads.values() if h.endswith("*")]


@pytest.mark.parametrize("table", TABLES)
def test_template_when_opened_then_choices_types_and_paper_are_set(run: Run, table: str) -> None:
    name, choices, codes = TABLES[table]
    assert run(f"{table} template").exit_code == 0
    book = load_workbook(name)
    page, lists = book.worksheets[0], book["lists"]
    letters, required = _page(book)
    validations = {str(one.sqref).split(":")[0]: one for one in page.data_validations.dataValidation}
    for heading, listed in choices.items():
        rule = validations[f"{letters[heading]}2"]
        assert rule.type == "list"
        column = next(cell.column_letter for cell in lists[1] if cell.value == listed)
        values = [cell.value for cell in lists[column][1:] if cell.value]
        assert rule.formula1 == f"lists!${column}$2:${column}${len(values) + 1}"
        assert values
    assert [page.column_dimensions[letters[one]].width > 0 for one in codes] == [True] * len(codes)
    assert [page[f"{letters[one]}2"].number_format for one in codes] == ["@"] * len(codes)
    assert (lists.sheet_state, page.freeze_panes, page.page_setup.paperSize, page.page_setup.orientation) == (
        "hidden", "A2", 9, "landscape",
    )  # fmt: skip
    assert (str(page["A2"].value)[:2], bool(required)) == ("示例", True)
    notes = book.worksheets[1]
    assert [bool(cell.value) for row in notes.iter_rows(min_row=2, max_row=1 + len(letters)) for cell in row[2:4]] == [
        True
    ] * (2 * len(letters))


def test_template_when_types_are_offered_then_all_21_and_only_they(run: Run) -> None:
    run("site template")
    lists = load_workbook("sites.xlsx")["lists"]
    assert len([cell for cell in lists["A"][1:] if cell.value]) == 21
    assert [cell.value for cell in lists["B"] if cell.value] == ["communities", "东河社区", "西河社区"]


def test_template_when_only_the_example_is_in_it_then_nothing_to_import(run: Run) -> None:
    run("site template")
    result = run("site import sites.xlsx --json")
    assert (result.exit_code, json.loads(result.stdout)["refused"]) == (1, "form.empty")


FILLED = {
    "site": {
        "编码": "0001",
        "名称": "河边厕所",
        "类型": "公共厕所",
        "所属社区": "东河社区",
        "经度": 120.5,
        "纬度": 31.5,
    },
    "unit": {"编码": "0007", "名称": "东河居委会", "类别": "社区", "本地域": "东河社区"},
    "user": {"账号": "0li", "姓名": "李", "角色": "综合岗", "单位": "街道办"},
    "territory": {"编码": "0001002", "名称": "一格", "上级编码": "community-01"},
}


def _fill(name: str, cells: dict[str, object]) -> None:
    book = load_workbook(name)
    letters, _required = _page(book)
    for heading, value in cells.items():
        book.worksheets[0][f"{letters[heading]}3"] = value
    book.save(name)


@pytest.mark.parametrize("table", TABLES)
def test_template_when_filled_in_then_it_comes_in(run: Run, table: str) -> None:
    run(f"{table} template")
    _fill(TABLES[table][0], dict(FILLED[table]))
    level = " --level grid" if table == "territory" else ""
    result = run(f"{table} import {TABLES[table][0]}{level} --json")
    assert (result.exit_code, json.loads(result.stdout)["created"]) == (0, 1), result.output
    made = {
        "site": lambda: Site.objects.filter(code="0001", type="P10", territory__code="community-01"),
        "unit": lambda: Body.objects.filter(code="0007", kind="community", territory__code="community-01"),
        "user": lambda: User.objects.filter(username="0li", body__code="U0"),
        "territory": lambda: Territory.objects.filter(code="0001002", level="grid"),
    }[table]()
    assert made.count() == 1


def test_template_when_english_then_english_headings_that_come_in_too(run: Run, street: Tenant) -> None:
    with translation.override("en"):
        from xiuhua.responsibility.queries import unit_template  # noqa: PLC0415 - beside its language

        book = load_workbook(BytesIO(unit_template(street)))
    page = book.worksheets[0]
    assert [cell.value for cell in page[1]] == ["Code*", "Name*", "Kind", "Own territory", "Other names"]
    assert str(page["A2"].value).startswith("Example ")
    assert book["lists"]["A2"].value == "Community office"


def test_template_when_the_file_is_there_then_only_out_replaces_it(run: Run) -> None:
    assert [run("unit template").exit_code for _time in range(2)] == [0, 2]
    assert run("unit template --out units.xlsx").exit_code == 0


def test_commands_when_json_then_counts_and_lists(run: Run) -> None:
    Path("s.csv").write_bytes("编码,名称,类型编码,经度,纬度\nA,甲,P07,120.1,31.1\n".encode("gb18030"))
    dry = json.loads(run("site import s.csv --dry-run --json").stdout)
    assert (dry["created"], dry["dry_run"], dry["unplaced"], Site.objects.count()) == (1, True, ["A"], 0)
    assert run("site import s.csv").stdout.splitlines() == ["新建 1，更新 0，未变 0。", "  不在任何地域里的 1 个：A"]
    listed = json.loads(run("site list --type P07 --json").stdout)
    assert [(one["code"], one["shape"], one["reach_m"]) for one in listed["sites"]] == [("A", "Point", 60)]
    assert json.loads(run("unit list --json").stdout)["units"][0]["name"] == "街道办"
    assert run("unit list").stdout == "U0\t街道办\t—\t—\n"
    assert run("site list --type P01").stdout == "—\n"


def test_site_when_refused_then_exit_1_with_row_column_and_sentence(run: Run) -> None:
    Path("s.csv").write_text("编码,名称,类型编码,经度,纬度\nA,甲,P99,120.1,31.1\n", encoding="utf-8")
    result = run("site import s.csv --json")
    fault = json.loads(result.stdout)["faults"][0]
    assert (result.exit_code, fault["row"], fault["column"], fault["code"]) == (1, 2, "类型编码", "site.type_unknown")
    assert "P99" in fault["sentence"]


def test_password_when_set_by_command_then_never_printed(run: Run) -> None:
    Path("u.csv").write_text("账号,姓名\nli,李\n", encoding="utf-8")
    run("user import u.csv")
    result = run("user password li --password-stdin", "quiet-canal-91\n")
    assert (result.exit_code, "quiet-canal" in result.output) == (0, False)
    assert User.objects.get(username="li").check_password("quiet-canal-91")
    assert run("user password li").exit_code == 2
