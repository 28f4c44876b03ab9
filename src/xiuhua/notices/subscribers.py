"""Who of this package hears of events."""

from __future__ import annotations

from datetime import datetime

from xiuhua.kernel.models import OutboxEvent
from xiuhua.kernel.registry import Subscriber
from xiuhua.notices.actions.bulletins import hear_bulletin
from xiuhua.notices.actions.hearing import MAIL, POST, hear
from xiuhua.notices.actions.sending import mail, post
from xiuhua.notices.actions.weekly import WEEKLY, hear_weekly


def _hear(event: OutboxEvent, now: datetime) -> None:
    hear(event, now)


def _hear_bulletin(event: OutboxEvent, now: datetime) -> None:
    hear_bulletin(event, now)


def _hear_weekly(event: OutboxEvent, now: datetime) -> None:
    hear_weekly(event, now)


#: Prefix of event names → subscriber.
SUBSCRIBERS = (
    ("case.", Subscriber("notices", _hear)),
    (WEEKLY, Subscriber("notices.weekly", _hear_weekly)),
    ("bulletin.", Subscriber("notices.bulletins", _hear_bulletin)),
    (MAIL, Subscriber("notices.mail", mail)),
    (POST, Subscriber("notices.post", post)),
)
