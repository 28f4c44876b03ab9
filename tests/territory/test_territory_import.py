"""Importing territories: created, recognised, corrected, succeeded, or refused as a whole."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from tests.territory.ground import Importer, collection, square

from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.phrases import fault_sentence
from xiuhua.kernel.words import Actor, Refusal
from xiuhua.territory.actions import TerritoriesRefused, add_alias, observe_territories
from xiuhua.territory.actions.importing import CrsUnknown, EndUndated, LevelMalformed, SystemMalformed
from xiuhua.territory.actions.naming import AliasMalformed, AliasTaken
from xiuhua.territory.models import Territory, TerritoryName, TerritoryVersion
from xiuhua.territory.queries import CodeBook, TerritoryUnknown, listed
from xiuhua.territory.words import ImportReport

BLOCKS = [("1", "甲", square(0, 0)), ("2", "乙", square(1, 0)), ("3", "丙", square(0, 1, 2))]


def blocks(*rows: tuple[str, str, Any], **more: str) -> bytes:
    return collection(*(({"code": code, "name": name, **more}, shape) for code, name, shape in rows))


def counts(report: ImportReport) -> tuple[int, int, int]:
    return report.created, report.updated, report.unchanged


def history(code: str) -> list[tuple[str, date | None, date | None]]:
    versions = TerritoryVersion.objects.filter(territory__code=code).order_by("pk")
    return list(versions.values_list("name", "valid_from", "valid_to"))


def names(code: str) -> list[tuple[str, bool]]:
    return list(TerritoryName.objects.filter(territory__code=code).order_by("pk").values_list("name", "alias"))


def test_import_when_new_then_each_is_created_with_name_outline_and_one_ledger_line(bring: Importer) -> None:
    assert counts(bring(blocks(*BLOCKS))) == (3, 0, 0)
    version = TerritoryVersion.objects.select_related("territory").get(territory__code="2")
    assert (version.name, version.valid_from, version.crs, version.area_m2) == ("乙", None, "wgs84", 797_383)
    assert (version.min_lon, version.max_lat, version.territory.confirmed) == (10.01, 50.01, True)
    line = LedgerLine.objects.get(verb="territory.import")
    assert (line.about, line.facts["created"], line.before, len(line.after)) == (
        "territory-import:block",
        3,
        "0" * 64,
        64,
    )


@pytest.mark.parametrize("codes", [True, False], ids=["by code", "by name"])
def test_import_when_the_same_comes_again_then_nothing_changes(bring: Importer, *, codes: bool) -> None:
    bring(blocks(*BLOCKS), codes=codes)
    first = listed(Tenant.objects.get())
    assert counts(bring(blocks(*BLOCKS), codes=codes)) == (0, 0, 3)
    assert counts(bring(blocks(*BLOCKS), codes=codes, effective="2024-01-01")) == (0, 0, 3)
    assert listed(Tenant.objects.get()) == first
    lines = LedgerLine.objects.filter(verb="territory.import").order_by("pk")
    assert [(line.before == lines[0].after, line.after == lines[0].after) for line in lines[1:]] == [(True, True)] * 2


def test_import_when_changed_from_a_later_day_then_a_new_version_follows(bring: Importer) -> None:
    bring(blocks(*BLOCKS))
    report = bring(blocks(("1", "新甲", square(0, 0)), *BLOCKS[1:]), effective="2024-03-01")
    assert counts(report) == (0, 1, 2)
    assert history("1") == [("甲", None, date(2024, 3, 1)), ("新甲", date(2024, 3, 1), None)]
    assert names("1") == [("甲", True), ("新甲", False)]


def test_import_when_changed_on_the_same_day_then_corrected_in_place_with_both_digests(bring: Importer) -> None:
    bring(blocks(BLOCKS[0]))
    assert counts(bring(blocks(("1", "甲", square(0, 0, 2))))) == (0, 1, 0)
    assert history("1") == [("甲", None, None)]
    first, second = LedgerLine.objects.filter(verb="territory.import").order_by("pk")
    assert (second.before, second.after != first.after, second.facts["corrected"]) == (first.after, True, 1)


def test_import_when_earlier_than_on_record_then_refused(bring: Importer) -> None:
    bring(blocks(BLOCKS[0]), effective="2024-03-01")
    with pytest.raises(TerritoriesRefused) as refused:
        bring(blocks(("1", "新甲", square(0, 0))), effective="2023-01-01")
    assert [fault.code for fault in refused.value.faults] == ["territory.effective_early"]


def test_import_when_renamed_back_then_the_names_change_places(bring: Importer) -> None:
    for name in ("甲", "新甲", "甲"):
        bring(blocks(("1", name, square(0, 0))))
    assert names("1") == [("甲", False), ("新甲", True)]


def test_import_when_a_table_is_silent_on_outlines_then_they_stay(bring: Importer) -> None:
    bring(blocks(BLOCKS[0]))
    assert counts(bring("code,name\n1,新甲\n".encode(), effective="2024-03-01")) == (0, 1, 0)
    assert [one.area_m2 for one in TerritoryVersion.objects.order_by("pk")] == [797_383, 797_383]


def test_import_when_aliases_are_added_then_updated_and_never_taken_away(bring: Importer) -> None:
    bring(blocks(BLOCKS[0]))
    assert counts(bring(blocks(BLOCKS[0], other="大甲; 小甲"), alias_field="other")) == (0, 1, 0)
    assert counts(bring(blocks(BLOCKS[0], other="甲"), alias_field="other")) == (0, 0, 1)
    assert names("1") == [("甲", False), ("大甲", True), ("小甲", True)]


def test_import_when_other_systems_have_codes_then_they_find_the_territory(street: Tenant, bring: Importer) -> None:
    table = "code,name,city,old\n1,甲,C7,\n2,乙,C8,007\n".encode()
    systems = (("city", "city"), ("before-2023", "old"))
    assert [counts(bring(table, externals=systems)) for _time in range(2)] == [(2, 0, 0), (0, 0, 2)]
    known = {one.code: one.pk for one in Territory.objects.all()}
    book = CodeBook.load(street)
    assert [book.find(code) for code in ("C7", "007", "7")] == [known["1"], known["2"], None]
    assert counts(bring("code,name,city\n1,甲,C9\n".encode(), externals=systems[:1])) == (0, 1, 0)


def test_import_when_a_parent_is_given_then_children_stand_under_it(bring: Importer) -> None:
    bring(blocks(("9", "区", square(0, 0, 3, 2))), level="district")
    report = bring(blocks(*BLOCKS), parent="9")
    assert [(one.code, one.parent) for one in listed(Tenant.objects.get(), "block")] == [
        ("1", "9"),
        ("2", "9"),
        ("3", "9"),
    ]
    assert [gap.m2 for gap in report.gaps] == [1_594_602]


def test_import_when_the_parent_stands_in_a_column_then_each_gets_its_own(bring: Importer) -> None:
    bring("code,name\n8,东区\n9,西区\n".encode(), level="district")
    table = "code,name,up\n1,甲,8\n2,甲,9\n".encode()
    assert counts(bring(table, parent_field="up")) == (2, 0, 0)
    assert counts(bring("name,up\n甲,9\n".encode(), codes=False, parent_field="up")) == (0, 0, 1)


def test_import_when_siblings_overlap_then_reported_also_against_those_on_record(bring: Importer) -> None:
    assert bring(blocks(*BLOCKS)).overlaps == ()
    report = bring(blocks(("4", "丁", square(1.5, 0))))
    assert [(one.a, one.b, one.m2) for one in report.overlaps] == [("2", "4", 398_692)]
    assert report.absent == ("1", "2", "3")


def test_import_when_absent_ones_are_to_end_then_they_end_on_the_day(bring: Importer) -> None:
    bring(blocks(*BLOCKS))
    report = bring(blocks(("4", "甲乙", square(0, 0, 2)), BLOCKS[2]), effective="2024-01-01", end_absent=True)
    assert (report.ended, report.overlaps) == (("1", "2"), ())
    assert history("1") == [("甲", None, date(2024, 1, 1))]


def test_import_when_names_only_and_known_twice_then_refused_not_guessed(bring: Importer) -> None:
    bring("code,name\n8,东区\n9,西区\n".encode(), level="district")
    bring("code,name,up\n1,甲,8\n2,甲,9\n".encode(), parent_field="up")
    with pytest.raises(TerritoriesRefused) as refused:
        bring("name\n甲\n".encode(), codes=False)
    assert [(fault.code, fault.facts["codes"]) for fault in refused.value.faults] == [
        ("territory.name_ambiguous", "1、2")
    ]


FAULTY = collection(
    ({"code": "1", "name": " "}, square(0, 0)),
    ({"code": "", "name": "乙"}, square(0, 0)),
    ({"code": "3", "name": "丙"}, None),
    ({"code": "3", "name": "丁"}, {"type": "Point", "coordinates": [1, 2]}),
    ({"code": "1.10101E+11", "name": "戊" * 101}, square(0, 0)),
    ({"code": "6" * 61, "name": "己"}, square(0, 0)),
    ({"code": "7", "name": "庚", "up": "404"}, square(0, 0)),
    ({"code": "9", "name": "辛"}, square(0, 0)),
    ({"code": "10", "name": "乙"}, square(0, 0)),
    ({"code": "11\0", "name": "壬\ud800"}, square(0, 0)),
)


def test_import_when_much_is_wrong_then_all_of_it_is_named_by_row_and_nothing_is_written(bring: Importer) -> None:
    bring("code,name\n9,区\n".encode(), level="district")
    with pytest.raises(TerritoriesRefused) as refused:
        bring(FAULTY, parent="9", parent_field="up")
    assert [(fault.row, fault.column, fault.code.removeprefix("territory.")) for fault in refused.value.faults] == [
        (1, "name", "name_missing"),
        (2, "code", "code_missing"),
        (3, "", "geometry_missing"),
        (4, "code", "code_repeated"),
        (4, "", "geometry_kind"),
        (5, "name", "name_long"),
        (5, "code", "code_mangled"),
        (6, "code", "code_long"),
        (7, "up", "parent_unknown"),
        (8, "code", "code_other_level"),
        (9, "name", "name_repeated"),
        (10, "name", "text_unusable"),
        (10, "code", "text_unusable"),
    ]
    assert all(fault_sentence(fault) for fault in refused.value.faults)
    assert Territory.objects.count() == 1


def test_import_when_the_parent_lies_below_then_refused(bring: Importer) -> None:
    bring("code,name\n1,甲\n".encode())
    bring("code,name\n2,乙\n".encode(), level="cell", parent="1")
    with pytest.raises(TerritoriesRefused) as refused:
        bring("code,name,up\n1,甲,2\n".encode(), parent_field="up")
    assert [fault.code for fault in refused.value.faults] == ["territory.parent_below"]


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"level": "区"}, LevelMalformed),
        ({"externals": (("City", "code"),)}, SystemMalformed),
        ({"externals": (("city", "code"), ("city", "name"))}, SystemMalformed),
        ({"crs": "cgcs2000"}, CrsUnknown),
        ({"end_absent": True}, EndUndated),
        ({"parent": "404"}, TerritoryUnknown),
    ],
    ids=["level", "system", "system twice", "crs", "no day", "parent"],
)
def test_import_when_the_order_makes_no_sense_then_refused(
    bring: Importer, more: dict[str, Any], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        bring(blocks(*BLOCKS), **more)


def test_observe_when_names_are_new_then_unconfirmed_and_found_again(street: Tenant) -> None:
    first = observe_territories(street, "block", ["甲", "Back Bay", "back  bay", "", "长" * 101])
    again = observe_territories(street, "block", ["甲"])
    assert {name: one.code for name, one in first.items()} == {
        "甲": "block-01",
        "Back Bay": "block-back-bay",
        "back  bay": "block-back-bay",
    }
    assert (again["甲"], again["甲"].confirmed) == (first["甲"], False)


@pytest.mark.parametrize("codes", [True, False], ids=["with codes", "names only"])
def test_import_when_a_territory_was_observed_then_it_is_confirmed_and_keeps_its_key(
    street: Tenant, bring: Importer, *, codes: bool
) -> None:
    seen = observe_territories(street, "block", ["甲"])["甲"]
    bring("code,name\n9,区\n".encode(), level="district")
    assert counts(bring(blocks(BLOCKS[0]), codes=codes, parent="9")) == (0, 1, 0)
    seen.refresh_from_db()
    assert (seen.code, seen.confirmed) == ("1" if codes else "block-01", True)


def test_observe_when_several_bear_the_name_then_it_is_left_out(street: Tenant, bring: Importer) -> None:
    bring("code,name\n1,甲\n2,甲\n".encode())
    assert observe_territories(street, "block", ["甲"]) == {}


def test_alias_when_added_then_recorded_once(street: Tenant, bring: Importer, ana: Actor, at: datetime) -> None:
    bring(blocks(*BLOCKS))
    added = [add_alias(street, "1", " 大甲 ", by=ana, at=at) for _time in range(2)]
    assert (added, names("1")) == ([True, False], [("甲", False), ("大甲", True)])
    assert LedgerLine.objects.filter(verb="territory.alias", about="territory:1").count() == 1


@pytest.mark.parametrize(
    ("alias", "refusal"),
    [
        (("1", "乙"), AliasTaken),
        (("1", " "), AliasMalformed),
        (("1", "长" * 101), AliasMalformed),
        (("404", "x"), TerritoryUnknown),
    ],
    ids=["another's", "empty", "long", "no such code"],
)
def test_alias_when_it_cannot_be_then_refused(
    bring: Importer, ana: Actor, at: datetime, alias: tuple[str, str], refusal: type[Refusal]
) -> None:
    bring(blocks(*BLOCKS))
    with pytest.raises(refusal):
        add_alias(Tenant.objects.get(), *alias, by=ana, at=at)
