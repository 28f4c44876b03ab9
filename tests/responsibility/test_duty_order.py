"""Who answers: the order of the rows, fallback, gap, conflict – as tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.responsibility.duty_ground import GROUND, MONDAY, SUNDAY, row

from xiuhua.responsibility.rules.duty import Matrix, resolve
from xiuhua.responsibility.words import DutyRow, LostBy, Question, SiteHere, Tier

HERE = (SiteHere("P05-001", "P05"),)
ASKED = Question("A1", "M1", SUNDAY, HERE)


@pytest.mark.parametrize(
    ("better", "worse", "why"),
    [
        (row(2, "U", "owner"), row(1, "V", "trade", site="P05-001"), LostBy.TIER),
        (row(2, "U", "trade"), row(1, "V", "territory", territory="A1", case_class="M1"), LostBy.TIER),
        (row(2, "U", site="P05-001"), row(1, "V", site_type="P05", territory="A1"), LostBy.PLACE),
        (row(2, "U", site_type="P05"), row(1, "V", territory="A1", case_class="M1"), LostBy.PLACE),
        (row(2, "U", territory="A1"), row(1, "V", territory="A", case_class="M1"), LostBy.TERRITORY),
        (row(2, "U", territory="S"), row(1, "V", case_class="M1"), LostBy.TERRITORY),
        (row(2, "U", case_class="M1"), row(1, "V", case_class="M", weekdays=frozenset({7})), LostBy.CLASS),
        (row(2, "U", weekdays=frozenset({7})), row(1, "V", valid_from=date(2026, 1, 1)), LostBy.WEEKDAYS),
        (row(2, "U", valid_from=date(2026, 10, 1)), row(1, "V", valid_from=date(2026, 9, 30)), LostBy.PERIOD),
        (row(2, "U", valid_from=date(2026, 10, 1)), row(1, "V"), LostBy.PERIOD),
        (row(1, "U"), row(2, "V"), LostBy.CONFLICT),
        (row(1, "U"), row(2, "U"), LostBy.REPEATED),
    ],
    ids=lambda value: str(value) if isinstance(value, LostBy) else "",
)
def test_answer_comes_from_the_better_row_and_says_why_the_other_lost(
    better: DutyRow, worse: DutyRow, why: LostBy
) -> None:
    answer = resolve(Matrix([worse, better], GROUND), ASKED)
    assert answer.row == better
    assert [(loser.row, loser.why) for loser in answer.losers] == [(worse, why)]
    assert [one.unit for one in answer.conflict] == (["U", "V"] if why is LostBy.CONFLICT else [])


@pytest.mark.parametrize(
    ("narrowed", "applies"),
    [
        ({"territory": "S"}, True),
        ({"territory": "A"}, True),
        ({"territory": "A1"}, True),
        ({"territory": "A2"}, False),
        ({"territory": "B"}, False),
        ({"case_class": "M"}, True),
        ({"case_class": "M2"}, False),
        ({"case_class": "N"}, False),
        ({"site": "P05-001"}, True),
        ({"site": "P05-002"}, False),
        ({"site_type": "P05"}, True),
        ({"site_type": "P08"}, False),
        ({"weekdays": frozenset({7})}, True),
        ({"weekdays": frozenset({1, 6})}, False),
        ({"valid_from": SUNDAY}, True),
        ({"valid_from": MONDAY}, False),
        ({"valid_to": SUNDAY}, False),
        ({"valid_to": MONDAY}, True),
    ],
    ids=str,
)
def test_row_applies_to_its_subtree_its_site_and_its_days(narrowed: dict[str, object], applies: bool) -> None:
    assert bool(resolve(Matrix([row(1, "U", **narrowed)], GROUND), ASKED).unit) is applies


def test_place_in_two_sites_meets_the_rows_of_both() -> None:
    both = replace(ASKED, sites=(SiteHere("a", "P05"), SiteHere("b", "P12")))
    answer = resolve(Matrix([row(1, "U", site_type="P12"), row(2, "V", site_type="P05")], GROUND), both)
    assert (answer.unit, [one.unit for one in answer.conflict]) == ("U", ["U", "V"])


def test_no_row_then_the_nearest_territory_with_a_unit_answers() -> None:
    ground = replace(GROUND, unit_of={"S": "office", "A": "community A"})
    answers = [resolve(Matrix([], ground), replace(ASKED, territory=code)) for code in ("A1", "B1", "S")]
    assert [(one.unit, one.fallback, one.row) for one in answers] == [
        ("community A", "A", None),
        ("office", "S", None),
        ("office", "S", None),
    ]


def test_no_row_and_no_unit_then_a_gap() -> None:
    answer = resolve(Matrix([row(1, "U", territory="B")], GROUND), ASKED)
    assert (answer.gap, answer.unit, answer.tier) == (True, "", None)


def test_unplaced_case_of_no_class_meets_only_rows_that_narrow_neither() -> None:
    asked = Question("", "", SUNDAY)
    matrix = Matrix([row(1, "U", territory="S"), row(2, "V", case_class="M"), row(3, "W", "territory")], GROUND)
    assert resolve(matrix, asked).unit == "W"


def test_answer_carries_tier_and_assisting_units() -> None:
    answer = resolve(Matrix([row(1, "U", "owner", assisting=("V", "W"))], GROUND), ASKED)
    assert (answer.tier, answer.assisting) == (Tier.OWNER, ("V", "W"))
