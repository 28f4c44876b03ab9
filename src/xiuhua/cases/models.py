"""The file of one problem."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from xiuhua.cases.words import Cause, PlaceMethod, Stage, Undetermined, Unruled, Verdict
from xiuhua.kernel.models import Tenant
from xiuhua.responsibility.models import Body, MatrixRow
from xiuhua.taxonomy.models import CaseClass, FilingCondition
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
    #: Number of the filing condition, in the words of the source; empty where nobody said.
    filed_under = models.CharField(max_length=40, blank=True)
    #: How often the deadline was extended.
    extensions = models.PositiveSmallIntegerField(default=0)
    #: What the platform says of it.
    platform_verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
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


class Ruling(models.Model):
    """What the rules say about one case: by when, and whose. Worked out by machine, again only with a reason.

    The steps of the deadline are not stored: start, limit, calendar and extensions are, the calendar's version never
    changes, and the bill worked out from them arrives at `due_at` (ADR 0007).
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="ruling")
    condition = models.ForeignKey(FilingCondition, on_delete=models.PROTECT, null=True, related_name="+")
    #: Our own deadline; empty with the reason in `unruled`.
    due_at = models.DateTimeField(null=True)
    unruled = models.CharField(max_length=20, choices=Unruled.choices, blank=True)
    #: Versions of the calendar and its holiday tables, and their digest.
    calendar = models.CharField(max_length=200, blank=True)
    calendar_digest = models.CharField(max_length=64, blank=True)
    extensions = models.PositiveSmallIntegerField(default=0)
    #: Whether days were counted whose holidays had not been announced.
    provisional = models.BooleanField(default=False)
    #: Why the platform's deadline is not ours, with facts for the sentence; why its verdict is not.
    due_cause = models.CharField(max_length=20, choices=Cause.choices, blank=True)
    due_facts: Any = models.JSONField(default=dict)
    verdict_cause = models.CharField(max_length=20, choices=Cause.choices, blank=True)
    #: Whose it is by the duty matrix in force on the day of the report, and the row that says so.
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+")
    duty_row = models.ForeignKey(MatrixRow, on_delete=models.PROTECT, null=True, related_name="+")
    conflict = models.BooleanField(default=False)
    ruled_at = models.DateTimeField()
    #: Why it was worked out, or worked out again.
    reason = models.CharField(max_length=200)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["provisional"], name="ruling_provisional")]

    def __str__(self) -> str:
        return f"{self.case_id}"
