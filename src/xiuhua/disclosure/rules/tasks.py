"""Which problems become drafts of the task list, and when they are due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from xiuhua.disclosure.words import Tallied

MONTHS_OF_A_YEAR = 12


def most_overdue(matrix: Iterable[Tallied], most: int) -> list[Tallied]:
    """Return at most `most` class × subject pairs with overdue open cases, the heaviest first.

    The heaviest pair of every subject comes before the second of any: a list that names one unit eight times tasks
    nobody else. Equal pairs stand in the order of class and code.
    """
    waiting: dict[str, list[Tallied]] = {}
    for pair in sorted(matrix, key=lambda one: (-one.overdue, -one.due, one.class_name, one.subject)):
        if pair.overdue and pair.subject:
            waiting.setdefault(pair.subject, []).append(pair)
    rounds = range(max(map(len, waiting.values()), default=0))
    return [pairs[turn] for turn in rounds for pairs in waiting.values() if turn < len(pairs)][:most]


def due_day(period: str, days: int) -> str:
    """Return the day (ISO 8601) that lies `days` days after the last day of the month "YYYY-MM"."""
    year, month = map(int, period.split("-"))
    first_after = date(year + month // MONTHS_OF_A_YEAR, month % MONTHS_OF_A_YEAR + 1, 1)
    return (first_after + timedelta(days=days - 1)).isoformat()
