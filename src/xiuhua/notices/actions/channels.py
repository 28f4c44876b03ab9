"""The only writers of channels."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import personal_digest
from xiuhua.kernel.words import Actor, GiveUp, NotYet, Refusal, marked
from xiuhua.notices.actions.sending import send, slots_of
from xiuhua.notices.models import Channel, Message
from xiuhua.notices.outgoing import NoAnswer, Uncertain
from xiuhua.notices.robots import RobotRefused, robot
from xiuhua.notices.rules.routing import ROUTES
from xiuhua.notices.rules.targets import target
from xiuhua.notices.words import ChannelKind
from xiuhua.responsibility.models import Body


class ChannelNameTaken(Refusal):
    """Another channel of the office has that name."""

    code = "channel.name_taken"
    sentence = marked("已有叫“%(name)s”的通道。")


class ChannelUnknown(Refusal):
    """The office has no channel of that name."""

    code = "channel.unknown"
    sentence = marked("没有叫“%(name)s”的通道。")


class AddressMalformed(Refusal):
    """A shared mailbox needs an address."""

    code = "channel.email"
    sentence = marked("不是邮箱地址。")


class EventUnknown(Refusal):
    """Nobody is told of an event of that name."""

    code = "channel.event"
    sentence = marked("没有叫“%(name)s”的事件可以订阅。")


class TrialFailed(Refusal):
    """The test did not arrive."""

    code = "channel.trial_failed"
    sentence = marked("没有发出去：%(why)s")


def add_channel(
    tenant: Tenant,
    *,
    kind: ChannelKind,
    name: str,
    address: str,
    events: Sequence[str] = (),
    body: Body | None = None,
    language: str = "zh-hans",
    by: Actor,
    at: datetime,
) -> Channel:
    """Add a channel and return it; a webhook's is made with a new secret, to be shown to who adds it and never again.

    Raises RobotUnknown, TargetForbidden, AddressMalformed, EventUnknown, ChannelNameTaken.
    """
    _check(kind, address)
    for event in events:
        if event not in ROUTES:
            raise EventUnknown(name=event)
    with transaction.atomic():
        channel, created = Channel.objects.get_or_create(
            tenant=tenant,
            name=name,
            defaults={
                "kind": kind,
                "address": address,
                "secret": secrets.token_urlsafe(32) if kind == ChannelKind.WEBHOOK else "",
                "events": list(events),
                "body": body,
                "language": language,
            },
        )
        if not created:
            raise ChannelNameTaken(name=name)
        if kind == ChannelKind.ROBOT:
            slots_of(channel)
        facts = {"kind": str(kind), "name": name, "events": list(events), "body": body.code if body else ""}
        _record("channel.add", channel, facts | {"address": personal_digest(address)}, by=by, at=at)
    return channel


def _check(kind: ChannelKind, address: str) -> None:
    if kind == ChannelKind.ROBOT:
        robot(address)
    elif kind == ChannelKind.WEBHOOK:
        place = target(address, plain=True).place
        target(address, plain=settings.CALLS_PLAIN or place in settings.CALLS_ALLOWED)
    else:
        try:
            validate_email(address)
        except ValidationError as error:
            raise AddressMalformed from error


def channel_named(tenant: Tenant, name: str) -> Channel:
    """Return an office's channel. Raises ChannelUnknown."""
    found = Channel.objects.filter(tenant=tenant, name=name).first()
    if found is None:
        raise ChannelUnknown(name=name)
    return found


def switch_channel(channel: Channel, *, active: bool, by: Actor, at: datetime) -> None:
    """Let a channel hear of events, or not; what was on its way to one that is off is not sent."""
    with transaction.atomic():
        if Channel.objects.filter(pk=channel.pk, active=not active).update(active=active):
            _record("channel.switch", channel, {"name": channel.name, "active": active}, by=by, at=at)


def remove_channel(channel: Channel, *, by: Actor, at: datetime) -> None:
    """Remove a channel with its address and secret; what was on its way is not sent."""
    with transaction.atomic():
        _record("channel.remove", channel, {"kind": channel.kind, "name": channel.name}, by=by, at=at)
        Channel.objects.filter(pk=channel.pk).delete()


def try_channel(channel: Channel, *, by: Actor, at: datetime) -> None:
    """Send a test through a channel now, within its limits. Raises TrialFailed, TargetForbidden."""
    with transaction.atomic():
        message = Message.objects.create(
            channel=channel,
            event_key=f"test:{channel.pk}:{at.timestamp()}",
            name="channel.test",
            facts={"number": channel.name},
            at=at,
        )
        _record("channel.test", channel, {"name": channel.name}, by=by, at=at)
    try:
        send(message, at)
    except NotYet as later:
        raise TrialFailed(why=f"{later.until:%H:%M:%S} UTC") from later
    except (GiveUp, NoAnswer, Uncertain, RobotRefused, OSError) as error:
        raise TrialFailed(why=str(error) or type(error).__name__) from error


def _record(verb: str, channel: Channel, facts: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    record(verb, about=f"channel:{channel.pk}", by=by, at=at, tenant=channel.tenant, facts=dict(facts))
