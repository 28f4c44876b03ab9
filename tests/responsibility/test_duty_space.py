"""The whole space at once equals every cell by itself."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.responsibility.duty_ground import ABOVE, CLASS_ABOVE, GROUND, MONDAY, SUNDAY, row

from xiuhua.responsibility.rules.duty import Matrix, resolve
from xiuhua.responsibility.rules.duty.blocks import DaySpan, spans
from xiuhua.responsibility.rules.duty.checking import Checked, check, places_in
from xiuhua.responsibility.rules.duty.covering import covering
from xiuhua.responsibility.rules.duty.many import Questions, resolve_many
from xiuhua.responsibility.rules.duty.matrix import leaves
from xiuhua.responsibility.rules.duty.space import NONE, Place
from xiuhua.responsibility.words import ANY, Answer, DutyRow, Ground, Idle, Question, SiteHere, Tier

FIRST, END = date(2026, 9, 28), date(2026, 10, 14)
SITES = ((SiteHere("s1", "P05"), "A1"), (SiteHere("s2", "P05"), "B"), (SiteHere("s3", "P08"), "A2"))
TOGETHER = (Place("A1", (SiteHere("s1", "P05"), SiteHere("", "P08"))),)
DAYS = st.one_of(st.none(), st.dates(FIRST - timedelta(2), END + timedelta(2)))
SITE = st.sampled_from([(ANY, ANY), (ANY, ANY), ("s1", ANY), ("gone", ANY), (ANY, "P05"), (ANY, "P08")])


@st.composite
def rows(draw: st.DrawFn) -> list[DutyRow]:
    made = []
    for line in range(1, draw(st.integers(0, 7)) + 1):
        site, site_type = draw(SITE)
        made.append(
            row(
                line,
                draw(st.sampled_from("UVW")),
                draw(st.sampled_from([str(tier) for tier in Tier])),
                territory=draw(st.sampled_from([ANY, *ABOVE, "gone"])),
                case_class=draw(st.sampled_from([ANY, *CLASS_ABOVE])),
                site=site,
                site_type=site_type,
                valid_from=draw(DAYS),
                valid_to=draw(DAYS),
                weekdays=draw(st.frozensets(st.integers(1, 7), max_size=3)),
            )
        )
    return made


GROUNDS = st.dictionaries(st.sampled_from(list(ABOVE)), st.sampled_from("UX"), max_size=3).map(
    lambda units: Ground(ABOVE, CLASS_ABOVE, units)
)


def _every(matrix: Matrix) -> tuple[tuple[Place, ...], dict[tuple[Place, str, date], Answer]]:
    """Return the space and each of its cells answered by itself."""
    places = places_in(matrix, SITES, TOGETHER)
    days = [FIRST + timedelta(i) for i in range((END - FIRST).days)]
    return places, {
        (place, cls, day): resolve(matrix, Question(place.territory, cls, day, place.sites))
        for place, cls, day in product(places, leaves(CLASS_ABOVE), days)
    }


def _cells(blocks: object) -> Counter[tuple[Place, str, date]]:
    """Return every cell of the blocks with how often it is named."""
    found: Counter[tuple[Place, str, date]] = Counter()
    for block in blocks:  # type: ignore[attr-defined]
        days = [
            span.first + timedelta(i)
            for span in block.days
            for i in range((span.last - span.first).days + 1)
            if not span.weekdays or (span.first + timedelta(i)).isoweekday() in span.weekdays
        ]
        cells = list(product(block.places, block.classes, days))
        assert len(cells) == block.cells
        found.update(cells)
    return found


@given(rows(), GROUNDS)
def test_check_of_the_whole_space_equals_every_cell_by_itself(drawn: list[DutyRow], ground: Ground) -> None:
    matrix = Matrix(drawn, ground)
    places, every = _every(matrix)
    found = check(matrix, places, leaves(CLASS_ABOVE), FIRST, END)
    gaps = {cell for cell, answer in every.items() if answer.gap}
    clashes: dict[tuple[DutyRow, ...], set[object]] = {}
    for cell, answer in every.items():
        if answer.conflict:
            clashes.setdefault(answer.conflict, set()).add(cell)
    used = Counter(answer.row.id for answer in every.values() if answer.row)
    assert found.cells == len(every)
    assert found.by_row == sum(used.values())
    assert found.by_fallback == sum(1 for answer in every.values() if answer.fallback)
    assert (_cells(found.gaps), found.gap_cells) == (Counter(gaps), len(gaps))
    assert {one.rows: set(_cells(one.blocks)) for one in found.conflicts} == clashes
    assert found.conflict_cells == sum(map(len, clashes.values()))
    assert {one.id for one, _why in found.idle} == {one.id for one in drawn} - set(used)
    assert {key: cells for key, cells in found.answers.items() if cells} == dict(used)


@given(rows(), GROUNDS)
def test_tally_per_place_and_class_sums_to_the_whole(drawn: list[DutyRow], ground: Ground) -> None:
    matrix = Matrix(drawn, ground)
    found = check(matrix, places_in(matrix, SITES), leaves(CLASS_ABOVE), FIRST, END)
    sums = [int(part.sum()) for part in (found.tally.gaps, found.tally.conflicts, found.tally.fallbacks)]
    assert sums == [found.gap_cells, found.conflict_cells, found.by_fallback]


@given(rows(), GROUNDS, st.data())
def test_many_questions_are_answered_as_each_by_itself(
    drawn: list[DutyRow], ground: Ground, data: st.DataObject
) -> None:
    matrix = Matrix(drawn, ground)
    territories, classes = ["", *ABOVE], ["", *CLASS_ABOVE, "gone"]
    sets = [(), SITES[0][:1], (SITES[0][0], SITES[2][0])]
    picked = data.draw(
        st.lists(
            st.tuples(*(st.integers(0, len(one) - 1) for one in (territories, sets, classes)), st.dates(FIRST, END)),
            max_size=12,
        )
    )
    columns = [np.array([one[i] for one in picked], np.int64) for i in range(3)]
    days = np.array([one[3] for one in picked], "datetime64[D]")
    answers = resolve_many(matrix, Questions(territories, sets, classes, *columns, day=days))
    singly = [resolve(matrix, Question(territories[t], classes[c], day, sets[s])) for t, s, c, day in picked]
    assert [
        (answers.units[answers.unit[i]], answers.row[i], bool(answers.conflict[i]), bool(answers.fallback[i]))
        for i in range(len(picked))
    ] == [
        (one.unit, matrix.rows.index(one.row) if one.row else NONE, bool(one.conflict), bool(one.fallback))
        for one in singly
    ]


def _checked(*given: DutyRow, ground: Ground = GROUND) -> Checked:
    matrix = Matrix(given, ground)
    return check(matrix, places_in(matrix, ()), leaves(CLASS_ABOVE), date(2026, 1, 1), date(2027, 1, 1))


def test_gap_of_one_grid_on_sundays_is_one_block() -> None:
    found = _checked(
        row(1, "U", territory="A"),
        row(2, "U", territory="B1"),
        row(3, "V", territory="B2", weekdays=frozenset(range(1, 7))),
    )
    (gap,) = found.gaps
    assert (gap.places, gap.classes, gap.cells) == ((Place("B2"),), ("M1", "M2", "N1"), 3 * 52)
    assert gap.days == (DaySpan(date(2026, 1, 4), date(2026, 12, 27), (7,)),)
    assert (found.cells, found.gap_cells, found.clear) == (4 * 3 * 365, 156, 4 * 3 * 365 - 156)


def test_conflict_names_its_rows_and_merges_what_they_share() -> None:
    found = _checked(row(1, "U"), row(2, "V", valid_to=date(2026, 2, 1)), row(3, "W", case_class="M1"))
    (conflict,) = found.conflicts
    (block,) = conflict.blocks
    assert [one.line for one in conflict.rows] == [1, 2]
    assert (len(block.places), block.classes) == (4, ("M2", "N1"))
    assert block.days == (DaySpan(date(2026, 1, 1), date(2026, 1, 31)),)
    assert conflict.cells == found.conflict_cells == 4 * 2 * 31


@pytest.mark.parametrize(
    ("idle", "why"),
    [
        ({"territory": "gone"}, Idle.NO_PLACE),
        ({"site": "gone"}, Idle.NO_PLACE),
        ({"case_class": "gone"}, Idle.NO_CLASS),
        ({"valid_from": date(2027, 1, 1)}, Idle.NO_DAY),
        ({}, Idle.BEATEN),
    ],
    ids=str,
)
def test_row_that_answers_nowhere_says_why(idle: dict[str, object], why: Idle) -> None:
    never = row(9, "V", **idle)
    found = _checked(row(1, "U", territory="S"), never)
    assert found.idle == ((never, why),)


def test_every_day_of_a_leap_year_stays_a_day() -> None:
    matrix = Matrix([row(1, "U")], GROUND)
    found = check(matrix, places_in(matrix, ()), ("M1",), date(2028, 1, 1), date(2029, 1, 1))
    assert (found.cells, found.by_row) == (4 * 366, 4 * 366)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], ()),
        ([SUNDAY, MONDAY], (DaySpan(SUNDAY, MONDAY),)),
        ([SUNDAY, date(2026, 10, 7)], (DaySpan(SUNDAY, SUNDAY), DaySpan(date(2026, 10, 7), date(2026, 10, 7)))),
        ([SUNDAY, date(2026, 10, 11)], (DaySpan(SUNDAY, date(2026, 10, 11), (7,)),)),
    ],
    ids=["none", "run", "two runs", "Sundays"],
)
def test_days_are_said_as_spans(days: list[date], expected: tuple[DaySpan, ...]) -> None:
    assert spans(np.array(days, "datetime64[D]")) == expected


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (["A1", "A2", "B1", "B2"], ("S",)),
        (["A1", "A2", "B1"], ("A", "B1")),
        (["A1"], ("A1",)),
        (["gone", "B2", "B1"], ("B", "gone")),
        ([], ()),
    ],
    ids=str,
)
def test_many_codes_are_said_by_the_fewest_nodes(codes: list[str], said: tuple[str, ...]) -> None:
    assert covering(codes, ABOVE) == said
