"""An import rules on what it brings: own deadlines and causes in its report, each count with its records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from xiuhua.cases.models import Case, Ruling
from xiuhua.exchange.actions import import_cases, undo_import
from xiuhua.exchange.models import ImportBatch
from xiuhua.exchange.queries import records_in
from xiuhua.exchange.rules.mappings import parse_mapping
from xiuhua.exchange.words import ImportReport
from xiuhua.kernel.actions import install_pack
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import read_pack, shipped_pack
from xiuhua.kernel.words import Actor

SHANGHAI = ZoneInfo("Asia/Shanghai")
MAPPING = """
schema = 1
code = "platform"
name = "城运平台"
zone = "Asia/Shanghai"
date_order = "ymd"
[columns]
number = "编号"
reported_at = "上报"
due_at = "截止"
closed_at = "结案"
main_class = "大类"
sub_class = "小类"
verdict = "超时"
extensions = "延期"
condition = "条件"
[verdict]
on_time = ["否"]
overdue = ["是"]
"""
HEAD = "编号,上报,截止,结案,大类,小类,超时,延期,条件\n"
ROWS = (
    "A1,2026-10-08 09:00:00,2026-10-08 14:30:00,2026-10-08 10:00:00,市容环境,暴露垃圾,否,0,\n"
    "A2,2026-09-30 16:30:00,2026-10-01 11:00:00,2026-10-08 10:00:00,市容环境,暴露垃圾,是,0,\n"
    "A3,2026-10-08 09:00:00,2026-10-08 10:00:00,2026-10-08 09:30:00,市容环境,道路不洁,是,0,2\n"
    "A4,2026-10-08 09:00:00,2026-10-08 14:30:00,2026-10-08 10:00:00,市容环境,天上掉馅饼,否,0,\n"
)
Imported = Callable[[str], ImportReport]


@pytest.fixture
def imported(street: Tenant, ana: Actor, at: datetime, tmp_path: Path) -> Imported:
    """Import these rows into the office with calendar, holidays and standard."""
    for name in ("holidays/cn", "calendar/demo-street", "taxonomy/demo-street"):
        install_pack(street, read_pack(shipped_pack(Path(settings.PACKS), name)), by=ana, at=at)

    def bring(rows: str) -> ImportReport:
        path = tmp_path / "cases.csv"
        path.write_text(HEAD + rows, encoding="utf-8")
        return import_cases(street, path, parse_mapping(MAPPING), by=ana, at=at)

    return bring


def test_import_rules_on_classes_that_it_observes_itself(imported: Imported) -> None:
    report = imported(ROWS)
    assert report.rulings == {
        "ruled": 3,
        "provisional": 0,
        "elsewhere": 0,
        "deadlines": {"holiday": 1, "same": 2},
        "verdicts": {"holiday": 1, "statement": 1},
        "unruled": {"no_condition": 1},
    }


def test_counts_of_an_imports_rulings_equal_their_records(imported: Imported) -> None:
    report = imported(ROWS)
    batch = ImportBatch.objects.get(pk=report.batch)
    lists = {
        what: [one.number for one in records_in(batch, what)]
        for what in ("due/same", "due/holiday", "unruled/no_condition")
    }
    assert lists == {"due/same": ["A1", "A3"], "due/holiday": ["A2"], "unruled/no_condition": ["A4"]}
    assert [one.number for one in records_in(batch, "verdict/statement")] == ["A3"]


def test_version_of_a_record_that_changes_the_deadline_is_ruled_on_again(imported: Imported) -> None:
    imported(ROWS)
    before = Ruling.objects.get(case__number="A1")
    imported(ROWS.replace("A1,2026-10-08 09:00:00", "A1,2026-10-08 10:00:00"))
    after = Ruling.objects.get(case__number="A1")
    assert (before.due_cause, after.due_cause) == ("same", "other")
    assert after.due_at == datetime(2026, 10, 8, 15, 30, tzinfo=SHANGHAI)
    assert Ruling.objects.get(case__number="A2").reason == before.reason


def test_undo_of_an_import_brings_the_earlier_ruling_back(imported: Imported, ana: Actor, at: datetime) -> None:
    imported(ROWS)
    second = imported(ROWS.replace("A1,2026-10-08 09:00:00", "A1,2026-10-08 10:00:00"))
    undo_import(second.batch or 0, by=ana, at=at)
    again = Ruling.objects.get(case__number="A1")
    assert (again.due_cause, again.due_at) == ("same", datetime(2026, 10, 8, 14, 30, tzinfo=SHANGHAI))
    first = ImportBatch.objects.order_by("pk").first()
    assert first is not None
    undo_import(first.pk, by=ana, at=at)
    assert (Case.objects.count(), Ruling.objects.count()) == (0, 0)


def test_import_without_packs_rules_nothing(street: Tenant, ana: Actor, at: datetime, tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(HEAD + ROWS, encoding="utf-8")
    report = import_cases(street, path, parse_mapping(MAPPING), by=ana, at=at)
    assert (report.created, report.rulings["ruled"], Ruling.objects.count()) == (4, 0, 0)


def test_import_says_when_several_packs_of_a_kind_are_installed_and_none_was_chosen(
    imported: Imported, street: Tenant, ana: Actor, at: datetime
) -> None:
    install_pack(street, read_pack(shipped_pack(Path(settings.PACKS), "taxonomy/cn-national")), by=ana, at=at)
    report = imported(ROWS)
    assert (report.warnings["packs_undecided"], report.rulings["ruled"]) == (1, 0)
    assert report.rulings["unruled"] == {"no_condition": 4}
