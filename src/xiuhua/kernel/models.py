"""Tenants, the ledger, the outbox and the runs of jobs."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from xiuhua.kernel.words import DeliveryState, EventState


class Tenant(models.Model):
    """One office and the tree of territories under it: its zone of civil time and its settings."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    #: Empty until declared: the first import that names a zone decides it, and says so.
    zone = models.CharField(max_length=60, blank=True)
    #: Choices that are data: {"scheme": "basic", "by": "community", "made_up": true}.
    settings = models.JSONField(default=dict)
    #: Goes up with every recorded change of packs, registers or settings: what is read once and kept is kept for one.
    revision = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class LedgerLine(models.Model):
    """One thing that happened: appended in the transaction of the change, sealed into the chain after it.

    The database itself refuses to delete a line or to change one in anything but its sealing (migration 0004).
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    post = models.CharField(max_length=100, blank=True)
    #: What was done, as "noun.verb": "import.apply", "territory.import", "user.create".
    verb = models.CharField(max_length=60)
    about = models.CharField(max_length=100)
    before = models.CharField(max_length=64, blank=True)
    after = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    facts: Any = models.JSONField(default=dict)
    #: By the database's own clock, whatever moment the line tells of; empty in lines of before it was kept.
    written_at = models.DateTimeField(null=True)
    #: Place and link in the chain; empty between commit and sealing.
    chain_no = models.BigIntegerField(null=True, unique=True)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["about"], name="ledger_about"),
            models.Index(fields=["id"], condition=models.Q(chain_no=None), name="ledger_unsealed"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.about}"


class InstalledPack(models.Model):
    """One version of a data pack as an office installed it; never changed afterwards."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="packs")
    kind = models.SlugField(max_length=40)
    code = models.SlugField(max_length=40)
    version = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    #: First day on which it speaks; it speaks until the next installed version of its kind and code begins.
    effective_from = models.DateField()
    title: Any = models.JSONField(default=dict)
    provenance: Any = models.JSONField(default=dict)
    made_up = models.BooleanField(default=False)
    #: Path → text: what was installed stays readable whatever becomes of the folder.
    files: Any = models.JSONField(default=dict)
    installed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "kind", "code", "version"], name="pack_version_once"),
            models.UniqueConstraint(fields=["tenant", "kind", "code", "effective_from"], name="pack_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.code}@{self.version}"


class OutboxEvent(models.Model):
    """Something that happened, written in the transaction of the change and handed on by the worker once it is due.

    Rows leave when all their deliveries are done and old: the ledger remembers, the outbox only delivers.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    #: What happened, as "noun.verb": "case.dispatched".
    name = models.CharField(max_length=60)
    about = models.CharField(max_length=100)
    #: Keys, codes and numbers that subscribers need to read the rest; no names or phones of persons.
    facts: Any = models.JSONField(default=dict)
    at = models.DateTimeField()
    #: Not handed on before: until then whoever undoes the change takes its event back.
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=EventState, default=EventState.WAITING)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(state=EventState.WAITING), name="outbox_waiting"),
            models.Index(fields=["about"], name="outbox_about"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.about}"

    @property
    def key(self) -> str:
        """Return what subscribers deduplicate by; never used for a second event."""
        return f"event:{self.pk}"


class Delivery(models.Model):
    """One event on its way to one subscriber."""

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    #: Counted when a worker takes it, not when it comes back: what kills its worker is counted too.
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    #: The worker that took it has until then; afterwards another may take it.
    claimed_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "subscriber"], name="delivery_once")]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=models.Q(state=DeliveryState.WAITING), name="delivery_waiting"),
            models.Index(fields=["state", "done_at"], name="delivery_state"),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} {self.event_id}"


class JobRun(models.Model):
    """When a job last ran for an office, and how that went."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    job = models.CharField(max_length=60)
    #: The instant of the rhythm that was last finished; null before the first.
    slot = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "job"], name="job_once")]

    def __str__(self) -> str:
        return self.job
