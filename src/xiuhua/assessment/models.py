"""How well: the written score sheets."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xiuhua.kernel.models import Tenant


class Assessment(models.Model):
    """The score sheets of one month under one scheme: a pure function of snapshot, scheme version and the clustering in them."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=7)
    scheme = models.CharField(max_length=40)
    scheme_version = models.CharField(max_length=20)
    #: A territory level, or "unit".
    by = models.CharField(max_length=40)
    month_by = models.CharField(max_length=10, default="due")
    as_of = models.DateTimeField()
    snapshot = models.CharField(max_length=64)
    #: SHA-256 of `body`, the canonical JSON of the output contract.
    digest = models.CharField(max_length=64)
    body = models.TextField()
    assessed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "digest"], name="assessment_once")]
        indexes: ClassVar = [models.Index(fields=["tenant", "period"], name="assessment_period")]

    def __str__(self) -> str:
        return f"{self.period} {self.scheme} {self.by}"
