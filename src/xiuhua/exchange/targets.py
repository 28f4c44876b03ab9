"""Another platform's own target times, read for comparison: nothing is imported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from xiuhua.exchange.opening import open_mapped
from xiuhua.exchange.rules.times import Unreadable, WallClock
from xiuhua.exchange.words import Mapping
from xiuhua.kernel.words import Refusal, marked
from xiuhua.tables.rules import cell_text
from xiuhua.tables.words import Cell


class TargetColumns(Refusal):
    """The mapping does not say what the comparison needs, or the file does not have it."""

    code = "targets.columns"
    sentence = marked("要推断时限，映射要写明到期时间和分类，表里要有这些栏：%(columns)s。")


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A row with both times: when it was reported, the platform's own target, its type, and what its limit goes by."""

    reported_at: datetime
    due_at: datetime
    kind: str
    group: tuple[str, ...]


def target_rows(path: Path, mapping: Mapping) -> Iterator[TargetRow | None]:
    """Yield the rows of a file that have a readable report and target in full, None for each that has not.

    A row's group is what the mapping's `limit_by` columns say, its sub-class without them. Dates without a time of day
    say nothing about a clock and count as not readable. Raises TargetColumns and refusals of `tables`.
    """
    table = open_mapped(path, mapping)
    header = list(table.header)
    kind = mapping.columns.get("sub_class", "")
    by = mapping.limit_by or (kind,)
    needed = [mapping.columns["reported_at"], mapping.columns.get("due_at", "due_at"), kind or "sub_class", *by]
    missing = [name for name in needed if name not in header]
    if missing:
        raise TargetColumns(columns=", ".join(missing))
    clock = WallClock(ZoneInfo(mapping.zone), mapping.date_order)
    places = [header.index(name) for name in needed]
    for _number, cells in table.rows():
        yield _row(cells, places, clock)


def _row(cells: Sequence[Cell], places: list[int], clock: WallClock) -> TargetRow | None:
    if len(cells) <= max(places):
        return None
    reported, due, *rest = (cells[place] for place in places)
    try:
        begins, ends = clock.read(reported), clock.read(due)
    except Unreadable:
        return None
    if begins.whole_day or ends.whole_day:
        return None
    kind, *group = (cell_text(cell).strip() for cell in rest)
    return TargetRow(begins.utc, ends.utc, kind, tuple(group))
