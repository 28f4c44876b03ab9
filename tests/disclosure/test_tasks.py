"""Which problems become drafts of the task list."""

from __future__ import annotations

import pytest
from tests.disclosure.months import MATRIX

from xiuhua.disclosure.rules.tasks import due_day, most_overdue


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        pytest.param(2, [("c8", "暴露垃圾"), ("c7", "暴露垃圾")], id="one of each unit"),
        pytest.param(
            9,
            [
                ("c8", "暴露垃圾"),
                ("c7", "暴露垃圾"),
                ("c6", "占道经营"),
                ("c1", "暴露垃圾"),
                ("c8", "占道经营"),
                ("c7", "道路破损"),
            ],
            id="all that is overdue, the second of a unit after the first of everybody",
        ),
    ],
)
def test_tasks_take_the_heaviest_of_every_unit_first(most: int, expected: list[tuple[str, str]]) -> None:
    assert [(one.subject, one.class_name) for one in most_overdue(MATRIX, most)] == expected


@pytest.mark.parametrize(
    ("period", "days", "expected"),
    [
        pytest.param("2026-10", 20, "2026-11-20", id="in the next month"),
        pytest.param("2026-12", 31, "2027-01-31", id="over new year"),
        pytest.param("2028-01", 29, "2028-02-29", id="a leap day"),
    ],
)
def test_tasks_are_due_so_many_days_after_the_month(period: str, days: int, expected: str) -> None:
    assert due_day(period, days) == expected
