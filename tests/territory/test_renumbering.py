"""Imports that bring new codes: names link, mergers are asked, grids find their parents; two published lists."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from tests.territory.ground import Importer, spans

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor
from xiuhua.territory.actions import TerritoriesRefused, apply_changes
from xiuhua.territory.actions.importing import RenumberedUnended
from xiuhua.territory.models import Territory, TerritoryVersion
from xiuhua.territory.queries import NameBook, listed
from xiuhua.territory.queries.lineage import Lineage
from xiuhua.territory.queries.vanished import vanished

DAY = date(2023, 7, 1)
BEFORE = date(2023, 6, 30)


def test_import_when_names_come_under_new_codes_then_they_are_linked_and_the_rest_is_asked(
    ground: Tenant, bring: Importer
) -> None:
    more = {"parent": "9", "effective": str(DAY), "end_absent": True, "renumbered": True}
    report = bring("code,name\n31,坊1\n32,新坊\n".encode(), **more)
    assert report.renumbered == (("1", "31"),)
    assert report.ended == ("1", "2", "3")
    assert spans("11")[-1] == ("格11", "31", DAY, None)
    gone = vanished(ground, "block")
    assert [(one.code, [(c.code, dict(c.reasons)) for c in one.candidates]) for one in gone] == [
        (code, [("31", {"begun": 1, "parent": 1}), ("32", {"begun": 1, "parent": 1})]) for code in ("2", "3")
    ]


def test_import_when_names_come_later_without_codes_then_the_standing_one_is_meant(
    ground: Tenant, bring: Importer
) -> None:
    bring("code,name\n31,坊1\n".encode(), parent="9", effective=str(DAY), end_absent=True, renumbered=True)
    report = bring("name,alias\n坊1,柳坊\n".encode(), codes=False, parent="9", alias_field="alias", effective=str(DAY))
    assert report.unchanged + report.updated == 1
    assert NameBook.load(ground).match("柳坊").candidates == (Territory.objects.get(code="31").pk,)


def test_import_when_two_bear_the_name_then_neither_is_taken(street: Tenant, bring: Importer) -> None:
    bring("code,name\n1,坊\n2,坊\n".encode())
    report = bring("code,name\n3,坊\n".encode(), effective=str(DAY), end_absent=True, renumbered=True)
    assert (report.renumbered, report.ended) == ((), ("1", "2"))


def test_import_when_new_codes_are_asked_for_without_an_end_then_refused(ground: Tenant, bring: Importer) -> None:
    with pytest.raises(RenumberedUnended):
        bring("code,name\n31,坊1\n".encode(), effective=str(DAY), renumbered=True)


def test_grids_when_the_parent_is_in_the_code_then_it_is_found(street: Tenant, bring: Importer) -> None:
    bring("code,name\n999001001001,社区甲\n999001001002,社区乙\n".encode(), level="community")
    grids = "code,name\n999001001001001,一格\n999001001002015,二格\n"
    bring(grids.encode(), level="grid", parent_by_prefix=12)
    assert [(one.code, one.parent) for one in listed(street, "grid")] == [
        ("999001001001001", "999001001001"),
        ("999001001002015", "999001001002"),
    ]
    with pytest.raises(TerritoriesRefused) as caught:
        bring(b"code,name\n999001001001,x\n999001001009001,y\n", level="grid", parent_by_prefix=12)
    assert [(one.code, one.row) for one in caught.value.faults] == [
        ("territory.code_short", 2),
        ("territory.code_other_level", 2),
        ("territory.parent_unknown", 3),
    ]


LIST, STREETS = "cn/admin/liangxi_320213_towns_communities_2016.csv", "cn/admin/streets-2023.csv"


@pytest.mark.real
def test_two_lists_when_the_later_has_other_codes_then_names_link_and_mergers_are_asked(
    street: Tenant, bring: Importer, real_data: Path, ana: Actor, at: datetime
) -> None:
    old = (real_data / LIST).read_bytes()
    for level in ("county", "town", "village"):
        parent = {} if level == "county" else {"parent_field": "parent"}
        bring(old, level=level, where=(("level", level),), effective="2016-01-01", **parent)
    report = bring(
        (real_data / STREETS).read_bytes(),
        level="town",
        where=(("areaCode", "320213"),),
        parent_field="areaCode",
        code_pad=12,
        effective="2023-06-30",
        end_absent=True,
        renumbered=True,
    )
    assert (report.created, len(report.ended)) == (9, 16)
    pairs = dict(report.renumbered)
    assert pairs["320213009000"] == "320213022000"
    gone = vanished(street, "town")
    assert len(pairs) + len(gone) == 16
    assert {len(one.candidates) for one in gone} == {9}
    lineage = Lineage.load(street, "town")
    assert [one.code for one in lineage.successors_of("320213009000", date(2023, 6, 30))] == ["320213022000"]
    # a person says where each of the others went; which one is no business of this test
    rows = "".join(f"{one.code},{one.candidates[0].code},merge\n" for one in gone)
    done = apply_changes(street, b"old,new,kind\n" + rows.encode(), effective=date(2023, 6, 30), by=ana, at=at)
    assert sum(len(one.ended) for one in done) == len(gone)
    assert vanished(street, "town") == ()
    lineage = Lineage.load(street, "town")
    areas = lineage.comparable(date(2016, 1, 1), date(2023, 6, 30))
    assert sum(len(area.before) for area in areas) == 16
    assert sum(len(area.after) for area in areas) == 9
    # every community goes on under a street of 2023, and in 2016 under its own
    villages = Territory.objects.filter(level="village").count()
    below = TerritoryVersion.objects.filter(territory__level="village", parent__code__in=[*pairs.values()])
    assert TerritoryVersion.objects.filter(territory__level="village", valid_to=date(2023, 6, 30)).count() == villages
    assert below.filter(valid_from=date(2023, 6, 30)).exists()
