"""What may lie in a folder of a pack, and packs that are one file: every fault says its file, line and field."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.conf import settings as django_settings

from xiuhua.cli.main import main
from xiuhua.kernel.actions import create_tenant, pack_faults
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import PackRefused, read_file_pack, read_pack
from xiuhua.kernel.words import Actor

PACKS = Path(__file__).parents[2] / "packs"
HEAD = """schema = 1
kind = "calendar"
code = "north"
version = "1"
title = { zh = "历", en = "Calendar" }
effective_from = 2026-01-01

[provenance]
source = "made up for this test"
"""
WEEK = '[week]\nmon = ["08:30-12:00"]\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A calendar in which nothing is wrong."""
    (tmp_path / "pack.toml").write_text(HEAD, encoding="utf-8")
    (tmp_path / "calendar.toml").write_text(WEEK, encoding="utf-8")
    return tmp_path


def _faults(folder: Path) -> list[tuple[str, str, int | None]]:
    try:
        faults = pack_faults(read_pack(folder))
    except PackRefused as refusal:
        faults = list(refusal.faults)
    return [(fault.code, fault.file, fault.row) for fault in faults]


def _write(name: str, text: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")

    return write


def _link(folder: Path) -> None:
    (folder / "days.csv").symlink_to("/etc/passwd")


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "days.csv")


def _many(folder: Path) -> None:
    for number in range(100):
        (folder / f"n{number}.md").touch()


DAYS = "date,kind,name,works_as,source\n2026-01-01,holiday,{},,\n"
FOUND = {
    "nothing wrong": (_write("note.md", "why"), []),
    "a byte order mark before a header": (_write("pack.toml", "\ufeff" + HEAD), []),
    "a misspelled optional table": (_write("day.csv", DAYS.format("x")), [("pack.file_unknown", "day.csv", None)]),
    "a table in a folder below": (_write("a/days.csv", DAYS), [("pack.file_unknown", "a/days.csv", None)]),
    "a NUL in a table": (_write("days.csv", DAYS.format("\0")), [("pack.control", "days.csv", 2)]),
    "a NUL written as an escape": (
        _write("pack.toml", HEAD.replace("历", "\\u0000")),
        [("pack.control", "pack.toml", 5)],
    ),
    "a program": (_write("run.sh", ""), [("pack.file_kind", "run.sh", None)]),
    "a link": (_link, [("pack.file_kind", "days.csv", None)]),
    "a pipe that would never end": (_pipe, [("pack.file_kind", "days.csv", None)]),
    "nesting without end": (_write("calendar.toml", "x=" + "[" * 5000), [("pack.toml", "calendar.toml", None)]),
    "a number without end": (
        _write("pack.toml", HEAD.replace("= 1\n", f"= {'9' * 5000}\n", 1)),
        [("pack.toml", "pack.toml", None)],
    ),
    "a hundred and two files": (_many, [("pack.large", "n99.md", None)]),
}


@pytest.mark.parametrize(("spoil", "faults"), FOUND.values(), ids=FOUND)
def test_folder_of_a_pack_when_something_odd_lies_in_it(
    spoil: Callable[[Path], None], faults: list[tuple[str, str, int | None]], folder: Path
) -> None:
    spoil(folder)
    assert _faults(folder) == faults


def test_folder_without_a_header_is_not_read_at_all(tmp_path: Path) -> None:
    (tmp_path / "anything.bin").touch()
    assert _faults(tmp_path) == [("pack.header_missing", "pack.toml", None)]


@pytest.mark.parametrize("path", sorted(PACKS.glob("*/*.toml")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_shipped_pack_of_one_file_has_no_fault(path: Path) -> None:
    assert (read_file_pack(path).kind, read_file_pack(path).code) == (path.parent.name, path.stem)


SCHEME = (PACKS / "schemes/basic.toml").read_text(encoding="utf-8")
MAPPING = (PACKS / "mappings/demo-street.toml").read_text(encoding="utf-8")
NAMES = (PACKS / "names/zh-suffixes.toml").read_text(encoding="utf-8")


def _line(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if line.startswith(part))


ALONE = {
    "a scheme's float": (
        "schemes/basic",
        SCHEME.replace("full = 100", "full = 99.5", 1),
        ("scheme.float", _line(SCHEME, "full ="), "full"),
    ),
    "a mapping's zone": (
        "mappings/demo-street",
        MAPPING.replace("Asia/Shanghai", "Asia/Nowhere"),
        ("mapping.zone", _line(MAPPING, "zone ="), "zone"),
    ),
    "a rule of names": (
        "names/zh-suffixes",
        NAMES.replace('id = "zh.village"', "id = 3"),
        ("pack.schema", _line(NAMES, 'id = "zh.village"'), "rule[1].id"),
    ),
    "no TOML": ("mappings/torn", 'schema = 1\ncode = "\n', ("mapping.toml", 2, "")),
    "nesting without end": ("schemes/deep", "x=" + "[" * 5000, ("pack.toml", None, "")),
}


@pytest.mark.parametrize(("name", "text", "place"), ALONE.values(), ids=ALONE)
def test_pack_of_one_file_when_faulty_is_refused_with_file_line_and_field(
    name: str, text: str, place: tuple[str, int | None, str], tmp_path: Path
) -> None:
    path = tmp_path / f"{name}.toml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PackRefused) as refusal:
        read_file_pack(path)
    assert [(one.code, one.row, one.column, one.file) for one in refusal.value.faults] == [(*place, path.name)]


def _run(*words: str) -> Result:
    return CliRunner().invoke(main, ["pack", *words, "--json"])


def test_pack_when_there_are_several_offices_is_checked_by_itself_and_in_the_one_named(
    street: Tenant, ana: Actor, at: datetime, folder: Path
) -> None:
    create_tenant("other", "别处", by=ana, at=at, zone="America/New_York")
    assert json.loads(_run("check", str(folder)).stdout)["office"] is None
    assert json.loads(_run("check", str(folder), "--tenant", "other").stdout)["office"] == "other"
    refused = json.loads(_run("install", str(folder)).stdout)
    assert (refused["refused"], refused["facts"]) == ("tenant.undecided", {"known": f"{street.code}、other"})


@pytest.mark.django_db
def test_packs_of_one_file_are_checked_and_listed_by_command() -> None:
    for name in ("schemes/basic", str(PACKS / "schemes/basic.toml")):
        done = _run("check", name)
        assert (done.exit_code, json.loads(done.stdout)["pack"]) == (0, "schemes/basic@1")
    listed = {one["pack"]: one["version"] for one in json.loads(_run("list").stdout)["files"]}
    shipped = {f"{path.parent.name}/{path.stem}" for path in Path(django_settings.PACKS).glob("*/*.toml")}
    assert {name.partition("@")[0] for name in listed} == shipped
    assert (listed["schemes/basic@1"], listed["names/zh-suffixes"]) == ("1", None)
