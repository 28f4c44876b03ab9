"""What other platforms say, beside our own cases."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from xiuhua.cases.models import Case, CaseMove
from xiuhua.cases.words import Verdict
from xiuhua.exchange.words import BatchState, FileForm, IntakeState, Kind, Settling, Severity
from xiuhua.kernel.models import Tenant
from xiuhua.responsibility.models import User


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
    #: The import whose file this one read again, by another mapping.
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    #: How the file looked, so that it can go back as it came: {"header": […], "encoding": "xlsx"}.
    shape: Any = models.JSONField(default=dict)

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


class Intake(models.Model):
    """A file on its way in: received in pieces, read by a mapping, checked, imported. Its bytes lie in `exchange.shed`."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    #: Made by the client, once per file it sends.
    client_uuid = models.UUIDField()
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    #: When the file was last changed where it came from, in milliseconds; 0 where nobody said.
    stamp = models.BigIntegerField(default=0)
    #: Bytes that are safely on the disk.
    received = models.BigIntegerField(default=0)
    by = models.CharField(max_length=100)
    state = models.CharField(max_length=10, choices=IntakeState, default=IntakeState.UPLOADING)
    #: Counted whenever a job is asked for: a job that has been overtaken changes nothing any more.
    attempt = models.PositiveIntegerField(default=0)
    #: When the job at hand began; null while it waits for a worker.
    begun_at = models.DateTimeField(null=True)
    #: Who asked for the job at hand, and in which capacity.
    asked_by = models.CharField(max_length=100, blank=True)
    asked_post = models.CharField(max_length=60, blank=True)
    #: The mapping's TOML as it stands, and what the form holds that no mapping can yet.
    mapping = models.TextField(blank=True)
    answers: Any = models.JSONField(default=dict)
    #: `Health.contract()` of this file by this mapping; empty while it was not checked.
    report: Any = models.JSONField(default=dict)
    #: Why the last job did not end well: what it was about to do, the sentence and its facts.
    failure: Any = models.JSONField(default=dict)
    only_good = models.BooleanField(default=True)
    #: The second list that came with the file: {"name", "numbers", "unread"}; empty where none did.
    marks: Any = models.JSONField(default=dict)
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, null=True, related_name="intakes")
    #: The import that this file's next one takes the place of.
    replaces = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "client_uuid"], name="intake_once")]
        indexes: ClassVar = [models.Index(fields=["tenant", "state"], name="intake_state")]

    def __str__(self) -> str:
        return self.name


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


class ExportPlan(models.Model):
    """A list that goes out every night, seen through the posts that its maker holds on the day."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    #: Name of the list (exchange.lists.LISTS), its filters by name, its order.
    what = models.SlugField(max_length=40)
    given: Any = models.JSONField(default=dict)
    sort = models.CharField(max_length=20, blank=True)
    form = models.CharField(max_length=10, choices=FileForm.choices, default=FileForm.XLSX)
    on = models.BooleanField(default=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pk} {self.what}.{self.form}"


class ExportRun(models.Model):
    """One night's file of a plan, or why there is none."""

    plan = models.ForeignKey(ExportPlan, on_delete=models.CASCADE, related_name="runs")
    #: The office's day that it is of.
    day = models.DateField()
    at = models.DateTimeField()
    #: Name within the folder of exports, empty where it failed or was swept.
    path = models.CharField(max_length=200, blank=True)
    rows = models.PositiveIntegerField(null=True)
    size = models.BigIntegerField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "day"], name="export_run_once")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.day}"


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
