"""A platform's own file on its way back: filled where our cases moved, and otherwise as it came."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from xiuhua.cases.models import Case
from xiuhua.exchange.actions import export_list, receive_file, return_batch
from xiuhua.exchange.actions.returning import NotThatFile
from xiuhua.exchange.lists import Asked, FileForm
from xiuhua.exchange.models import ImportBatch, Intake, SourceRecord
from xiuhua.exchange.own import COLUMNS
from xiuhua.exchange.rules.drafts import write_mapping
from xiuhua.exchange.rules.mappings import MappingMalformed, parse_mapping
from xiuhua.exchange.words import ImportReport, Mapping
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.words import EVERY, Actor, Grant
from xiuhua.responsibility.models import Body
from xiuhua.tables.reading import open_table
from xiuhua.tables.rules import cell_text

Rows = Callable[..., dict[str, str]]
Take = Callable[..., ImportReport]
STAFF = Actor("user:lin", grants=(Grant(EVERY),))
#: Our own mapping as it is shipped, its one question answered.
OWN = (
    (Path(settings.PACKS) / "mappings/xiuhua.toml")
    .read_text(encoding="utf-8")
    .replace('ask = ["zone"]', 'zone = "Asia/Shanghai"')
)
BACK = """
[back.columns]
"结案" = "closed_at"
"部门" = "body"
"阶段" = "stage"
"标题" = "remedy"
"""
CLOSED = datetime(2026, 10, 6, 1, 2, 3, tzinfo=UTC)  # 09:02:03 in Shanghai

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def filling(mapping_text: str) -> Mapping:
    """The platform's mapping with columns that go back filled."""
    return parse_mapping(mapping_text + BACK)


def _moved(office: Tenant, number: str, **fields: Any) -> None:
    """Let a case have a life of its own."""
    Case.objects.filter(tenant=office, number=number).update(mirrored=False, **fields)


def _back(report: ImportReport, at: datetime, original: Path | None = None, by: Actor = STAFF) -> tuple[bytes, Any]:
    target = io.BytesIO()
    done = return_batch(ImportBatch.objects.get(pk=report.batch), target, by=by, at=at, original=original)
    return target.getvalue(), done


def _read(data: bytes, tmp_path: Path, name: str = "back") -> tuple[tuple[str, ...], list[list[str]]]:
    path = tmp_path / name
    path.write_bytes(data)
    table = open_table(path)
    return table.header, [[cell_text(cell) for cell in cells] for _row, cells in table.rows()]


def _book(path: Path, rows: list[dict[str, Any]], *, titles: int = 0) -> Path:
    """Write a workbook as a district would: a second sheet, widths, a bold cell, native numbers and dates."""
    book = Workbook()
    page = book.active
    page.title = "十月"
    page.append(list(rows[0]))
    for row in rows:
        page.append(list(row.values()))
    page.column_dimensions["B"].width = 33
    page["A2"].font = Font(bold=True)
    book.create_sheet("说明")["A1"] = "别动"
    book.save(path)
    return path


def test_text_when_nothing_moved_then_byte_for_byte(
    communities: Tenant, table: Callable[..., Path], case: Rows, take: Take, filling: Mapping, at: datetime
) -> None:
    path = table(case("A-1", 标题='说"是"'), case("A-2", 结案=""), case("A-3", 上报="昨天"))
    report = take(communities, path, filling)
    data, done = _back(report, at, path)
    assert data == path.read_bytes()
    assert (done.rows, done.changes, done.in_place, done.missing) == (3, [], True, 0)


