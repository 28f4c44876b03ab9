"""The only writers of events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from xiuhua.kernel.models import OutboxEvent, Tenant
from xiuhua.kernel.words import EventState

AT_ONCE = timedelta(0)


def emit(
    name: str, *, tenant: Tenant, about: str, at: datetime, facts: Mapping[str, Any], after: timedelta = AT_ONCE
) -> OutboxEvent:
    """Write an event into the outbox, in the caller's transaction, with one statement; returns it.

    `name` is "noun.verb" ("case.dispatched"), `facts` are JSON values without names or phones of persons. It is handed
    on `after` the moment `at`; until a worker has done so it can be taken back with `withdraw`.
    """
    return OutboxEvent.objects.create(
        tenant=tenant, name=name, about=about, facts=dict(facts), at=at, due_at=at + after
    )


def withdraw(event: OutboxEvent | int) -> bool:
    """Take an event back, in the caller's transaction; returns False if it was handed on before (nothing is changed then)."""
    key = event.pk if isinstance(event, OutboxEvent) else event
    waiting = OutboxEvent.objects.filter(pk=key, state=EventState.WAITING)
    return bool(waiting.update(state=EventState.WITHDRAWN))
