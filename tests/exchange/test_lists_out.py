"""Lists that go out: the same rows, order and sight as their pages, in either form, told in the ledger."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from openpyxl import load_workbook

from xiuhua.cases.queries import CaseFilter, exported, filtered
from xiuhua.exchange.actions import export_list
from xiuhua.exchange.lists import LISTS, Asked, FileForm, ListBarred, ListUnknown, said, sheet_of
from xiuhua.exchange.own import HEADER
from xiuhua.exchange.queries import BatchUnknown
from xiuhua.exchange.words import ImportReport
from xiuhua.kernel.actions import create_tenant
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.words import EVERY, Actor, Grant

Rows = Callable[..., dict[str, str]]
Bring = Callable[..., ImportReport]
STAFF = Actor("user:lin", grants=(Grant(EVERY),), user=None)


def _asked(office: Tenant, at: datetime, by: Actor = STAFF, sort: str = "", **given: str) -> Asked:
    return Asked(office, by, at, given, sort)


def _csv(name: str, asked: Asked) -> list[list[str]]:
    target = io.BytesIO()
    export_list(name, FileForm.CSV, asked, target)
    return list(csv.reader(io.StringIO(target.getvalue().decode("utf-8-sig"))))


@pytest.fixture
def brought(bring: Bring, case: Rows) -> ImportReport:
    """Three cases, one of them in the other community, one refused row."""
    return bring(
        case("A-1", 标题="=1+1"),
        case("A-2", 经度="120.015", 部门="养护二队"),
        case("A-3", 结案="", 上报="2026-10-04 09:00"),
        case("A-4", 上报="昨天"),
    )


@pytest.mark.parametrize("name", sorted(LISTS))
def test_list_when_written_in_both_forms_then_the_same_heads_and_rows(
    name: str, communities: Tenant, brought: ImportReport, at: datetime
) -> None:
    asked = _asked(communities, at, batch=str(brought.batch))
    target = io.BytesIO()
    done = export_list(name, FileForm.XLSX, asked, target)
    page = load_workbook(target).active
    text = _csv(name, asked)
    assert [cell.value for cell in page[1]] == text[0] == [head.label for head in LISTS[name].read(asked).heads]
    assert page.max_row - 1 == len(text) - 1 == done.rows
    assert (page.freeze_panes, page.print_title_rows, page.sheet_properties.pageSetUpPr.fitToPage) == (
        "A2",
        "$1:$1",
        True,
    )


def test_cases_when_sorted_and_narrowed_then_the_rows_of_the_page_in_its_order(
    communities: Tenant, brought: ImportReport, at: datetime
) -> None:
    wanted = filtered(communities, CaseFilter(), by=STAFF)
    for sort in ("number", "-number", "-reported", "closed"):
        shown = [case.number for case in exported(wanted, sort=sort)]
        assert [row[0] for row in _csv("cases", _asked(communities, at, sort=sort))[1:]] == shown
    assert [row[0] for row in _csv("cases", _asked(communities, at, territory="B"))[1:]] == ["A-2"]


def test_cases_when_a_text_would_run_then_a_string_in_the_workbook_and_guarded_in_text(
    communities: Tenant, brought: ImportReport, at: datetime
) -> None:
    asked, target = _asked(communities, at, q="A-1"), io.BytesIO()
    export_list("cases", FileForm.XLSX, asked, target)
    cell = load_workbook(target).active["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert _csv("cases", asked)[1][1] == "'=1+1"


def test_cases_when_the_scope_is_narrow_then_only_what_is_seen_goes_out(
    communities: Tenant, brought: ImportReport, at: datetime
) -> None:
    west = communities.__class__.objects.get(pk=communities.pk)
    from xiuhua.territory.models import Territory  # noqa: PLC0415 - one look

    key = Territory.objects.get(tenant=west, code="A").pk
    narrow = replace(STAFF, grants=(Grant("case.see", territories=frozenset({key})),))
    assert sorted(row[0] for row in _csv("cases", _asked(communities, at, narrow))[1:]) == ["A-1", "A-3"]
    assert sorted(row[0] for row in _csv("own", _asked(communities, at, narrow))[1:]) == ["A-1", "A-3"]


@pytest.mark.parametrize(("name", "right"), [("people", "case.see"), ("imports", "case.see"), ("cases", "people.see")])
def test_list_when_the_page_may_not_be_seen_then_barred(name: str, right: str, street: Tenant, at: datetime) -> None:
    with pytest.raises(ListBarred):
        export_list(name, FileForm.CSV, _asked(street, at, replace(STAFF, grants=(Grant(right),))), io.BytesIO())


def test_list_when_unknown_then_refused_with_the_names(street: Tenant, at: datetime) -> None:
    with pytest.raises(ListUnknown, match="cases"):
        export_list("nothing", FileForm.CSV, _asked(street, at), io.BytesIO())


@pytest.mark.parametrize("batch", ["", "x", "999999", "1e3"])
def test_findings_when_the_batch_is_not_there_then_refused(batch: str, street: Tenant, at: datetime) -> None:
    with pytest.raises(BatchUnknown):
        export_list("findings", FileForm.CSV, _asked(street, at, batch=batch), io.BytesIO())


def test_findings_when_the_batch_is_another_offices_then_refused(
    brought: ImportReport, ana: Actor, at: datetime
) -> None:
    other = create_tenant("other", "别处", by=ana, at=at, zone="Asia/Shanghai")
    with pytest.raises(BatchUnknown):
        export_list("findings", FileForm.CSV, _asked(other, at, batch=str(brought.batch)), io.BytesIO())


def test_export_when_the_list_names_people_then_a_line_in_the_ledger_without_what_was_typed(
    communities: Tenant, brought: ImportReport, at: datetime
) -> None:
    communities.refresh_from_db()
    before = communities.revision
    _csv("records", _asked(communities, at, batch=str(brought.batch)))
    assert not LedgerLine.objects.filter(verb="export.take").exists()
    _csv("own", _asked(communities, at, q="王小二", month="2026-10"))
    line = LedgerLine.objects.get(verb="export.take")
    assert (line.about, line.actor, line.facts) == (
        "list:own",
        "user:lin",
        {"list": "own", "form": "csv", "rows": 0, "filter": {"q": "…", "month": "2026-10"}},
    )
    communities.refresh_from_db()
    assert communities.revision == before


def test_workbook_when_opened_then_it_says_who_took_what_when(
    communities: Tenant, brought: ImportReport, at: datetime
) -> None:
    target = io.BytesIO()
    export_list("cases", FileForm.XLSX, _asked(communities, at, month="2026-10"), target)
    told = load_workbook(target).properties.description
    assert told == "星河街道 · 案件 · 条件：上报月份：2026-10 · user:lin 于 2026-11-23 10:00 导出"


def test_filter_when_nothing_is_given_then_nothing_is_said(street: Tenant, at: datetime) -> None:
    assert said(LISTS["cases"], {}) == ""
    assert said(LISTS["cases"], {"stage": "closed", "unplaced": "1", "x": "y"}) == "状态：已结案；未落图"
    assert [sheet_of(LISTS["own"], _asked(street, at)).columns] == [list(HEADER)]
