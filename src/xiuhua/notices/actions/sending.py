"""Sending what is on its way: at least once, visibly twice at most, within what robots bear."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext, ngettext

from xiuhua.kernel.models import OutboxEvent, Tenant
from xiuhua.kernel.words import GiveUp, NotYet
from xiuhua.notices.models import Channel, Message, Notice, SendSlot
from xiuhua.notices.outgoing import TIMEOUT, NoAnswer, outgoing
from xiuhua.notices.phrases import kind_title, told
from xiuhua.notices.queries import preference_of
from xiuhua.notices.robots import RobotBusy, RobotRefused, robot, understood
from xiuhua.notices.rules.signing import signed
from xiuhua.notices.rules.texts import SENDS, counted, one_line, split
from xiuhua.notices.words import ChannelKind

#: When a send is free again: the minute, and the longest that a call may have been under way.
WINDOW = timedelta(seconds=60 + 2 * TIMEOUT)
#: A channel is let go of after so long, should its worker die.
BUSY = timedelta(minutes=2)
#: A message that old helps nobody any more: it becomes a dead letter.
OLD = timedelta(days=1)
#: Sends with an unknown outcome: after the second a person looks first, so that nobody reads a thing three times.
MOST_UNCERTAIN = 2
_OK = range(200, 300)


def post(event: OutboxEvent, now: datetime) -> None:
    """Send the message that an event names through its channel; does nothing if it was sent or the channel is off.

    Raises NotYet, GiveUp, NoAnswer, Uncertain, RobotRefused, and what e-mail raises.
    """
    message = Message.objects.filter(pk=event.facts["message"]).select_related("channel__tenant").first()
    if message is not None and message.channel.active:
        send(message, now)


def send(message: Message, now: datetime) -> None:
    """Send a message through its channel and mark it; does nothing if it was sent. Raises what `post` does."""
    if message.sent_at is not None:
        return
    if now - message.at > OLD:
        raise GiveUp("older than a day")
    channel = message.channel
    if channel.kind == ChannelKind.ROBOT:
        _by_robot(channel, message, now)
    elif channel.kind == ChannelKind.WEBHOOK:
        _by_webhook(channel, message, now)
    else:
        title, body = _worded(message)
        _mailed(channel.address, title, body, key=message.event_key, place=f"channel-{channel.pk}")
    Message.objects.filter(pk=message.pk, sent_at=None).update(sent_at=now, held=False)


def _worded(message: Message) -> tuple[str, str]:
    channel = message.channel
    with translation.override(channel.language):
        return told(message.name, message.facts, zone_or_utc(channel.tenant), settings.SITE_URL)


def zone_or_utc(tenant: Tenant) -> ZoneInfo:
    """Return an office's zone, UTC while it has none."""
    return ZoneInfo(tenant.zone or "UTC")


def _by_webhook(channel: Channel, message: Message, now: datetime) -> None:
    body = json.dumps(
        {"event": message.name, "key": message.event_key, "at": message.at.isoformat(), "facts": message.facts},
        ensure_ascii=False,
    ).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": message.event_key}
    answer = outgoing().post(channel.address, body, {**headers, **signed(channel.secret, body, now)})
    if answer.status not in _OK:
        raise NoAnswer(f"HTTP {answer.status}")


def _by_robot(channel: Channel, message: Message, now: datetime) -> None:
    """Send one message, or all that were held back in one digest; one worker at a time, so that nothing overtakes."""
    free = Q(busy_until=None) | Q(busy_until__lte=now)
    if not Channel.objects.filter(free, pk=channel.pk).update(busy_until=now + BUSY):
        raise NotYet(now + timedelta(seconds=2))
    try:
        message.refresh_from_db(fields=["sent_at", "held", "tried"])
        if message.sent_at is None:
            _say(channel, message, now)
    finally:
        Channel.objects.filter(pk=channel.pk, busy_until=now + BUSY).update(busy_until=None)


def _say(channel: Channel, message: Message, now: datetime) -> None:
    if message.tried >= MOST_UNCERTAIN:
        raise GiveUp("sent twice and no answer: look in the group before sending it again")
    together = _together(channel, message)
    parts = split(_digest(channel, together) if len(together) > 1 else "\n".join(filter(None, _worded(message))))
    _take_slots(channel, message, len(parts), now)
    rows = Message.objects.filter(pk__in=[one.pk for one in together])
    rows.update(tried=F("tried") + 1)
    arrived = 0
    try:
        for part in parts:
            understood(outgoing().post(*robot(channel.address).call(part, now)))
            arrived += 1
    except RobotBusy as error:
        rows.update(tried=F("tried") - int(not arrived), held=True)
        raise NotYet(now + WINDOW) from error
    except (NoAnswer, RobotRefused):
        rows.update(tried=F("tried") - int(not arrived))
        raise
    rows.update(sent_at=now, held=False)


