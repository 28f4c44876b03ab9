"""The meeting's packs as the worker calls for them: a thin edge between its events and the action."""

from __future__ import annotations

from datetime import datetime

from xiuhua.disclosure.actions.meeting import MAKE, take_up_pack
from xiuhua.kernel.models import OutboxEvent
from xiuhua.kernel.registry import Subscriber


def _take_up(event: OutboxEvent, now: datetime) -> None:
    take_up_pack(event.tenant, event.facts["key"], event.facts["attempt"], now=now)


SUBSCRIBERS = ((MAKE, Subscriber("disclosure.packs", _take_up)),)
