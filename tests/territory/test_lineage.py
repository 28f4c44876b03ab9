"""Mergers, splits, new codes: who became whom, what is refused, and that history stays."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.territory.ground import Importer, spans, square

from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.words import Actor, Refusal
from xiuhua.tables.words import ColumnMissing, FormEmpty, TableEmpty
from xiuhua.territory.actions import ChangesRefused, apply_changes, succeed
from xiuhua.territory.actions.changes import ChangesUnreadable
from xiuhua.territory.models import Succession, Territory, TerritoryVersion
from xiuhua.territory.queries import CodeBook, Locator, NameBook, TerritoryUnknown, listed
from xiuhua.territory.queries.lineage import Lineage, story
from xiuhua.territory.rules.lineage import circle, steps_back, steps_forward
from xiuhua.territory.words import Changeover, ComparableArea, Link, SuccessionKind, Unit

DAY = date(2023, 7, 1)
BEFORE = date(2023, 6, 30)


def change(kind: str, old: str, new: list[Unit], day: date = DAY, **more: Any) -> Changeover:
    return Changeover(SuccessionKind(kind), day, tuple(old.split()), tuple(new), **more)


def kin(found: Any) -> list[tuple[str, str, int]]:
    return [(one.code, one.kind, one.steps) for one in found]


def test_merge_when_two_become_one_then_both_end_and_the_new_one_has_their_ground(
    ground: Tenant, ana: Actor, at: datetime
) -> None:
    done = succeed(ground, change("merge", "1 2", [Unit("7", "新坊")], basis="文〔2023〕7号"), by=ana, at=at)
    assert (done.ended, done.begun, done.links, done.adopted) == (("1", "2"), ("7",), 2, 2)
    assert spans("1") == [("坊1", "9", None, DAY)]
    assert spans("7") == [("新坊", "9", DAY, None)]
    areas = {one.code: one.area_m2 for one in listed(ground)}
    assert abs((areas["7"] or 0) - (areas["1"] or 0) - (areas["2"] or 0)) <= 1
    assert spans("11") == [("格11", "1", None, DAY), ("格11", "7", DAY, None)]
    line = LedgerLine.objects.get(verb="territory.succeed")
    assert (line.reason, line.facts["predecessors"], line.facts["adopted"]) == ("文〔2023〕7号", ["1", "2"], 2)


def test_merge_when_it_was_carried_out_then_earlier_days_still_read_as_they_were(
    ground: Tenant, ana: Actor, at: datetime
) -> None:
    held = Locator.load(ground).locate(10.016, 50.004, BEFORE)
    succeed(ground, change("merge", "1 2", [Unit("7", "新坊")]), by=ana, at=at)
    known = {one.pk: one.code for one in Territory.objects.all()}
    locator = Locator.load(ground)
    assert [locator.locate(10.016, 50.004, day) for day in (BEFORE, DAY)] == [
        held,
        Territory.objects.get(code="7").pk,
    ]
    assert known[held or 0] == "2"


def test_merge_when_one_joins_a_standing_one_then_that_one_grows(ground: Tenant, ana: Actor, at: datetime) -> None:
    done = succeed(ground, change("merge", "2", [Unit("3")]), by=ana, at=at)
    assert (done.ended, done.begun) == (("2",), ())
    assert spans("3") == [("坊3", "9", None, DAY), ("坊3", "9", DAY, None)]
    areas = list(TerritoryVersion.objects.filter(territory__code="3").order_by("pk").values_list("area_m2", flat=True))
    assert areas[1] == 2 * areas[0]


def test_split_when_the_ground_is_drawn_then_children_follow_their_ground(
    ground: Tenant, ana: Actor, at: datetime
) -> None:
    halves = [
        Unit("1a", "西坊", geometry=square(0, 0, 0.5)),
        Unit("1b", "东坊", geometry=square(0.5, 0, 0.5)),
    ]
    done = succeed(ground, change("split", "1", halves), by=ana, at=at)
    assert (done.ended, done.begun, done.adopted) == (("1",), ("1a", "1b"), 2)
    assert [spans(code)[-1][1] for code in ("11", "12")] == ["1a", "1b"]
    shares = Succession.objects.values_list("shared_m2", flat=True)
    whole = TerritoryVersion.objects.get(territory__code="1").area_m2 or 0
    assert abs(sum(share or 0 for share in shares) - whole) <= 1  # each half is rounded to a square metre


def test_split_when_nothing_tells_who_takes_the_children_then_refused_until_told(
    ground: Tenant, ana: Actor, at: datetime
) -> None:
    units = [Unit("1a", "西坊"), Unit("1b", "东坊")]
    with pytest.raises(Refusal) as caught:
        succeed(ground, change("split", "1", units), by=ana, at=at)
    assert (caught.value.code, caught.value.facts) == ("territory.children_undecided", {"codes": "11、12"})
    assert Territory.objects.filter(code="1a").count() == 0
    succeed(ground, change("split", "1", units, adopt=(("11", "1b"), ("12", "1a"))), by=ana, at=at)
    assert [spans(code)[-1][1] for code in ("11", "12")] == ["1b", "1a"]


def test_code_change_when_done_then_names_ground_and_children_go_along(
    ground: Tenant, ana: Actor, at: datetime
) -> None:
    succeed(ground, change("code_change", "1", [Unit("100")]), by=ana, at=at)
    book = NameBook.load(ground)
    pk = {one.code: one.pk for one in Territory.objects.all()}
    assert [book.match("坊1", day).territory_id for day in (BEFORE, DAY)] == [pk["1"], pk["100"]]
    assert spans("12")[-1] == ("格12", "100", DAY, None)


def test_rename_and_transfer_when_done_then_one_territory_has_a_new_version(
    ground: Tenant, ana: Actor, at: datetime
) -> None:
    succeed(ground, change("rename", "3", [Unit("3", "柳坊")]), by=ana, at=at)
    succeed(ground, change("transfer", "12", [Unit("12", parent="2")]), by=ana, at=at)
    assert spans("3") == [("坊3", "9", None, DAY), ("柳坊", "9", DAY, None)]
    assert spans("12") == [("格12", "1", None, DAY), ("格12", "2", DAY, None)]
    assert Succession.objects.count() == 0
    match = NameBook.load(ground).match("坊3")
    assert match.how == "alias"


REFUSED = [
    ("merge", "1", [Unit("1")], DAY, "territory.succession_malformed"),
    ("merge", "", [Unit("7", "x")], DAY, "territory.succession_malformed"),
    ("split", "1", [Unit("7", "x")], DAY, "territory.succession_malformed"),
    ("code_change", "1 2", [Unit("7")], DAY, "territory.succession_malformed"),
    ("code_change", "1", [Unit("1")], DAY, "territory.succession_malformed"),
    ("rename", "1", [Unit("1")], DAY, "territory.succession_malformed"),
    ("transfer", "1", [Unit("1")], DAY, "territory.succession_malformed"),
    ("code_change", "1", [Unit("3.2E+11")], DAY, "territory.unit_unfit"),
    ("code_change", "1", [Unit("7" * 61)], DAY, "territory.unit_unfit"),
    ("code_change", "1", [Unit("7", "坊" * 101)], DAY, "territory.unit_unfit"),
    ("code_change", "nowhere", [Unit("7")], DAY, "territory.unknown"),
    ("code_change", "1", [Unit("2")], DAY, "territory.successor_overlaps"),
    ("merge", "1 2", [Unit("7")], DAY, "territory.name_undecided"),
    ("merge", "1 11", [Unit("7", "x")], DAY, "territory.levels_differ"),
    ("merge", "1", [Unit("11")], DAY, "territory.levels_differ"),
    ("merge", "11 21", [Unit("7", "x")], DAY, "territory.parent_undecided"),
    ("transfer", "1", [Unit("1", parent="11")], DAY, "territory.succession_circle"),
    ("transfer", "1", [Unit("1", parent="nowhere")], DAY, "territory.unknown"),
    ("code_change", "early", [Unit("7")], date(2020, 1, 1), "territory.succession_early"),
    ("code_change", "over", [Unit("7")], DAY, "territory.predecessor_over"),
    ("merge", "1", [Unit("over")], DAY, "territory.successor_over"),
]


@pytest.mark.parametrize(("kind", "old", "new", "day", "code"), REFUSED, ids=[f"{r[0]}-{r[4][10:]}" for r in REFUSED])
def test_change_when_it_cannot_be_then_refused_and_nothing_is_written(
    ground: Tenant,
    bring: Importer,
    ana: Actor,
    at: datetime,
    kind: str,
    old: str,
    new: list[Unit],
    day: date,
    code: str,
) -> None:
    bring(b"code,name\n21,g\n", level="grid", parent="2")
    bring(b"code,name\nearly,e\n", effective="2022-01-01", parent="9")
    bring(b"code,name\nover,o\n", parent="9")
    TerritoryVersion.objects.filter(territory__code="over").update(valid_to=date(2021, 1, 1))
    before = (Territory.objects.count(), TerritoryVersion.objects.count(), LedgerLine.objects.count())
    with pytest.raises(Refusal) as caught:
        succeed(ground, change(kind, old, new, day), by=ana, at=at)
    assert caught.value.code == code
    assert str(caught.value)
    assert (Territory.objects.count(), TerritoryVersion.objects.count(), LedgerLine.objects.count()) == before


def test_change_when_it_was_registered_then_not_twice(ground: Tenant, ana: Actor, at: datetime) -> None:
    merger = change("merge", "2", [Unit("3")])
    succeed(ground, merger, by=ana, at=at)
    with pytest.raises(Refusal) as caught:
        succeed(ground, merger, by=ana, at=at)
    assert caught.value.code == "territory.succession_repeated"


def test_kin_when_asked_by_an_old_code_then_it_says_what_it_is_on_the_day(
    ground: Tenant, ana: Actor, at: datetime
) -> None:
    succeed(ground, change("code_change", "1", [Unit("100")], date(2020, 1, 1)), by=ana, at=at)
    succeed(ground, change("merge", "100 2", [Unit("7", "新坊")]), by=ana, at=at)
    lineage = Lineage.load(ground, "block")
    assert kin(lineage.successors_of("1", date(2019, 1, 1))) == [("1", "same", 0)]
    assert kin(lineage.successors_of("1", date(2021, 1, 1))) == [("100", "code_change", 1)]
    assert kin(lineage.successors_of("1", DAY)) == [("7", "merge", 2)]
    assert kin(lineage.predecessors_of("7", date(2019, 1, 1))) == [("1", "code_change", 2), ("2", "merge", 1)]
    assert kin(lineage.successors_of("3", DAY)) == [("3", "same", 0)]
    with pytest.raises(TerritoryUnknown):
        lineage.successors_of("nowhere", DAY)
    assert lineage.comparable(date(2019, 1, 1), DAY) == (
        ComparableArea(("1", "2"), ("7",), "merge"),
        ComparableArea(("3",), ("3",), "same"),
    )
    told = story(ground, "100", DAY)
    assert (kin(told.came_from), kin(told.became), kin(told.today)) == (
        [("1", "code_change", 1)],
        [("7", "merge", 1)],
        [("7", "merge", 1)],
    )


def test_code_book_when_asked_by_an_old_code_then_the_day_decides(ground: Tenant, ana: Actor, at: datetime) -> None:
    succeed(ground, change("code_change", "1", [Unit("100")]), by=ana, at=at)
    succeed(ground, change("split", "2", [Unit("2a", "西坊"), Unit("2b", "东坊")]), by=ana, at=at)
    book, pk = CodeBook.load(ground), {one.code: one.pk for one in Territory.objects.all()}
    found = {(code, day): book.find(code, day) for code in ("1", "100", "2", "3") for day in (BEFORE, DAY, None)}
    assert found == {
        ("1", BEFORE): pk["1"],
        ("1", DAY): pk["100"],
        ("1", None): pk["1"],
        ("100", BEFORE): pk["100"],
        ("100", DAY): pk["100"],
        ("100", None): pk["100"],
        ("2", BEFORE): pk["2"],
        ("2", DAY): None,
        ("2", None): pk["2"],
        **{("3", day): pk["3"] for day in (BEFORE, DAY, None)},
    }


DAYS = [date(2020, 1, day) for day in range(1, 6)]
LINKS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from(DAYS)), max_size=12)


@given(LINKS)
def test_lineage_when_followed_forward_then_back_leads_home(rows: list[tuple[int, int, date]]) -> None:
    links = [Link(a, b, day, "merge") for a, b, day in rows if a != b]
    for start in range(8):
        for end in steps_forward(links, start, DAYS[-1], lambda _one: True):
            home = steps_back(links, end, date(2019, 12, 31), lambda _one: True)
            assert start in home


@given(LINKS)
def test_circle_when_links_go_to_higher_numbers_only_then_there_is_none(rows: list[tuple[int, int, date]]) -> None:
    assert circle([Link(min(a, b), max(a, b), day, "merge") for a, b, day in rows]) == ()


def test_circle_when_two_swap_on_one_day_then_found_and_years_apart_not() -> None:
    there = Link(1, 2, DAY, "code_change")
    assert sorted(circle([there, Link(2, 1, DAY, "code_change")])) == [1, 2]
    assert circle([there, Link(2, 1, date(2024, 1, 1), "code_change")]) == ()


def test_changes_when_a_file_comes_then_rows_of_one_merger_are_one_change(
    ground: Tenant, ana: Actor, at: datetime
) -> None:
    file = "old,new,kind,day,name\n1,7,merge,,新坊\n2,7,merge,,\n3,3,rename,2023-08-01,柳坊\n"
    done = apply_changes(ground, file.encode(), effective=DAY, by=ana, at=at)
    assert [(one.kind, one.day, one.ended, one.begun) for one in done] == [
        ("merge", DAY, ("1", "2"), ("7",)),
        ("rename", date(2023, 8, 1), (), ()),
    ]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("old,new,kind,day\n1,7,melt,2023-01-01\n", [("territory.change_kind", 2)]),
        (
            "old,new,kind,day\n1,7,merge,July\n,7,split,\n",
            [
                ("form.not_day", 2),
                ("form.cell_missing", 3),
                ("territory.change_day", 3),
            ],
        ),
        ("old,new,kind,day\n3,30,code_change,2023-07-01\n4,40,code_change,2023-07-01\n", [("territory.unknown", 3)]),
        (
            "old,new,kind,day\n40,41,code_change,2023-07-01\n41,42,code_change,2023-08-01\n3,,rename,2023-07-01\n",
            [("territory.unknown", 2), ("territory.succession_malformed", 4)],
        ),
    ],
    ids=[
        "kind",
        "day and code",
        "a refusal is a fault of its row",
        "every refusal, and what hangs on one is not tried",
    ],
)
def test_changes_when_a_row_is_wrong_then_none_is_carried_out(
    ground: Tenant, ana: Actor, at: datetime, text: str, faults: list[tuple[str, int]]
) -> None:
    with pytest.raises(ChangesRefused) as caught:
        apply_changes(ground, text.encode(), by=ana, at=at)
    assert [(one.code, one.row) for one in caught.value.faults] == faults
    assert Succession.objects.count() == 0
    assert spans("3") == [("坊3", "9", None, None)]


@pytest.mark.parametrize(
    ("head", "kind"),
    [("旧编码,新编码,变更,变更日,名称", "合并"), ("Old code*,NEW CODE,Kind,Day,Name", "Merge")],
    ids=["Chinese, GBK", "English"],
)
def test_changes_when_filled_in_by_hand_then_headings_kinds_days_and_blank_rows_as_people_write_them(
    ground: Tenant, ana: Actor, at: datetime, head: str, kind: str
) -> None:
    file = f"{head}\n,,,,\n 1 ,７, {kind} ,2023/7/1,新坊\n2,7,{kind},2023年7月1日,\n,,,,\n"
    done = apply_changes(ground, file.encode("gbk"), by=ana, at=at)
    assert [(one.kind, one.day, one.ended, one.begun) for one in done] == [
        ("merge", date(2023, 7, 1), ("1", "2"), ("7",))
    ]


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", TableEmpty),
        (b"a,b\n1,2\n", ColumnMissing),
        (b"old,new,kind,day\n", FormEmpty),
        (b"old,kind,bassis\n1,merge,x\n", ChangesUnreadable),
    ],
    ids=["empty", "header", "no rows", "a column nobody reads"],
)
def test_changes_when_the_file_is_no_table_of_changes_then_refused(
    ground: Tenant, ana: Actor, at: datetime, data: bytes, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        apply_changes(ground, data, by=ana, at=at)


def test_change_when_its_kind_needs_more_then_the_sentence_names_it_as_people_do(
    ground: Tenant, ana: Actor, at: datetime
) -> None:
    with pytest.raises(Refusal) as caught:
        succeed(ground, change("rename", "3", [Unit("3")]), by=ana, at=at)
    assert str(caught.value) == "更名需要的是：一个地域和它的新名称。"