def _together(channel: Channel, message: Message) -> list[Message]:
    """Return what goes out in one message: this one, and if it was held back all others that were."""
    if not message.held:
        return [message]
    held = channel.messages.filter(sent_at=None, held=True, tried__lt=MOST_UNCERTAIN).order_by("pk")
    return list(held) or [message]


def _digest(channel: Channel, together: Sequence[Message]) -> str:
    """Return what several messages are in short: how many of what. The list is where the link leads."""
    with translation.override(channel.language):
        count = len(together)
        head = ngettext("攒了 %(count)s 条消息：", "攒了 %(count)s 条消息：", count) % {"count": count}
        lines = [
            gettext("%(what)s %(count)s 件") % {"what": kind_title(name), "count": number}
            for name, number in counted([one.name for one in together]).items()
        ]
    link = [f"{settings.SITE_URL.rstrip('/')}/cases/"] if settings.SITE_URL else []
    return "\n".join([head, *lines, *link])


def _take_slots(channel: Channel, message: Message, many: int, now: datetime) -> None:
    """Take as many of the minute's sends as a message has parts; else hold it back until they are free. Raises NotYet."""
    old = Q(taken_at=None) | Q(taken_at__lte=now - WINDOW)
    free = list(SendSlot.objects.filter(old, channel=channel).order_by("number")[:many])
    if len(free) == many:
        for slot in free:
            SendSlot.objects.filter(pk=slot.pk).update(taken_at=now)
        return
    Message.objects.filter(pk=message.pk).update(held=True)
    taken = SendSlot.objects.filter(channel=channel, taken_at__gt=now - WINDOW).order_by("taken_at")
    times = [moment for moment in taken.values_list("taken_at", flat=True)[:many] if moment]
    raise NotYet((times[-1] if times else now) + WINDOW)


def slots_of(channel: Channel) -> None:
    """Give a robot's channel its sends of a minute."""
    SendSlot.objects.bulk_create(SendSlot(channel=channel, number=number) for number in range(SENDS))


def mail(event: OutboxEvent, now: datetime) -> None:
    """Send the notice that an event names to its person by e-mail, if that is still wanted and it was not sent."""
    notice = Notice.objects.filter(pk=event.facts["notice"]).select_related("user", "tenant").first()
    if notice is None or notice.mailed_at is not None:
        return
    wish = preference_of(notice.user)
    if wish.email:
        with translation.override(wish.language):
            title, body = told(notice.name, notice.facts, zone_or_utc(notice.tenant), settings.SITE_URL)
        _mailed(wish.email, title, body, key=notice.event_key, place=f"user-{notice.user_id}")
        Notice.objects.filter(pk=notice.pk).update(mailed_at=now)


def mail_digest(notices: Sequence[Notice], now: datetime) -> None:
    """Send a person's notices as one e-mail and mark them as sent; all are one person's, who has an address."""
    user, tenant = notices[0].user, notices[0].tenant
    wish = preference_of(user)
    with translation.override(wish.language):
        texts = ["\n".join(told(one.name, one.facts, zone_or_utc(tenant), settings.SITE_URL)) for one in notices]
        title = gettext("%(office)s：%(count)s 条未读消息") % {"office": tenant.name, "count": len(notices)}
    day = now.astimezone(zone_or_utc(tenant)).date().isoformat()
    _mailed(wish.email, title, "\n\n".join(texts), key=f"digest:{day}", place=f"user-{user.pk}")
    Notice.objects.filter(pk__in=[one.pk for one in notices]).update(mailed_at=now)


def _mailed(address: str, title: str, body: str, *, key: str, place: str) -> None:
    """Send a plain text. The same notice has the same Message-ID: a mailbox shows one that came twice once."""
    if not settings.EMAIL_HOST:
        raise GiveUp("no mail server is set (XIUHUA_SMTP_HOST)")
    headers = {"Message-ID": f"<{key.replace(':', '-')}.{place}@xiuhua.invalid>", "Auto-Submitted": "auto-generated"}
    subject = one_line(title)
    EmailMessage(
        subject, body, settings.DEFAULT_FROM_EMAIL, [address], headers=headers, connection=get_connection()
    ).send()
