"""What a frozen month says by rule, against last month and the same month of last year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC
from typing import Any

from xiuhua.analytics import engine
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.queries import open_snapshot, window_of
from xiuhua.analytics.rules import cut_of
from xiuhua.analytics.words import Count, Window
from xiuhua.cases.facts import CASE, MEASURES
from xiuhua.insight.queries.settings import settings_of
from xiuhua.insight.rules.changes import change_sayings, changes_of
from xiuhua.insight.rules.effort import effort_of, effort_sayings, note
from xiuhua.insight.rules.named import OFFICE
from xiuhua.insight.rules.overdue import CAUSES, cause_sayings, causes_of, subject_sayings, unit_sayings, units_of
from xiuhua.insight.rules.places import Crowd, hot_sayings, recurrence_sayings
from xiuhua.insight.words import (
    Against,
    Analysis,
    Changes,
    Compared,
    Effort,
    OverdueUnit,
    Place,
    Saying,
    Settings,
    Tally,
    Unsaid,
    Watch,
)
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period

MONTHS = {Against.MONTH: 1, Against.YEAR: 12}
#: What the matrix counts, by the fields of a tally.
COUNTED = tuple(one.name for one in fields(Tally) if one.name not in {"class_name", "subject"})
UNIT = "unit"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Counted:
    """One snapshot counted: class × subject, and for the month itself its units, causes and channels."""

    matrix: tuple[Tally, ...]
    names: Mapping[str, str]
    units: tuple[OverdueUnit, ...] = ()
    causes: Mapping[str, Mapping[str | None, int]] | None = None
    channels: Mapping[str | None, Mapping[str | None, int]] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What other rules found in the same month: recurrent places, what became of closings, hot spots."""

    places: Sequence[Place] = ()
    crowds: Sequence[Crowd] = ()
    watch: Mapping[str, Watch] = field(default_factory=dict)


