"""Undoing an import: its records go, earlier versions come back, its story stays (ADR 0005)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from xiuhua.cases.actions import rule_cases
from xiuhua.cases.models import Case, CaseMove
from xiuhua.cases.queries import RuleBook
from xiuhua.cases.words.moves import Verb
from xiuhua.exchange.actions.comparing import forget
from xiuhua.exchange.actions.corrections import Corrections
from xiuhua.exchange.actions.mirroring import Observer, follow, mirrored
from xiuhua.exchange.actions.placing import Placer
from xiuhua.exchange.actions.surveying import CHUNK
from xiuhua.exchange.models import ImportBatch, SourceRecord
from xiuhua.exchange.queries import batch_numbered
from xiuhua.exchange.rules.mappings import parse_mapping
from xiuhua.exchange.rules.rows import Faulty, RowReader, from_content
from xiuhua.exchange.words import MARKS, BatchState, UndoReport
from xiuhua.kernel.actions import record
from xiuhua.kernel.models import LedgerLine
from xiuhua.kernel.words import Actor, Refusal, marked

#: Case numbers that a refusal names.
_NAMED = 10


class AlreadyUndone(Refusal):
    """There is nothing left to undo."""

    code = "import.already_undone"
    sentence = marked("导入批次 %(batch)s 已经撤销过了。")


class BatchBelow(Refusal):
    """Later imports have put newer versions on top."""

    code = "import.batch_below"
    sentence = marked("导入批次 %(batch)s 之上还有更新的版本，请先撤销批次 %(later)s。")


class CasesMoved(Refusal):
    """Cases of the batch have begun a life of their own."""

    code = "import.cases_moved"
    sentence = marked("批次 %(batch)s 里有 %(n)s 件案件已在本单位办理，不能撤销：%(numbers)s")


class RecordUnreadable(Refusal):
    """An earlier version can no longer be read, so that its case cannot follow it again."""

    code = "import.record_unreadable"
    sentence = marked("案件 %(number)s 的上一版读不出来，批次 %(batch)s 没有撤销。")


def undo_import(batch_id: int, *, by: Actor, at: datetime) -> UndoReport:
    """Take an import back and return what that did: records deleted, its own cases deleted, others as before it.

    The batch, its findings and both ledger lines stay. Raises BatchUnknown, AlreadyUndone, BatchBelow, CasesMoved,
    RecordUnreadable; then nothing has changed.
    """
    with transaction.atomic():
        batch = batch_numbered(batch_id, lock=True)
        if batch.state != BatchState.APPLIED:
            raise AlreadyUndone(batch=batch_id)
        _check_on_top(batch)
        cases = list(SourceRecord.objects.filter(batch=batch).order_by("case_id").values_list("case_id", flat=True))
        cases = list(dict.fromkeys(cases))
        _check_unmoved(batch, cases)
        forget(batch)
        undone = _Undoing(batch, Corrections(batch.tenant, batch), at)
        for begin in range(0, len(cases), CHUNK):
            undone.take_back(cases[begin : begin + CHUNK])
        batch.state, batch.undone_at = BatchState.UNDONE, at
        batch.save(update_fields=["state", "undone_at"])
        report = undone.report()
        facts = {"records": report.records, "deleted": report.deleted, "restored": report.restored}
        record(
            "import.undo",
            about=f"batch:{batch.pk}",
            by=by,
            at=at,
            tenant=batch.tenant,
            before=batch.merkle_root,
            facts=facts,
        )
    return report


def _check_on_top(batch: ImportBatch) -> None:
    mine = SourceRecord.objects.filter(
        source=OuterRef("source"), number=OuterRef("number"), version__lt=OuterRef("version"), batch=batch
    )
    above = SourceRecord.objects.filter(Exists(mine), source=batch.source).exclude(batch=batch)
    later = list(above.order_by("-batch_id").values_list("batch_id", flat=True).distinct())
    if later:
        raise BatchBelow(batch=batch.pk, later=", ".join(map(str, later)))


def _check_unmoved(batch: ImportBatch, cases: Sequence[int]) -> None:
    """Refuse if a case has had moves of its own since: it follows no longer, or never did and has ledger lines.

    One that had them before the import came is in nobody's way: the import changed what is said of it, not the case.
    """
    mirror = parse_mapping(batch.mapping).mirror
    moved: list[str] = []
    for begin in range(0, len(cases), CHUNK):
        part = Case.objects.filter(pk__in=cases[begin : begin + CHUNK], mirrored=False)
        moves = CaseMove.objects.filter(case__in=part, at__lt=batch.applied_at, undone=False).exclude(verb=Verb.COMMENT)
        own = dict(part.exclude(pk__in=moves.values("case")).order_by("number").values_list("pk", "number"))
        if not mirror:
            abouts = [f"case:{pk}" for pk in own]
            touched = set(LedgerLine.objects.filter(about__in=abouts).values_list("about", flat=True))
            own = {pk: number for pk, number in own.items() if f"case:{pk}" in touched}
        moved += own.values()
    if moved:
        raise CasesMoved(batch=batch.pk, n=len(moved), numbers=", ".join(moved[:_NAMED]))


@dataclass(slots=True)
class _Reading:
    """How the rows of one earlier batch are read again: from their stored content, with the mapping they came with."""

    reader: RowReader
    header: list[str]
    placer: Placer


class _Undoing:
    """The work of one undo, in parts."""

    def __init__(self, batch: ImportBatch, corrections: Corrections, at: datetime) -> None:
        self._batch, self._corrections, self._at = batch, corrections, at
        self._rules = RuleBook.load(batch.tenant)
        self._observer = Observer(batch.tenant, batch.source.code)
        self._readings: dict[int, _Reading] = {}
        self._records = self._deleted = self._restored = 0

    def report(self) -> UndoReport:
        """Return what has been done so far."""
        return UndoReport(self._batch.pk, self._records, self._deleted, self._restored, dict(self._corrections.counts))

    def take_back(self, keys: Sequence[int]) -> None:
        """Remove this batch's records of these cases; bring back what was before, or delete what was not."""
        removed, _by_model = SourceRecord.objects.filter(batch=self._batch, case_id__in=keys).delete()
        self._records += removed
        left = SourceRecord.objects.filter(case_id__in=keys).order_by("version")
        newest = {one.case_id: one for one in left}
        cases = Case.objects.select_for_update().in_bulk(list(keys))
        for case in cases.values():
            self._corrections.touch(case.number, "undone", (case.due_at, case.reported_at))
        gone = [key for key in keys if key not in newest]
        Case.objects.filter(pk__in=gone).delete()
        self._deleted += len(gone)
        self._restore([(cases[key], one) for key, one in newest.items()])
        self._corrections.write()

    def _restore(self, pairs: Sequence[tuple[Case, SourceRecord]]) -> None:
        SourceRecord.objects.filter(pk__in=[one.pk for _case, one in pairs]).update(current=True)
        following = [(case, one) for case, one in pairs if case.mirrored]
        follow(list(self._followed(following)))
        rule_cases(
            self._rules, [case.pk for case, _one in following], at=self._at, reason=f"batch:{self._batch.pk} undone"
        )
        self._restored += len(pairs)

    def _followed(self, pairs: Sequence[tuple[Case, SourceRecord]]) -> Iterator[tuple[Case, dict[str, Any]]]:
        for batch_id in sorted({one.batch_id for _case, one in pairs}):
            reading = self._reading(batch_id)
            part = [(case, one) for case, one in pairs if one.batch_id == batch_id]
            rows = []
            for case, one in part:
                try:
                    rows.append(reading.reader.read(one.row, from_content(one.content, reading.header)))
                except Faulty as faulty:
                    raise RecordUnreadable(faulty.faults, number=case.number, batch=self._batch.pk) from faulty
            self._observer.learn(rows)
            for (case, _one), row, placed in zip(part, rows, reading.placer.place(rows), strict=True):
                self._corrections.touch(case.number, "undone", (row.due_at, row.reported_at))
                yield case, mirrored(row, placed, self._observer)

    def _reading(self, batch_id: int) -> _Reading:
        if batch_id not in self._readings:
            batch = batch_numbered(batch_id)
            mapping = parse_mapping(batch.mapping)
            header = sorted({*mapping.needed, MARKS})
            withheld = frozenset((pile["lon"], pile["lat"]) for pile in batch.counts["piles"] if pile["withheld"])
            self._readings[batch_id] = _Reading(
                RowReader(mapping, header), header, Placer(batch.tenant, mapping, withheld)
            )
        return self._readings[batch_id]
