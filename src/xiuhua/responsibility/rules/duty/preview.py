"""Winners and losers of a change: what each unit had, would have, gains and loses, with the cases behind each number."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from xiuhua.responsibility.words import UnitMove

_QUARTER = re.compile(r"(\d{4})Q([1-4])")


def moves(numbers: Sequence[str], before: Sequence[str], after: Sequence[str]) -> tuple[UnitMove, ...]:
    """Return a line for every unit that has cases before or after, those that gain most first; "" is nobody.

    The three sequences are parallel: a case's number, its unit now, its unit then. What is gained in all equals what is
    lost in all.
    """
    kept: defaultdict[str, list[str]] = defaultdict(list)
    gained: defaultdict[str, list[str]] = defaultdict(list)
    lost: defaultdict[str, list[str]] = defaultdict(list)
    for number, old, new in zip(numbers, before, after, strict=True):
        if old == new:
            kept[old].append(number)
        else:
            gained[new].append(number)
            lost[old].append(number)
    units = kept.keys() | gained.keys() | lost.keys()
    made = [UnitMove(unit, tuple(kept[unit]), tuple(gained[unit]), tuple(lost[unit])) for unit in units]
    return tuple(sorted(made, key=lambda one: (one.before - one.after, one.unit)))


def quarter_named(text: str) -> tuple[date, date] | None:
    """Return the days of a quarter written "2026Q3", the end exclusive; None for anything else."""
    match = _QUARTER.fullmatch(text.strip().upper())
    return _quarter(int(match[1]), int(match[2]) - 1) if match else None


def last_quarter(day: date) -> tuple[date, date]:
    """Return the days of the last quarter that is over on a day, the end exclusive."""
    index = day.year * 4 + (day.month - 1) // 3 - 1
    return _quarter(index // 4, index % 4)


def _quarter(year: int, place: int) -> tuple[date, date]:
    following = year * 4 + place + 1
    return date(year, 3 * place + 1, 1), date(following // 4, 3 * (following % 4) + 1, 1)
