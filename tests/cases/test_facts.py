"""The measures of a month against counts made by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db.models import F
from tests.cases.conftest import Fill, Froze, Row

from xiuhua.analytics.queries import Heap, LevelUnknown, count, grouped, rows, spread, subjects, tallied, window_of
from xiuhua.analytics.words import Part, Where
from xiuhua.cases.facts import MEASURES
from xiuhua.cases.models import Case
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import Period
from xiuhua.responsibility.actions import observe_bodies
from xiuhua.taxonomy.actions import observe_classes
from xiuhua.territory.models import Territory, TerritoryVersion

OCTOBER = Period(2026, 10)
# In Shanghai October runs from 30 September 16:00 to 31 October 16:00 UTC.
A, B = "2026-09-30 16:00", "2026-10-31 16:00"
MONTH: list[Row] = [
    ("due-at-b", "2026-10-30 16:00", B, B, {}),
    ("due-at-a", "2026-09-20 00:00", A, "2026-09-30 15:00", {}),
    ("done-at-deadline", "2026-10-01 00:00", "2026-10-02 00:00", "2026-10-02 00:00", {}),
    ("done-1us-late", "2026-10-01 00:00", "2026-10-02 00:00", "2026-10-02 00:00:00.000001", {}),
    ("done-after-b", "2026-10-01 00:00", "2026-10-03 00:00", "2026-11-02 00:00", {"stage": "closed"}),
    ("never-done", "2026-09-29 00:00", "2026-10-03 00:00", "", {}),
    ("void", "2026-10-05 00:00", "2026-10-06 00:00", "2026-10-05 01:00", {"stage": "void"}),
    (
        "undetermined",
        "2026-10-05 00:00",
        "2026-10-06 00:00",
        "2026-10-04 00:00",
        {"undetermined": "closed_before_reported"},
    ),
    ("no-deadline", "2026-10-05 00:00", "", "", {}),
    ("next-month", "2026-10-31 15:59:59.999999", "2026-11-01 00:00", "", {}),
    ("reported-at-b", B, "2026-11-03 00:00", "", {}),
]
Pairs = dict[str, tuple[int, int]]


def month(tenant: Tenant, froze: Froze, *, as_of: datetime | None = None, **rule: str) -> Pairs:
    """Freeze October and return its total."""
    snapshot = froze(tenant, OCTOBER, as_of)
    return grouped(snapshot, fact="case", measures=MEASURES, by=None, window=window_of(snapshot, **rule))[""]


def test_month_when_counted_as_of_its_end_then_equals_the_hand_count(street: Tenant, froze: Froze, fill: Fill) -> None:
    fill(street, MONTH)
    assert month(street, froze) == {
        "reported": (7, 7),
        "due": (5, 5),
        "closed": (3, 5),
        "on_time": (2, 5),
        "late": (1, 5),
        "overdue_open": (2, 5),
        "open_not_due": (0, 5),
        "undetermined": (1, 6),
        "no_deadline": (1, 7),
        "void": (1, 9),
        "own_on_time": (0, 0),
        "no_own_deadline": (5, 5),
        "deadline_differs": (0, 0),
        "verdict_differs": (0, 0),
        "dispatched_elsewhere": (0, 0),
        "median_close_seconds": (86400, 3),
    }


def test_month_when_read_in_hindsight_then_later_closings_count(street: Tenant, froze: Froze, fill: Fill) -> None:
    fill(street, MONTH)
    found = month(street, froze, as_of=datetime(2026, 11, 23, tzinfo=UTC))
    assert {name: found[name] for name in ("due", "closed", "on_time", "late", "overdue_open")} == {
        "due": (5, 5),
        "closed": (4, 5),
        "on_time": (2, 5),
        "late": (2, 5),
        "overdue_open": (1, 5),
    }


def test_month_when_deadlines_are_left_closed_then_the_ends_change_places(
    street: Tenant, froze: Froze, fill: Fill
) -> None:
    fill(street, MONTH)
    found = month(street, froze, deadline_month="left_closed")
    # due-at-a comes in, done on time; due-at-b goes out, which was done on time as well
    assert (found["due"], found["on_time"], found["closed"]) == ((5, 5), (2, 5), (3, 5))
    fill(street, [("more", "2026-10-30 00:00", B, "", {})])
    assert month(street, froze, deadline_month="left_closed")["due"] == (5, 5)
    assert month(street, froze)["due"] == (6, 6)


def test_month_when_taken_by_report_then_what_is_not_due_is_shown_apart(
    street: Tenant, froze: Froze, fill: Fill
) -> None:
    fill(street, MONTH)
    found = month(street, froze, month_by="reported")
    names = ("due", "closed", "on_time", "late", "overdue_open", "open_not_due", "undetermined")
    # reported in October with D <= b: due-at-b, done-at-deadline, done-1us-late, done-after-b; not yet due: next-month
    assert {name: found[name] for name in names} == {
        "due": (4, 4),
        "closed": (3, 4),
        "on_time": (2, 4),
        "late": (1, 4),
        "overdue_open": (1, 4),
        "open_not_due": (1, 5),
        "undetermined": (1, 7),
    }


def test_month_when_cut_in_its_middle_then_only_what_was_known_and_due_counts(
    street: Tenant, froze: Froze, fill: Fill
) -> None:
    fill(street, MONTH)
    found = month(street, froze, as_of=datetime(2026, 10, 2, tzinfo=UTC))
    # due by then: done-at-deadline (on time), done-1us-late (open: it was done a microsecond later)
    assert (found["reported"], found["due"], found["on_time"], found["overdue_open"], found["open_not_due"]) == (
        (3, 3),
        (2, 2),
        (1, 2),
        (1, 2),
        (2, 4),
    )


def test_month_when_empty_then_all_is_nothing_of_nothing(street: Tenant, froze: Froze) -> None:
    assert month(street, froze) == dict.fromkeys(MEASURES, (0, 0))


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        pytest.param("2015-04-01 04:00", (1, 0), id="24:00 of 31 March in New York's summer time"),
        pytest.param("2015-04-01 04:00:00.000001", (0, 1), id="a microsecond later"),
        pytest.param("2015-03-01 05:00", (0, 0), id="24:00 of 28 February in New York's winter time"),
        pytest.param("2015-03-01 05:00:00.000001", (1, 0), id="a microsecond into March"),
    ],
)
def test_month_when_clocks_change_in_it_then_each_end_has_its_own_offset(
    boston: Tenant, froze: Froze, fill: Fill, due: str, expected: tuple[int, int]
) -> None:
    fill(boston, [("one", "2015-02-01 00:00", due, "", {})])
    found = []
    for period in (Period(2015, 3), Period(2015, 4)):
        snapshot = froze(boston, period)
        total = grouped(snapshot, fact="case", measures=["due"], by=None, window=window_of(snapshot))
        found.append(total[""]["due"][0])
    assert tuple(found) == expected


@pytest.fixture
def places(street: Tenant) -> dict[str, Territory]:
    """A street of two communities, the first with a grid."""
    made: dict[str, Territory] = {}
    for code, name, level, parent in (
        ("S", "星河街道", "street", ""),
        ("C1", "柳岸社区", "community", "S"),
        ("C2", "桥西社区", "community", "S"),
        ("G1", "柳岸一格", "grid", "C1"),
    ):
        made[code] = Territory.objects.create(tenant=street, code=code, level=level)
        TerritoryVersion.objects.create(territory=made[code], parent=made.get(parent), name=name)
    return made


def placed(places: dict[str, Territory], tenant: Tenant) -> list[Row]:
    """Return five overdue cases: in the grid, in its community, in the street itself (twice), and nowhere."""
    body = observe_bodies(tenant, ["环卫队"])["环卫队"]
    lamp = observe_classes(tenant, "own", [("市政", "路灯"), ("市容", "")])
    when = ("2026-10-01 00:00", "2026-10-02 00:00", "")
    return [
        ("1", *when, {"territory": places["G1"], "body": body, "case_class": lamp["市政", "路灯"]}),
        ("2", *when, {"territory": places["C1"], "body": body, "case_class": lamp["市容", ""]}),
        ("3", *when, {"territory": places["S"]}),
        ("4", *when, {"territory": places["S"], "body": body}),
        ("5", *when, {}),
    ]


@pytest.fixture
def five(street: Tenant, places: dict[str, Territory], fill: Fill) -> None:
    """The five cases, on file."""
    fill(street, placed(places, street))


@pytest.mark.usefixtures("five")
def test_number_when_spread_over_a_level_and_two_columns_then_each_heap_has_its_rows_and_its_earliest(
    street: Tenant, froze: Froze
) -> None:
    Case.objects.filter(number="4").update(due_at=datetime(2026, 10, 1, 12, tzinfo=UTC))
    snapshot = froze(street, OCTOBER)
    window, columns = window_of(snapshot), ("sub_class", "body")
    second, first = 1790899200000000, 1790856000000000  # microseconds of 2 October 00:00 and of 1 October 12:00 UTC
    given = {"fact": "case", "where": Where("overdue_open"), "columns": columns, "least": "due_us", "window": window}
    assert spread(snapshot, by="community", **given) == [
        Heap("C1", ("路灯", "环卫队"), 1, second),
        Heap("C1", (None, "环卫队"), 1, second),
        Heap(None, (None, "环卫队"), 1, first),
        Heap(None, (None, None), 2, second),
    ]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        pytest.param("grid", {"G1": 1, None: 4}, id="grid: coarser places have none"),
        pytest.param("community", {"C1": 2, "C2": 0, None: 3}, id="community: the grid's case is its community's"),
        pytest.param("street", {"S": 4, None: 1}, id="street"),
        pytest.param("unit", {"环卫队": 3, None: 2}, id="unit"),
        pytest.param(None, {"": 5}, id="total holds the unplaced"),
    ],
)
def test_grouping_when_cases_lie_at_several_levels_then_each_is_counted_once(
    street: Tenant, froze: Froze, five: None, by: str | None, expected: dict[str | None, int]
) -> None:
    snapshot = froze(street, OCTOBER)
    window = window_of(snapshot)
    found = grouped(snapshot, fact="case", measures=["overdue_open"], by=by, window=window)
    assert {code: pairs["overdue_open"][0] for code, pairs in found.items()} == expected
    if by:
        for code, number in expected.items():
            where = Where("overdue_open", Part.KEPT, by=by, subject=code)
            assert count(snapshot, fact="case", where=where, window=window) == number
            assert len(rows(snapshot, fact="case", where=where, window=window)) == number


@pytest.mark.parametrize("by", ["grid", "community", "street", "unit", "class"])
def test_tally_when_taken_at_once_then_says_what_the_single_questions_say(
    street: Tenant, froze: Froze, fill: Fill, five: None, by: str
) -> None:
    fill(street, MONTH)
    snapshot = froze(street, OCTOBER)
    window = window_of(snapshot)
    tally = tallied(snapshot, fact="case", measures=MEASURES, by=by, window=window)
    assert tally.groups == grouped(snapshot, fact="case", measures=MEASURES, by=by, window=window)
    assert tally.total == grouped(snapshot, fact="case", measures=MEASURES, by=None, window=window)[""]
    assert tally.names == subjects(snapshot, fact="case", by=by)


def test_grouping_when_the_level_is_unknown_then_it_is_refused(
    street: Tenant, froze: Froze, places: dict[str, Territory]
) -> None:
    snapshot = froze(street, OCTOBER)
    with pytest.raises(LevelUnknown) as refused:
        grouped(snapshot, fact="case", measures=["due"], by="ward", window=window_of(snapshot))
    assert refused.value.facts == {"by": "ward", "known": "community、grid、street、unit、class"}


def test_subjects_when_frozen_then_keep_the_names_of_the_day_the_month_ends(
    street: Tenant, froze: Froze, places: dict[str, Territory]
) -> None:
    TerritoryVersion.objects.filter(territory=places["C2"]).update(valid_to=date(2026, 11, 2))
    TerritoryVersion.objects.create(
        territory=places["C2"], parent=places["S"], name="桥西新社区", valid_from=date(2026, 11, 2)
    )
    snapshot = froze(street, OCTOBER)
    assert subjects(snapshot, fact="case", by="community") == {"C1": "柳岸社区", "C2": "桥西社区"}


def test_rows_when_paged_then_come_by_deadline_and_number_each_once(
    street: Tenant, froze: Froze, fill: Fill, places: dict[str, Territory]
) -> None:
    fill(street, [*reversed(placed(places, street)), ("0", "2026-10-01 00:00", "2026-10-05 00:00", "", {})])
    snapshot = froze(street, OCTOBER)
    pages = [
        rows(snapshot, fact="case", where=Where("due"), window=window_of(snapshot), limit=4, offset=offset)
        for offset in (0, 4)
    ]
    assert [[row["number"] for row in page] for page in pages] == [["1", "2", "3", "4"], ["5", "0"]]
    assert {key: pages[0][0][key] for key in ("territory", "body", "main_class", "sub_class", "due_us")} == {
        "territory": "G1",
        "body": "环卫队",
        "main_class": "市政",
        "sub_class": "路灯",
        "due_us": 1790899200000000,
    }
    by_class = Where("due", equal={"main_class": "市容", "sub_class": None})
    assert count(snapshot, fact="case", where=by_class, window=window_of(snapshot)) == 1


@pytest.mark.parametrize("name", list(MEASURES))
def test_lists_when_opened_from_a_number_then_have_as_many_rows(
    street: Tenant, froze: Froze, fill: Fill, name: str
) -> None:
    fill(street, MONTH)
    snapshot = froze(street, OCTOBER)
    window = window_of(snapshot)
    kept, of = grouped(snapshot, fact="case", measures=[name], by=None, window=window)[""][name]
    lists = {part: count(snapshot, fact="case", where=Where(name, part), window=window) for part in Part}
    whole = name == "median_close_seconds"
    expected = (
        {Part.KEPT: of, Part.OF: of, Part.REST: of} if whole else {Part.KEPT: kept, Part.OF: of, Part.REST: of - kept}
    )
    assert lists == expected


def test_measures_when_asked_of_the_database_itself_then_agree(street: Tenant, froze: Froze, fill: Fill) -> None:
    fill(street, MONTH)
    found = month(street, froze)
    a, b = datetime(2026, 9, 30, 16, tzinfo=UTC), datetime(2026, 10, 31, 16, tzinfo=UTC)
    live: Any = Case.objects.filter(tenant=street, undetermined="").exclude(stage="void")
    due = live.filter(due_at__gt=a, due_at__lte=b)
    closed = due.filter(closed_at__lte=b)
    on_time = closed.filter(closed_at__lte=F("due_at"))
    assert [found[name] for name in ("due", "closed", "on_time", "late", "overdue_open")] == [
        (due.count(), due.count()),
        (closed.count(), due.count()),
        (on_time.count(), due.count()),
        (closed.count() - on_time.count(), due.count()),
        (due.count() - closed.count(), due.count()),
    ]
