"""Named reads of exchange."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Count, QuerySet

from xiuhua.cases.models import Case, Ruling
from xiuhua.cases.queries import elsewhere
from xiuhua.cases.words import PlaceMethod
from xiuhua.exchange.models import Finding, ImportBatch, PendingCorrection, SourceRecord
from xiuhua.exchange.rules.mappings import parse_mapping
from xiuhua.exchange.words import Mapping, Severity
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Fault, Refusal, marked


class BatchUnknown(Refusal):
    """There is no such import."""

    code = "import.batch_unknown"
    sentence = marked("没有导入批次 %(batch)s。")


class MappingUnreadable(Refusal):
    """The mapping is not a text file in UTF-8."""

    code = "import.mapping_unreadable"
    sentence = marked("读不出导入映射 %(path)s：%(reason)s")


@dataclass(frozen=True, slots=True)
class FindingCount:
    """How many findings of one code a batch has."""

    code: str
    severity: str
    count: int


def load_mapping(path: Path) -> Mapping:
    """Return the mapping in a TOML file. Raises MappingUnreadable, MappingMalformed."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MappingUnreadable(path=str(path), reason=str(error)) from error
    return parse_mapping(text)


def batch_numbered(key: int, *, lock: bool = False) -> ImportBatch:
    """Return an import with its source and tenant, locked for writing if asked. One query. Raises BatchUnknown."""
    found = ImportBatch.objects.select_related("source", "tenant").filter(pk=key)
    batch = (found.select_for_update(of=("self", "source")) if lock else found).first()
    if batch is None:
        raise BatchUnknown(batch=key)
    return batch


def batches(tenant: Tenant) -> list[ImportBatch]:
    """Return a tenant's imports with their sources, newest first; undone ones too. One query."""
    return list(ImportBatch.objects.filter(tenant=tenant).select_related("source").order_by("-pk"))


def batch_report(batch: ImportBatch) -> dict[str, Any]:
    """Return a batch's report as the output contract of `import --json` has it. No query."""
    return {"batch": batch.pk, **batch.counts}


def finding_counts(batch: ImportBatch) -> list[FindingCount]:
    """Return how many findings a batch has of each code, refusals first, then by code. One query."""
    rows = Finding.objects.filter(batch=batch).values_list("code", "severity").annotate(n=Count("pk"))
    found = [FindingCount(code, severity, n) for code, severity, n in rows.order_by("code", "severity")]
    return sorted(found, key=lambda one: (one.severity != Severity.REFUSED, one.code))


def findings(batch: ImportBatch, code: str | None = None, *, after: int = 0, limit: int | None = None) -> list[Finding]:
    """Return what an import noticed, of one code if given, in the order of keys; page with the last key as `after`.

    One query.
    """
    found = Finding.objects.filter(batch=batch, pk__gt=after).order_by("pk")
    found = found.filter(code=code) if code else found
    return list(found[:limit] if limit is not None else found)


def as_fault(finding: Finding) -> Fault:
    """Return a finding as the fault it was, for `kernel.phrases.fault_sentence`."""
    return Fault(finding.code, finding.row, finding.column, finding.facts)


def records_of_case(case: Case) -> list[SourceRecord]:
    """Return all versions of what platforms say about a case, newest first, with batch and source. One query."""
    found = SourceRecord.objects.filter(case=case).select_related("batch", "source")
    return list(found.order_by("-current", "-version", "-pk"))


def pending_corrections(tenant: Tenant, period: str) -> int:
    """Return how many cases have changed since a month was frozen and wait for a new freeze. One query."""
    waiting = PendingCorrection.objects.filter(tenant=tenant, period=period, absorbed_at=None)
    return waiting.values("number").distinct().count()


def rulings_of(batch: ImportBatch) -> QuerySet[Ruling]:
    """Return what the rules say about the cases whose records in force a batch brought."""
    return Ruling.objects.filter(case__source_records__batch=batch, case__source_records__current=True).distinct()


#: Lists of records by what the rules say: the word before the stroke → the column of the ruling.
RULED = {"due": "due_cause", "verdict": "verdict_cause", "unruled": "unruled"}
_PLAIN: dict[str, dict[str, Any]] = {
    "created": {"version": 1},
    "updated": {"version__gt": 1},
    "unplaced": {"case__territory__isnull": True},
    "provisional": {"current": True, "case__ruling__provisional": True},
    **{way: {"case__place_method": way} for way in PlaceMethod.values},
}


def records_in(batch: ImportBatch, what: str) -> QuerySet[SourceRecord]:
    """Return the records a batch brought, narrowed to `what`, with their cases, in the order of the file's rows.

    created, updated; unplaced, point, code, name (how their cases are placed now); or a pair of verdicts as
    "platform:own", either of which may be empty. By what the rules say: due/CAUSE, verdict/CAUSE, unruled/WHY,
    provisional, elsewhere. Anything else is all of them.
    """
    found = SourceRecord.objects.filter(batch=batch).select_related("case").order_by("row", "pk")
    if what == "elsewhere":
        return found.filter(current=True, case__ruling__in=elsewhere(rulings_of(batch)))
    return found.filter(**_narrowing(what))


def _narrowing(what: str) -> dict[str, Any]:
    word, _stroke, value = what.partition("/")
    if word in RULED:
        return {"current": True, f"case__ruling__{RULED[word]}": value}
    if ":" in what:
        platform, own = what.split(":", 1)
        return {"platform_verdict": platform, "own_verdict": own}
    return _PLAIN.get(what, {})
