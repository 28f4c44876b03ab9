"""Frozen facts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from xiuhua.kernel.models import Tenant


class Snapshot(models.Model):
    """The facts of one period as they stood at `as_of`, frozen as Parquet and addressed by their digest."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=7)
    as_of = models.DateTimeField()
    #: Of the canonical rows, not of the Parquet bytes.
    digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    #: Folder below XIUHUA_HOME that holds one Parquet file per fact and dimension table.
    folder = models.CharField(max_length=200)
    rows: Any = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "period", "as_of", "digest"], name="snapshot_once")
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.digest[:8]}"
