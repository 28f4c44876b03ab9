"""Winners and losers of a change: what each unit had, would have, gains and loses, with the cases behind each number."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from xiuhua.responsibility.words import UnitMove


def moves(numbers: Sequence[str], before: Sequence[str], after: Sequence[str]) -> tuple[UnitMove, ...]:
    """Return a line for every unit that has cases before or after, those that gain most first; "" is nobody.

    The three sequences are parallel: a case's number, its unit now, its unit then. What is gained in all equals what is
    lost in all.
    """
    had, has = Counter(before), Counter(after)
    gained: defaultdict[str, list[str]] = defaultdict(list)
    lost: defaultdict[str, list[str]] = defaultdict(list)
    for number, old, new in zip(numbers, before, after, strict=True):
        if old != new:
            gained[new].append(number)
            lost[old].append(number)
    made = [
        UnitMove(unit, had[unit], has[unit], tuple(gained[unit]), tuple(lost[unit])) for unit in had.keys() | has.keys()
    ]
    return tuple(sorted(made, key=lambda one: (one.before - one.after, one.unit)))
