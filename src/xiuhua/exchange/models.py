"""What other platforms say, beside our own cases."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from xiuhua.cases.models import Case
from xiuhua.cases.words import Verdict
from xiuhua.exchange.words import BatchState, Severity
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