@pytest.mark.parametrize(
    ("encoding", "mark", "ending"),
    [
        ("utf-8", b"", "\n"),
        ("utf-8", b"\xef\xbb\xbf", "\r\n"),
        ("gb18030", b"", "\r\n"),
        ("utf-16-le", b"\xff\xfe", "\r\n"),
    ],
)
def test_text_when_a_case_moved_then_only_its_line_changes_in_the_encoding_that_came(
    encoding: str,
    mark: bytes,
    ending: str,
    communities: Tenant,
    case: Rows,
    take: Take,
    filling: Mapping,
    at: datetime,
    tmp_path: Path,
) -> None:
    rows = [case("A-1"), case("A-2", 结案="", 标题="甲;乙"), case("A-3")]
    lines = [";".join(rows[0]), *(";".join(f'"{one}"' if ";" in one else one for one in row.values()) for row in rows)]
    path = tmp_path / "in.csv"
    path.write_bytes(mark + ending.join([*lines, ""]).encode(encoding))
    report = take(communities, path, filling)
    _moved(communities, "A-2", closed_at=CLOSED)
    data, done = _back(report, at, path)
    text = data[len(mark) :].decode(encoding).split(ending)
    assert data[: len(mark)] == mark
    assert [text[0], text[1], text[3], text[4]] == [lines[0], lines[1], lines[3], ""]
    assert [(one.row, one.column, one.was, one.now) for one in done.changes] == [
        (3, "结案", "", "2026-10-06 09:02"),
        (3, "阶段", "结案", "未结"),
    ]


def test_gzip_when_sent_back_then_gzip(
    communities: Tenant,
    table: Callable[..., Path],
    case: Rows,
    take: Take,
    filling: Mapping,
    at: datetime,
    tmp_path: Path,
) -> None:
    plain = table(case("A-1"))
    path = tmp_path / "in.csv.gz"
    path.write_bytes(gzip.compress(plain.read_bytes()))
    data, done = _back(take(communities, path, filling), at, path)
    assert gzip.decompress(data) == plain.read_bytes()
    assert done.form == "csv.gz"


def test_workbook_when_a_case_moved_then_its_cells_change_and_everything_else_stays(
    communities: Tenant, case: Rows, take: Take, filling: Mapping, at: datetime, tmp_path: Path
) -> None:
    moment = datetime(2026, 10, 4, 8)  # noqa: DTZ001 - wall clock
    rows: list[dict[str, Any]] = [dict(case("A-1")), dict(case("A-2", 标题="=1+1")), dict(case("A-3"))]
    for row in rows:
        row |= {"经度": 120.005, "结案": moment}
    rows[1]["标题"] = "说明"
    path = _book(tmp_path / "in.xlsx", rows)
    report = take(communities, path, filling)
    unit = Body.objects.create(tenant=communities, code="二队", name="养护二队")
    _moved(communities, "A-2", closed_at=CLOSED, body=unit, remedy="已清运 <&> =1")
    data, done = _back(report, at, path)
    book = load_workbook(io.BytesIO(data))
    page, was = book["十月"], load_workbook(path)["十月"]
    changed = {
        "D3": datetime(2026, 10, 6, 9, 2, 3),  # noqa: DTZ001 - wall clock
        "E3": "已清运 <&> =1",
        "H3": "养护二队",
        "M3": "已结案",
    }
    cells = {cell.coordinate: cell.value for row in was.iter_rows() for cell in row} | changed
    assert {cell.coordinate: cell.value for row in page.iter_rows() for cell in row} == cells
    assert (page.column_dimensions["B"].width, page["A2"].font.b, page["D3"].number_format) == (
        33,
        True,
        was["D2"].number_format,
    )
    assert book.sheetnames == ["十月", "说明", "改动"]
    assert book["说明"]["A1"].value == "别动"
    assert [[cell.value for cell in row] for row in book["改动"].iter_rows(min_row=2)] == [
        [3, "结案", "2026-10-04 08:00:00", "2026-10-06 09:02:03"],
        [3, "标题", "说明", "已清运 <&> =1"],
        [3, "部门", "养护一队", "养护二队"],
        [3, "阶段", "结案", "已结案"],
    ]
    assert page["E3"].data_type in {"s", "inlineStr"}
    assert len(done.changes) == 4


