"""One walk over a received file with every check that looks at single rows; nothing is written."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from xiuhua.cases.queries import RuleBook
from xiuhua.exchange.actions.placing import Placer
from xiuhua.exchange.actions.surveying import CHUNK, Survey, check_columns, settle_repeats, survey_file
from xiuhua.exchange.health.judging import Judge
from xiuhua.exchange.health.office import OnFile, frozen_months, known, on_record, source_of, taken
from xiuhua.exchange.opening import open_mapped
from xiuhua.exchange.rules.health.catalogue import FAULTS, NOTES, OTHER, SAID_OTHERWISE
from xiuhua.exchange.rules.health.tally import stops
from xiuhua.exchange.rules.health.texts import TextChecks
from xiuhua.exchange.rules.rows import Faulty, RowReader, trimmed
from xiuhua.exchange.words import Course, Mapping, Parsed
from xiuhua.exchange.words.health import Mark, said
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Fact, Refusal, marked
from xiuhua.tables.words import Cell, Table
from xiuhua.taxonomy.queries import ConditionBook

Progress = Callable[[int, int], None]
_ONCE = Course("apply")


class CheckCancelled(Refusal):
    """Somebody stopped the check; nothing had been written."""

    code = "import.check_cancelled"
    sentence = marked("检查在第 %(row)s 行停下，没有写入任何内容。")


@dataclass(slots=True)
class Seen:
    """A row with what was found on it."""

    row: int
    cells: Sequence[Cell]
    parsed: Parsed | None
    marks: list[Mark]


@dataclass(slots=True)
class Totals:
    """What a walk has counted beside its marks."""

    rows: int = 0
    bad: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    repeated: int = 0
    months: Counter[str] = field(default_factory=Counter)
    first: datetime | None = None
    last: datetime | None = None

    def report(self, at: datetime) -> None:
        """Widen the span of reports."""
        self.first = at if self.first is None else min(self.first, at)
        self.last = at if self.last is None else max(self.last, at)


class Walk:
    """A file met with its mapping and its office. `chunks` may be called once; afterwards the totals stand."""

    def __init__(
        self,
        tenant: Tenant,
        path: Path,
        mapping: Mapping,
        *,
        at: datetime,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        """Look through the file once. Raises ColumnsMissing and the refusals of `tables`."""
        table = open_mapped(path, mapping)
        check_columns(table, mapping)
        tenant = _zoned(tenant, mapping)
        self.tenant, self.path, self.table, self.mapping, self.at = tenant, path, table, mapping, at
        self.zone = ZoneInfo(tenant.zone)
        self.reader = RowReader(mapping, table.header)
        self.survey: Survey = survey_file(table, self.reader, mapping)
        self.source = source_of(tenant, mapping)
        self.known = known(tenant, mapping, seen=self.source is not None)
        self.frozen = frozen_months(tenant)
        self.withheld = frozenset((pile.lon, pile.lat) for pile in self.survey.piles if pile.withheld)
        # an import may create territories for names nobody knows; a check never does
        self.placer = Placer(tenant, replace(mapping, place=replace(mapping.place, observe="never")), self.withheld)
        #: West, south, east and north of the office's outlines; None where it has none, or does not place by point.
        self.extent = self.placer.locator.extent() if self.placer.locator is not None else None
        self.judge = Judge(tenant, mapping, RuleBook.load(tenant), ConditionBook.load(tenant))
        self.totals = Totals()
        #: Hashes of the file's numbers.
        self.numbers = array("q")
        self.waiting = _waiting(table)
        self._texts = TextChecks(mapping, table.header, self.known)
        self._progress, self._cancelled = progress, cancelled
        self._twins: dict[int, int] = {}
        self._column = dict(mapping.columns)
        self._number_at = table.header.index(mapping.columns["number"])
        self._settled = self._settle()

    def _settle(self) -> dict[int, Course]:
        ordered = bool(self.mapping.repeat_order)
        return settle_repeats(self.table, self.reader, self.survey, self.source, ordered=ordered)

    def chunks(self) -> Iterator[list[Seen]]:
        """Yield every row of the file with its marks, some thousands at a time. Raises CheckCancelled."""
        chunk: list[Seen] = []
        for row, cells in self.table.rows():
            chunk.append(self._read(row, cells))
            if len(chunk) >= CHUNK:
                yield self._finished(chunk)
                chunk = []
        if chunk:
            yield self._finished(chunk)

    def _read(self, row: int, cells: Sequence[Cell]) -> Seen:
        seen = Seen(row, cells, None, [])
        try:
            seen.parsed = self.reader.read(row, cells)
        except Faulty as faulty:
            seen.marks += [Mark(FAULTS.get(one.code, OTHER), one.column, one.code, one.facts) for one in faulty.faults]
        if len(cells) == len(self.table.header):
            seen.marks += self._texts.marks(trimmed(cells))
        if places := self.waiting.get(row):
            seen.marks += [said("cells.formula", self.table.header[at]) for at in places]
        return seen

    def _finished(self, chunk: list[Seen]) -> list[Seen]:
        self._follow_courses(chunk)
        whole = [seen for seen in chunk if seen.parsed is not None and not stops(seen.marks)]
        rows = [seen.parsed for seen in whole if seen.parsed is not None]
        if rows:
            self._against_record(whole, rows)
        for seen in chunk:
            self._account(seen)
        self.totals.rows += len(chunk)
        if self._progress:
            self._progress(self.totals.rows, self.survey.rows)
        if self._cancelled and self._cancelled():
            raise CheckCancelled(row=chunk[-1].row)
        return chunk

    def _follow_courses(self, chunk: Sequence[Seen]) -> None:
        for seen in chunk:
            course = self._settled.get(seen.row)
            if course is None or seen.parsed is None:
                continue
            column, number = self._column["number"], seen.parsed.number
            facts: dict[str, Fact] = {"number": number, "first": course.other}
            if course.what == "refused":
                seen.marks.append(Mark("repeat.different", column, "import.repeated_different", facts))
            elif course.what == "equal":
                seen.marks.append(Mark("repeat.equal", column, "repeated_equal", facts))
            elif self.mapping.repeat_order:
                seen.marks.append(said("repeat.versions", column))

    def _against_record(self, whole: Sequence[Seen], rows: Sequence[Parsed]) -> None:
        """Find places, rulings and what is on record under the numbers of rows that can be read."""
        held = on_record(self.source, [row.number for row in rows]) if self.source is not None else {}
        gone = taken(self.tenant, self.mapping, [row.number for row in rows if row.number not in held])
        places = self.placer.place(rows)
        verdicts = self.judge.judge(rows, places)
        for seen, row, placed, verdict in zip(whole, rows, places, verdicts, strict=True):
            if row.number in gone:
                facts = {"number": row.number}
                seen.marks.append(Mark("taken.number", self._column["number"], "import.number_taken", facts))
                continue
            course = self._settled.get(seen.row, _ONCE)
            if course.what == "equal":
                self.totals.repeated += 1
                continue
            seen.marks += self._notes(row)
            seen.marks += self._place_marks(row, placed.method.value, placed.longitude)
            self._count(seen, row, course, held.get(row.number))
            if row.number not in held or held[row.number].follows:
                seen.marks += verdict

    def _count(self, seen: Seen, row: Parsed, course: Course, before: OnFile | None) -> None:
        totals = self.totals
        known_already = course.what == "known" or (
            course.wave == 0 and before is not None and before.digest == row.digest
        )
        if known_already:
            totals.unchanged += 1
        elif before is None and course.wave == 0:
            totals.created += 1
        else:
            totals.updated += 1
            if course.wave == 0:
                seen.marks.append(said("record.changed", self._column["number"]))
        month = self._month(row.due_at or row.reported_at)
        totals.months[month] += 1
        totals.report(row.reported_at)
        if self.frozen and not known_already and (before is None or before.follows):
            seen.marks += self._rewritten(row, before)

    def _rewritten(self, row: Parsed, before: OnFile | None) -> Iterator[Mark]:
        """Yield a mark for each frozen month in which the case stood or will stand: what an import lists as corrections."""
        moments = [row.due_at, row.reported_at, *((before.due_at, before.reported_at) if before else ())]
        for month in sorted({self._month(one) for one in moments if one is not None} & self.frozen):
            yield said("month.frozen", self._column["number"], month=month)

    def _month(self, moment: datetime) -> str:
        return str(Period.of(moment, self.zone))

    def _notes(self, row: Parsed) -> Iterator[Mark]:
        for note in row.notes:
            code = SAID_OTHERWISE.get(note.code, note.code)
            yield Mark(NOTES.get(note.code, OTHER), note.column, code, note.facts)
        late = self.at
        for field_, moment in (("reported_at", row.reported_at), ("closed_at", row.closed_at)):
            if moment is not None and moment > late:
                yield said("order.future", self._column[field_])
        if row.territory_name and "name" in self.mapping.place.order:
            note_ = self.placer.note(row, self.placer.named(row)[1])
            if note_:
                yield Mark(NOTES[note_.code], note_.column, note_.code, note_.facts)

    def _place_marks(self, row: Parsed, method: str, lon: float | None) -> Iterator[Mark]:
        if row.spot in self.withheld:
            yield said("place.pile", self._column["longitude"])
        elif lon is not None and method != "point" and self._outside(row, lon):
            yield said("place.outside", self._column["longitude"])

    def _outside(self, row: Parsed, lon: float) -> bool:
        locator = self.placer.locator
        if locator is None or self.extent is None:
            return False
        if self.mapping.place.order[0] == "point":
            return True  # the point was asked first and did not answer
        lons, lats = self.placer.usable([row])
        return bool(np.isfinite(lon)) and locator.locate(float(lons[0]), float(lats[0]), row.day) is None

    def _account(self, seen: Seen) -> None:
        """Take down what only the whole file tells: numbers, rows equal but for their number."""
        parsed = seen.parsed
        if stops(seen.marks):
            self.totals.bad += 1
        if number := self.reader.number(seen.cells):
            self.numbers.append(hash(number))
        if parsed is None:
            return
        at = self._number_at
        twin = hash((*seen.cells[:at], *seen.cells[at + 1 :]))
        first = self._twins.setdefault(twin, seen.row)
        if first != seen.row and seen.row not in self._settled:
            seen.marks.append(said("repeat.twin", self._column["number"], first=first))


def _zoned(tenant: Tenant, mapping: Mapping) -> Tenant:
    """Return the office as it stands once an import has given it the mapping's zone; never saved."""
    office = copy(tenant)
    office.zone = tenant.zone or mapping.zone
    return office


def _waiting(table: Table) -> dict[int, list[int]]:
    """Return the places of formulas without a result, by row, below the header and within its columns."""
    found: dict[int, list[int]] = {}
    for row, at in table.unanswered():
        if row > table.header_row and 0 <= at < len(table.header):
            found.setdefault(row, []).append(at)
    return found
