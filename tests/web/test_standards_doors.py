"""The standard at the desk, without a browser: what is counted is what is listed, and the table reads back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from openpyxl import load_workbook
from tests.taxonomy.conftest import CONDITIONS, Install, install, trial

from xiuhua.kernel.actions import create_tenant, install_pack, use_pack
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import read_pack
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import create_user
from xiuhua.taxonomy.queries import read_tables
from xiuhua.taxonomy.rules.packs import standard_of
from xiuhua.taxonomy.words import ClassRow, ConditionRow, Means

__all__ = ["install"]

pytestmark = pytest.mark.usefixtures("home")
PACKS = Path(settings.PACKS) / "taxonomy"
UNREAD = CONDITIONS + "event,0102,2,积灰,,及时,扫净,,,机扫,\n"


@pytest.fixture
def lin(street: Tenant, ana: Actor, at: datetime, client: Client) -> Client:
    """Lin, of the street's staff, signed in."""
    client.force_login(create_user("lin", "quiet-canal-31", name="林", tenant=street, by=ana, at=at))
    return client


def _page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def _total(client: Client, address: str) -> int:
    found = re.search(r'data-total="(\d+)"', _page(client, address))
    assert found, address
    return int(found[1])


def test_standard_when_none_is_installed_then_the_page_says_how_to_get_one(lin: Client) -> None:
    assert "还没有立案标准" in _page(lin, "/standards/")
    assert lin.get("/standards/table.xlsx").status_code == 404
    assert "还没有两套可以对照的标准" in _page(lin, "/standards/old-and-new/")


def test_standard_when_a_count_is_opened_then_that_many_conditions_are_listed(lin: Client, install: Install) -> None:
    install(conditions=UNREAD)
    page = _page(lin, "/standards/")
    counts = re.findall(r'href="([^"]+)"[^>]*data-count="(\d+)"', page)
    listed = [(count, str(_total(lin, query.replace("&amp;", "&")))) for query, count in counts]
    assert listed == [("6", "6"), ("4", "4"), ("2", "2"), ("1", "1")]


def test_standard_when_a_limit_was_not_read_then_it_is_shown_as_such_with_its_text(
    lin: Client, install: Install
) -> None:
    install(conditions=UNREAD)
    page = _page(lin, "/standards/?unread=1")
    assert ("没读懂" in page, "及时" in page, "少量" in page) == (True, True, False)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=通道", 1),
        ("q=0101", 4),
        ("q=井盖", 2),
        ("q=没有这样的", 0),
        ("main=component-01", 2),
        ("main=all", 5),
        ("main=x", 3),
    ],
)
def test_standard_when_searched_then_so_many_conditions_match(
    lin: Client, install: Install, query: str, expected: int
) -> None:
    install()
    assert _total(lin, f"/standards/?{query}") == expected


def test_standard_when_an_earlier_day_is_asked_for_then_its_version_is_shown(lin: Client, install: Install) -> None:
    install()
    install(version="2", day="2026-06-01", conditions=CONDITIONS.replace("少量", "一点"))
    shown = ["一点" in _page(lin, f"/standards/?day={day}") for day in ("2026-03-01", "2026-06-01", "nonsense")]
    assert shown == [False, True, True]


def test_standard_when_it_is_another_offices_then_it_is_not_there(
    lin: Client, install: Install, ana: Actor, at: datetime
) -> None:
    install()
    other = create_tenant("other", "别处", by=ana, at=at, zone="Asia/Shanghai")
    eli = Client()
    eli.force_login(create_user("eli", "quiet-canal-32", name="", tenant=other, by=ana, at=at))
    assert (lin.get("/standards/?scheme=trial").status_code, eli.get("/standards/?scheme=trial").status_code) == (
        200,
        404,
    )


@pytest.mark.parametrize("many", [1, 40])
def test_standard_when_longer_then_the_page_costs_the_same(
    lin: Client, install: Install, many: int, django_assert_num_queries: Callable[[int], object]
) -> None:
    rows = "".join(f"event,0102,{number},有尘土,2工作时,,扫净,,,机扫,\n" for number in range(2, many + 2))
    install(conditions=CONDITIONS + rows)
    lin.get("/standards/")
    with django_assert_num_queries(14):  # type: ignore[attr-defined]
        lin.get("/standards/")


def _bare(row: ClassRow | ConditionRow) -> ClassRow | ConditionRow:
    """Return a row as its table says it, without the line; our own notation is the original of a limit that has none."""
    return replace(row, line=0)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", ["cn-national/2013-1", "cn-old/2007-1", "demo-street/1"])
def test_table_when_exported_then_the_importer_reads_the_same_standard(
    lin: Client, street: Tenant, ana: Actor, at: datetime, tmp_path: Path, language: str, name: str
) -> None:
    pack = read_pack(PACKS / name)
    install_pack(street, pack, by=ana, at=at)
    lin.cookies["django_language"] = language
    path = tmp_path / "table.xlsx"
    path.write_bytes(lin.get("/standards/table.xlsx?main=all").content)
    standard = standard_of(pack)[0]
    reading = read_tables([path], standard.scheme, means=Means())
    assert (reading.faults, reading.unread) == ((), ())
    assert {fault.code for fault in reading.remarks} == {"standard.row_passed"}  # the note below the table
    shown = {_bare(row) for row in standard.classes if _has_subs(row, standard.classes)}
    assert {_bare(row) for row in reading.classes} == shown
    assert sorted((_bare(row) for row in reading.conditions), key=repr) == sorted(
        (_bare(row) for row in standard.conditions), key=repr
    )


def _has_subs(row: ClassRow, classes: tuple[ClassRow, ...]) -> bool:
    """Return whether a class shows in a table of sub-classes: a main class without any has no row there."""
    return bool(row.parent) or any(one.parent == row.key.code and one.key.kind == row.key.kind for one in classes)


def test_table_when_limits_were_not_read_then_they_come_back_as_they_were(
    lin: Client, install: Install, tmp_path: Path
) -> None:
    install(conditions=UNREAD)
    path = tmp_path / "table.xlsx"
    path.write_bytes(lin.get("/standards/table.xlsx?main=all").content)
    standard = standard_of(trial(conditions=UNREAD))[0]
    reading = read_tables([path], standard.scheme, means=Means())
    assert {_bare(row) for row in reading.conditions} == {_bare(row) for row in standard.conditions}
    assert [fault.code for fault in reading.unread] == ["limit.amount_missing"]


def test_table_when_the_page_is_narrowed_then_so_is_the_table(lin: Client, install: Install, tmp_path: Path) -> None:
    install()
    path = tmp_path / "table.xlsx"
    path.write_bytes(lin.get("/standards/table.xlsx?q=通道").content)
    rows = list(load_workbook(path).active.iter_rows(values_only=True))
    assert [row[6] for row in rows if row[0] == "事件"] == ["堵住通道"]


def test_old_and_new_when_both_are_installed_then_every_swapped_code_is_marked(
    lin: Client, street: Tenant, ana: Actor, at: datetime
) -> None:
    for name in ("cn-old/2007-1", "cn-national/2013-1"):
        install_pack(street, read_pack(PACKS / name), by=ana, at=at)
    use_pack(street, "taxonomy", "cn-national", by=ana, at=at)
    page = _page(lin, "/standards/old-and-new/")
    counts = re.findall(r'href="([^"]+)"[^>]*data-count="(\d+)"', page)
    assert [str(_total(lin, query)) for query, _count in counts] == [count for _query, count in counts]
    assert "新旧对照" in _page(lin, "/standards/")
