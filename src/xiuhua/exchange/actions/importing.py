"""Importing a platform's case file: everything in one transaction, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from xiuhua.cases.models import Case, Ruling
from xiuhua.cases.queries import causes_among
from xiuhua.exchange.actions.applying import OF_THE_FILE, Applier
from xiuhua.exchange.actions.placing import Placer
from xiuhua.exchange.actions.remembering import count_use
from xiuhua.exchange.actions.surveying import CHUNK, Survey, check_columns, settle_repeats, survey_file
from xiuhua.exchange.marklists import Marks
from xiuhua.exchange.models import ImportBatch, Source, SourceRecord
from xiuhua.exchange.opening import open_mapped
from xiuhua.exchange.queries import rulings_of
from xiuhua.exchange.rules.rows import Faulty, RowReader
from xiuhua.exchange.words import MARKS, Checked, Course, ImportReport, Mapping, Note, Parsed
from xiuhua.kernel.actions import declare_zone, record
from xiuhua.kernel.actions.inserting import tell_planner
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import digest, merkle_root
from xiuhua.kernel.words import Actor, Fault, Refusal, marked
from xiuhua.responsibility.models import Body
from xiuhua.tables.words import Cell, Table
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.models import Territory

Progress = Callable[[int, int], None]
_ONCE = Course("apply")
_FILE_NAME_LENGTH = 255


class RowsRefused(Refusal):
    """The whole file was wanted or nothing, and some of its rows cannot be imported."""

    code = "import.rows_refused"
    sentence = marked("有 %(n)s 行不能导入，整份表都没有导入。")


class NotWhatWasChecked(Refusal):
    """Between check and import, the file or the mapping has become another."""

    code = "import.not_what_was_checked"
    sentence = marked("这不是检查过的那份表或映射，请重新检查再导入。")


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that has been looked through, and how it is read."""

    table: Table
    reader: RowReader
    survey: Survey
    mapping: Mapping
    marks: Marks | None = None


def import_cases(
    tenant: Tenant,
    path: Path,
    mapping: Mapping,
    *,
    by: Actor,
    at: datetime,
    dry_run: bool = False,
    only_good: bool = True,
    checked: Checked | None = None,
    progress: Progress | None = None,
    name: str = "",
    marks: Marks | None = None,
    looked: Looked | None = None,
) -> ImportReport:
    """Import the cases of a CSV(.gz) or XLSX file and return what was done; a row is never dropped without a word.

    Source records are versioned by (source, number); mirroring cases follow. All or nothing: one transaction, one
    ledger line. `dry_run` does everything and rolls it back. `progress` is told (rows done, rows in all). A tenant
    without a zone takes the mapping's. Rows that cannot be imported stay behind as findings; without `only_good` one of
    them refuses the whole file. `checked` is what a health report was about (`Health.checked`): anything else is refused.
    `name` is what the file is called where its path does not say so. `marks` are those of a second list: they become
    part of what the platform says under a number. `looked` is what `look_through` gave of the file, the mapping and the
    marks before a transaction of the caller's own began.
    Raises ColumnsMissing, RowsRefused, NotWhatWasChecked and the refusals of `tables`.
    """
    file = looked or look_through(path, mapping, checked=checked, marks=marks)
    table = file.table
    report = ImportReport(zone=mapping.zone, encoding=table.encoding, dry_run=dry_run)
    try:
        with transaction.atomic():
            report.zone_declared = not tenant.zone and declare_zone(
                tenant, mapping.zone, by=by, at=at, reason=f"import mapping {mapping.code}"
            )
            batch = ImportBatch.objects.create(
                tenant=tenant,
                source=_source(tenant, mapping),
                file_name=(name or path.name)[:_FILE_NAME_LENGTH],
                file_digest=table.digest,
                mapping=mapping.text,
                actor=by.id,
                applied_at=at,
                shape={"header": [name for name in table.header if name != MARKS], "encoding": table.encoding},
            )
            _run(file, batch, report, progress or (lambda _done, _rows: None))
            if not only_good:
                _check_whole(report)
            _close(file, batch, report, by=by, at=at)
            tell_planner(report.created, Case, SourceRecord, Ruling)
            if dry_run:
                transaction.set_rollback(True)
    except RowsRefused:
        tenant.refresh_from_db()  # it may have been given a zone
        raise
    if dry_run:
        report.batch = None
        tenant.refresh_from_db()
    return report


