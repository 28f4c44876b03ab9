"""Who answers: bodies and people with accounts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from xiuhua.kernel.models import InstalledPack, Tenant
from xiuhua.responsibility.words import Device, LinkKind, Role, Tier
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
    #: Where links of this account go; empty where an administrator hands them over.
    email = models.EmailField(blank=True)
    #: When the present password was chosen; null for none, or one from before this was kept.
    password_set_at = models.DateTimeField(null=True)

    #: Django would keep when somebody last signed in: nobody's presence is watched.
    last_login = None

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


class PastPassword(models.Model):
    """The hash of a password somebody had, as many as the profile forbids to choose again."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="past_passwords")
    hash = models.CharField(max_length=128)
    #: When it was replaced.
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id}:{self.at}"


class SecretTry(models.Model):
    """One try at a secret that was not right (yet). Account and place are keyed digests: the table names nobody."""

    pair = models.CharField(max_length=64)
    place = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["pair", "at"], name="secret_try_pair"),
            models.Index(fields=["place", "at"], name="secret_try_place"),
        ]

    def __str__(self) -> str:
        return f"{self.at}"


class UserSession(models.Model):
    """A browser's session, signed in or not: what Django keeps of it, and what its owner may see and end."""

    session_key = models.CharField(max_length=40, primary_key=True)
    session_data = models.TextField()
    expire_date = models.DateTimeField(db_index=True)
    #: Empty until somebody has signed in.
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    #: Names the session on pages, where its key must not stand.
    handle = models.CharField(max_length=32, blank=True, db_index=True)
    began_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()
    address = models.CharField(max_length=45, blank=True)
    #: Family of the browser and system, never the whole User-Agent.
    agent = models.CharField(max_length=60, blank=True)
    device = models.CharField(max_length=10, choices=Device.choices, default=Device.DESK)

    def __str__(self) -> str:
        return f"{self.user_id}:{self.handle}"


class SecondFactor(models.Model):
    """A person's authenticator. The secret is derived from the salt and the server's key; no table holds it."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_factor")
    salt = models.CharField(max_length=43)
    started_at = models.DateTimeField()
    #: Null until a code of it has been shown.
    confirmed_at = models.DateTimeField(null=True)
    #: The last step of RFC 6238 whose code was accepted; no code of it or an earlier one is taken again.
    last_step = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.user_id}"


class RecoveryCode(models.Model):
    """A code that replaces the authenticator once, kept as a keyed digest."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"{self.user_id}"


class AccountLink(models.Model):
    """An address that works once: half of its token is here, the other half only the server's key can make."""

    kind = models.CharField(max_length=10, choices=LinkKind.choices)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, null=True, related_name="+")
    #: Empty for the set-up of an office, and for a reset that was asked for a name nobody has.
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="links")
    nonce = models.CharField(max_length=43, unique=True)
    #: Keyed digest of the password's hash at the time: once the password changes the link is void.
    bound = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind}:{self.pk}"
