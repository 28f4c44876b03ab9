"""The file of one problem."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xiuhua.cases.words import PlaceMethod, Stage, Undetermined
from xiuhua.kernel.models import Tenant
from xiuhua.responsibility.models import Body
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.models import Territory


class Case(models.Model):
    """Our own record of a problem. A mirroring case follows its newest source record until its first own move."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=80)
    mirrored = models.BooleanField(default=False)
    stage = models.CharField(max_length=20, choices=Stage.choices, default=Stage.OPEN)
    reported_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    undetermined = models.CharField(max_length=40, choices=Undetermined.choices, blank=True)
    title = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True)
    address = models.CharField(max_length=300, blank=True)
    #: How the problem became known, in the words of the source ("市民热线").
    channel = models.CharField(max_length=100, blank=True)
    case_class = models.ForeignKey(CaseClass, on_delete=models.PROTECT, null=True, related_name="+")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, null=True, related_name="+")
    place_method = models.CharField(max_length=10, choices=PlaceMethod.choices, default=PlaceMethod.NONE)
    #: WGS-84 degrees.
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "number"], name="case_number_once")]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "due_at"], name="case_due"),
            models.Index(fields=["tenant", "reported_at"], name="case_reported"),
        ]

    def __str__(self) -> str:
        return self.number
