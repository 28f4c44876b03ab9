"""Turning an event into notices and messages: once, however often the event comes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from xiuhua.kernel.actions import emit
from xiuhua.kernel.models import OutboxEvent
from xiuhua.notices.models import Channel, Message, Notice, Preference
from xiuhua.notices.queries.audience import audience, case_of_event, happened
from xiuhua.notices.rules.routing import ROUTES, wanted
from xiuhua.notices.words import MailWish

MAIL, POST = "notice.mail", "notice.post"


def hear(event: OutboxEvent, now: datetime) -> int:
    """Tell everybody whom an event concerns: a notice in each inbox, an event for each mail and message to be sent.

    One transaction; who has heard of the event before is passed over. Returns how many notices and messages were made.
    """
    if event.name not in ROUTES:
        return 0
    case = case_of_event(event)
    if case is None:
        return 0
    what = happened(event, case)
    return tell(event, what.facts(), audience(event, case), _channels(event, case.body_id), now)


def tell(
    event: OutboxEvent, facts: Mapping[str, Any], people: Iterable[int], channels: Iterable[Channel], now: datetime
) -> int:
    """Write an event's notices for people (keys of accounts), its mails and its messages for channels, in one transaction.

    Who has it already is passed over. Returns how many notices and messages were made.
    """
    common = {"event_key": event.key, "name": event.name, "facts": dict(facts), "at": event.at}
    with transaction.atomic():
        told = set(Notice.objects.filter(event_key=event.key).values_list("user_id", flat=True))
        new = [user for user in people if user not in told]
        notices = Notice.objects.bulk_create(Notice(tenant=event.tenant, user_id=user, **common) for user in new)
        _mail_each(event, notices, now)
        messages = [
            Message(channel=channel, **common)
            for channel in channels
            if not channel.messages.filter(event_key=event.key).exists()
        ]
        for message in Message.objects.bulk_create(messages):
            sent = {"message": message.pk}
            emit(POST, tenant=event.tenant, about=f"channel:{message.channel_id}", at=now, facts=sent)
    return len(notices) + len(messages)


def _mail_each(event: OutboxEvent, notices: list[Notice], now: datetime) -> None:
    if not settings.EMAIL_HOST:
        return
    wish = Preference.objects.filter(user__in=[one.user_id for one in notices], mail=MailWish.EACH).exclude(email="")
    wanting = set(wish.values_list("user_id", flat=True))
    for notice in notices:
        if notice.user_id in wanting:
            emit(MAIL, tenant=event.tenant, about=f"user:{notice.user_id}", at=now, facts={"notice": notice.pk})


def _channels(event: OutboxEvent, body: int | None) -> list[Channel]:
    found = Channel.objects.filter(tenant=event.tenant, active=True).order_by("pk")
    return [one for one in found if wanted(one.events, event.name) and one.body_id in {None, body}]