def look_through(path: Path, mapping: Mapping, *, checked: Checked | None = None, marks: Marks | None = None) -> Looked:
    """Open a file, see whether it is the one, and look all of it through; nothing is asked of the database.

    On SQLite nobody else writes from the beginning of an import's transaction to its end: this part belongs before it.
    Raises ColumnsMissing, NotWhatWasChecked and the refusals of `tables`.
    """
    table = open_mapped(path, mapping)
    if checked is not None and checked != Checked(table.digest, digest(mapping.text)):
        raise NotWhatWasChecked
    check_columns(table, mapping)
    if marks is not None:
        table = marks.beside(table, table.header.index(mapping.columns["number"]))
    reader = RowReader(mapping, table.header)
    return Looked(table, reader, survey_file(table, reader, mapping), mapping, marks)


def _check_whole(report: ImportReport) -> None:
    if report.refused:
        raise RowsRefused(report.faults, n=report.refused)


def _source(tenant: Tenant, mapping: Mapping) -> Source:
    """Return the mapping's source, locked so that two imports of one source follow each other."""
    wanted = {"name": mapping.name, "zone": mapping.zone, "mirror": mapping.mirror}
    source, _made = Source.objects.select_for_update().update_or_create(
        tenant=tenant, code=mapping.code, defaults=wanted
    )
    return source


def _run(file: Looked, batch: ImportBatch, report: ImportReport, progress: Progress) -> None:
    piles = report.piles = file.survey.piles
    withheld = frozenset((pile.lon, pile.lat) for pile in piles if pile.withheld)
    unconfirmed = _unconfirmed(batch.tenant)
    applier = Applier(batch, file.mapping, Placer(batch.tenant, file.mapping, withheld), report)
    settled = settle_repeats(
        file.table, file.reader, file.survey, batch.source, ordered=bool(file.mapping.repeat_order)
    )
    _Pass(file, applier, report, settled, progress).first()
    applier.look_back()
    for wave in range(1, 1 + max((course.wave for course in settled.values()), default=0)):
        _Pass(file, applier, report, settled, progress).later(wave)
    applier.settle()
    _note_file(file, applier, report)
    applier.note_undecided()
    applier.write()
    report.observed = {kind: n - unconfirmed[kind] for kind, n in _unconfirmed(batch.tenant).items()}


class _Pass:
    """One pass over the file."""

    def __init__(
        self, file: Looked, applier: Applier, report: ImportReport, settled: dict[int, Course], progress: Progress
    ) -> None:
        self._file, self._applier, self._report, self._settled = file, applier, report, settled
        self._progress = progress
        self._chunk: list[Parsed] = []

    def first(self) -> None:
        """Read every row, apply those that are due in the first pass, account for the others."""
        for row, cells in self._file.table.rows():
            self._report.rows += 1
            parsed = self._read(row, cells)
            if parsed is not None:
                self._take(parsed, self._settled.get(row, _ONCE))
        self._flush()

    def later(self, wave: int) -> None:
        """Apply the rows of a later pass: further versions of numbers that repeat."""
        for row, cells in self._file.table.rows():
            course = self._settled.get(row, _ONCE)
            if course.what == "apply" and course.wave == wave:
                self._add(self._file.reader.read(row, cells))
        self._flush()

    def _read(self, row: int, cells: Sequence[Cell]) -> Parsed | None:
        try:
            return self._file.reader.read(row, cells)
        except Faulty as faulty:
            self._applier.refuse(faulty.faults, self._file.reader.number(cells))
            return None

    def _take(self, parsed: Parsed, course: Course) -> None:
        column = self._file.mapping.columns["number"]
        facts: dict[str, str | int | float | bool | None] = {"number": parsed.number, "first": course.other}
        if course.what == "refused":
            self._applier.refuse([Fault("import.repeated_different", parsed.row, column, facts)], parsed.number)
            return
        if course.what == "equal":
            self._report.repeated += 1
            self._applier.note(Note("repeated_equal", column, facts), parsed)
            return
        self._tally(parsed)
        if course.what == "known":
            self._report.unchanged += 1
            self._applier.met(parsed.number)
        elif course.wave == 0:
            self._add(parsed)

    def _tally(self, parsed: Parsed) -> None:
        if parsed.platform_verdict or parsed.own_verdict:
            pair = (parsed.platform_verdict, parsed.own_verdict)
            self._report.verdicts[pair] = self._report.verdicts.get(pair, 0) + 1
        for note in parsed.notes:
            self._applier.note(note, parsed)

    def _add(self, parsed: Parsed) -> None:
        self._chunk.append(parsed)
        if len(self._chunk) >= CHUNK:
            self._flush()

    def _flush(self) -> None:
        if self._chunk:
            self._applier.apply(self._chunk)
            self._chunk = []
        self._progress(self._report.rows, self._file.survey.rows)


