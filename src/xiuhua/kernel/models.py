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
