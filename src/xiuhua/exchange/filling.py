"""A platform's own file filled in on its way back: its columns, order and texts as they came, our values where they belong.

Only rows whose cases have begun a life of their own are filled: a case that follows its platform says what the file says.
Nothing of theirs is ever emptied, and a cell that already says the same keeps its text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from xiuhua.cases.models import Case, CaseMove
from xiuhua.cases.policies import sees_all, visible
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import Verb
from xiuhua.exchange.models import ImportBatch, SourceRecord
from xiuhua.exchange.own import labels
from xiuhua.exchange.rules.lookalikes import TimeStyle, style_of
from xiuhua.exchange.rules.mappings import parse_mapping
from xiuhua.exchange.rules.times import Unreadable, WallClock
from xiuhua.exchange.words import Mapping as FileMapping
from xiuhua.kernel.words import Actor
from xiuhua.tables.rules import cell_text
from xiuhua.tables.words import Cell, Row

#: Rows whose cases are looked up together, and rows from which the look of times is learnt.
CHUNK = 2000
LEARNT = 500
#: What is filled where a mapping does not say: what the platform asked for and we decide.
USUAL = ("closed_at", "body", "extensions")
_TIMES = ("closed_at", "due_at", "dispatched_at", "accepted_at", "disposed_at")
_NOTED = (Verb.RECTIFY, Verb.FIX_ON_SPOT)


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that was filled: its row in the file, its column, what it said and says."""

    row: int
    column: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row on its way back; `cells` are by place, `changed` the places that are not as they came."""

    row: int
    number: str
    cells: tuple[Cell, ...]
    changed: Mapping[int, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column that is filled: where it stands, with what, and how its times look."""

    place: int
    field: str
    style: TimeStyle | None = None
    #: datetime or date where the workbook's own kinds stand in it.
    native: type | None = None
    #: Row and place of a cell that shows the look of its times.
    like: tuple[int, int] | None = None


def writable(mapping: FileMapping, header: Sequence[str]) -> dict[str, str]:
    """Return which columns of a file are filled with what: those that the mapping declares, else USUAL where it reads them."""
    wanted = mapping.back or {mapping.columns[name]: name for name in USUAL if name in mapping.columns}
    return {name: what for name, what in wanted.items() if name in header}


