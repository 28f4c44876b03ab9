"""Applying rows to the database, some thousands at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from django.db.models import Max

from xiuhua.cases.actions import rule_cases, rule_created
from xiuhua.cases.models import Case
from xiuhua.cases.queries import RuleBook
from xiuhua.cases.words import PlaceMethod, Stage
from xiuhua.exchange import own
from xiuhua.exchange.actions.comparing import Comparer, Coverage, Stated
from xiuhua.exchange.actions.corrections import Corrections
from xiuhua.exchange.actions.mirroring import Observer, follow, mirrored, to_rule
from xiuhua.exchange.actions.placing import Placed, Placer
from xiuhua.exchange.models import Finding, ImportBatch, Source, SourceRecord
from xiuhua.exchange.rules.disagreements import Said
from xiuhua.exchange.rules.mappings import MappingMalformed, parse_mapping
from xiuhua.exchange.rules.rows import NUMBER_LENGTH
from xiuhua.exchange.words import FAULTS_SHOWN, ImportReport, Mapping, Note, Parsed, Severity
from xiuhua.kernel.actions.inserting import insert_many
from xiuhua.kernel.words import Fault

#: Warnings that say the same of every row: counted, and kept as one finding of the file.
OF_THE_FILE = frozenset({"day_precision", "mapping_changed"})
#: Said once of a file: packs that were not chosen, so that nothing was ruled by them.
UNDECIDED = "packs_undecided"
_COLUMN_LENGTH = 100


class OnRecord(NamedTuple):
    """What is on record under a number."""

    number: str
    record_id: int
    version: int
    digest: str
    batch_id: int
    case_id: int
    method: str
    mirrored: bool


class Applier:
    """Applies the rows of one import; rows of one call must have different numbers."""

    def __init__(self, batch: ImportBatch, mapping: Mapping, placer: Placer, report: ImportReport) -> None:
        self._batch, self._mapping, self._placer, self._report = batch, mapping, placer, report
        self._source: Source = batch.source
        self._tenant = batch.tenant
        self._observer = Observer(batch.tenant, self._source.code)
        self._rules = RuleBook.load(batch.tenant)
        self._corrections = Corrections(batch.tenant, batch)
        self._comparer, self._coverage = Comparer(batch), Coverage(batch, mapping)
        self._findings: list[Finding] = []
        self._same_mapping: dict[int, bool] = {}
        self._own_rows: own.OwnRows | None = None
        #: Whether nothing of the source was on record when the import began: then every number is new.
        self._first_time = not SourceRecord.objects.filter(source=self._source).exists()

    def look_back(self) -> None:
        """Expect numbers that this import itself has brought: before a later pass over the file."""
        self._first_time = False

    def note_undecided(self) -> None:
        """Say by which kinds of packs nothing could be ruled because none of several was chosen."""
        for kind in self._rules.undecided:
            self.note(Note(UNDECIDED, "", {"kind": kind}))

    def apply(self, rows: Sequence[Parsed]) -> None:
        """Create, version or leave the records of these rows and what mirrors them."""
        rows = self._apart(rows)
        known = self._on_record([row.number for row in rows])
        new = self._numbered([row for row in rows if row.number not in known])
        changed = [row for row in rows if row.number in known and known[row.number].digest != row.digest]
        same = [row for row in rows if row.number in known and known[row.number].digest == row.digest]
        self._observer.learn(row for row, _number in new)
        self._observer.learn(changed)
        self._create(new)
        self._change(changed, known)
        self._leave(same, known)
        self._compare(rows, known)
        self.write()

    def met(self, number: str) -> None:
        """Note that the file has a number whose row is not applied: it has not vanished."""
        self._coverage.number(number)

    def settle(self) -> None:
        """After the last row: list what a complete file no longer has, and count what disagrees with our cases."""
        for note in self._coverage.settle(self._comparer):
            self.note(note)
        self._report.disagreements = self._comparer.counts()

    def _apart(self, rows: Sequence[Parsed]) -> Sequence[Parsed]:
        """Return the rows that are to be applied; those of our own export that tell of our own cases are not.

        Where such a row says something else than the case, that is told and nothing changes: cases change by moves.
        """
        if self._source.code != own.CODE:
            return rows
        ours = own.cases_told(self._tenant, self._source, [row.number for row in rows])
        if ours and self._own_rows is None:
            self._own_rows = own.OwnRows(self._tenant)
        left, columns = [], set(self._mapping.columns.values())
        for row in rows:
            case = ours.get(row.number)
            if case is None or self._own_rows is None:
                left.append(row)
                continue
            if differing := self._own_rows.differing(case, row.content, columns):
                self.note(Note("own_differs", differing[0], {"columns": "、".join(differing)}), row)
            self._report.unchanged += 1
            self._count(case.place_method)
        return left

    def write(self) -> None:
        """Write findings and pending corrections collected so far."""
        if self._findings:
            Finding.objects.bulk_create(self._findings)
            self._findings.clear()
        self._corrections.write()
        self._report.corrections = self._corrections.counts

    def note(self, note: Note, row: Parsed | None = None, *, times: int = 1, at: int | None = None) -> None:
        """Count a warning and keep it as a finding: of a row, of one that was not read (`at`), or of the file."""
        self._report.warn(note.code, times)
        if row is not None and note.code in OF_THE_FILE:
            return
        self._findings.append(
            Finding(
                batch=self._batch,
                severity=Severity.WARNING,
                code=note.code,
                row=row.row if row else at,
                column=note.column[:_COLUMN_LENGTH],
                number=row.number if row else "",
                facts=note.facts,
            )
        )

    def refuse(self, faults: Iterable[Fault], number: str) -> None:
        """Count a row as refused and keep its faults."""
        self.met(number)
        self._report.refused += 1
        for fault in faults:
            if len(self._report.faults) < FAULTS_SHOWN:
                self._report.faults.append(fault)
            self._findings.append(
                Finding(
                    batch=self._batch,
                    severity=Severity.REFUSED,
                    code=fault.code,
                    row=fault.row,
                    column=fault.column[:_COLUMN_LENGTH],
                    number=number[:NUMBER_LENGTH],
                    facts=fault.facts,
                )
            )

    def _on_record(self, numbers: list[str]) -> dict[str, OnRecord]:
        if self._first_time:
            return {}
        found = SourceRecord.objects.filter(source=self._source, current=True, number__in=numbers).values_list(
            *("number", "pk", "version", "digest", "batch_id", "case_id", "case__place_method", "case__mirrored")
        )
        return {one[0]: OnRecord(*one) for one in found}

    def _numbered(self, rows: Sequence[Parsed]) -> list[tuple[Parsed, str]]:
        """Return new rows with the numbers of their cases: their own, or with the source in front where it is taken."""
        taken = self._held(row.number for row in rows)
        taken |= self._held(self._spare(number) for number in taken)
        found = []
        for row in rows:
            number = row.number if row.number not in taken else self._spare(row.number)
            if number in taken or len(number) > NUMBER_LENGTH:
                column = self._mapping.columns["number"]
                self.refuse([Fault("import.number_taken", row.row, column, {"number": row.number})], row.number)
                continue
            found.append((row, number))
        return found

    def _keys(self, numbers: Sequence[str], last: int) -> dict[str, int]:
        """Return the keys of cases just inserted, by number; `last` was the highest key before.

        Asking for some thousand numbers costs more than reading what is new: others' cases have other numbers.
        """
        keys = dict(Case.objects.filter(tenant=self._tenant, pk__gt=last).values_list("number", "pk"))
        if not keys.keys() >= set(numbers):  # keys were once given by hand and the database counts below them
            keys = dict(Case.objects.filter(tenant=self._tenant, number__in=numbers).values_list("number", "pk"))
        return keys

    def _spare(self, number: str) -> str:
        return f"{self._source.code}:{number}"

    def _held(self, numbers: Iterable[str]) -> set[str]:
        """Return those of the numbers that cases of the office have."""
        wanted = list(numbers)
        if not wanted:
            return set()
        return set(Case.objects.filter(tenant=self._tenant, number__in=wanted).values_list("number", flat=True))

    def _create(self, rows: Sequence[tuple[Parsed, str]]) -> None:
        if not rows:
            return
        places = self._place([row for row, _number in rows])
        last = Case.objects.aggregate(last=Max("pk"))["last"] or 0
        insert_many(
            Case,
            [
                {
                    "tenant_id": self._tenant.pk,
                    "number": number,
                    "mirrored": self._source.mirror,
                    **mirrored(row, placed, self._observer),
                }
                for (row, number), placed in zip(rows, places, strict=True)
            ],
        )
        keys = self._keys([number for _row, number in rows], last)
        insert_many(SourceRecord, [self._record(row, keys[number], 1) for row, number in rows])
        asked = [
            to_rule(keys[number], row, placed, self._observer.class_of(row), self._rules.zone)
            for (row, number), placed in zip(rows, places, strict=True)
        ]
        rule_created(self._rules, asked, at=self._batch.applied_at, reason=f"batch:{self._batch.pk}")
        for row, number in rows:
            self._corrections.touch(number, "created", (row.due_at, row.reported_at))
        self._report.created += len(rows)

    def _change(self, rows: Sequence[Parsed], known: dict[str, OnRecord]) -> None:
        if not rows:
            return
        before = [known[row.number] for row in rows]
        SourceRecord.objects.filter(pk__in=[one.record_id for one in before]).update(current=False)
        insert_many(
            SourceRecord,
            [self._record(row, one.case_id, one.version + 1) for row, one in zip(rows, before, strict=True)],
        )
        cases = Case.objects.select_for_update().in_bulk([one.case_id for one in before])
        places = self._place(rows)
        following = []
        for row, one, placed in zip(rows, before, places, strict=True):
            case = cases[one.case_id]
            if not (case.mirrored and self._source.mirror):
                continue
            moments = (case.due_at, case.reported_at, row.due_at, row.reported_at)
            self._corrections.touch(case.number, "updated", moments)
            following.append((case, mirrored(row, placed, self._observer)))
        follow(following)
        self._rule([case.pk for case, _fields in following])
        self._report.updated += len(rows)

    def _leave(self, rows: Sequence[Parsed], known: dict[str, OnRecord]) -> None:
        """Leave unchanged rows, but try again to place their cases that have no territory: the tree may have grown."""
        self._report.unchanged += len(rows)
        waiting = []
        for row in rows:
            one = known[row.number]
            self._compare_mappings(one, row)
            if one.method == PlaceMethod.NONE and one.mirrored and self._source.mirror:
                waiting.append(row)
            else:
                self._count(one.method)
        found = [(row, placed) for row, placed in zip(waiting, self._place(waiting), strict=True)]
        found = [(row, placed) for row, placed in found if placed.territory_id is not None]
        cases = Case.objects.select_for_update().in_bulk([known[row.number].case_id for row, _placed in found])
        cases = {key: case for key, case in cases.items() if case.mirrored}  # its first own move may just have come
        found = [(row, placed) for row, placed in found if known[row.number].case_id in cases]
        for row, placed in found:
            case = cases[known[row.number].case_id]
            case.territory_id, case.place_method = placed.territory_id, placed.method
            case.longitude, case.latitude = placed.longitude, placed.latitude
            self._corrections.touch(case.number, "updated", (row.due_at, row.reported_at))
        follow([(case, {}) for case in cases.values()])
        self._rule(list(cases))
        self._report.placed_now += len(found)

    def _compare(self, rows: Sequence[Parsed], known: dict[str, OnRecord]) -> None:
        """Hold the rows against cases that do not follow them any more."""
        for row in rows:
            self._coverage.row(f"{row.day:%Y-%m}")
            if row.number in known and known[row.number].digest == row.digest:
                self._coverage.unchanged(known[row.number].record_id)
        self._comparer.returned(one.case_id for one in known.values())
        own = [row for row in rows if row.number in known and not known[row.number].mirrored]
        if not own:
            return
        self._observer.learn(own)
        stated = [
            Stated(
                known[row.number].case_id,
                row.number,
                Said(
                    Stage(row.stage),
                    row.due_at,
                    self._observer.class_of(row),
                    self._observer.body_of(row),
                    placed.territory_id,
                ),
            )
            for row, placed in zip(own, self._placer.place(own), strict=True)
        ]
        self._comparer.compare(stated)

    def _rule(self, keys: Sequence[int]) -> None:
        rule_cases(self._rules, keys, at=self._batch.applied_at, reason=f"batch:{self._batch.pk}")

    def _place(self, rows: Sequence[Parsed]) -> list[Placed]:
        """Return the rows' places, counted and with what was noticed kept."""
        places = self._placer.place(rows) if rows else []
        for row, placed in zip(rows, places, strict=True):
            self._count(placed.method)
            if placed.note:
                self.note(placed.note, row)
        return places

    def _count(self, method: str) -> None:
        if method == PlaceMethod.NONE:
            self._report.unplaced += 1
        else:
            self._report.placed[str(method)] += 1

    def _compare_mappings(self, one: OnRecord, row: Parsed) -> None:
        """Say that the same content was read with another mapping when it came: its case still follows that one."""
        if one.batch_id not in self._same_mapping:
            self._same_mapping[one.batch_id] = self._read_alike(one.batch_id)
        if not self._same_mapping[one.batch_id]:
            self.note(Note("mapping_changed", "", {}), row)

    def _read_alike(self, batch_id: int) -> bool:
        text = ImportBatch.objects.values_list("mapping", flat=True).get(pk=batch_id)
        try:
            return replace(parse_mapping(text), text="") == replace(self._mapping, text="")
        except MappingMalformed:
            return False

    def _record(self, row: Parsed, case_id: int, version: int) -> dict[str, Any]:
        return {
            "source_id": self._source.pk,
            "number": row.number,
            "version": version,
            "current": True,
            "digest": row.digest,
            "content": row.content,
            "batch_id": self._batch.pk,
            "row": row.row,
            "case_id": case_id,
            "platform_verdict": row.platform_verdict,
            "own_verdict": row.own_verdict,
        }