def test_workbook_when_nothing_moved_and_imported_again_then_nothing_changes(
    communities: Tenant, case: Rows, take: Take, filling: Mapping, at: datetime, tmp_path: Path
) -> None:
    path = _book(tmp_path / "in.xlsx", [dict(case(f"A-{n}")) for n in range(1, 4)])
    report = take(communities, path, filling)
    data, _done = _back(report, at, path)
    again = tmp_path / "again.xlsx"
    again.write_bytes(data)
    second = take(communities, again, filling)
    assert (second.created, second.updated, second.unchanged, second.refused) == (0, 0, 3, 0)


def test_file_when_it_was_received_here_then_it_is_found_there(
    communities: Tenant, table: Callable[..., Path], case: Rows, take: Take, filling: Mapping, ana: Actor, at: datetime
) -> None:
    path = table(case("A-1"))
    report = take(communities, path, filling)
    with path.open("rb") as content:
        intake = receive_file(communities, UUID(int=1), content, name="a.csv", size=path.stat().st_size, by=ana, at=at)
    Intake.objects.filter(pk=intake.pk).update(batch=report.batch)
    data, done = _back(report, at)
    assert (data, done.in_place) == (path.read_bytes(), True)


def test_file_when_it_is_another_then_refused(
    communities: Tenant, table: Callable[..., Path], case: Rows, take: Take, filling: Mapping, at: datetime
) -> None:
    report = take(communities, table(case("A-1")), filling)
    with pytest.raises(NotThatFile):
        _back(report, at, table(case("A-2"), name="other.csv"))


def test_file_when_it_is_gone_then_the_records_under_the_same_header_in_order(
    communities: Tenant,
    table: Callable[..., Path],
    case: Rows,
    take: Take,
    filling: Mapping,
    at: datetime,
    tmp_path: Path,
) -> None:
    path = table(case("B-2"), case("B-1", 结案=""), case("B-3", 上报="昨天"))
    report = take(communities, path, filling)
    _moved(communities, "B-1", closed_at=CLOSED)
    data, done = _back(report, at)
    header, rows = _read(data, tmp_path)
    assert header == open_table(path).header
    assert [row[0] for row in rows] == ["B-2", "B-1"]
    assert rows[1][3] == "2026-10-06 09:02"
    assert (done.in_place, done.rows, done.missing) == (False, 2, 1)
    assert load_workbook(io.BytesIO(data)).sheetnames == ["案件", "改动"]


def test_cells_when_they_say_the_same_already_then_kept_as_they_came(
    communities: Tenant, table: Callable[..., Path], case: Rows, take: Take, filling: Mapping, at: datetime
) -> None:
    path = table(case("A-1", 结案="2026/10/4 8:00"), case("A-2", 结案="2026-10-04"))
    report = take(communities, path, filling)
    body = Case.objects.get(number="A-1").body
    assert body is not None
    Body.objects.filter(pk=body.pk).update(name="养护第一队", aliases=["养护一队"])
    for number, hour in (("A-1", 0), ("A-2", 9)):
        _moved(communities, number, closed_at=datetime(2026, 10, 4, hour, tzinfo=UTC))
    _data, done = _back(report, at, path)
    assert [one.column for one in done.changes] == ["阶段", "阶段"]


def test_rows_when_the_scope_is_narrow_then_those_of_others_are_left_out(
    communities: Tenant, case: Rows, take: Take, filling: Mapping, at: datetime, tmp_path: Path
) -> None:
    path = _book(
        tmp_path / "in.xlsx", [dict(case("A-1")), dict(case("A-2", 经度="120.015")), dict(case("A-3", 上报="?"))]
    )
    report = take(communities, path, filling)
    where = Case.objects.get(number="A-2").territory_id
    narrow = replace(STAFF, grants=(Grant("case.see", territories=frozenset({where or 0})),))
    data, done = _back(report, at, path, narrow)
    assert [row[0] for row in _read(data, tmp_path)[1]] == ["A-2"]
    assert (done.rows, done.hidden) == (1, 2)


