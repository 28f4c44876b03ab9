"""One row of a platform's file, understood or refused with every fault it has."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from zoneinfo import ZoneInfo

from xiuhua.cases.rules import contradiction
from xiuhua.cases.words import Stage, Verdict
from xiuhua.exchange.rules.coordinates import coordinate_value
from xiuhua.exchange.rules.times import Unreadable, WallClock, day_end
from xiuhua.exchange.rules.verdicts import own_verdict
from xiuhua.exchange.words import MARKS, PROBLEMS, Mapping, Moment, Note, Parsed
from xiuhua.kernel.words import Fault
from xiuhua.tables.rules import cell_text, half_width
from xiuhua.tables.words import Cell
from xiuhua.territory.rules.coordinates import misfit

NUMBER_LENGTH = 80
#: Texts that may be cut: the whole of them stays in the source record.
CUT = {"title": 300, "address": 300, "channel": 100}
#: Names that may not be cut: two could become one.
WHOLE = {"main_class": 100, "sub_class": 99, "body": 100, "condition": 40}
TEXTS = ("title", "description", "address", "channel", "main_class", "sub_class", "body", "condition")
#: Characters of a cell that a fault quotes.
QUOTED = 200

_MANGLED = re.compile(r"\d(?:\.\d+)?[Ee]\+\d+")
_COUNT = re.compile(r"[0-9]{1,3}(\.0+)?")
_ENDLESS = 1 << 30
#: An enum's value costs more than a name, a hundred thousand times over.
_OPEN, _CLOSED, _VOID = Stage.OPEN.value, Stage.CLOSED.value, Stage.VOID.value
_NOWHERE = (math.nan, math.nan)
_CANONICAL = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Faulty(Exception):
    """A row that is not taken, with its faults."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults)
        self.faults = faults


class _Desk:
    """What has been noticed about the row at hand."""

    __slots__ = ("faults", "notes", "row")

    def __init__(self, row: int) -> None:
        self.row = row
        self.faults: list[Fault] = []
        self.notes: list[Note] = []

    def refuse(self, code: str, column: str = "", **facts: str | int) -> None:
        self.faults.append(Fault(code, self.row, column, dict(facts)))

    def note(self, code: str, column: str = "", **facts: str | int) -> None:
        self.notes.append(Note(code, column, dict(facts)))


