"""Duty as packs: every fault with its place, tests as a gate, versions by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
import shapely
from tests.responsibility.conftest import Read
from tests.responsibility.duty_ground import SUNDAY

from xiuhua.kernel.actions import install_pack
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.phrases import fault_sentence
from xiuhua.kernel.queries import PackRefused, content_of, installed_packs
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import import_units
from xiuhua.responsibility.models import Body, MatrixRow
from xiuhua.responsibility.packs import KIND
from xiuhua.responsibility.queries import ClassUnclear, DutyBook, Overlaps, Places, checkup, class_of, rows_written
from xiuhua.responsibility.rules.duty import resolve
from xiuhua.responsibility.rules.duty.reading import COLUMNS
from xiuhua.responsibility.words import Question
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.actions import succeed
from xiuhua.territory.models import Site, Territory, TerritoryVersion
from xiuhua.territory.words import Changeover, SuccessionKind, Unit

ALL = "territory,*,,,*,,,,U,,街规"
OWNER = "owner,A,P05,,M,67,2026-02-01,2027-01-01,V,W;U,合同"


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("boss,*,,,*,,,,U,,b", "duty.tier", "tier"),
        ("trade,*,,,*,0,,,U,,b", "duty.weekdays", "weekdays"),
        ("trade,*,,,*,,2026-13-01,,U,,b", "duty.day", "from"),
        ("trade,*,,,*,,2026-02-01,2026-02-01,U,,b", "duty.period", "until"),
        ("trade,*,P05,P05-1,*,,,,U,,b", "duty.site_twice", "site"),
        ("trade,*,,,*,,,,U,,", "pack.cell_empty", "basis"),
        ("trade,,,,*,,,,U,,b", "pack.cell_empty", "territory"),
        ("trade,X,,,*,,,,U,,b", "duty.territory_unknown", "territory"),
        ("trade,*,P99,,*,,,,U,,b", "duty.site_type_unknown", "site_type"),
        ("trade,*,,P05-9,*,,,,U,,b", "duty.site_unknown", "site"),
        ("trade,*,,,Z,,,,U,,b", "duty.class_unknown", "class"),
        ("trade,*,,,*,,,,Z,,b", "duty.unit_unknown", "unit"),
        ("trade,*,,,*,,,,U,V;Z,b", "duty.unit_unknown", "assisting"),
        ("trade,*,,,*,,,,同名,,b", "duty.unit_ambiguous", "unit"),
    ],
)
def test_matrix_when_a_row_is_wrong_then_the_fault_says_file_line_and_field(
    office: Tenant, read: Read, row: str, code: str, column: str
) -> None:
    Body.objects.bulk_create(Body(tenant=office, code=one, name="同名") for one in ("X1", "X2"))
    pack = read(ALL, row)
    faults = KIND.check(pack) or (KIND.fit(pack, office) if KIND.fit else [])
    assert [(one.code, one.file, one.row, one.column) for one in faults] == [(code, "matrix.csv", 3, column)]
    assert "matrix.csv 第 3 行" in fault_sentence(faults[0])


def test_matrix_without_rows_is_refused(office: Tenant, read: Read) -> None:
    assert [one.code for one in KIND.check(read())] == ["duty.empty"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("A1,,,,,M1,2026-10-04,V,,周日", "duty.test_failed"),
        ("A1,P05,,,,M1,2026-10-04,V,trade,周日", "duty.test_failed"),
        (",,,,,M1,2026-10-04,U,,哪里", "duty.test_place"),
        (",,,0.0005,,M1,2026-10-04,U,,哪里", "duty.test_place"),
        ("A1,,,,,M1,10-04,U,,何时", "duty.day"),
        ("A9,,,,,M1,2026-10-04,U,,哪里", "duty.territory_unknown"),
        ("A1,,,,,M9,2026-10-04,U,,什么", "duty.class_unknown"),
    ],
)
def test_install_when_a_test_of_the_matrix_fails_then_refused_and_nothing_written(
    office: Tenant, read: Read, ana: Actor, at: datetime, line: str, code: str
) -> None:
    with pytest.raises(PackRefused) as refused:
        install_pack(office, read(ALL, OWNER, tests=(line,)), by=ana, at=at)
    assert [(one.code, one.file, one.row) for one in refused.value.faults] == [(code, "tests.csv", 2)]
    assert (installed_packs(office), MatrixRow.objects.count()) == ([], 0)


def test_install_when_a_tested_place_is_in_conflict_then_refused(
    office: Tenant, read: Read, ana: Actor, at: datetime
) -> None:
    both = read(ALL, ALL.replace(",U,", ",V,"), tests=("A1,,,,,M1,2026-10-04,U,,谁",))
    with pytest.raises(PackRefused) as refused:
        install_pack(office, both, by=ana, at=at)
    assert [one.code for one in refused.value.faults] == ["duty.test_conflict"]


def test_install_when_tests_pass_then_the_rows_are_kept_and_can_be_written_again(
    office: Tenant, read: Read, ana: Actor, at: datetime
) -> None:
    tests = (
        "A1,P05,,,,类M1,2026-10-04,V,owner,周日的小区",
        ",,,0.0005,0.0005,own:M1,2026-10-04,V,owner,同一处按坐标",
        ",,P08-1,,,M1,2026-10-04,U,territory,市场不归物业",
        "A1,P05,,,,M1,2026-10-05,U,,周一",
    )
    pack = read(ALL, OWNER, tests=tests)
    installed = install_pack(office, pack, by=ana, at=at)
    (version,) = DutyBook.load(office).versions
    written = rows_written(version.rows)
    assert [",".join(cells[name] for name in COLUMNS) for cells in written] == [ALL, OWNER.replace(",M,", ",own:M,")]
    assert content_of(installed).digest == pack.digest


def test_question_is_answered_by_the_version_of_its_day(office: Tenant, read: Read, ana: Actor, at: datetime) -> None:
    install_pack(office, read(ALL), by=ana, at=at)
    install_pack(office, read(ALL.replace(",U,", ",V,"), version="2", day="2026-10-04"), by=ana, at=at)
    book = DutyBook.load(office)
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 10, 3), SUNDAY, date(2027, 1, 1)]
    assert [resolve(book.matrix_on(day), Question("A1", "own:M1", day)).unit for day in days] == [
        "",
        "U",
        "U",
        "V",
        "V",
    ]


def test_check_is_cut_where_the_matrix_begins_and_where_the_tree_changes(
    office: Tenant, read: Read, ana: Actor, at: datetime
) -> None:
    TerritoryVersion.objects.filter(territory__code="B2").update(valid_to=date(2026, 3, 1))
    install_pack(office, read(ALL), by=ana, at=at)
    found = checkup(DutyBook.load(office), date(2025, 12, 22), date(2026, 3, 11))
    spans = [(epoch.first, epoch.end, checked.cells) for epoch, checked in found.parts]
    before, began, ended = (4 + 2) * 3 * 10, (4 + 2) * 3 * 59, (3 + 1) * 3 * 10
    assert spans == [
        (date(2025, 12, 22), date(2026, 1, 1), before),
        (date(2026, 1, 1), date(2026, 3, 1), began),
        (date(2026, 3, 1), date(2026, 3, 11), ended),
    ]
    assert (found.total("gap_cells"), found.total("by_row"), found.homeless) == (before, began + ended, 1)


@pytest.mark.parametrize(
    ("until", "left"),
    [("", [("place_ended", 3)]), ("2026-03-01", []), ("2026-03-02", [("place_ended", 3)])],
    ids=["goes on", "ends with its place", "ends a day later"],
)
def test_check_when_a_place_is_merged_away_then_its_row_is_told_as_left_behind(
    office: Tenant, read: Read, ana: Actor, at: datetime, until: str, left: list[tuple[str, int]]
) -> None:
    install_pack(office, read(ALL, f"owner,A,,,M,,,{until},V,,合同"), by=ana, at=at)
    merged = Changeover(SuccessionKind.MERGE, date(2026, 3, 1), ("A", "B"), (Unit("AB", "合并"),))
    succeed(office, merged, by=ana, at=at)
    found = checkup(DutyBook.load(office), date(2026, 2, 1), date(2026, 4, 1))
    assert [(str(why), row.line) for row, why in found.idle] == left
    before = checkup(DutyBook.load(office), date(2026, 2, 1), date(2026, 3, 1))
    assert before.idle == ()


def test_row_and_own_unit_of_a_place_that_only_changes_its_code_go_along(
    office: Tenant, read: Read, ana: Actor, at: datetime
) -> None:
    Body.objects.filter(code="W").update(territory=Territory.objects.get(code="A"))
    install_pack(office, read(ALL.replace("*,,,*", "A,,,M"), OWNER.replace("A1,", "A,")), by=ana, at=at)
    for code, since in (("A9", date(2026, 3, 1)), ("A99", date(2026, 6, 1))):
        old = "A" if code == "A9" else "A9"
        succeed(office, Changeover(SuccessionKind.CODE_CHANGE, since, (old,), (Unit(code),)), by=ana, at=at)
    book = DutyBook.load(office)
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 5, 31), date(2026, 6, 1)]
    answers = [resolve(book.matrix_on(day), Question("A1", "own:M1", day)) for day in days]
    assert [(one.unit, one.row and one.row.territory) for one in answers] == [
        ("U", "A"),
        ("U", "A9"),
        ("U", "A9"),
        ("U", "A99"),
    ]
    fallback = [resolve(book.matrix_on(day), Question("A1", "own:N1", day)) for day in days]
    assert [(one.unit, one.fallback) for one in fallback] == [("W", "A"), ("W", "A9"), ("W", "A9"), ("W", "A99")]
    assert checkup(book, date(2026, 2, 1), date(2026, 7, 1)).idle == ()


def test_territory_with_a_unit_of_its_own_answers_where_no_row_does(
    office: Tenant, read: Read, ana: Actor, at: datetime
) -> None:
    Body.objects.filter(code="W").update(territory=Territory.objects.get(code="B"))
    install_pack(office, read(ALL.replace("*,,,*", "A,,,*")), by=ana, at=at)
    book = DutyBook.load(office)
    answer = resolve(book.matrix_on(SUNDAY), Places(office, book).question("own:M1", SUNDAY, territory="B2"))
    assert (answer.unit, answer.fallback) == ("W", "B")


def test_book_costs_the_same_whatever_its_length(
    office: Tenant, read: Read, ana: Actor, at: datetime, django_assert_num_queries: object
) -> None:
    install_pack(office, read(ALL, OWNER), by=ana, at=at)
    with django_assert_num_queries(11):  # type: ignore[operator]
        DutyBook.load(office)


def test_check_when_sites_lie_over_each_other_then_their_conflict_is_found(
    office: Tenant, read: Read, ana: Actor, at: datetime
) -> None:
    point = Site.objects.get(code="P05-1")
    lot = {
        "min_lon": 0.0,
        "min_lat": 0.0,
        "max_lon": 0.001,
        "max_lat": 0.001,
        "geometry": shapely.to_wkb(shapely.box(0, 0, 0.001, 0.001)),
    }
    Site.objects.create(
        tenant=office, code="P13-1", name="工地", type="P13", territory=point.territory, reach_m=0, crs="wgs84", **lot
    )
    install_pack(
        office, read(ALL, OWNER.replace("67,2026-02-01,2027-01-01", ",,"), "owner,A,P13,,*,,,,W,,合同"), by=ana, at=at
    )
    book = DutyBook.load(office)
    alone = checkup(book, SUNDAY, date(2026, 10, 5))
    over = checkup(book, SUNDAY, date(2026, 10, 5), Overlaps(office, book))
    assert (alone.total("conflict_cells"), over.total("conflict_cells")) == (0, 0)
    same = checkup(
        book.supposing([replace(row, case_class="*") for row in book.versions[0].rows], "same"),
        SUNDAY,
        date(2026, 10, 5),
        Overlaps(office, book),
    )
    assert (same.total("cells") - alone.total("cells"), same.total("conflict_cells")) == (3, 3)


def test_class_called_alike_in_two_schemes_means_the_one_of_the_matrix(
    office: Tenant, read: Read, ana: Actor, at: datetime
) -> None:
    CaseClass.objects.create(tenant=office, scheme="other", code="9", name="类M1")
    install_pack(office, read("trade,*,,,own:M,,,,U,,b"), by=ana, at=at)
    assert class_of(DutyBook.load(office), "类M1") == "own:M1"
    with pytest.raises(ClassUnclear):
        class_of(DutyBook.empty(office), "类M1")


def test_unit_when_confirmed_under_another_code_then_rows_that_let_it_assist_still_mean_it(
    office: Tenant, read: Read, ana: Actor, at: datetime
) -> None:
    Body.objects.create(tenant=office, code="见过的队", name="见过的队", confirmed=False)
    install_pack(office, read("territory,*,,,*,,,,U,见过的队;V,街规"), by=ana, at=at)
    import_units(office, "编码,名称\nX7,见过的队\n".encode(), by=ana, at=at)
    (version,) = DutyBook.load(office).versions
    assert [row.assisting for row in version.rows] == [("X7", "V")]