def test_return_when_done_then_a_line_in_the_ledger(
    communities: Tenant, table: Callable[..., Path], case: Rows, take: Take, filling: Mapping, at: datetime
) -> None:
    path = table(case("A-1"))
    report = take(communities, path, filling)
    _back(report, at, path)
    line = LedgerLine.objects.get(verb="export.return")
    assert (line.about, line.facts) == (f"batch:{report.batch}", {"rows": 1, "cells": 0, "hidden": 0, "form": "csv"})


def test_mapping_when_written_and_read_then_it_fills_the_same(filling: Mapping) -> None:
    assert parse_mapping(write_mapping(filling)).back == filling.back


def test_own_mapping_when_shipped_then_it_reads_our_headers() -> None:
    assert parse_mapping(OWN).columns == {field: header for field, header in COLUMNS if field}


def test_mapping_when_it_fills_what_nobody_knows_then_refused_at_its_place(mapping_text: str) -> None:
    with pytest.raises(MappingMalformed) as refused:
        parse_mapping(mapping_text + '[back.columns]\n"结案" = "mood"\n')
    assert [fault.column for fault in refused.value.faults] == ["back.columns['结案']"]


@pytest.mark.parametrize("form", [FileForm.CSV, FileForm.XLSX])
def test_own_export_when_imported_again_then_nothing_changes(
    form: FileForm,
    communities: Tenant,
    table: Callable[..., Path],
    case: Rows,
    take: Take,
    mapping: Mapping,
    at: datetime,
    tmp_path: Path,
) -> None:
    rows = [case("A-1", 标题="=1+1"), case("A-2", 结案="", 截止="2026-10-05"), case("A-3", 网格="B", 经度="", 纬度="")]
    take(communities, table(*rows), mapping)
    _moved(communities, "A-2", closed_at=CLOSED, reworks=2, remedy="- 重做\n两次")
    path = tmp_path / f"own.{form.value}"
    with path.open("wb") as target:
        export_list("own", form, Asked(communities, STAFF, at), target)
    before = list(Case.objects.order_by("pk").values())
    own = parse_mapping(OWN)
    report = take(communities, path, own)
    assert (report.created, report.updated, report.unchanged, report.refused) == (0, 0, 3, 0)
    assert "own_differs" not in report.warnings
    assert list(Case.objects.order_by("pk").values()) == before
    assert not SourceRecord.objects.filter(source__code="xiuhua").exists()


def test_own_export_when_somebody_changed_a_row_then_told_and_not_done(
    communities: Tenant,
    table: Callable[..., Path],
    case: Rows,
    take: Take,
    mapping: Mapping,
    at: datetime,
    tmp_path: Path,
) -> None:
    take(communities, table(case("A-1")), mapping)
    path = tmp_path / "own.csv"
    with path.open("wb") as target:
        export_list("own", FileForm.CSV, Asked(communities, STAFF, at), target)
    path.write_bytes(path.read_bytes().replace("井盖缺失".encode(), "井盖没了".encode()))
    report = take(communities, path, parse_mapping(OWN))
    finding = ImportBatch.objects.get(pk=report.batch).findings.get(code="own_differs")
    assert (finding.row, finding.facts) == (2, {"columns": "标题"})
    assert Case.objects.get().title == "井盖缺失"
    assert (report.created, report.unchanged) == (0, 1)


def test_own_export_when_another_office_imports_it_then_cases_are_made_there_once(
    communities: Tenant,
    table: Callable[..., Path],
    case: Rows,
    take: Take,
    mapping: Mapping,
    ana: Actor,
    at: datetime,
    tmp_path: Path,
) -> None:
    from xiuhua.kernel.actions import create_tenant  # noqa: PLC0415 - one use

    take(communities, table(case("A-1"), case("A-2")), mapping)
    path = tmp_path / "own.xlsx"
    with path.open("wb") as target:
        export_list("own", FileForm.XLSX, Asked(communities, STAFF, at), target)
    other = create_tenant("other", "别处", by=ana, at=at, zone="Asia/Shanghai")
    first, second = take(other, path, parse_mapping(OWN)), take(other, path, parse_mapping(OWN))
    assert [(one.created, one.unchanged, one.refused) for one in (first, second)] == [(2, 0, 0), (0, 2, 0)]
