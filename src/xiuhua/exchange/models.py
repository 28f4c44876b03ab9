"""What other platforms say, beside our own cases."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from xiuhua.cases.models import Case, CaseMove
from xiuhua.cases.words import Verdict
from xiuhua.exchange.words import BatchState, Kind, Settling, Severity
from xiuhua.kernel.models import Tenant


class Source(models.Model):
    """Another platform whose numbers identify its records."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=100)
    zone = models.CharField(max_length=60)
    #: Whether its cases follow its newest records until their first own move.
    mirror = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "code"], name="source_code_once")]

    def __str__(self) -> str:
        return self.name


class ImportBatch(models.Model):
    """One file that came in, with what became of it. Kept when undone."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="batches")
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.APPLIED)
    file_name = models.CharField(max_length=255)
    file_digest = models.CharField(max_length=64)
    #: The mapping's text as it was used: a batch stays explainable and can be read again.
    mapping = models.TextField()
    actor = models.CharField(max_length=100)
    applied_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    merkle_root = models.CharField(max_length=64)
    #: The output contract of `import --json` without "batch".
    counts: Any = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.pk} {self.file_name}"


class SourceRecord(models.Model):
    """One version of what a platform says under one number; the content is its row as it came."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="records")
    number = models.CharField(max_length=80)
    version = models.IntegerField()
    current = models.BooleanField(default=True)
    digest = models.CharField(max_length=64)
    #: JSON object header → cell as text.
    content = models.TextField()
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="records")
    row = models.IntegerField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="source_records")
    #: The platform's own verdict and ours from its target and close columns.
    platform_verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    own_verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "number", "version"], name="source_record_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} v{self.version}"


class Finding(models.Model):
    """Something an import noticed about one row (or, with no row, about the file)."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="findings")
    severity = models.CharField(max_length=10, choices=Severity.choices)
    code = models.CharField(max_length=60)
    row = models.IntegerField(null=True)
    column = models.CharField(max_length=100, blank=True)
    number = models.CharField(max_length=80, blank=True)
    facts: Any = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["batch", "code"], name="finding_batch_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.row}"


class PendingCorrection(models.Model):
    """A change that arrived after its month was frozen: listed until a new freeze takes it up."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=7)
    #: Empty where no import did it.
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, null=True, related_name="corrections")
    number = models.CharField(max_length=80)
    #: created, updated, undone, ruled or moved.
    kind = models.CharField(max_length=10)
    absorbed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "period"], name="correction_period")]

    def __str__(self) -> str:
        return f"{self.period} {self.number}"


class Disagreement(models.Model):
    """Where an import said otherwise than our own case, once for each respect and value.

    It is a find, not a verdict: whether it still stands the case itself is asked when the queue is read
    (`exchange.reconciling.standing`), so that a move at the desk, or taking one back, needs no bookkeeping here.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="disagreements")
    #: What they say; empty once the import that said it was taken back.
    record = models.ForeignKey(SourceRecord, on_delete=models.SET_NULL, null=True, related_name="+")
    #: The import that brought it to light.
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="disagreements")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    #: What they say and what we had then, as `rules.disagreements.written` writes it.
    theirs = models.CharField(max_length=40, blank=True)
    ours = models.CharField(max_length=40, blank=True)
    #: The same once more for the database to compare: key of a unit, class or territory; a deadline.
    their_key = models.BigIntegerField(null=True)
    their_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=Settling.choices, default=Settling.OPEN)
    #: Verb of the move that settled it, or "keep".
    how = models.CharField(max_length=30, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    settled_by = models.CharField(max_length=100, blank=True)
    settled_at = models.DateTimeField(null=True)
    move = models.ForeignKey(CaseMove, on_delete=models.PROTECT, null=True, related_name="+")
    #: The import after which both sides agreed, or they said something else.
    gone_batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "source", "kind"], condition=models.Q(state="open"), name="disagreement_open_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "state", "kind", "id"], name="disagreement_queue"),
            models.Index(fields=["batch", "state"], name="disagreement_of_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.state}"


class KnownMapping(models.Model):
    """A mapping that someone confirmed for files with one set of columns: the next such file is read likewise."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    #: `exchange.rules.guessing.fingerprint` of the header.
    fingerprint = models.CharField(max_length=64)
    #: TOML, ready to be parsed.
    text = models.TextField()
    confirmed_by = models.CharField(max_length=100)
    confirmed_at = models.DateTimeField()
    times_used = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "fingerprint"], name="known_mapping_once"),
        ]

    def __str__(self) -> str:
        return self.fingerprint[:12]
