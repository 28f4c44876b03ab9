"""Data packs: what is installed never changes, and every fault says its file, line and field."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from xiuhua.kernel.actions import PackEarly, PackKindUnknown, PackVersionTaken, create_tenant, install_pack, use_pack
from xiuhua.kernel.models import InstalledPack, LedgerLine, Tenant
from xiuhua.kernel.queries import (
    PackRefused,
    PackUndecided,
    PackUnknown,
    chosen_code,
    content_of,
    pack_on,
    read_pack,
    shipped_pack,
)
from xiuhua.kernel.registry import _KINDS, PackKind, register_kind
from xiuhua.kernel.rules.differences import differences
from xiuhua.kernel.rules.packs import document, line_of, table
from xiuhua.kernel.words import Actor, Fault, PackContent

HEADER = """schema = 1
kind = "tariff"
code = "{code}"
version = "{version}"
title = {{ zh = "价目", en = "Tariff" }}
effective_from = {day}

[provenance]
source = "made up for this test"
"""
COLUMNS = ("item", "price")
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["unit"],
    "properties": {
        "unit": {"type": "string"},
        "rule": {"type": "array", "items": {"type": "object", "properties": {"most": {"type": "integer"}}}},
    },
}


def _check(pack: PackContent) -> list[Fault]:
    _rows, faults = table(pack, "prices.csv", COLUMNS, required=("item",))
    return faults + document(pack, "tariff.toml", SCHEMA)[1]


@pytest.fixture(autouse=True)
def _tariff() -> Iterator[None]:
    register_kind(PackKind("tariff", ("prices.csv", "tariff.toml"), _check, keys={"prices.csv": ("item",)}))
    yield
    _KINDS.pop("tariff")


def _folder(
    root: Path,
    *,
    code: str = "north",
    version: str = "1",
    day: str = "2026-01-01",
    prices: str = "item,price\nbread,3\nmilk,5\n",
    rules: str = 'unit = "yuan"\n',
) -> Path:
    folder = root / "tariff" / code / version
    folder.mkdir(parents=True)
    (folder / "pack.toml").write_text(HEADER.format(code=code, version=version, day=day), encoding="utf-8")
    (folder / "prices.csv").write_text(prices, encoding="utf-8")
    (folder / "tariff.toml").write_text(rules, encoding="utf-8")
    return folder


def _places(refusal: PackRefused) -> list[tuple[str, str, int | None, str]]:
    return [(fault.code, fault.file, fault.row, fault.column) for fault in refusal.faults]


def test_pack_when_read_has_the_same_digest_whatever_its_line_ends(tmp_path: Path) -> None:
    plain = read_pack(_folder(tmp_path / "a"))
    folder = _folder(tmp_path / "b")
    (folder / "prices.csv").write_bytes(b"item,price\r\nbread,3\r\nmilk,5\r\n")
    assert read_pack(folder).digest == plain.digest
    (folder / "prices.csv").write_bytes(b"item,price\r\nbread,4\r\nmilk,5\r\n")
    assert read_pack(folder).digest != plain.digest


def test_pack_when_faulty_is_refused_with_file_line_and_field(
    tmp_path: Path, street: Tenant, ana: Actor, at: datetime
) -> None:
    rules = 'unit = 3\n\n[[rule]]\nmost = 1\n\n[[rule]]\nmost = "many"\n'
    folder = _folder(tmp_path, prices="item,price\nbread,3\n,5\nmilk\n", rules=rules)
    with pytest.raises(PackRefused) as refusal:
        install_pack(street, read_pack(folder), by=ana, at=at)
    assert _places(refusal.value) == [
        ("pack.cell_empty", "prices.csv", 3, "item"),
        ("pack.cells", "prices.csv", 4, ""),
        ("pack.schema", "tariff.toml", 7, "rule[1].most"),
        ("pack.schema", "tariff.toml", 1, "unit"),
    ]
    assert not InstalledPack.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("pack.toml", b"schema = 1\n", ("pack.schema", "pack.toml", None, "")),
        ("pack.toml", b"schema = \n", ("pack.toml", "pack.toml", 1, "")),
        ("prices.csv", b"\xff\xfe", ("pack.not_utf8", "prices.csv", None, "")),
        ("run.sh", b"true", ("pack.file_kind", "run.sh", None, "")),
    ],
    ids=["header without its fields", "header that is no TOML", "not UTF-8", "a script"],
)
def test_folder_that_is_no_pack_is_refused(
    tmp_path: Path, name: str, content: bytes, place: tuple[str, str, int | None, str]
) -> None:
    folder = _folder(tmp_path)
    (folder / name).write_bytes(content)
    with pytest.raises(PackRefused) as refusal:
        read_pack(folder)
    assert set(_places(refusal.value)) == {place}


def test_folder_without_header_or_day_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(PackRefused) as refusal:
        read_pack(tmp_path / "empty")
    assert _places(refusal.value) == [("pack.header_missing", "pack.toml", None, "")]
    with pytest.raises(PackRefused) as refusal:
        read_pack(_folder(tmp_path, day='"2026-02-30"'))
    assert _places(refusal.value) == [("pack.day", "pack.toml", None, "effective_from")]


def test_link_in_a_pack_is_refused(tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    (folder / "more.csv").symlink_to("/etc/hostname")
    with pytest.raises(PackRefused) as refusal:
        read_pack(folder)
    assert _places(refusal.value) == [("pack.file_kind", "more.csv", None, "")]


def test_pack_installed_again_changes_nothing(tmp_path: Path, street: Tenant, ana: Actor, at: datetime) -> None:
    pack = read_pack(_folder(tmp_path))
    first = install_pack(street, pack, by=ana, at=at)
    assert install_pack(street, pack, by=ana, at=at).pk == first.pk
    assert content_of(first) == pack
    assert list(LedgerLine.objects.filter(verb="pack.install").values_list("after", flat=True)) == [pack.digest]


def test_version_when_installed_with_other_content_is_refused(
    tmp_path: Path, street: Tenant, ana: Actor, at: datetime
) -> None:
    install_pack(street, read_pack(_folder(tmp_path / "a")), by=ana, at=at)
    other = read_pack(_folder(tmp_path / "b", prices="item,price\nbread,4\n"))
    with pytest.raises(PackVersionTaken):
        install_pack(street, other, by=ana, at=at)


@pytest.mark.parametrize("day", ["2026-01-01", "2025-12-31"], ids=["the same day", "an earlier day"])
def test_version_that_would_rewrite_history_is_refused(
    tmp_path: Path, street: Tenant, ana: Actor, at: datetime, day: str
) -> None:
    install_pack(street, read_pack(_folder(tmp_path)), by=ana, at=at)
    with pytest.raises(PackEarly):
        install_pack(street, read_pack(_folder(tmp_path, version="2", day=day)), by=ana, at=at)


def test_version_in_force_is_the_latest_begun(tmp_path: Path, street: Tenant, ana: Actor, at: datetime) -> None:
    for version, day in (("1", "2026-01-01"), ("2", "2026-07-01")):
        install_pack(street, read_pack(_folder(tmp_path, version=version, day=day)), by=ana, at=at)
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)]
    found = [pack_on(street, "tariff", "north", day) for day in days]
    assert [one and one.version for one in found] == [None, "1", "1", "2"]


def test_two_offices_on_one_database_run_different_packs(
    tmp_path: Path, street: Tenant, ana: Actor, at: datetime
) -> None:
    other = create_tenant("other", "别的街道", by=ana, at=at)
    install_pack(street, read_pack(_folder(tmp_path)), by=ana, at=at)
    install_pack(other, read_pack(_folder(tmp_path, code="south")), by=ana, at=at)
    assert (chosen_code(street, "tariff"), chosen_code(other, "tariff")) == ("north", "south")


def test_code_when_several_are_installed_must_be_chosen(
    tmp_path: Path, street: Tenant, ana: Actor, at: datetime
) -> None:
    with pytest.raises(PackUndecided):
        chosen_code(street, "tariff")
    for code in ("north", "south"):
        install_pack(street, read_pack(_folder(tmp_path, code=code)), by=ana, at=at)
    with pytest.raises(PackUndecided):
        chosen_code(street, "tariff")
    assert use_pack(street, "tariff", "south", by=ana, at=at)
    assert not use_pack(street, "tariff", "south", by=ana, at=at)
    assert chosen_code(Tenant.objects.get(pk=street.pk), "tariff") == "south"
    with pytest.raises(PackUnknown):
        use_pack(street, "tariff", "west", by=ana, at=at)


def test_pack_of_an_unknown_kind_is_refused(tmp_path: Path, street: Tenant, ana: Actor, at: datetime) -> None:
    pack = read_pack(_folder(tmp_path))
    _KINDS.pop("tariff")
    try:
        with pytest.raises(PackKindUnknown):
            install_pack(street, pack, by=ana, at=at)
    finally:
        register_kind(PackKind("tariff", ("prices.csv", "tariff.toml"), _check))


def test_differences_are_told_row_by_row_and_field_by_field(tmp_path: Path) -> None:
    old = read_pack(_folder(tmp_path))
    prices = "item,price\nbread,4\nsalt,2\n"
    new = read_pack(_folder(tmp_path, version="2", day="2026-07-01", prices=prices, rules='unit = "fen"\n'))
    found = [
        (d.file, d.what, d.change, d.field, d.before, d.after) for d in differences(old, new, {"prices.csv": ("item",)})
    ]
    assert found == [
        ("prices.csv", "bread", "changed", "price", "3", "4"),
        ("prices.csv", "milk", "removed", "", "item=milk；price=5", ""),
        ("prices.csv", "salt", "added", "", "", "item=salt；price=2"),
        ("tariff.toml", "unit", "changed", "", "yuan", "fen"),
    ]


def test_shipped_pack_without_a_version_is_the_one_that_begins_last(tmp_path: Path) -> None:
    _folder(tmp_path, version="9", day="2025-01-01")
    _folder(tmp_path, version="10", day="2026-01-01")
    assert shipped_pack(tmp_path, "tariff/north").name == "10"
    assert shipped_pack(tmp_path, "tariff/north@9").name == "9"
    with pytest.raises(PackUnknown):
        shipped_pack(tmp_path, "tariff/south")


@pytest.mark.parametrize(
    ("path", "line"),
    [(["unit"], 1), (["rule", "1", "most"], 7), (["place", "order"], 10), (["place"], 9), (["nowhere"], None)],
    ids=["a plain field", "the second of two tables", "a field of a table", "a table", "nothing of that name"],
)
def test_line_of_a_field_is_where_a_reader_finds_it(path: list[str], line: int | None) -> None:
    text = 'unit = "m"\n\n[[rule]]\nmost = 1\n\n[[rule]]\nmost = 2\n\n[place]\norder = ["a"]\n'
    assert line_of(text, path) == line
