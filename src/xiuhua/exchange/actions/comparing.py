"""Comparing an import with cases that have a life of their own, and finding what a complete file no longer has.

Set-based: a chunk of rows costs no statement unless it holds such cases, then four, and one more each for what is new and
for what has gone; an import costs two beside, and two or three a month where its file is called complete.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q

from xiuhua.cases.models import Case, Request
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import PENDING, RequestKind
from xiuhua.exchange.models import Disagreement, ImportBatch, SourceRecord
from xiuhua.exchange.rules.disagreements import KEEP, STAGES, Found, Have, Said, disagreements, written
from xiuhua.exchange.words import Kind, Mapping, Note, Settling
from xiuhua.kernel.rules import Period

#: Rows that are written together.
CHUNK = 2000
#: A month of which a file has less than one in so many of the numbers on record is not covered by it.
PART = 2


class Stated(NamedTuple):
    """What one row of the file says of a case on record."""

    case_id: int
    number: str
    said: Said


class Comparer:
    """Compares the rows of one import; load it once."""

    def __init__(self, batch: ImportBatch) -> None:
        """One query: which numbers had vanished."""
        self._batch, self._source = batch, batch.source
        listed = Disagreement.objects.filter(
            source=batch.source, kind=Kind.VANISHED, state__in=(Settling.OPEN, Settling.SETTLED)
        )
        self._vanished = set(listed.values_list("case_id", flat=True))

    def counts(self) -> dict[str, int]:
        """Return how many disagreements this import has brought to light, by kind. One query."""
        found = Disagreement.objects.filter(batch=self._batch, state=Settling.OPEN)
        return dict(found.order_by().values_list("kind").annotate(n=Count("pk")))

    def compare(self, rows: Sequence[Stated]) -> None:
        """Write in what these rows disagree with our cases, and what no longer does. Six statements at most."""
        keys = [row.case_id for row in rows]
        haves = _haves(keys)
        listed: dict[int, list[Disagreement]] = {}
        on_list = Disagreement.objects.filter(source=self._source, case__in=keys).exclude(kind=Kind.VANISHED)
        for one in on_list.exclude(state=Settling.GONE).select_related("move"):
            listed.setdefault(one.case_id, []).append(one)
        records = dict(self._records([row.number for row in rows]))
        new: list[Disagreement] = []
        gone: list[int] = []
        for row in rows:
            if row.case_id not in haves:
                continue
            before = listed.get(row.case_id, [])
            found = disagreements(row.said, haves[row.case_id], _kept(before))
            still = {(one.kind.value, written(one.theirs)) for one in found}
            waiting = {(one.kind, one.theirs): one for one in before if _waits(one)}
            gone += [one.pk for pair, one in waiting.items() if pair not in still]
            new += [
                self._new(row.case_id, one, records.get(row.number))
                for one in found
                if (one.kind.value, written(one.theirs)) not in waiting
            ]
        self._leave(gone)  # before what is new: a case has one open disagreement of a kind
        self._write(new)

    def returned(self, cases: Iterable[int]) -> None:
        """Note that the numbers of these cases are in the file: what had vanished is back. One statement where one is."""
        back = self._vanished & set(cases)
        if back:
            listed = Disagreement.objects.filter(source=self._source, kind=Kind.VANISHED, case__in=back)
            self._leave(listed.exclude(state=Settling.GONE).values_list("pk", flat=True))
            self._vanished -= back

    def vanish(self, lost: Sequence[tuple[int, int, str, bool]]) -> None:
        """Write that a complete file lacks these: (key of the record, of its case, stage of the case, whether it follows)."""
        fresh = [one for one in lost if one[1] not in self._vanished]
        new = []
        for record, case, stage, mirrored in fresh:
            found = disagreements(None, Have(Stage(stage), mirrored))
            new += [self._new(case, one, record) for one in found]
            self._vanished.add(case)
        self._write(new)

    def _records(self, numbers: Sequence[str]) -> Any:
        current = SourceRecord.objects.filter(source=self._source, current=True, number__in=numbers)
        return current.values_list("number", "pk")

    def _new(self, case: int, found: Found, record: int | None) -> Disagreement:
        return Disagreement(
            tenant_id=self._batch.tenant_id,
            source=self._source,
            case_id=case,
            record_id=record,
            batch=self._batch,
            kind=found.kind,
            theirs=written(found.theirs),
            ours=written(found.ours),
            their_key=found.theirs if isinstance(found.theirs, int) else None,
            their_at=found.theirs if isinstance(found.theirs, datetime) else None,
            found_at=self._batch.applied_at,
        )

    def _write(self, new: Sequence[Disagreement]) -> None:
        Disagreement.objects.bulk_create(new, batch_size=CHUNK)

    def _leave(self, keys: Iterable[int]) -> None:
        keys = list(keys)
        if keys:
            Disagreement.objects.filter(pk__in=keys).update(state=Settling.GONE, gone_batch=self._batch)


def _haves(keys: Sequence[int]) -> dict[int, Have]:
    """Return our side of cases that do not follow their records, by key. Two queries."""
    columns = ("pk", "stage", "due_at", "case_class_id", "body_id", "territory_id")
    own = list(Case.objects.filter(pk__in=keys, mirrored=False).values_list(*columns))
    asking = Request.objects.filter(case__in=[one[0] for one in own], kind=RequestKind.EXTENSION, state__in=PENDING)
    asked = set(asking.values_list("case_id", flat=True)) if own else set()
    return {
        key: Have(Stage(stage), False, due_at, case_class, body, territory, key in asked)  # noqa: FBT003 - does not follow
        for key, stage, due_at, case_class, body, territory in own
    }


def _waits(one: Disagreement) -> bool:
    """Return whether nothing that stands has settled it: a move that was taken back has not."""
    return one.state == Settling.OPEN or (one.move is not None and one.move.undone)


def _kept(before: Iterable[Disagreement]) -> set[tuple[Kind, str]]:
    return {(Kind(one.kind), one.theirs) for one in before if one.state == Settling.SETTLED and one.how == KEEP}


class Coverage:
    """Which months a file covers, and which numbers it has; kept only where its mapping calls it complete."""

    def __init__(self, batch: ImportBatch, mapping: Mapping) -> None:
        self._batch, self.told = batch, mapping.complete == "month"
        self._zone = ZoneInfo(mapping.zone)
        self._months: Counter[str] = Counter()
        self._records: set[int] = set()
        self._numbers: set[str] = set()

    def row(self, month: str) -> None:
        """Count a row that was understood in the month of its report."""
        if self.told:
            self._months[month] += 1

    def unchanged(self, record: int) -> None:
        """Note that the file has what a record says."""
        if self.told:
            self._records.add(record)

    def number(self, number: str) -> None:
        """Note that the file has a number, though its row was refused or says what is on record already."""
        if self.told:
            self._numbers.add(number)

    def settle(self, comparer: Comparer) -> list[Note]:
        """List what has vanished; return a note for each month of which the file has too little to say so."""
        notes: list[Note] = []
        for month, rows in sorted(self._months.items()):
            period = Period.parse(month)
            on_record = SourceRecord.objects.filter(
                source=self._batch.source,
                current=True,
                case__reported_at__gte=period.start(self._zone),
                case__reported_at__lt=period.end(self._zone),
            )
            known = on_record.count()
            if rows * PART < known:
                notes.append(Note("month_partial", "", {"month": month, "rows": rows, "known": known}))
                continue
            self._lost(on_record, comparer)
        return notes

    def _lost(self, on_record: Any, comparer: Comparer) -> None:
        columns = ("pk", "number", "case_id", "case__stage", "case__mirrored")
        earlier = on_record.exclude(batch=self._batch).filter(case__stage__in=STAGES[Kind.VANISHED])
        lost = [
            (record, case, stage, mirrored)
            for record, number, case, stage, mirrored in earlier.values_list(*columns).iterator(CHUNK)
            if record not in self._records and number not in self._numbers
        ]
        comparer.vanish(lost)


def forget(batch: ImportBatch) -> None:
    """Take back what an import had brought to light and put away: settled ones stay, they were answered. Three statements."""
    answered = Q(state=Settling.SETTLED) & (Q(move=None) | Q(move__undone=False))
    Disagreement.objects.filter(~answered, batch=batch).delete()
    same = Disagreement.objects.filter(
        case=OuterRef("case"), source=OuterRef("source"), kind=OuterRef("kind"), state=Settling.OPEN
    )
    put_away = Disagreement.objects.filter(~Exists(same), gone_batch=batch)
    put_away.filter(how="").update(state=Settling.OPEN, gone_batch=None)
    put_away.exclude(how="").update(state=Settling.SETTLED, gone_batch=None)