class Filler:
    """Fills the rows of one file that a batch brought."""

    def __init__(self, batch: ImportBatch, header: Sequence[str], sample: Iterable[Row], *, by: Actor) -> None:
        """`sample` are the first rows of the file: from them the look of times is learnt."""
        self._batch, self._by = batch, by
        self.mapping = parse_mapping(batch.mapping)
        self.header = list(header)
        self._zone = ZoneInfo(self.mapping.zone)
        self._clock = WallClock(self._zone, self.mapping.date_order)
        self._number_at = self.header.index(self.mapping.columns["number"])
        self._stages = labels(Stage)
        sampled = list(islice(sample, LEARNT))
        usual = self.mapping.columns["reported_at"]
        spare = self._look(self.header.index(usual), "reported_at", sampled) if usual in self.header else None
        self.columns = [
            self._look(self.header.index(name), what, sampled, spare)
            for name, what in writable(self.mapping, header).items()
        ]
        #: Rows that were left out because the actor may not see their cases.
        self.hidden = 0

    def _look(self, place: int, what: str, sample: Sequence[Row], spare: _Column | None = None) -> _Column:
        if what not in (*_TIMES, "reported_at"):
            return _Column(place, what)
        cells = [(row, cells[place]) for row, cells in sample if place < len(cells) and cells[place] != ""]
        native = next(((row, cell) for row, cell in cells if not isinstance(cell, str)), None)
        if native:
            kind = datetime if any(isinstance(cell, datetime) for _row, cell in cells) else date
            return _Column(place, what, native=kind, like=(native[0], place))
        style = style_of((cell for _row, cell in cells if isinstance(cell, str)), self.mapping.date_order)
        if style is None and spare is not None:
            return _Column(place, what, spare.style, spare.native, spare.like)
        return _Column(place, what, style)

    def like(self, place: int) -> tuple[int, int] | None:
        """Return (row, place) of a cell whose look the times of a column have, None where it holds texts."""
        return next((one.like for one in self.columns if one.place == place), None)

    def filled(self, rows: Iterable[Row]) -> Iterator[FilledRow]:
        """Yield the rows in their order, filled; those whose cases the actor may not see are left out and counted.

        Three queries for each CHUNK of rows.
        """
        source = iter(rows)
        while chunk := list(islice(source, CHUNK)):
            numbers = [self._number(cells) for _row, cells in chunk]
            cases, seen = self._cases(numbers)
            notes = _notes(case.pk for case in cases.values())
            for (row, cells), number in zip(chunk, numbers, strict=True):
                case = cases.get(number)
                if not seen(case):
                    self.hidden += 1
                    continue
                changed = self._changed(cells, case, notes) if case and not case.mirrored else {}
                yield FilledRow(row, number, tuple(cells), changed)

    def _number(self, cells: Sequence[Cell]) -> str:
        return cell_text(cells[self._number_at]).strip() if self._number_at < len(cells) else ""

    def _cases(self, numbers: Sequence[str]) -> tuple[dict[str, Case], Callable[[Case | None], bool]]:
        """Return the cases that follow these numbers, and whether the actor sees one; rows without are for who sees all."""
        found = SourceRecord.objects.filter(source=self._batch.source, current=True, number__in=set(numbers) - {""})
        cases = {one.number: one.case for one in found.select_related("case__body")}
        if sees_all(self._by):
            return cases, lambda _case: True
        wanted = Case.objects.filter(visible(self._by), pk__in=[case.pk for case in cases.values()])
        keys = set(wanted.values_list("pk", flat=True))
        return cases, lambda case: case is not None and case.pk in keys

    def _changed(self, cells: Sequence[Cell], case: Case, notes: Mapping[int, str]) -> dict[int, Cell]:
        changed = {}
        for column in self.columns:
            old = cells[column.place] if column.place < len(cells) else ""
            new = self._value(column, case, old, notes)
            if new is not None and new != old:
                changed[column.place] = new
        return changed

    def _value(self, column: _Column, case: Case, old: Cell, notes: Mapping[int, str]) -> Cell | None:
        """Return what a cell is to say, None where we have nothing to say or it says so already."""
        text = cell_text(old).strip()
        if column.field in _TIMES:
            return self._time(column, getattr(case, column.field), old)
        if column.field == "body":
            return _name(case, text)
        if column.field in {"extensions", "reworks"}:
            count = int(getattr(case, column.field))
            return None if (_count(text) == count) else str(count)
        if column.field == "stage":
            return self._stage(case, text)
        return (notes.get(case.pk) or case.remedy) or None

    def _stage(self, case: Case, text: str) -> str | None:
        if case.stage == Stage.VOID and self.mapping.void:
            return None if text in self.mapping.void else min(self.mapping.void)
        return self._stages.get(case.stage, case.stage)

    def _time(self, column: _Column, moment: datetime | None, old: Cell) -> Cell | None:
        if moment is None or self._says(old, moment):
            return None
        local = moment.astimezone(self._zone).replace(tzinfo=None, microsecond=0)
        if column.native is not None:
            return local if column.native is datetime else local.date()
        if column.style is None:
            return local.isoformat(sep=" ")
        text = column.style.write(moment, self._zone)
        return None if isinstance(old, str) and old.strip() == text else text

    def _says(self, old: Cell, moment: datetime) -> bool:
        """Return whether a cell already states a moment, as exactly as it states anything."""
        try:
            said = self._clock.read(old) if old != "" else None
        except Unreadable:
            return False
        if said is None:
            return False
        if said.whole_day:
            return said.day == moment.astimezone(self._zone).date()
        return said.utc.replace(microsecond=0) == moment.replace(microsecond=0)

    def changes(self, row: FilledRow) -> list[Change]:
        """Return what was filled in a row, in the order of its columns."""
        return [
            Change(row.row, self.header[place], cell_text(_at(row.cells, place)), cell_text(value))
            for place, value in sorted(row.changed.items())
        ]


def _at(cells: Sequence[Cell], place: int) -> Cell:
    return cells[place] if place < len(cells) else ""


def _name(case: Case, text: str) -> str | None:
    """Return the name of a case's unit, None where the text names it by that or another of its names."""
    body = case.body
    return None if body is None or text in {body.name, *body.aliases} else body.name


def _count(text: str) -> int | None:
    whole = text.partition(".")[0]
    return int(whole or 0) if not whole or (whole.isascii() and whole.isdigit()) else None


def _notes(keys: Iterable[int]) -> dict[int, str]:
    """Return what was written when a case was last put right, by key. One query."""
    found: Any = CaseMove.objects.filter(case__in=list(keys), verb__in=_NOTED, undone=False).exclude(note="")
    return dict(found.order_by("version").values_list("case_id", "note"))
