"""Inboxes, preferences and channels."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from xiuhua.kernel.models import Tenant
from xiuhua.notices.words import ChannelKind, MailWish
from xiuhua.responsibility.models import Body, User


class Notice(models.Model):
    """One event in one person's inbox; worded when it is read, in the reader's language."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    event_key = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    facts: Any = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "event_key"], name="notice_once")]
        indexes: ClassVar = [
            models.Index(fields=["user", "-at", "-id"], name="notice_inbox"),
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.name}"


class Preference(models.Model):
    """How a person wants to hear beside the inbox, which everybody has."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="preference")
    email = models.EmailField(blank=True)
    mail = models.CharField(max_length=10, choices=MailWish, default=MailWish.OFF)
    #: In which language mails are written: a code of settings.LANGUAGES.
    language = models.CharField(max_length=10, default="zh-hans")

    def __str__(self) -> str:
        return f"{self.user_id} {self.mail}"


class Channel(models.Model):
    """A group's robot, another system's address, or a shared mailbox that hears of an office's events."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ChannelKind)
    name = models.CharField(max_length=60)
    #: Holds the robot's key: shown masked, never written to the ledger.
    address = models.CharField(max_length=500)
    #: Signs what a webhook sends; shown once, when it is made.
    secret = models.CharField(max_length=100, blank=True)
    #: Names of events it hears of; none means all that people hear of.
    events: Any = models.JSONField(default=list)
    #: Only events of cases of this unit, if given.
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=10, default="zh-hans")
    active = models.BooleanField(default=True)
    #: One worker at a time sends to a channel.
    busy_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "name"], name="channel_name_once")]

    def __str__(self) -> str:
        return self.name


class SendSlot(models.Model):
    """One of a robot's sends a minute: taken by whoever sets `taken_at` on, free again a minute later."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="slots")
    number = models.PositiveSmallIntegerField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["channel", "number"], name="slot_once")]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.number}"


class Message(models.Model):
    """One event on its way through one channel."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="messages")
    event_key = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    facts: Any = models.JSONField(default=dict)
    at = models.DateTimeField()
    #: Sends whose outcome is not known: counted before sending, taken back when the other side said no.
    tried = models.PositiveSmallIntegerField(default=0)
    #: Whether it found no free send and goes out with others in one digest.
    held = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["channel", "event_key"], name="message_once")]
        indexes: ClassVar = [
            models.Index(fields=["channel", "id"], condition=models.Q(sent_at=None, held=True), name="message_held")
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.name}"


class Reminded(models.Model):
    """A reminder that was given: each only once, however often the job looks."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    #: What it was about and which: "overdue:A-17:2026-11-23T02:00:00+00:00".
    key = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "key"], name="reminded_once")]

    def __str__(self) -> str:
        return self.key
