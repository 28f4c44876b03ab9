"""A file of changes: which old code became which new one, how and when."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from xiuhua.kernel.words import Fault, Refusal, marked
from xiuhua.territory.rules.codes import padded
from xiuhua.territory.words import LINKING, Changeover, SuccessionKind, Unit

#: Columns of a file of changes; the last five may be missing.
COLUMNS = ("old", "new", "kind", "day", "name", "parent", "basis")
NEEDED = ("old", "kind")


class ChangesUnreadable(Refusal):
    """The file is no table of changes."""

    code = "territory.changes_unreadable"
    sentence = marked("变更表读不成：需要表头 %(columns)s，UTF-8 的 CSV。")


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One row as it is written; `row` counts the header as row 1."""

    row: int
    old: str
    new: str
    kind: SuccessionKind
    day: date
    name: str
    parent: str
    basis: str


def changes_in(data: bytes, effective: date | None, pad: int = 0) -> tuple[list[ChangeRow], list[Fault]]:
    """Return the rows of a CSV of changes and the faults of those that cannot be read.

    A row without a day takes `effective`; codes are filled up to `pad` digits. Raises ChangesUnreadable.
    """
    try:
        records = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ChangesUnreadable(columns=",".join(COLUMNS)) from error
    header = set(records[0]) if records else set()
    if not header >= set(NEEDED) or not header <= set(COLUMNS):
        raise ChangesUnreadable(columns=",".join(COLUMNS))
    rows, faults = [], []
    for number, record in enumerate(records, start=2):
        cells = {name: (record.get(name) or "").strip() for name in COLUMNS}
        found, wrong = _row(number, cells, effective, pad)
        rows += [found] if found else []
        faults += wrong
    return rows, faults


def _row(number: int, cells: dict[str, str], effective: date | None, pad: int) -> tuple[ChangeRow | None, list[Fault]]:
    faults = []
    kind = next((one for one in SuccessionKind if one == cells["kind"]), None)
    if kind is None:
        known = "、".join(SuccessionKind)
        faults.append(Fault("territory.change_kind", number, "kind", {"kind": cells["kind"], "known": known}))
    day = _day(cells["day"]) if cells["day"] else effective
    if day is None:
        faults.append(Fault("territory.change_day", number, "day", {"day": cells["day"]}))
    missing = [name for name in ("old", *(("new",) if kind in LINKING else ())) if not cells[name]]
    faults += [Fault("territory.code_missing", number, name) for name in missing]
    if faults or kind is None or day is None:
        return None, faults
    old, new, parent = (padded(cells[name], pad) for name in ("old", "new", "parent"))
    return ChangeRow(number, old, new or old, kind, day, cells["name"], parent, cells["basis"]), []


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def changeovers(rows: Sequence[ChangeRow]) -> list[tuple[tuple[int, ...], Changeover]]:
    """Return the changes of a file with the rows that make each, by day and then in the file's order.

    Rows of one merger share the new code and the day, rows of one split the old code and the day.
    """
    groups: dict[tuple[object, ...], list[ChangeRow]] = {}
    for row in sorted(rows, key=lambda one: (one.day, one.row)):
        groups.setdefault(_group(row), []).append(row)
    return [(tuple(row.row for row in group), _changeover(group)) for group in groups.values()]


def _group(row: ChangeRow) -> tuple[object, ...]:
    own = {SuccessionKind.MERGE: (row.new,), SuccessionKind.SPLIT: (row.old,)}
    return (row.day, row.kind, *own.get(row.kind, (row.old, row.new)))


def _changeover(group: Sequence[ChangeRow]) -> Changeover:
    first = group[0]
    units = {row.new: Unit(row.new, _first(one.name for one in _of(group, row)), row.parent) for row in group}
    basis = "；".join(dict.fromkeys(row.basis for row in group if row.basis))
    old = tuple(dict.fromkeys(row.old for row in group))
    return Changeover(first.kind, first.day, old, tuple(units.values()), basis=basis)


def _of(group: Sequence[ChangeRow], row: ChangeRow) -> list[ChangeRow]:
    return [one for one in group if one.new == row.new]


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")
