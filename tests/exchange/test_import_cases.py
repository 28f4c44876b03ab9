"""Importing a platform's export: what is created, versioned, refused and noticed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter

from xiuhua.analytics.models import Snapshot
from xiuhua.cases.models import Case
from xiuhua.cases.words import PlaceMethod, Stage, Undetermined
from xiuhua.exchange.actions.surveying import CHUNK, ColumnsMissing
from xiuhua.exchange.models import Finding, ImportBatch, PendingCorrection, Source, SourceRecord
from xiuhua.exchange.queries import as_fault, batch_report, batches, finding_counts, findings, records_of_case
from xiuhua.exchange.words import ImportReport, Mapping
from xiuhua.kernel.actions import create_tenant
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.phrases import fault_sentence
from xiuhua.kernel.queries import broken_links
from xiuhua.kernel.rules import canonical, digest, merkle_root
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import Body
from xiuhua.taxonomy.models import CaseClass

Row = dict[str, str]
Bring = Callable[..., ImportReport]
Make = Callable[..., Row]
Mapped = Callable[..., Mapping]


def _counts(report: ImportReport) -> tuple[int, int, int, int, int, int]:
    """Rows, created, updated, unchanged, repeated, refused: the first is always the sum of the others."""
    assert report.rows == report.created + report.updated + report.unchanged + report.repeated + report.refused
    return report.rows, report.created, report.updated, report.unchanged, report.repeated, report.refused


def test_import_of_new_rows_creates_cases_and_records(bring: Bring, case: Make, ana: Actor, at: datetime) -> None:
    report = bring(case("1"), case("2", 结案="", 阶段="处置", 超时=""))
    assert _counts(report) == (2, 2, 0, 0, 0, 0)
    one, two = Case.objects.order_by("number")
    assert (one.number, one.mirrored, one.stage, one.title) == ("1", True, Stage.CLOSED, "井盖缺失")
    assert one.reported_at == datetime(2026, 10, 3, 0, 0, tzinfo=UTC)
    assert one.due_at == datetime(2026, 10, 5, 0, 0, tzinfo=UTC)
    assert one.closed_at == datetime(2026, 10, 4, 0, 0, tzinfo=UTC)
    assert (two.stage, two.closed_at) == (Stage.OPEN, None)
    assert one.case_class is not None
    assert (one.case_class.code, one.case_class.scheme, one.case_class.confirmed) == (
        "公用设施/井盖",
        "platform",
        False,
    )
    assert one.body is not None
    assert (one.body.name, one.body.confirmed) == ("养护一队", False)
    assert one.territory is not None
    assert (one.territory.code, one.place_method) == ("A", PlaceMethod.POINT)
    assert (one.longitude, one.latitude) == (120.005, 31.005)
    record = SourceRecord.objects.get(case=one)
    assert (record.number, record.version, record.current, record.row) == ("1", 1, True, 2)
    assert (record.platform_verdict, record.own_verdict) == ("on_time", "on_time")
    assert record.digest == digest(json.loads(record.content))
    assert record.content.encode() == canonical(json.loads(record.content))
    assert report.observed == {"classes": 2, "bodies": 1, "territories": 0}


def test_import_when_repeated_then_unchanged_and_nothing_new(bring: Bring, case: Make) -> None:
    first = bring(case("1"), case("2", 经度="", 纬度="", 社区="没有的社区"))
    again = bring(case("1"), case("2", 经度="", 纬度="", 社区="没有的社区"))
    assert _counts(again) == (2, 0, 0, 2, 0, 0)
    assert (again.placed, again.unplaced, again.warnings) == (first.placed, first.unplaced, first.warnings)
    assert again.verdicts == first.verdicts
    assert (Case.objects.count(), SourceRecord.objects.count()) == (2, 2)
    assert again.observed == {"classes": 0, "bodies": 0, "territories": 0}


def test_import_when_content_differs_then_a_new_version_that_the_case_follows(bring: Bring, case: Make) -> None:
    bring(case("1", 结案="", 超时=""), case("2"))
    report = bring(case("1", 部门="养护二队", 经度="120.015"), case("2"))
    assert _counts(report) == (2, 0, 1, 1, 0, 0)
    found = Case.objects.get(number="1")
    assert found.body is not None
    assert found.territory is not None
    assert (found.stage, found.body.name, found.territory.code) == (Stage.CLOSED, "养护二队", "B")
    assert [(one.version, one.current) for one in records_of_case(found)] == [(2, True), (1, False)]


def test_import_when_the_case_has_its_own_life_then_only_the_record_changes(bring: Bring, case: Make) -> None:
    bring(case("1", 结案=""))
    Case.objects.update(mirrored=False)
    report = bring(case("1"))
    assert _counts(report) == (1, 0, 1, 0, 0, 0)
    found = Case.objects.get()
    assert (found.stage, found.closed_at) == (Stage.OPEN, None)
    assert [one.version for one in records_of_case(found)] == [2, 1]


def test_import_when_the_source_does_not_mirror_then_cases_never_follow(
    bring: Bring, case: Make, mapped: Mapped
) -> None:
    how = mapped(('crs = "wgs84"', 'crs = "wgs84"\nmirror = false'))
    bring(case("1", 结案=""), how=how)
    bring(case("1"), how=how)
    found = Case.objects.get()
    assert (found.mirrored, found.closed_at) == (False, None)


def test_import_when_a_number_is_anothers_then_the_source_stands_in_front(
    bring: Bring, case: Make, mapped: Mapped
) -> None:
    bring(case("1"))
    other = mapped(('code = "platform"', 'code = "hotline"'))
    report = bring(case("1"), case("2"), how=other)
    assert _counts(report) == (2, 2, 0, 0, 0, 0)
    assert list(Case.objects.order_by("number").values_list("number", flat=True)) == ["1", "2", "hotline:1"]
    assert _counts(bring(case("1"), case("2"), how=other)) == (2, 0, 0, 2, 0, 0)


REFUSED: list[tuple[Row, list[tuple[str, str]]]] = [
    ({"编号": " "}, [("import.number_missing", "编号")]),
    ({"编号": "4.40305202610030E+17"}, [("import.number_mangled", "编号")]),
    ({"编号": "9" * 81}, [("import.number_long", "编号")]),
    ({"上报": ""}, [("import.reported_missing", "上报")]),
    ({"上报": "昨天"}, [("import.time_unreadable", "上报")]),
    ({"截止": "10/05/2026"}, [("import.time_unreadable", "截止")]),
    ({"结案": "待定"}, [("import.time_unreadable", "结案")]),
    ({"经度": "东经一百二十度"}, [("import.coordinate_unreadable", "经度")]),
    ({"部门": "队" * 101}, [("import.name_long", "部门")]),
    ({"上报": "?", "截止": "?", "纬度": "?"}, [("import.time_unreadable", "上报"), ("import.time_unreadable", "截止"), ("import.coordinate_unreadable", "纬度")]),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "faults"), REFUSED, ids=[",".join(row) for row, _faults in REFUSED])
def test_import_when_a_row_is_faulty_then_refused_with_every_fault(
    bring: Bring, case: Make, changed: Row, faults: list[tuple[str, str]]
) -> None:
    report = bring(case("1"), case("2", **changed))
    assert _counts(report) == (2, 1, 0, 0, 0, 1)
    assert [(fault.code, fault.column, fault.row) for fault in report.faults] == [(*fault, 3) for fault in faults]
    kept = findings(ImportBatch.objects.get())
    assert [as_fault(finding) for finding in kept] == report.faults
    assert all(fault_sentence(fault) for fault in report.faults)


WARNED: list[tuple[Row, str]] = [
    ({"结案": "2026-10-03 07:59"}, "closed_before_reported"),
    ({"截止": "2026-10-03 07:59", "结案": ""}, "due_before_reported"),
    ({"经度": "220"}, "coordinate_outside"),
    ({"经度": "0", "纬度": "0.0"}, "coordinate_null"),
    ({"经度": ""}, "coordinate_half"),
    ({"标题": "长" * 301}, "text_cut"),
    ({"超时": "也许"}, "verdict_unknown"),
    ({"截止": "2026-10-05"}, "day_precision"),
    ({"经度": "", "纬度": "", "社区": "没有的社区"}, "name_unknown"),
]


@pytest.mark.parametrize(("changed", "code"), WARNED, ids=[code for _row, code in WARNED])
def test_import_when_a_row_is_odd_then_taken_with_a_warning(bring: Bring, case: Make, changed: Row, code: str) -> None:
    report = bring(case("1", **changed))
    assert _counts(report) == (1, 1, 0, 0, 0, 0)
    assert report.warnings == {code: 1}
    (finding,) = findings(ImportBatch.objects.get(), code)
    assert fault_sentence(as_fault(finding))
    assert SourceRecord.objects.get().version == 1


def test_import_when_times_contradict_then_undetermined_and_the_verdict_still_compared(
    bring: Bring, case: Make
) -> None:
    report = bring(case("1", 结案="2026-10-03 07:59"))
    assert Case.objects.get().undetermined == Undetermined.CLOSED_FIRST
    assert report.contract()["verdicts"]["compared"] == 1


def test_import_when_dates_alone_then_due_lasts_the_day_and_closing_counts_by_date(bring: Bring, case: Make) -> None:
    report = bring(
        case("1", 截止="2026-10-05", 结案="2026-10-05 23:59:59"),
        case("2", 截止="2026-10-05", 结案="2026-10-06", 超时="是"),
        case("3", 截止="2026-10-05 17:00", 结案="2026-10-05"),
        case("4", 截止="2026-10-03 17:00", 结案="2026-10-03"),
    )
    records = SourceRecord.objects.order_by("number").values_list("own_verdict", flat=True)
    assert list(records) == ["on_time", "overdue", "on_time", "on_time"]
    assert report.warnings == {"day_precision": 5}
    assert Case.objects.exclude(undetermined="").count() == 0
    assert Finding.objects.get(code="day_precision").facts == {"rows": 5}


def test_import_counts_verdicts_beside_the_platforms(bring: Bring, case: Make) -> None:
    report = bring(case("1"), case("2", 超时="是"), case("3", 截止=""), case("4", 超时=""))
    assert report.contract()["verdicts"] == {
        "compared": 2,
        "agree": 1,
        "table": [
            {"platform": None, "own": "on_time", "rows": 1},
            {"platform": "on_time", "own": None, "rows": 1},
            {"platform": "on_time", "own": "on_time", "rows": 1},
            {"platform": "overdue", "own": "on_time", "rows": 1},
        ],
    }


def test_import_when_void_then_the_stage_says_so(bring: Bring, case: Make) -> None:
    bring(case("1", 阶段="[作废]"))
    assert Case.objects.get().stage == Stage.VOID


def test_import_when_a_number_repeats_without_an_order_then_the_first_row_counts(bring: Bring, case: Make) -> None:
    report = bring(case("1"), case("1"), case("1", 标题="别的"), case("2"))
    assert _counts(report) == (4, 2, 0, 0, 1, 1)
    assert report.warnings == {"repeated_equal": 1}
    assert [(fault.code, fault.row, fault.facts) for fault in report.faults] == [
        ("import.repeated_different", 4, {"number": "1", "first": 2})
    ]
    assert _counts(bring(case("1"), case("1"), case("1", 标题="别的"), case("2"))) == (4, 0, 0, 2, 1, 1)


def test_import_when_a_number_repeats_in_an_order_then_versions(bring: Bring, case: Make, mapped: Mapped) -> None:
    how = mapped(('crs = "wgs84"', 'crs = "wgs84"\nrepeat_order = "结案"'))
    rows = [
        case("1", 标题="三", 结案="2026-10-06 8:00"),
        case("1", 标题="一", 结案="2026-10-04 8:00"),
        case("1", 标题="二", 结案="2026-10-05 8:00"),
        case("2"),
    ]
    assert _counts(bring(*rows, how=how)) == (4, 2, 2, 0, 0, 0)
    found = Case.objects.get(number="1")
    titles = [json.loads(one.content)["标题"] for one in records_of_case(found)]
    assert (found.title, titles) == ("三", ["三", "二", "一"])
    assert _counts(bring(*rows, how=how)) == (4, 0, 0, 4, 0, 0)
    more = case("1", 标题="四", 结案="2026-10-07 8:00")
    assert _counts(bring(*rows, more, how=how)) == (5, 0, 1, 4, 0, 0)
    assert Case.objects.get(number="1").title == "四"


def test_import_when_columns_are_missing_then_the_file_is_refused_with_all_of_them(
    communities: Tenant, table: Callable[..., Path], mapping: Mapping, take: Bring
) -> None:
    row = {"编号": "1", "上报": "2026-10-03", "别的": "x"}
    with pytest.raises(ColumnsMissing) as caught:
        take(communities, table(row), mapping)
    assert caught.value.facts["missing"] == "截止, 结案, 标题, 大类, 小类, 部门, 网格, 社区, 经度, 纬度, 阶段, 超时"
    assert caught.value.facts["found"] == "编号, 上报, 别的"
    assert ImportBatch.objects.count() == 0


def test_import_when_rows_have_too_few_or_too_many_cells_then_refused(
    communities: Tenant, tmp_path: Path, mapping: Mapping, take: Bring
) -> None:
    header = ",".join(mapping.columns.values())
    path = tmp_path / "ragged.csv"
    whole = "1,2026-10-03 8:00" + "," * 12
    path.write_text(f"{header}\n{whole}\n2,2026-10-03 8:00\n{whole},,\n3{whole[1:]},,extra\n", encoding="utf-8")
    report = take(communities, path, mapping)
    assert _counts(report) == (4, 1, 0, 0, 1, 2)
    assert [(fault.code, fault.row) for fault in report.faults] == [("import.cells_few", 3), ("import.cells_many", 5)]


def test_import_when_a_dry_run_then_the_same_report_and_nothing_kept(
    bring: Bring, case: Make, communities: Tenant
) -> None:
    rows = [case("1"), case("2", 上报="?"), case("3", 社区="没有的社区", 经度="", 纬度="")]
    lines = LedgerLine.objects.count()
    dry = bring(*rows, dry_run=True)
    assert (dry.batch, dry.dry_run) == (None, True)
    for model in (Case, SourceRecord, ImportBatch, Finding, Source, Body, CaseClass):
        assert model._default_manager.count() == 0
    assert LedgerLine.objects.count() == lines
    wet = bring(*rows)
    differ = {key for key, value in wet.contract().items() if dry.contract()[key] != value}
    assert differ == {"batch", "dry_run"}


def test_import_when_the_office_has_no_zone_then_the_mapping_declares_it(
    *, db: None, table: Callable[..., Path], case: Make, mapping: Mapping, ana: Actor, at: datetime, take: Bring
) -> None:
    office = create_tenant("new", "新单位", by=ana, at=at)
    assert take(office, table(case("1")), mapping, dry_run=True).zone_declared
    assert office.zone == ""
    report = take(office, table(case("1")), mapping)
    assert (report.zone_declared, report.zone, office.zone) == (True, "Asia/Shanghai", "Asia/Shanghai")
    assert not take(office, table(case("1")), mapping).zone_declared


@pytest.mark.django_db(transaction=True)
def test_import_writes_one_ledger_line_with_the_root_of_its_records(
    bring: Bring, case: Make, communities: Tenant
) -> None:
    report = bring(case("1"), case("2"), case("3", 上报="?"))
    line = LedgerLine.objects.get(verb="import.apply")
    digests = SourceRecord.objects.order_by("pk").values_list("digest", flat=True)
    batch = ImportBatch.objects.get()
    assert (line.about, line.after) == (f"batch:{report.batch}", merkle_root(digests))
    assert batch.merkle_root == line.after
    assert {key: line.facts[key] for key in ("source", "rows", "created", "refused")} == {
        "source": "platform",
        "rows": 3,
        "created": 2,
        "refused": 1,
    }
    assert line.facts["file_digest"] == batch.file_digest
    assert broken_links() == []


def test_import_when_it_fails_midway_then_nothing_is_left(
    *, bring: Bring, case: Make, communities: Tenant, table: Callable[..., Path], mapping: Mapping, take: Bring
) -> None:
    class Interrupted(Exception):
        """The machine went away."""

    def stop(done: int, rows: int) -> None:
        if done >= CHUNK:
            raise Interrupted

    rows = [case(str(n)) for n in range(CHUNK + 1)]
    with pytest.raises(Interrupted):
        take(communities, table(*rows), mapping, progress=stop)
    assert (Case.objects.count(), ImportBatch.objects.count(), Source.objects.count()) == (0, 0, 0)


def test_import_when_longer_than_a_chunk_then_complete_and_progress_ends_at_all(
    communities: Tenant, table: Callable[..., Path], case: Make, mapping: Mapping, take: Bring
) -> None:
    told: list[tuple[int, int]] = []
    rows = [case(str(n), 经度=f"{120 + n / 1e6:.6f}") for n in range(CHUNK + 5)]
    path = table(*rows, rows[0])
    report = take(communities, path, mapping, progress=lambda *pair: told.append(pair))
    assert _counts(report) == (CHUNK + 6, CHUNK + 5, 0, 0, 1, 0)
    assert told[-1] == (CHUNK + 6, CHUNK + 6)


def test_import_when_the_mapping_has_changed_then_unchanged_rows_say_so(
    bring: Bring, case: Make, mapped: Mapped
) -> None:
    bring(case("1"))
    assert bring(case("1"), how=mapped(("schema = 1", "# a remark\nschema = 1"))).warnings == {}
    assert bring(case("1"), how=mapped(('due_at = "截止"\n', ""))).warnings == {"mapping_changed": 1}


def test_import_when_its_month_is_frozen_then_listed_as_pending_correction(
    bring: Bring, case: Make, communities: Tenant, at: datetime
) -> None:
    for period in ("2026-09", "2026-10"):
        Snapshot.objects.create(tenant=communities, period=period, as_of=at, digest="d", frozen_at=at, folder="f")
    september = {"上报": "2026-09-30 08:00", "截止": "2026-10-02 08:00"}
    report = bring(case("1", **september), case("2", 上报="2026-11-03 8:00", 截止="2026-11-05 8:00", 结案=""))
    assert report.corrections == {"2026-09": 1, "2026-10": 1}
    bring(case("1", 上报="2026-10-01 08:00", 截止="2026-11-01 08:00"))
    kinds = PendingCorrection.objects.order_by("pk").values_list("period", "number", "kind")
    assert list(kinds) == [
        *[("2026-09", "1", "created"), ("2026-10", "1", "created")],
        *[("2026-09", "1", "updated"), ("2026-10", "1", "updated")],
    ]


def test_import_of_a_workbook_reads_the_same_as_text(
    *, communities: Tenant, table: Callable[..., Path], tmp_path: Path, case: Make, mapping: Mapping, take: Bring
) -> None:
    path = tmp_path / "cases.xlsx"
    row = case("101001242404")
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, list(row))
        sheet.write_row(1, 0, list(row.values()))
        sheet.write_number(1, 0, 101001242404)
        moment = datetime(2026, 10, 3, 8, 0)  # noqa: DTZ001 - a cell has no zone
        sheet.write_datetime(1, 1, moment, workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        sheet.write_number(1, 10, 120.005)
    report = take(communities, path, mapping)
    found = Case.objects.get()
    assert (report.created, report.encoding, found.number) == (1, "xlsx", "101001242404")
    assert (found.reported_at, found.longitude) == (datetime(2026, 10, 3, tzinfo=UTC), 120.005)


def test_report_of_a_batch_is_what_the_import_said(bring: Bring, case: Make, communities: Tenant) -> None:
    report = bring(case("1"), case("2", 上报="?"), case("3", 结案="2026-10-01 8:00"))
    (batch,) = batches(communities)
    assert batch_report(batch) == report.contract()
    assert [(one.code, one.severity, one.count) for one in finding_counts(batch)] == [
        ("import.time_unreadable", "refused", 1),
        ("closed_before_reported", "warning", 1),
    ]
    first = findings(batch, limit=1)
    assert [one.code for one in (*first, *findings(batch, after=first[0].pk))] == [
        *("import.time_unreadable", "closed_before_reported"),
    ]
