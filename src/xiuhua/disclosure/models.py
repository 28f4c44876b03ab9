"""Bulletins 通报, the versions of their texts, what was decided of them, findings that were let pass; the meeting's packs.

The database itself refuses to change or delete an issued bulletin, and to change or delete any version, decision,
waiver, issued file or abandonment (migrations 0001, 0003).
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from xiuhua.disclosure.bulletin import ApprovalKind, BulletinKind, BulletinState, IssuedForm
from xiuhua.disclosure.packing import PackState
from xiuhua.files.models import StoredFile
from xiuhua.kernel.models import Tenant
from xiuhua.responsibility.models import User


class Bulletin(models.Model):
    """A document of the office about one month, bound to the numbers of one written assessment."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="bulletins")
    period = models.CharField(max_length=7)
    kind = models.CharField(max_length=20, choices=BulletinKind, default=BulletinKind.MONTHLY)
    state = models.CharField(max_length=10, choices=BulletinState, default=BulletinState.DRAFT)
    #: The title and number of the present version, for lists.
    title = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)
    #: How often it was submitted: decisions of earlier rounds do not count.
    round = models.PositiveIntegerField(default=0)
    scheme = models.CharField(max_length=40)
    by = models.CharField(max_length=40)
    month_by = models.CharField(max_length=10)
    #: Digests of the frozen cases and of the written sheets from which the numbers come.
    snapshot = models.CharField(max_length=64)
    sheet = models.CharField(max_length=64)
    #: The numbers that the text may use: [{"name", "title", "value", "unit", "words", "where"}]; never changed.
    fields: Any = models.JSONField(default=list)
    #: The document that this one corrects.
    correction_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    made_at = models.DateTimeField()
    #: Empty until issued.
    number = models.CharField(max_length=100, blank=True)
    number_year = models.PositiveSmallIntegerField(null=True)
    number_seq = models.PositiveIntegerField(null=True)
    issued_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "number_year", "number_seq"], name="bulletin_number_once"),
            models.CheckConstraint(
                name="bulletin_issued_whole",
                condition=(
                    models.Q(state=BulletinState.ISSUED.value, number_seq__gte=1, issued_at__isnull=False)
                    & ~models.Q(number="")
                )
                | (~models.Q(state=BulletinState.ISSUED.value) & models.Q(number="", number_seq=None, issued_at=None)),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "-period", "-id"], name="bulletin_list")]

    def __str__(self) -> str:
        return self.number or self.title


class BulletinVersion(models.Model):
    """One text of a bulletin, as somebody saved it."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    #: [{"kind", "text"}]; locked numbers stand in the text as "{{name}}".
    blocks: Any = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    #: Null for a text that a program made.
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["bulletin", "number"], name="bulletin_version_once")]

    def __str__(self) -> str:
        return f"{self.bulletin_id} v{self.number}"


class Approval(models.Model):
    """What somebody decided of one version at one step."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="approvals")
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    round = models.PositiveIntegerField()
    step = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=ApprovalKind)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bulletin", "round", "step"], name="bulletin_step_once")
        ]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.step} {self.kind}"


class Waiver(models.Model):
    """A finding that somebody who did not write the text lets pass, with his reason."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="waivers")
    key = models.CharField(max_length=16)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["bulletin", "key"], name="bulletin_waiver_once")]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.key}"


class IssuedFile(models.Model):
    """An issued bulletin in one form, as it went out: made once, kept by its content, never made again."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="files")
    form = models.CharField(max_length=4, choices=IssuedForm)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    #: The moment of issue, or a later one where it could not be made then.
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["bulletin", "form"], name="bulletin_file_once")]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.form}"


class Abandonment(models.Model):
    """That a draft was given up, by whom and why; it stays readable."""

    bulletin = models.OneToOneField(Bulletin, on_delete=models.PROTECT, related_name="abandonment")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.bulletin_id}"


class MeetingPack(models.Model):
    """A pack for the meeting, from the moment that somebody asks for it; its files are kept by their content."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=7)
    scheme = models.CharField(max_length=40)
    by = models.CharField(max_length=40)
    month_by = models.CharField(max_length=10)
    #: "zh" or "en".
    language = models.CharField(max_length=2)
    #: Digest of everything that the files hang on (`queries.packs.source_of`); empty until it is known.
    source = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=PackState, default=PackState.MAKING)
    #: Counted whenever the work is asked for: work that has been overtaken changes nothing any more.
    attempt = models.PositiveIntegerField(default=1)
    #: When the work at hand began; null while it waits for a worker.
    begun_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    #: Who asked for it, and in which capacity.
    asked_by = models.CharField(max_length=100)
    asked_post = models.CharField(max_length=60, blank=True)
    #: Why the last attempt did not end well (`kernel.phrases.refusal_kept`).
    failure: Any = models.JSONField(default=dict)
    #: What its manifest.json says; empty until it is made.
    manifest: Any = models.JSONField(default=dict)
    made_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "period", "scheme", "by", "month_by", "language"],
                condition=models.Q(state=PackState.MAKING.value),
                name="pack_making_once",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "-period", "-id"], name="pack_list")]

    def __str__(self) -> str:
        return f"{self.period} {self.by} {self.language}"


class PackFile(models.Model):
    """A file of a pack: what it is called there, and its content."""

    pack = models.ForeignKey(MeetingPack, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=60)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["pack", "name"], name="pack_file_once")]

    def __str__(self) -> str:
        return self.name
