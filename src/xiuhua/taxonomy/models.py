"""What: classes of cases, and under which condition, with which limit a case of a class is filed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from xiuhua.kernel.models import InstalledPack, Tenant
from xiuhua.taxonomy.words import CaseKind


class CaseClass(models.Model):
    """A main class (no parent) or a sub-class of one scheme; an observed one is unconfirmed.

    Within a scheme a code never changes its meaning: versions of a pack share these rows.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    #: The numbering the code belongs to: a pack's code; observed names use the source's code as scheme.
    scheme = models.SlugField(max_length=40)
    #: Events and components are numbered apart; empty for observed classes, which say neither.
    kind = models.CharField(max_length=20, choices=CaseKind.choices, blank=True, default="")
    #: Text, never a number: "0401" is main class 04, sub-class 01.
    code = models.CharField(max_length=200)
    name = models.CharField(max_length=100)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="subclasses")
    confirmed = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "scheme", "kind", "code"], name="case_class_once")
        ]

    def __str__(self) -> str:
        return self.name


class FilingCondition(models.Model):
    """When a case of a class is filed, by when it is to be done and what counts as done; belongs to one pack version."""

    pack = models.ForeignKey(InstalledPack, on_delete=models.PROTECT, related_name="+")
    case_class = models.ForeignKey(CaseClass, on_delete=models.PROTECT, related_name="conditions")
    number = models.CharField(max_length=20)
    text = models.CharField(max_length=1000)
    #: What `clock.rules.limits.kept` wrote; empty where the limit's text could not be read, which makes no deadline.
    limits: Any = models.JSONField(default=list)
    #: The limit as its source wrote it.
    limit_text = models.CharField(max_length=200)
    closing = models.CharField(max_length=500, blank=True)
    #: What is not filed although it looks alike.
    thresholds = models.CharField(max_length=1000, blank=True)
    basis = models.CharField(max_length=500, blank=True)
    remedy = models.CharField(max_length=500, blank=True)
    #: The one meant where a case does not say under which condition it was filed.
    default = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pack", "case_class", "number"], name="condition_once"),
            models.UniqueConstraint(
                fields=["pack", "case_class"], condition=models.Q(default=True), name="condition_default_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_class} {self.number}"

    @property
    def unread(self) -> bool:
        """Return whether the limit's text waits for a person to say what it means."""
        return not self.limits
