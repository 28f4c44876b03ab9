"""A file of changes: which old code became which new one, how and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xiuhua.kernel.words import Fact, Fault
from xiuhua.tables.words import Filled, FormRow
from xiuhua.territory.rules.codes import padded
from xiuhua.territory.rules.names import fold
from xiuhua.territory.words import LINKING, Changeover, SuccessionKind, Unit

#: What people call the kinds in a table, beside the words themselves.
KIND_NAMES = {
    SuccessionKind.CODE_CHANGE: ("改编码", "编码变更", "变更编码", "code change"),
    SuccessionKind.MERGE: ("合并", "并入"),
    SuccessionKind.SPLIT: ("拆分", "分设"),
    SuccessionKind.RENAME: ("更名", "改名"),
    SuccessionKind.TRANSFER: ("划转", "改隶"),
}
_KINDS = {fold(name): kind for kind, names in KIND_NAMES.items() for name in (kind, *names)}


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One row as it is written; `row` is its row in the file."""

    row: int
    old: str
    new: str
    kind: SuccessionKind
    day: date
    name: str
    parent: str
    basis: str


def changes_in(filled: Filled, effective: date | None, pad: int = 0) -> tuple[list[ChangeRow], list[Fault]]:
    """Return the rows of a table of changes and the faults of those that say too little.

    A row without a day takes `effective`; codes are filled up to `pad` digits.
    """
    rows, faults = [], []
    for row in filled.rows:
        found, wrong = _row(row, filled.headings, effective, pad)
        rows += [found] if found else []
        faults += wrong
    return rows, faults


def _row(
    row: FormRow, headings: Mapping[str, str], effective: date | None, pad: int
) -> tuple[ChangeRow | None, list[Fault]]:
    faults = []

    def wrong(key: str, code: str, **facts: Fact) -> None:
        # a cell that cannot be read has its fault already
        if key not in row.bad:
            faults.append(Fault(code, row.row, headings.get(key, key), dict(facts)))

    kind = _KINDS.get(fold(row["kind"]))
    if kind is None:
        wrong("kind", "territory.change_kind", kind=row["kind"], known="、".join(SuccessionKind))
    day = date.fromisoformat(row["day"]) if row["day"] else effective
    if day is None:
        wrong("day", "territory.change_day", day=row["day"])
    if kind in LINKING and not row["new"]:
        wrong("new", "territory.code_missing")
    if faults or row.bad or kind is None or day is None:
        return None, faults
    old, new, parent = (padded(row[name], pad) for name in ("old", "new", "parent"))
    return ChangeRow(row.row, old, new or old, kind, day, row["name"], parent, row["basis"]), []


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