def _note_file(file: Looked, applier: Applier, report: ImportReport) -> None:
    """Keep the findings that concern the whole file."""
    for code in sorted(OF_THE_FILE & set(report.warnings)):
        applier.note(Note(code, "", {"rows": report.warnings[code]}), times=0)
    column = file.mapping.columns.get("longitude", "")
    for pile in report.piles:
        if pile.withheld:
            facts: dict[str, str | int | float | bool | None] = {"lon": pile.lon, "lat": pile.lat, "rows": pile.rows}
            applier.note(Note("coordinate_pile", column, facts))
    _note_workbook(file.table, applier)
    for note in file.marks.notes() if file.marks else ():
        applier.note(note)
    if errors := file.table.error_cells:
        applier.note(Note("error_cells", "", {"cells": errors}), times=errors)


def _note_workbook(table: Table, applier: Applier) -> None:
    """Say what was left out at the file's end, what its workbook hides, and what formulas worked out."""
    for row, why, text in table.left_out():
        applier.note(Note(f"row_{why}", "", {"text": text}), at=row)
    hidden = sum(row >= table.header_row + table.header_rows for row in table.hidden_rows)
    for code, n in {
        "hidden_rows": hidden,
        "hidden_columns": len(table.hidden_columns),
        "formula_cells": table.formula_cells,
    }.items():
        if n:
            applier.note(Note(code, "", {"n": n}), times=n)


def _unconfirmed(tenant: Tenant) -> dict[str, int]:
    kinds = {"classes": CaseClass, "bodies": Body, "territories": Territory}
    return {
        kind: model._default_manager.filter(tenant=tenant, confirmed=False).count()  # noqa: SLF001 - Django's own name
        for kind, model in kinds.items()
    }


def _close(file: Looked, batch: ImportBatch, report: ImportReport, *, by: Actor, at: datetime) -> None:
    """Complete the batch and write its one ledger line."""
    digests = SourceRecord.objects.filter(batch=batch).order_by("pk").values_list("digest", flat=True)
    report.batch = batch.pk
    report.rulings = asdict(causes_among(rulings_of(batch)))
    batch.merkle_root = merkle_root(digests.iterator())
    batch.counts = {key: value for key, value in report.contract().items() if key != "batch"}
    batch.save(update_fields=["merkle_root", "counts"])
    count_use(batch.tenant, file.table.header, file.mapping)
    counted = ("rows", "created", "updated", "unchanged", "repeated", "refused", "unplaced", "warnings", "observed")
    record(
        "import.apply",
        about=f"batch:{batch.pk}",
        by=by,
        at=at,
        tenant=batch.tenant,
        after=batch.merkle_root,
        facts={
            "source": batch.source.code,
            "file": batch.file_name,
            "file_digest": batch.file_digest,
            "mapping_digest": digest(file.mapping.text),
            **{key: batch.counts[key] for key in (*counted, "disagreements")},
        },
    )