def analysis_of(
    snapshot: Snapshot,
    *,
    by: str,
    window: Window,
    previous: Snapshot | None,
    last_year: Snapshot | None,
    found: Found = Found(),
) -> Analysis:
    """Return what the month says for the office and each subject of `by` (a level of the tree, or "unit").

    `window` is that of `snapshot`; the other months are read under the same rule of attribution. A month that is not
    given, or was read before its end, is compared with nothing, and `changes` says why. What is `found` elsewhere is worded. Seven queries over the frozen
    month, two over each other; none of the database but the office's own row. Raises SettingsUnknown, SettingsFaulty.
    """
    zone = zone_of(snapshot.tenant)
    settings = settings_of(snapshot.tenant, Period.parse(snapshot.period).start(zone).date())
    now = _counted(snapshot, by, window)
    others = {Against.MONTH: previous, Against.YEAR: last_year}
    asked = _Asked(snapshot, by, window, settings)
    changes = tuple(change for against, other in others.items() for change in _against(asked, now, against, other))
    causes = causes_of(now.matrix, now.causes or {})
    effort = tuple(_effort(now, settings))
    made = Analysis((), changes, units_of(now.units), causes, now.matrix, effort, now.names)
    return Analysis(
        tuple(_sayings(made, asked, found)),
        changes,
        made.overdue_units,
        causes,
        now.matrix,
        effort,
        now.names,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is analysed, and how."""

    snapshot: Snapshot
    by: str
    window: Window
    settings: Settings


def _sayings(made: Analysis, asked: _Asked, found: Found) -> Iterator[Saying]:
    """Yield the sentences: changes, overdue, recurrence, hot spots, effort.

    In each the office comes first, then subjects by how much it is, or in the order of their codes.
    """
    by, period, settings = asked.by, asked.snapshot.period, asked.settings
    for change in sorted(made.changes, key=_weight):
        yield from change_sayings(change, by=by, name=made.names.get(change.subject, ""), period=period)
    yield from _overdue(made, by, period, settings)
    yield from recurrence_sayings(found.places, made.names, found.watch, by=by, period=period, settings=settings)
    yield from hot_sayings(found.crowds, period=period, settings=settings)
    for effort in made.effort:
        name = made.names.get(effort.subject, "")
        yield from effort_sayings(effort, by=by, name=name, period=period, settings=settings)
    yield from note(made.effort, period=period)


def _weight(change: Changes) -> tuple[bool, int, str]:
    """Order changes: the office before subjects, then by how much moved; equals by code, as they were asked."""
    moved = sum(move.gross for move in (change.up, change.down) if move)
    office = change.subject == OFFICE
    return not office, 0 if office else -moved, change.subject


def _overdue(made: Analysis, by: str, period: str, settings: Settings) -> Iterator[Saying]:
    yield from subject_sayings(OFFICE, made.matrix, by=by, name="", period=period, settings=settings)
    yield from unit_sayings(made.overdue_units, period=period, settings=settings)
    yield from cause_sayings(made.overdue_causes, period=period, settings=settings)
    rows = {code: [one for one in made.matrix if one.subject == code] for code in made.names}
    for code in sorted(rows, key=lambda code: (-sum(one.overdue for one in rows[code]), code)):
        yield from subject_sayings(code, rows[code], by=by, name=made.names[code], period=period, settings=settings)


def _effort(now: _Counted, settings: Settings) -> Iterator[Effort]:
    channels = now.channels or {}
    whole: dict[str | None, int] = {}
    for counted in channels.values():
        for channel, count in counted.items():
            whole[channel] = whole.get(channel, 0) + count
    yield effort_of(OFFICE, whole, settings)
    for code in now.names:
        yield effort_of(code, channels.get(code, {}), settings)


def _against(asked: _Asked, now: _Counted, against: Against, other: Snapshot | None) -> Iterator[Changes]:
    """Yield the changes of the office and each subject against another month, in everything that is compared."""
    period = str(Period.parse(asked.snapshot.period).shift(-MONTHS[against]))
    why = _why(asked.snapshot, other, period)
    before = None if why or other is None else _counted_before(other, asked.by, asked.window)
    for compared in Compared:
        for subject in (OFFICE, *now.names):
            here = _classes(now.matrix, subject, compared)
            count = sum(here.values())
            silent = Changes(subject, against, compared, period, count, why=why or Unsaid.NEW_SUBJECT)
            known = before is not None and (subject == OFFICE or subject in before.names)
            there = _classes(before.matrix, subject, compared) if before and known else {}
            yield changes_of(silent, here, there, asked.settings) if known else silent


def _why(snapshot: Snapshot, other: Snapshot | None, period: str) -> Unsaid | None:
    if other is None or other.period != period:
        return Unsaid.MISSING
    return None if _whole(snapshot) and _whole(other) else Unsaid.RUNNING


def _whole(snapshot: Snapshot) -> bool:
    """Return whether a month was read as it stood at its end: part of a month compares with nothing."""
    cut = cut_of(Period.parse(snapshot.period), zone_of(snapshot.tenant), None)
    return snapshot.as_of.astimezone(UTC) == cut.b


def _classes(matrix: Sequence[Tally], subject: str, compared: Compared) -> dict[str | None, int]:
    counted: dict[str | None, int] = {}
    for one in matrix:
        if subject in {OFFICE, one.subject}:
            counted[one.class_name] = counted.get(one.class_name, 0) + getattr(one, compared.value)
    return counted


def _counted(snapshot: Snapshot, by: str, window: Window) -> _Counted:
    with open_snapshot(snapshot) as tables:
        flagged = _flagged(tables, by, window)
        overdue = {column: _overdue_by(tables, flagged, column) for column in CAUSES}
        return _Counted(
            _matrix(tables, flagged),
            engine.subjects(tables, CASE, by),
            _units(tables, flagged),
            overdue,
            _channels(tables, flagged),
        )


def _counted_before(snapshot: Snapshot, by: str, window: Window) -> _Counted:
    then = window_of(snapshot, month_by=window.month_by, deadline_month=window.deadline_month)
    with open_snapshot(snapshot) as tables:
        return _Counted(_matrix(tables, _flagged(tables, by, then)), engine.subjects(tables, CASE, by))


def _flagged(tables: engine.Tables, by: str, window: Window) -> Any:
    """Return the cases with their subject and a flag for each thing counted, by the measures' own predicates."""
    table = engine.placed(tables, CASE, by, tables[CASE.name])
    flags = {name: _kept(table, name, window) for name in COUNTED}
    return table.select("subject", "sub_class", "body", "channel", *CAUSES, **flags)


def _kept(table: Any, name: str, window: Window) -> Any:
    measure = MEASURES[name]
    if not isinstance(measure, Count):
        raise TypeError(name)
    found = measure.of(table, window) & measure.kept(table, window)
    return found.fill_null(False)  # noqa: FBT003 - Ibis's own signature


def _rows(tables: engine.Tables, table: Any, keys: Sequence[str], counted: Iterable[str]) -> list[Row]:
    sums = {name: table.count(where=table[name]) for name in counted}
    found: list[Row] = tables.engine.to_pyarrow(table.group_by(list(keys)).aggregate(**sums)).to_pylist()
    return found


def _matrix(tables: engine.Tables, flagged: Any) -> tuple[Tally, ...]:
    rows = _rows(tables, flagged, ("sub_class", "subject"), COUNTED)
    made = [Tally(row["sub_class"], row["subject"], **{name: int(row[name]) for name in COUNTED}) for row in rows]
    return tuple(sorted((one for one in made if any(_counts(one))), key=_order))


def _counts(tally: Tally) -> list[int]:
    return [getattr(tally, name) for name in COUNTED]


def _order(tally: Tally) -> tuple[bool, str, bool, str]:
    return tally.class_name is None, tally.class_name or "", tally.subject is None, tally.subject or ""


def _units(tables: engine.Tables, flagged: Any) -> tuple[OverdueUnit, ...]:
    names = engine.subjects(tables, CASE, UNIT)
    found: dict[str | None, OverdueUnit] = {}
    for row in _rows(tables, flagged, ("body",), ("due", "overdue_open", "late")):
        code = row["body"] if row["body"] in names else None
        held = found.get(code, OverdueUnit(code, names.get(code or "", ""), 0, 0, 0))
        counts = (held.due + row["due"], held.overdue_open + row["overdue_open"], held.late + row["late"])
        found[code] = OverdueUnit(code, held.name, *counts)
    return tuple(found.values())


def _overdue_by(tables: engine.Tables, flagged: Any, column: str) -> dict[str | None, int]:
    rows = _rows(tables, flagged, (column,), ("overdue_open", "late"))
    return {row[column]: int(row["overdue_open"]) + int(row["late"]) for row in rows}


def _channels(tables: engine.Tables, flagged: Any) -> dict[str | None, dict[str | None, int]]:
    counted: dict[str | None, dict[str | None, int]] = {}
    for row in _rows(tables, flagged, ("subject", "channel"), ("reported",)):
        counted.setdefault(row["subject"], {})[row["channel"]] = int(row["reported"])
    return counted
