"""Taking an import back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from tests.guards import forging

from xiuhua.analytics.models import Snapshot
from xiuhua.cases.models import Case
from xiuhua.cases.words import PlaceMethod, Stage
from xiuhua.exchange.actions import undo_import
from xiuhua.exchange.actions.undoing import AlreadyUndone, BatchBelow, CasesMoved
from xiuhua.exchange.models import Finding, ImportBatch, PendingCorrection, SourceRecord
from xiuhua.exchange.queries import BatchUnknown, records_of_case
from xiuhua.exchange.words import BatchState, ImportReport, Mapping
from xiuhua.kernel.actions import record
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.words import Actor

Row = dict[str, str]
Bring = Callable[..., ImportReport]
Make = Callable[..., Row]


def _state() -> list[tuple[object, ...]]:
    cases = Case.objects.order_by("number").values_list(
        *("number", "stage", "reported_at", "due_at", "closed_at", "title", "body__name", "case_class__code"),
        *("territory__code", "place_method", "longitude", "latitude", "undetermined", "mirrored"),
    )
    records = SourceRecord.objects.order_by("number", "version").values_list("number", "version", "current", "digest")
    return [*cases, *records]


def test_undo_of_a_first_import_deletes_its_cases_and_keeps_its_story(
    bring: Bring, case: Make, ana: Actor, at: datetime
) -> None:
    batch = bring(case("1"), case("2"), case("3", 上报="?")).batch or 0
    report = undo_import(batch, by=ana, at=at)
    assert (report.records, report.deleted, report.restored) == (2, 2, 0)
    assert _state() == []
    kept = ImportBatch.objects.get()
    assert (kept.state, kept.undone_at, Finding.objects.count()) == (BatchState.UNDONE, at, 1)
    line = LedgerLine.objects.get(verb="import.undo")
    assert (line.about, line.before) == (f"batch:{batch}", kept.merkle_root)
    assert bring(case("1"), case("2")).created == 2


def test_undo_of_a_later_import_brings_back_exactly_what_was(
    bring: Bring, case: Make, ana: Actor, at: datetime
) -> None:
    piled = [case(str(n), 经度="120.001", 社区="西河社区") for n in range(6)]
    bring(case("a", 结案="", 阶段="[作废]", 标题="一"), case("b", 截止="2026-10-05"), *piled)
    before = _state()
    changed = [{**row, "部门": "养护二队", "经度": "120.002"} for row in piled]
    batch = bring(case("a", 标题="二"), case("b", 网格="B", 经度="", 纬度=""), case("c"), *changed).batch or 0
    assert _state() != before
    report = undo_import(batch, by=ana, at=at)
    assert (report.records, report.deleted, report.restored) == (9, 1, 8)
    assert _state() == before
    assert Case.objects.get(number="a").stage == Stage.VOID
    assert Case.objects.filter(place_method=PlaceMethod.NAME).count() == 6


def test_undo_of_several_versions_in_one_batch_goes_back_before_all_of_them(
    bring: Bring, case: Make, ana: Actor, at: datetime, mapped: Callable[..., Mapping]
) -> None:
    how = mapped(('crs = "wgs84"', 'crs = "wgs84"\nrepeat_order = "结案"'))
    bring(case("1", 标题="零"), how=how)
    before = _state()
    rows = [case("1", 标题=str(n), 结案=f"2026-10-0{n} 9:00") for n in range(5, 8)]
    batch = bring(*rows, how=how).batch or 0
    assert [one.version for one in records_of_case(Case.objects.get())] == [4, 3, 2, 1]
    undo_import(batch, by=ana, at=at)
    assert _state() == before


def test_undo_when_later_versions_stand_on_it_then_refused_naming_their_batches(
    bring: Bring, case: Make, ana: Actor, at: datetime
) -> None:
    first = bring(case("1")).batch or 0
    second = bring(case("1", 标题="二")).batch or 0
    before = _state()
    with pytest.raises(BatchBelow) as caught:
        undo_import(first, by=ana, at=at)
    assert caught.value.facts == {"batch": first, "later": str(second)}
    assert _state() == before
    undo_import(second, by=ana, at=at)
    undo_import(first, by=ana, at=at)
    assert _state() == []


def test_undo_when_a_case_has_its_own_life_then_refused(bring: Bring, case: Make, ana: Actor, at: datetime) -> None:
    batch = bring(case("1"), case("2")).batch or 0
    Case.objects.filter(number="2").update(mirrored=False)
    with pytest.raises(CasesMoved) as caught:
        undo_import(batch, by=ana, at=at)
    assert (caught.value.facts["n"], caught.value.facts["numbers"]) == (1, "2")
    assert (Case.objects.count(), ImportBatch.objects.get().state) == (2, BatchState.APPLIED)


def test_undo_when_the_source_does_not_mirror_then_the_ledger_tells_who_moved(
    *, bring: Bring, case: Make, ana: Actor, at: datetime, mapped: Callable[..., Mapping], communities: Tenant
) -> None:
    how = mapped(('crs = "wgs84"', 'crs = "wgs84"\nmirror = false'))
    batch = bring(case("1"), how=how).batch or 0
    line = record("case.dispatch", about=f"case:{Case.objects.get().pk}", by=ana, at=at, tenant=communities)
    with pytest.raises(CasesMoved):
        undo_import(batch, by=ana, at=at)
    with forging():
        line.delete()
    assert undo_import(batch, by=ana, at=at).deleted == 1


def test_undo_when_unknown_or_done_already_then_refused(bring: Bring, case: Make, ana: Actor, at: datetime) -> None:
    batch = bring(case("1")).batch or 0
    undo_import(batch, by=ana, at=at)
    with pytest.raises(AlreadyUndone):
        undo_import(batch, by=ana, at=at)
    with pytest.raises(BatchUnknown):
        undo_import(batch + 1, by=ana, at=at)


def test_undo_when_its_month_is_frozen_then_listed_as_pending_correction(
    bring: Bring, case: Make, ana: Actor, at: datetime, communities: Tenant
) -> None:
    batch = bring(case("1")).batch or 0
    Snapshot.objects.create(tenant=communities, period="2026-10", as_of=at, digest="d", frozen_at=at, folder="f")
    report = undo_import(batch, by=ana, at=at)
    assert report.corrections == {"2026-10": 1}
    assert list(PendingCorrection.objects.values_list("period", "number", "kind")) == [("2026-10", "1", "undone")]


def test_undo_when_the_file_was_a_workbook_or_text_then_the_earlier_version_reads_the_same(
    *,
    communities: Tenant,
    table: Callable[..., Path],
    case: Make,
    ana: Actor,
    at: datetime,
    mapped: Callable[..., Mapping],
    take: Bring,
) -> None:
    how = mapped(('"ymd"', '"mdy"'))
    mdy = {"上报": "10/03/2026 8:00 AM", "截止": "10/05/2026", "结案": "10/04/2026 12:00 PM"}
    take(communities, table(case("1", **mdy)), how)
    before = _state()
    batch = take(communities, table(case("1", **{**mdy, "结案": ""})), how).batch or 0
    undo_import(batch, by=ana, at=at)
    assert _state() == before
