"""Classes of problems by subject, counted in the month's own snapshot with the measures that score it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from xiuhua.analytics import engine
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.queries import open_snapshot
from xiuhua.analytics.words import Where, Window
from xiuhua.cases.facts import CASE, MEASURES
from xiuhua.disclosure.words import Tallied

COUNTED = ("due", "overdue_open", "late")
Key = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Classes of the whole office, and class × subject; both begin with the most overdue."""

    classes: tuple[Tallied, ...]
    pairs: tuple[Tallied, ...]


def matrix_of(snapshot: Snapshot, *, by: str, window: Window) -> Matrix:
    """Return how many cases of each class were due, overdue and open, closed late; rows without any are left out.

    What has no class stands under "", what has no subject only in `classes`. One opening of the snapshot, two queries.
    """
    with open_snapshot(snapshot) as tables:
        counted, open_ = _counted(tables, by, window), _open(tables, by, window)
    pairs = [_tallied(name, code, counts, open_.get((code, name), ())) for (code, name), counts in counted.items()]
    whole: dict[str, list[Tallied]] = {}
    for pair in pairs:
        whole.setdefault(pair.class_name, []).append(pair)
    classes = (_sum(name, parts) for name, parts in whole.items())
    return Matrix(_ordered(classes), _ordered(pair for pair in pairs if pair.subject))


def _counted(tables: engine.Tables, by: str, window: Window) -> dict[Key, dict[str, int]]:
    table = engine.placed(tables, CASE, by, tables[CASE.name])
    table = table.filter(MEASURES["due"].of(table, window))
    kept = {name: table.count(where=_kept(table, name, window)) for name in COUNTED}
    rows = tables.engine.to_pyarrow(table.group_by(["subject", "sub_class"]).aggregate(**kept)).to_pylist()
    return {(row["subject"], row["sub_class"]): {name: int(row[name]) for name in COUNTED} for row in rows}


def _kept(table: Any, measure: str, window: Window) -> Any:
    """Return the part that a measure over the cases due keeps; all three share that base."""
    found = MEASURES[measure]
    return found.kept(table, window).fill_null(False)  # type: ignore[union-attr]  # noqa: FBT003 - Ibis's own signature


def _open(tables: engine.Tables, by: str, window: Window) -> dict[Key, tuple[str, ...]]:
    found = engine.placed(tables, CASE, by, engine.behind(tables, CASE, Where(measure="overdue_open"), window))
    chosen = found.select("subject", "sub_class", "number", "due_us").order_by(["due_us", "number"])
    numbers: dict[Key, list[str]] = {}
    for row in tables.engine.to_pyarrow(chosen).to_pylist():
        numbers.setdefault((row["subject"], row["sub_class"]), []).append(row["number"])
    return {key: tuple(listed) for key, listed in numbers.items()}


def _tallied(name: str | None, code: str | None, counts: Mapping[str, int], cases: Iterable[str]) -> Tallied:
    return Tallied(name or "", counts["due"], counts["overdue_open"], counts["late"], code or "", tuple(cases))


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
