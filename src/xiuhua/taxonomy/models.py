"""What: classes of cases. (Filing conditions and limits come with the packs.)"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from xiuhua.kernel.models import Tenant


class CaseClass(models.Model):
    """A main class (no parent) or a sub-class of one scheme; an observed one is unconfirmed."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    #: The numbering the code belongs to; observed names use the source's code as scheme.
    scheme = models.SlugField(max_length=40)
    code = models.CharField(max_length=200)
    name = models.CharField(max_length=100)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="subclasses")
    confirmed = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "scheme", "code"], name="case_class_once")]

    def __str__(self) -> str:
        return self.name
