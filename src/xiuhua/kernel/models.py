"""Tenants and the ledger."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models


class Tenant(models.Model):
    """One office and the tree of territories under it: its zone of civil time and its settings."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    #: Empty until declared: the first import that names a zone decides it, and says so.
    zone = models.CharField(max_length=60, blank=True)
    #: Choices that are data: {"scheme": "basic", "by": "community", "made_up": true}.
    settings = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name


class LedgerLine(models.Model):
    """One thing that happened: appended in the transaction of the change, sealed into the chain after it."""

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
    #: Place and link in the chain; empty between commit and sealing.
    chain_no = models.BigIntegerField(null=True, unique=True)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["about"], name="ledger_about")]

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
