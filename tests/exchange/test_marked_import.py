"""A second list beside a platform's file: extended, reworked and overdue cases, by their numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter

from xiuhua.cases.models import Case
from xiuhua.exchange.actions import import_cases, undo_import
from xiuhua.exchange.marklists import MarksUnworded, read_marks
from xiuhua.exchange.models import Finding, ImportBatch, SourceRecord
from xiuhua.exchange.rules.mappings import parse_mapping
from xiuhua.exchange.words import MARKS, ImportReport
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor

Row = dict[str, str]
WORDS = '\n[marks]\nextension = ["延期"]\nrework = ["返工"]\noverdue = ["超时"]\n'
LISTS = {
    "a text": "延期：N1、N2\n超时：Ｎ２\n返工：N9\n",
    "a table": "任务号,类型\nN1,延期\nN2,延期、超时\nN9,返工\n",
    "a text below blank lines": "\n\n延期: N1, N2\n超时\nN2\n返工 N9\n",
    "a table in tabs": "任务号\t类型\nN1\t延期\nN2\t延期\nN2\t超时\nN9\t返工\n",
}


@pytest.fixture
def brought(
    communities: Tenant, ana: Actor, at: datetime, tmp_path: Path, mapping_text: str, case: Callable[..., Row]
) -> Callable[..., ImportReport]:
    """Import N1, N2 and N3, an hour later each time, with a list or without."""
    made = parse_mapping(mapping_text + WORDS)
    rows = [case("N1"), case("N2"), case("N3")]
    path, moment = tmp_path / "cases.csv", [at]
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")

    def bring(text: str = "") -> ImportReport:
        marks = None
        if text:
            (tmp_path / "list.txt").write_text(text, encoding="gb18030")
            marks = read_marks(tmp_path / "list.txt", made)
        moment[0] += timedelta(hours=1)
        return import_cases(communities, path, made, by=ana, at=moment[0], marks=marks)

    return bring


def _standing() -> list[tuple[str, int, int, str]]:
    return list(Case.objects.order_by("number").values_list("number", "extensions", "reworks", "platform_verdict"))


PLAIN = [("N1", 0, 0, "on_time"), ("N2", 0, 0, "on_time"), ("N3", 0, 0, "on_time")]
MARKED = [("N1", 1, 0, "on_time"), ("N2", 1, 0, "overdue"), ("N3", 0, 0, "on_time")]


@pytest.mark.parametrize("text", LISTS.values(), ids=LISTS)
def test_list_when_it_comes_along_then_its_numbers_are_marked_and_others_are_named(
    brought: Callable[..., ImportReport], text: str
) -> None:
    report = brought(text)
    assert (report.created, _standing()) == (3, MARKED)
    content = json.loads(SourceRecord.objects.get(number="N2").content)
    assert content[MARKS] == "extension overdue"
    assert list(Finding.objects.values_list("code", "facts")) == [("mark_unmatched", {"number": "N9"})]
    assert MARKS not in ImportBatch.objects.get().shape["header"]


def test_same_two_files_when_they_come_again_then_nothing_changes(brought: Callable[..., ImportReport]) -> None:
    brought(LISTS["a text"])
    again = brought(LISTS["a table"])
    assert (again.created, again.updated, again.unchanged) == (0, 0, 3)


def test_list_when_it_comes_later_then_only_its_cases_change_and_undo_takes_it_back(
    brought: Callable[..., ImportReport], ana: Actor, at: datetime
) -> None:
    brought()
    later = brought(LISTS["a text"])
    assert (later.updated, later.unchanged, _standing()) == (2, 1, MARKED)
    without = brought()
    assert (without.updated, _standing()) == (2, PLAIN)
    assert without.batch is not None
    undo_import(without.batch, by=ana, at=at + timedelta(days=1))
    assert _standing() == MARKED
    assert later.batch is not None
    undo_import(later.batch, by=ana, at=at + timedelta(days=1))
    assert _standing() == PLAIN


def test_list_when_a_line_cannot_be_read_then_it_is_said_and_the_rest_is_taken(
    brought: Callable[..., ImportReport],
) -> None:
    brought("延期：N1\n催办：N2\n")
    assert _standing()[0] == ("N1", 1, 0, "on_time")
    assert [(one.code, one.facts["line"]) for one in Finding.objects.all()] == [("mark_unread", 2)]


def test_list_when_it_is_a_workbook_with_a_title_then_its_rows_are_read(tmp_path: Path, mapping_text: str) -> None:
    book = xlsxwriter.Workbook(tmp_path / "list.xlsx")
    sheet = book.add_worksheet()
    for row, cells in enumerate([["十月清单"], [], ["任务号", "类型"], ["N1", "延期"], ["N2", "返工、超时"]]):
        sheet.write_row(row, 0, cells)
    book.close()
    told = read_marks(tmp_path / "list.xlsx", parse_mapping(mapping_text + WORDS)).told
    assert told.marks == {"N1": frozenset({"extension"}), "N2": frozenset({"rework", "overdue"})}


def test_list_when_the_mapping_knows_no_marks_then_it_is_refused(tmp_path: Path, mapping_text: str) -> None:
    (tmp_path / "list.txt").write_text(LISTS["a text"], encoding="utf-8")
    with pytest.raises(MarksUnworded):
        read_marks(tmp_path / "list.txt", parse_mapping(mapping_text))
