"""What a mapping declares beside its columns: metres, how nothing is written, verdict columns, what a close is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import pytest

from xiuhua.cases.models import Case
from xiuhua.exchange.actions import import_cases, remember_mapping
from xiuhua.exchange.actions.remembering import ColumnsUnlike
from xiuhua.exchange.models import KnownMapping, SourceRecord
from xiuhua.exchange.rules.mappings import parse_mapping
from xiuhua.exchange.shelf import AliasesUnreadable, aliases, checked_system, fitting, known_mapping
from xiuhua.exchange.words import ImportReport, Mapping
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.words import Actor
from xiuhua.tables.reading import open_table
from xiuhua.territory.rules import from_wgs84

Bring = Callable[..., ImportReport]
Make = Callable[..., dict[str, str]]
Mapped = Callable[..., Mapping]
POINT = (120.005, 31.005)


def given_in(crs: str, meridian: float | None = None) -> dict[str, str]:
    x, y = from_wgs84(np.array([POINT[0]]), np.array([POINT[1]]), crs, meridian=meridian)
    return {"经度": f"{x[0]:.9f}", "纬度": f"{y[0]:.9f}"}


@pytest.mark.parametrize(
    ("crs", "meridian", "more"),
    [
        ("gcj02", None, ""),
        ("bd09", None, ""),
        ("bd09mc", None, ""),
        ("cgcs2000", None, ""),
        ("webmercator", None, ""),
        ("cgcs2000-gk3", None, ""),
        ("cgcs2000-gk3", 120.0, "central_meridian = 120"),
        ("cgcs2000-gk3", 120.0, "zone_number = 40"),
    ],
)
def test_import_when_coordinates_are_in_another_system_then_converted_before_they_are_located(
    bring: Bring, case: Make, mapped: Mapped, crs: str, meridian: float | None, more: str
) -> None:
    how = mapped(('crs = "wgs84"', f'crs = "{crs}"\n{more}'))
    report = bring(case("1", **given_in(crs, meridian)), how=how)
    assert report.placed == {"point": 1, "code": 0, "name": 0}
    stored = Case.objects.get(number="1")
    assert (round(stored.longitude or 0, 6), round(stored.latitude or 0, 6)) == POINT


@pytest.mark.parametrize(
    ("crs", "pair", "code"),
    [
        ("bd09mc", ("120.005", "31.005"), "coordinate_metres"),
        ("cgcs2000-gk3", ("500477.9", "3431570.1"), "coordinate_zone"),
        ("wgs84", ("13359000.1", "3610000.1"), "coordinate_outside"),
    ],
)
def test_import_when_coordinates_cannot_be_of_the_declared_system_then_not_used_and_said(
    bring: Bring, case: Make, mapped: Mapped, crs: str, pair: tuple[str, str], code: str
) -> None:
    report = bring(case("1", 经度=pair[0], 纬度=pair[1]), how=mapped(('crs = "wgs84"', f'crs = "{crs}"')))
    assert (report.created, report.unplaced, report.warnings) == (1, 1, {code: 1})


def test_import_when_coordinates_are_degrees_minutes_seconds_then_read(bring: Bring, case: Make) -> None:
    report = bring(case("1", 经度="120°0′18″", 纬度="北纬31度0分18秒"))
    assert report.placed["point"] == 1


def test_import_when_missing_is_written_as_a_stroke_then_it_is_missing_and_the_row_is_kept_as_it_came(
    bring: Bring, case: Make, mapped: Mapped
) -> None:
    how = mapped(("[columns]", 'missing = ["-"]\n[columns]'))
    report = bring(case("1", 结案="-", 截止="-", 经度="-", 纬度="-", 部门="-"), how=how)
    assert (report.created, report.refused, report.warnings) == (1, 0, {})
    stored = Case.objects.get(number="1")
    assert (stored.closed_at, stored.due_at, stored.body_id, stored.longitude) == (None, None, None, None)
    assert '"结案":"-"' in SourceRecord.objects.get().content


@pytest.mark.parametrize(
    ("on_time", "overdue", "verdict", "warnings"),
    [
        ("1", "0", "on_time", {}),
        ("0", "1", "overdue", {}),
        ("0", "0", "", {}),
        ("", "", "", {}),
        ("1", "1", "", {"verdict_contradiction": 1}),
    ],
)
def test_import_when_verdicts_stand_in_columns_of_flags_then_the_flagged_one_counts(
    bring: Bring, case: Make, mapped: Mapped, on_time: str, overdue: str, verdict: str, warnings: dict[str, int]
) -> None:
    how = mapped(
        ('verdict = "超时"\n', ""),
        ('on_time = ["否"]\noverdue = ["是"]', 'on_time_columns = ["按期数"]\noverdue_columns = ["超期数"]'),
    )
    report = bring(case("1", 按期数=on_time, 超期数=overdue), how=how)
    assert SourceRecord.objects.get().platform_verdict == verdict
    assert report.warnings == warnings


@pytest.mark.parametrize(("stage", "closed"), [("结案", True), ("处置中", False)])
def test_import_when_the_close_column_is_a_last_change_then_it_closes_only_where_the_stage_says_so(
    bring: Bring, case: Make, mapped: Mapped, stage: str, closed: bool
) -> None:
    bring(case("1", 阶段=stage), how=mapped(('void = ["[作废]"]', 'closing = ["结案"]')))
    assert (Case.objects.get().closed_at is not None) == closed


def test_remember_when_confirmed_then_known_by_its_columns_in_any_order_with_one_line(
    street: Tenant, mapping_text: str, ana: Actor, at: datetime
) -> None:
    header = [*parse_mapping(mapping_text).needed, "别的"]
    remember_mapping(street, header, mapping_text, by=ana, at=at)
    remember_mapping(street, header, mapping_text, by=ana, at=at)
    known = known_mapping(street, sorted(header))
    assert known is not None
    assert (known.mapping.code, known.confirmed_by, known.times_used) == ("platform", ana.id, 0)
    assert known_mapping(street, header[:-1]) is None
    line = LedgerLine.objects.get(verb="import.mapping_remember")
    assert (line.facts["mapping"], line.facts["columns"]) == ("platform", len(header))


def test_remember_when_confirmed_otherwise_then_the_later_counts_and_both_stand_in_the_ledger(
    street: Tenant, mapping_text: str, ana: Actor, at: datetime
) -> None:
    header = parse_mapping(mapping_text).needed
    remember_mapping(street, header, mapping_text, by=ana, at=at)
    remember_mapping(street, header, mapping_text.replace("wgs84", "gcj02"), by=ana, at=at)
    assert KnownMapping.objects.get().text.count("gcj02") == 1
    assert LedgerLine.objects.filter(verb="import.mapping_remember").count() == 2


def test_remember_when_the_header_lacks_a_column_then_refused(
    street: Tenant, mapping_text: str, ana: Actor, at: datetime
) -> None:
    with pytest.raises(ColumnsUnlike) as caught:
        remember_mapping(street, parse_mapping(mapping_text).needed[1:], mapping_text, by=ana, at=at)
    assert caught.value.facts == {"missing": "编号"}
    assert KnownMapping.objects.count() == 0


def test_import_when_a_remembered_mapping_served_then_the_use_is_counted_a_trial_is_not(
    communities: Tenant, table: Callable[..., Any], case: Make, mapping_text: str, ana: Actor, at: datetime
) -> None:
    path = table(case("1"))
    remember_mapping(communities, open_table(path).header, mapping_text, by=ana, at=at)
    for dry_run in (True, False, False):
        import_cases(communities, path, parse_mapping(mapping_text), by=ana, at=at, dry_run=dry_run)
    assert KnownMapping.objects.get().times_used == 2


def test_system_when_checked_against_the_offices_outlines_then_the_meant_one_is_named(
    communities: Tenant, table: Callable[..., Any], case: Make, mapping: Mapping, mapped: Mapped, at: datetime
) -> None:
    path = table(case("1", **given_in("bd09mc")), case("2", **given_in("bd09mc")))
    found = checked_system(communities, open_table(path), mapping, at.date())
    assert found is not None
    assert (found.points, found.fits) == (2, False)
    assert [one.facts["system"] for one in found.suspicions if one.code == "crs_looks_like"] == ["bd09mc"]
    right = checked_system(communities, open_table(path), mapped(('"wgs84"', '"bd09mc"')), at.date())
    assert right is not None
    assert (right.share, right.suspicions) == (1.0, ())


def test_system_when_the_office_has_no_outlines_then_nothing_is_said(
    street: Tenant, table: Callable[..., Any], case: Make, mapping: Mapping, at: datetime
) -> None:
    assert checked_system(street, open_table(table(case("1"))), mapping, at.date()) is None


def test_shipped_mappings_when_a_file_has_their_columns_then_offered_the_largest_first() -> None:
    header = (
        "REC_ID CREATE_TIME OCCUR_PLACE EVENT_SRC_NAME MAIN_TYPE_NAME SUB_TYPE_NAME DISPOSE_UNIT_NAME COMMUNITY_NAME"
    )
    flags = "INTIME_ARCHIVE_NUM OVERTIME_ARCHIVE_NUM"
    assert [one.name for one in fitting([*header.split(), *flags.split()])] == ["egova"]
    assert fitting(header.split()) == []


def test_aliases_when_the_office_chose_a_table_that_is_not_there_then_refused(street: Tenant) -> None:
    street.settings["aliases"] = ["platforms", "../mappings/boston-311"]
    with pytest.raises(AliasesUnreadable):
        aliases(street)
