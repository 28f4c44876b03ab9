"""Which classes make the change against another month: rises and falls apart, named up to a share of each.

A class's change is its count now less its count then. All rises together are the gross rise, all falls the gross fall.
Named are the largest that make up the wanted share (`pareto`) of their own way, ties by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xiuhua.analytics.words import Where
from xiuhua.insight.rules.named import shortest, within
from xiuhua.insight.words import (
    OVERDUE,
    Changes,
    ClassChange,
    Compared,
    Move,
    Saying,
    Settings,
    Unsaid,
)

Counts = Mapping[str | None, int]
_WHERE = {Compared.REPORTED: Where(measure="reported"), Compared.OVERDUE: OVERDUE}


def moves(now: Counts, before: Counts, settings: Settings) -> tuple[Move | None, Move | None]:
    """Return the rise and the fall between two months by class; None for a way whose gross change is below the least."""
    changed = [ClassChange(name, now.get(name, 0), before.get(name, 0)) for name in {*now, *before}]
    return (
        _move([one for one in changed if one.change > 0], settings),
        _move([one for one in changed if one.change < 0], settings),
    )


def _move(changed: list[ClassChange], settings: Settings) -> Move | None:
    gross = sum(abs(one.change) for one in changed)
    if gross < settings.least_change:
        return None
    named = shortest(changed, lambda one: abs(one.change), lambda one: one.class_name, settings.pareto)
    return Move(gross, tuple(named), len(changed) - len(named))


def changes_of(frame: Changes, now: Counts, before: Counts, settings: Settings) -> Changes:
    """Return `frame` (subject, months, what is compared) with what changed; SMALL where neither way moved enough."""
    up, down = moves(now, before, settings)
    return Changes(
        subject=frame.subject,
        against=frame.against,
        compared=frame.compared,
        period=frame.period,
        now=sum(now.values()),
        before=sum(before.values()),
        up=up,
        down=down,
        why=None if up or down else Unsaid.SMALL,
    )


def change_sayings(changes: Changes, *, by: str, name: str, period: str) -> Iterable[Saying]:
    """Yield what is said of a change: the totals, the classes that rose, those that fell. Nothing if there is a `why`."""
    if changes.why or changes.before is None:
        return
    where = within(_WHERE[changes.compared], by, changes.subject)
    facts = {"name": name, "against": changes.against.value, "month": changes.period}
    size = {"now": changes.now, "before": changes.before, "change": abs(changes.now - changes.before)}
    code = f"change.{changes.compared.value}"
    yield Saying(f"{code}.{_way(changes)}", {**facts, **size}, changes.subject, where, changes.now, period)
    for way, move in (("up", changes.up), ("down", changes.down)):
        if move:
            told = {"gross": move.gross, "covered": move.covered, "named": len(move.named), "others": move.others}
            parts = tuple(_part(one, way, changes, by, period) for one in move.named)
            yield Saying(f"{code}.{way}", {**facts, **told}, changes.subject, period=period, parts=parts)


def _way(changes: Changes) -> str:
    difference = changes.now - (changes.before or 0)
    return "same" if difference == 0 else "more" if difference > 0 else "less"


def _part(one: ClassChange, way: str, changes: Changes, by: str, period: str) -> Saying:
    facts = {"class": one.class_name, "now": one.now, "before": one.before, "change": abs(one.change)}
    where = within(_WHERE[changes.compared], by, changes.subject, sub_class=one.class_name)
    return Saying(f"change.class.{way}", facts, changes.subject, where, one.now, period)
