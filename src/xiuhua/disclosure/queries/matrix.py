"""Classes of problems by subject as the analysis counts them, with the cases that are overdue and open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xiuhua.analytics import engine
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.queries import open_snapshot
from xiuhua.analytics.words import Where, Window
from xiuhua.cases.facts import CASE
from xiuhua.disclosure.words import Tallied
from xiuhua.insight.words import Tally

Key = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Classes of the whole office, and class × subject; both begin with the most overdue."""

    classes: tuple[Tallied, ...]
    pairs: tuple[Tallied, ...]


def matrix_of(tallies: Iterable[Tally], snapshot: Snapshot, *, by: str, window: Window) -> Matrix:
    """Return how many cases of each class were due, overdue and open, closed late; rows without any are left out.

    The counts are those of the analysis (`tallies`), the numbers of the open cases are read beside them. What has no class
    stands under "", what has no subject only in `classes`. One opening of the snapshot, one query.
    """
    with open_snapshot(snapshot) as tables:
        open_ = _open(tables, by, window)
    pairs = [
        Tallied(
            one.class_name or "",
            one.due,
            one.overdue_open,
            one.late,
            one.subject or "",
            open_.get((one.subject, one.class_name), ()),
        )
        for one in tallies
        if one.due
    ]
    whole: dict[str, list[Tallied]] = {}
    for pair in pairs:
        whole.setdefault(pair.class_name, []).append(pair)
    classes = (_sum(name, parts) for name, parts in whole.items())
    return Matrix(_ordered(classes), _ordered(pair for pair in pairs if pair.subject))


def _open(tables: engine.Tables, by: str, window: Window) -> dict[Key, tuple[str, ...]]:
    found = engine.placed(tables, CASE, by, engine.behind(tables, CASE, Where(measure="overdue_open"), window))
    chosen = found.select("subject", "sub_class", "number", "due_us").order_by(["due_us", "number"])
    numbers: dict[Key, list[str]] = {}
    for row in tables.engine.to_pyarrow(chosen).to_pylist():
        numbers.setdefault((row["subject"], row["sub_class"]), []).append(row["number"])
    return {key: tuple(listed) for key, listed in numbers.items()}


def _sum(name: str, parts: Iterable[Tallied]) -> Tallied:
    parts = list(parts)
    cases = tuple(case for part in parts for case in part.cases)
    return Tallied(
        name,
        sum(part.due for part in parts),
        sum(part.overdue for part in parts),
        sum(part.late for part in parts),
        "",
        cases,
    )


def _ordered(found: Iterable[Tallied]) -> tuple[Tallied, ...]:
    return tuple(sorted(found, key=lambda one: (-one.overdue, -one.due, one.class_name, one.subject)))