class RowReader:
    """Reads the rows of one file: its header met with its mapping."""

    def __init__(self, mapping: Mapping, header: Sequence[str]) -> None:
        """`header` must hold every column that the mapping names."""
        self._mapping = mapping
        self._zone = ZoneInfo(mapping.zone)
        self.clock = WallClock(self._zone, mapping.date_order)
        self._width = len(header)
        self._column = dict(mapping.columns)
        places = {name: at for at, name in enumerate(header)}
        self._at = {field: places[name] for field, name in mapping.columns.items()}
        self._missing = mapping.missing
        self._marks_at = places.get(MARKS, -1) if mapping.marks else -1
        self._flags_at = [(places[name], verdict) for name, verdict in mapping.verdict_columns.items()]
        self._order_at = places.get(mapping.repeat_order, -1) if mapping.repeat_order else -1
        by_name = sorted((name, place) for name, place in places.items() if name not in PROBLEMS)
        self._names = [name for name, _place in by_name]
        #: Texts with a bound: field, place, most characters, whether it may be cut.
        self._bounds = [
            (field, self._at[field], WHOLE.get(field) or CUT.get(field) or _ENDLESS, field in CUT)
            for field in TEXTS
            if field in self._at
        ]
        self._absent = {field: "" for field in TEXTS if field not in self._at}
        self._by_name = itemgetter(*(place for _name, place in by_name), 0)  # two at least, so that it is a tuple

    def number(self, cells: Sequence[Cell]) -> str:
        """Return a row's number, trimmed and in half width; empty where it has none."""
        return half_width(self._cell(cells, "number"))

    def order(self, cells: Sequence[Cell]) -> str:
        """Return what a row's order column says, empty without one."""
        return cell_text(cells[self._order_at]).strip() if 0 <= self._order_at < len(cells) else ""

    def coordinate(self, cells: Sequence[Cell]) -> tuple[float, float]:
        """Return a row's usable coordinate as the file has it, NaN without one."""
        if "longitude" not in self._at:
            return _NOWHERE
        lon, lat = self._cell(cells, "longitude"), self._cell(cells, "latitude")
        return self._coordinate(lon, lat, coordinate_value(lon), coordinate_value(lat), None)

    def read(self, row: int, cells: Sequence[Cell]) -> Parsed:
        """Return a row understood. Raises Faulty with all its faults.

        A deadline, a close or a coordinate that is there and cannot be read refuses the row: taken as absent, it
        would change what the case counts as.
        """
        desk = _Desk(row)
        cells = self._even(cells, desk)
        content = self.content(written := trimmed(cells))
        texts = [text if text not in self._missing else "" for text in written] if self._missing else written
        number = self._number(texts, desk)
        reported = self._moment(cells, texts, "reported_at", desk)
        due = self._moment(cells, texts, "due_at", desk)
        closed = self._moment(cells, texts, "closed_at", desk) if self._closes(texts) else None
        lon, lat = self._place(texts, desk)
        marks = frozenset(texts[self._marks_at].split()) if self._marks_at >= 0 else frozenset()
        extensions = max(self._extensions(texts, desk), int("extension" in marks))
        bounded = self._bounded(texts, desk)
        if desk.faults or reported is None:
            raise Faulty(desk.faults)
        due_at = self._due(due)
        closed_at = _closed(closed, reported)
        theirs = Verdict.OVERDUE.value if "overdue" in marks else self._verdict(texts, desk)
        undetermined = contradiction(reported.utc, due_at, closed_at)
        if undetermined:
            desk.note(undetermined.value, self._column["closed_at" if undetermined.value[0] == "c" else "due_at"])
        return Parsed(
            row=row,
            number=number,
            digest=hashlib.sha256(content.encode()).hexdigest(),
            content=content,
            stage=self._stage(texts, closed_at),
            extensions=extensions,
            reported_at=reported.utc,
            due_at=due_at,
            closed_at=closed_at,
            day=reported.day,
            undetermined=undetermined.value if undetermined else "",
            territory_code=half_width(self._text(texts, "territory_code")),
            territory_name=self._text(texts, "territory_name"),
            lon=lon,
            lat=lat,
            platform_verdict=theirs,
            own_verdict=own_verdict(due_at, closed_at),
            notes=tuple(desk.notes),
            reworks=int("rework" in marks),
            **bounded,
        )

    def content(self, texts: Sequence[str]) -> str:
        """Return a row's trimmed texts as canonical JSON (kernel.rules.canonical): header → text, empty ones left out."""
        pairs = zip(self._names, self._by_name(texts), strict=False)
        return _CANONICAL.encode({name: text for name, text in pairs if text})

    def _text(self, texts: Sequence[str], field: str) -> str:
        at = self._at.get(field)
        return texts[at] if at is not None else ""

    def _cell(self, cells: Sequence[Cell], field: str) -> str:
        """Return one cell of a row that has not been evened out, trimmed."""
        at = self._at[field]
        text = cell_text(cells[at]).strip() if at < len(cells) else ""
        return text if text not in self._missing else ""

    def _even(self, cells: Sequence[Cell], desk: _Desk) -> Sequence[Cell]:
        if len(cells) == self._width:
            return cells
        if len(cells) < self._width:
            desk.refuse("import.cells_few", cells=len(cells), header=self._width)
            return [*cells, *[""] * (self._width - len(cells))]
        if any(cell_text(cell).strip() for cell in cells[self._width :]):
            desk.refuse("import.cells_many", cells=len(cells), header=self._width)
        return cells[: self._width]

    def _number(self, texts: Sequence[str], desk: _Desk) -> str:
        number, column = half_width(self._text(texts, "number")), self._column["number"]
        if not number:
            desk.refuse("import.number_missing", column)
        elif len(number) > NUMBER_LENGTH:
            desk.refuse("import.number_long", column, length=len(number), limit=NUMBER_LENGTH)
        elif _MANGLED.fullmatch(number):
            desk.refuse("import.number_mangled", column, text=number)
        return number

    def _moment(self, cells: Sequence[Cell], texts: Sequence[str], field: str, desk: _Desk) -> Moment | None:
        at = self._at.get(field)
        if at is None or not texts[at]:
            if field == "reported_at":
                desk.refuse("import.reported_missing", self._column[field])
            return None
        column = self._column[field]
        try:
            moment = self.clock.read(cells[at])
        except Unreadable:
            desk.refuse("import.time_unreadable", column, text=texts[at][:QUOTED], order=self._mapping.date_order)
            return None
        if moment.shift:
            desk.note(moment.shift, column, text=texts[at][:QUOTED], utc=moment.utc.isoformat())
        if moment.whole_day:
            desk.note("day_precision", column)
        return moment

    def _closes(self, texts: Sequence[str]) -> bool:
        """Return whether what stands in the close column is a close."""
        return not self._mapping.closing or self._text(texts, "stage") in self._mapping.closing

    def _due(self, due: Moment | None) -> datetime | None:
        if due is None:
            return None
        return day_end(due, self._zone) if due.whole_day else due.utc

    def _place(self, texts: Sequence[str], desk: _Desk) -> tuple[float, float]:
        if "longitude" not in self._at:
            return _NOWHERE
        lon, lat = self._text(texts, "longitude"), self._text(texts, "latitude")
        x, y = coordinate_value(lon), coordinate_value(lat)
        for field, text, value in (("longitude", lon, x), ("latitude", lat, y)):
            if text and value is None:
                desk.refuse("import.coordinate_unreadable", self._column[field], text=text[:QUOTED])
        return self._coordinate(lon, lat, x, y, desk)

    def _coordinate(
        self, lon: str, lat: str, x: float | None, y: float | None, desk: _Desk | None
    ) -> tuple[float, float]:
        """Return the usable coordinate that two texts state as x and y, NaN otherwise with a note why."""
        code = ""
        if x is not None and y is not None:
            code = misfit(x, y, self._mapping.crs, self._mapping.meridian)
            if not code:
                return x, y
        elif bool(lon) != bool(lat):
            code = "coordinate_half"
        if desk and code:
            desk.note(code, self._column["longitude"], text=f"{lon[:40]}, {lat[:40]}")
        return _NOWHERE

    def _extensions(self, texts: Sequence[str], desk: _Desk) -> int:
        """Return how often the deadline was extended; nothing written is none, anything but a count is refused."""
        text = half_width(self._text(texts, "extensions"))
        if not text:
            return 0
        if not _COUNT.fullmatch(text):
            desk.refuse("import.extensions_unreadable", self._column["extensions"], text=text[:QUOTED])
            return 0
        return int(text.partition(".")[0])

    def _bounded(self, texts: Sequence[str], desk: _Desk) -> dict[str, str]:
        found = dict(self._absent)
        for field, at, most, cut in self._bounds:
            text = texts[at]
            if len(text) > most and cut:
                desk.note("text_cut", self._column[field], length=len(text), limit=most)
                text = text[:most]
            elif len(text) > most:
                desk.refuse("import.name_long", self._column[field], length=len(text), limit=most)
            found[field] = text
        return found

    def _stage(self, texts: Sequence[str], closed_at: datetime | None) -> str:
        if self._mapping.void and self._text(texts, "stage") in self._mapping.void:
            return _VOID
        return _CLOSED if closed_at else _OPEN

    def _verdict(self, texts: Sequence[str], desk: _Desk) -> str:
        text = self._text(texts, "verdict")
        if not text:
            return self._flagged(texts, desk) if self._flags_at else ""
        verdict = self._mapping.verdicts.get(text)
        if verdict is None:
            desk.note("verdict_unknown", self._column["verdict"], text=text[:QUOTED])
            return ""
        return verdict.value

    def _flagged(self, texts: Sequence[str], desk: _Desk) -> str:
        """Return the verdict whose column holds a flag, empty where none does or where they contradict each other."""
        said = {verdict for at, verdict in self._flags_at if texts[at] in self._mapping.flags}
        if len(said) > 1:
            desk.note("verdict_contradiction", ", ".join(self._mapping.verdict_columns)[:100])
            return ""
        return next((verdict.value for verdict in said), "")


def _closed(closed: Moment | None, reported: Moment) -> datetime | None:
    """Return when a case closed. A date alone is compared by date (docs/scoring.md 1.3).

    It stands for the day's first instant, but not for one before a report of the same day.
    """
    if closed is None:
        return None
    if closed.whole_day and closed.day == reported.day:
        return max(closed.utc, reported.utc)
    return closed.utc


def trimmed(cells: Sequence[Cell]) -> list[str]:
    """Return cells as texts without white space around them."""
    return [cell.strip() if isinstance(cell, str) else cell_text(cell) for cell in cells]


def from_content(content: str, header: Sequence[str]) -> list[Cell]:
    """Return the cells of a stored row (what `RowReader.content` wrote) under `header`, empty where it says nothing."""
    kept = json.loads(content)
    return [kept.get(name, "") for name in header]
