"""Who answers: bodies and people with accounts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from xiuhua.kernel.models import Tenant
from xiuhua.responsibility.words import Role
from xiuhua.territory.models import Territory


class Body(models.Model):
    """A unit that can be responsible: a team, a company, a department; an observed one is unconfirmed."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=40, blank=True)
    confirmed = models.BooleanField(default=True)
    #: Other names under which platforms and people know the unit.
    aliases: Any = models.JSONField(default=list)
    #: The territory whose own unit this is: who answers there when no rule names another. Empty for all other units.
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, null=True, related_name="own_units")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "code"], name="body_code_once")]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Looks accounts up by user name; `responsibility.actions.create_user` writes them."""


class User(AbstractBaseUser):
    """A person with an account. No position, no punch-in, no counters: what people do is in the ledger."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60, blank=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.STAFF)
    #: The unit this person belongs to; empty for the office itself.
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="people")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.username
