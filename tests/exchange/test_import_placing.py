"""Where an import places its cases: by point, code or name, or nowhere and counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from xiuhua.cases.models import Case
from xiuhua.cases.words import PlaceMethod
from xiuhua.exchange.words import ImportReport, Mapping
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor
from xiuhua.territory.actions import add_alias, observe_territories
from xiuhua.territory.models import Territory

Row = dict[str, str]
Bring = Callable[..., ImportReport]
Make = Callable[..., Row]
Mapped = Callable[..., Mapping]


@pytest.mark.parametrize(
    ("changed", "code", "method"),
    [
        pytest.param({}, "A", PlaceMethod.POINT, id="point before code and name"),
        pytest.param({"经度": "121", "网格": "B", "社区": "东河社区"}, "B", PlaceMethod.CODE, id="point outside: code"),
        pytest.param({"经度": "121", "社区": "西河社区"}, "B", PlaceMethod.NAME, id="point outside: name"),
        pytest.param({"经度": "", "纬度": "", "社区": "西河"}, "B", PlaceMethod.NAME, id="name by rule"),
        pytest.param({"经度": "", "纬度": "", "网格": "Z"}, None, PlaceMethod.NONE, id="unknown code"),
    ],
)
def test_import_places_by_the_first_way_that_answers(
    bring: Bring, case: Make, changed: Row, code: str | None, method: PlaceMethod
) -> None:
    report = bring(case("1", **changed))
    found = Case.objects.select_related("territory").get()
    assert (found.territory.code if found.territory else None, found.place_method) == (code, method)
    assert report.unplaced == (method == PlaceMethod.NONE)


def test_import_when_a_name_matches_by_rule_then_it_is_said(bring: Bring, case: Make) -> None:
    report = bring(case("1", 经度="", 纬度="", 社区="西河"), case("2", 经度="", 纬度="", 社区="西河社区"))
    assert (report.unplaced, report.warnings) == (0, {"name_by_rule": 1})


def test_import_when_a_name_is_an_alias_then_it_is_said(
    bring: Bring, case: Make, communities: Tenant, ana: Actor, at: datetime
) -> None:
    add_alias(communities, "B", "老西河", by=ana, at=at)
    report = bring(case("1", 经度="", 纬度="", 社区="老西河"))
    assert (report.unplaced, report.warnings) == (0, {"name_by_alias": 1})


def test_import_when_a_name_is_ambiguous_then_unplaced_with_a_warning(
    bring: Bring, case: Make, communities: Tenant
) -> None:
    observe_territories(communities, "grid", ["东河社区"])
    report = bring(case("1", 经度="", 纬度="", 社区="东河社区"))
    assert (report.unplaced, report.warnings) == (1, {"name_ambiguous": 1})


def test_import_when_one_coordinate_piles_up_then_it_places_nobody(bring: Bring, case: Make) -> None:
    pile = [case(str(n), 社区="西河社区" if n == 0 else "") for n in range(6)]
    lesser = [case("x", 经度="120.006"), case("y", 经度="120.006")]
    report = bring(*pile, *lesser)
    assert report.placed == {"point": 2, "code": 0, "name": 1}
    assert report.unplaced == 5
    assert report.warnings == {"coordinate_pile": 1}
    assert [(one.lon, one.rows, one.withheld) for one in report.piles] == [(120.005, 6, True), (120.006, 2, False)]
    assert Case.objects.filter(longitude=None).count() == 6


def test_import_when_the_coordinates_are_enciphered_then_stored_in_wgs84(
    bring: Bring, case: Make, mapped: Mapped
) -> None:
    bring(case("1"), how=mapped(('"wgs84"', '"gcj02"')))
    found = Case.objects.get()
    assert found.longitude is not None
    assert found.longitude != 120.005
    assert abs(found.longitude - 120.005) < 0.01


OBSERVING = (('level = "community"', 'level = "community"\nobserve = "if_level_empty"'),)


def test_import_when_the_level_is_empty_then_territories_are_observed(
    street: Tenant, table: Callable[..., Path], case: Make, mapped: Mapped, take: Bring
) -> None:
    rows = [case("1", 社区="东河社区"), case("2", 社区="西河社区"), case("3", 社区="东河社区"), case("4")]
    report = take(street, table(*rows), mapped(*OBSERVING))
    assert (report.placed["name"], report.unplaced, report.observed["territories"]) == (3, 1, 2)
    assert list(Territory.objects.values_list("level", "confirmed")) == [("community", False)] * 2
    later = take(street, table(case("5", 社区="南河社区")), mapped(*OBSERVING))
    assert (later.placed["name"], later.observed["territories"]) == (1, 1)


def test_import_when_the_level_has_confirmed_ones_then_none_is_observed(
    bring: Bring, case: Make, mapped: Mapped
) -> None:
    report = bring(case("1", 经度="", 纬度="", 社区="南河社区"), how=mapped(*OBSERVING))
    assert (report.observed["territories"], report.warnings) == (0, {"name_unknown": 1})


def test_import_when_the_tree_has_grown_then_unplaced_cases_are_placed_again(
    *, street: Tenant, table: Callable[..., Path], case: Make, mapping: Mapping, request: Any, take: Bring
) -> None:
    path = table(case("1"), case("2", 经度="", 纬度=""))
    assert take(street, path, mapping).unplaced == 2
    request.getfixturevalue("communities")
    report = take(street, path, mapping)
    assert (report.unchanged, report.placed_now, report.unplaced) == (2, 1, 1)
    assert Case.objects.get(number="1").place_method == PlaceMethod.POINT
