"""Who answers: bodies and people with accounts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from xiuhua.kernel.models import InstalledPack, Tenant
from xiuhua.responsibility.words import Role, Tier
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.models import Site, Territory


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
    #: The unit this person belongs to; empty for the office itself.
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="people")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.username


class Post(models.Model):
    """What a person is there for: a role within a territory, a unit, some classes, for a time. Empty narrows nothing.

    A deputy's post carries the scope and role of the post it stands in for, for its own time.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=Role.choices)
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, null=True, related_name="+")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="posts")
    classes = models.ManyToManyField(CaseClass, related_name="+")
    #: First day in force, and first day no longer; empty ends are open.
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    deputy_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="deputies")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["body", "role"], name="post_body_role")]

    def __str__(self) -> str:
        return f"{self.user_id}:{self.role}"


class ApiToken(models.Model):
    """A program's key to what its owner may, narrowed to scopes; the secret itself is nowhere, only its digest."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    #: SHA-256 of a secret of 256 random bits.
    digest = models.CharField(max_length=64, unique=True)
    #: The verbs it may be used for.
    scopes: Any = models.JSONField(default=list)
    created = models.DateTimeField()
    expires_at = models.DateTimeField()
    #: The day only: to find the forgotten ones, not to follow people.
    last_used_day = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class MatrixRow(models.Model):
    """One row of an installed duty matrix with what it names looked up; written with its pack and never changed."""

    pack = models.ForeignKey(InstalledPack, on_delete=models.PROTECT, related_name="duty_rows")
    #: Line in the pack's matrix.csv.
    line = models.PositiveIntegerField()
    tier = models.CharField(max_length=20, choices=Tier.choices)
    #: Empty narrows nothing, here and below.
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, null=True, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+")
    site_type = models.CharField(max_length=20, blank=True)
    case_class = models.ForeignKey(CaseClass, on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    #: ISO weekdays as digits ("67"); empty is every day.
    weekdays = models.CharField(max_length=7, blank=True)
    unit = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    #: Keys of the units that assist, in their order.
    assisting: Any = models.JSONField(default=list)
    basis = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["pack", "line"], name="duty_row_once")]

    def __str__(self) -> str:
        return f"{self.pack}:{self.line}"
