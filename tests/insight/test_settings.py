"""The parameters of analysis: from packs, by office and by day."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from xiuhua.insight.queries.settings import (
    SettingsFaulty,
    SettingsUnknown,
    settings_faults,
    settings_in,
    settings_of,
)
from xiuhua.kernel.models import Tenant

BASIC = (Path(__file__).parents[2] / "packs/insight/basic.toml").read_text(encoding="utf-8")
DAY = date(2026, 10, 1)


def test_settings_when_shipped_then_hold_the_numbers_of_the_file() -> None:
    basic = settings_of(Tenant(code="street"), DAY)
    assert (basic.radius_m, basic.days, basic.cluster_least, basic.alpha) == (50, 30, 3, Fraction(1, 20))
    assert (basic.shared_least, basic.shared_classes, basic.pareto, basic.least_change) == (20, 4, Fraction(4, 5), 5)


def test_settings_when_a_newer_version_is_in_force_then_it_counts_from_its_month_on(
    tmp_path: Path, settings: Any
) -> None:
    settings.PACKS = tmp_path
    (tmp_path / "insight").mkdir()
    (tmp_path / "insight/basic.toml").write_text(BASIC, encoding="utf-8")
    newer = BASIC.replace('"2000-01"', '"2026-10"').replace("radius_m = 50", "radius_m = 80")
    (tmp_path / "insight/basic-2.toml").write_text(newer, encoding="utf-8")
    street = Tenant(code="street")
    assert [settings_of(street, day).radius_m for day in (date(2026, 9, 30), DAY)] == [50, 80]


@pytest.mark.parametrize(
    ("chosen", "day"),
    [pytest.param("own", DAY, id="no such pack"), pytest.param("basic", date(1999, 12, 31), id="not yet in force")],
)
def test_settings_when_none_holds_then_are_refused(chosen: str, day: date) -> None:
    with pytest.raises(SettingsUnknown) as refused:
        settings_of(Tenant(code="street", settings={"insight": chosen}), day)
    assert refused.value.facts == {"pack": chosen, "day": day.isoformat(), "known": "basic（2000-01）"}


@pytest.mark.parametrize(
    ("before", "after", "column", "row"),
    [
        pytest.param("radius_m = 50", "radius_m = 0", "recurrence.radius_m", 21, id="no radius"),
        pytest.param('"0.8"', "0.8", "changes.pareto", 32, id="a binary float"),
        pytest.param('"0.05"', '"1.5"', "hotspots.alpha", 28, id="more than all"),
        pytest.param("days = 30", "day = 30", "recurrence", 20, id="another name"),
    ],
)
def test_settings_when_a_field_is_wrong_then_it_is_named(before: str, after: str, column: str, row: int) -> None:
    faults = settings_faults(BASIC.replace(before, after))
    assert {(fault.code, fault.column, fault.row) for fault in faults} == {("pack.schema", column, row)}
    with pytest.raises(SettingsFaulty):
        settings_in(BASIC.replace(before, after))
