"""The only writers of events and of their deliveries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from xiuhua.kernel.actions.ledger import record
from xiuhua.kernel.models import Delivery, OutboxEvent, Tenant
from xiuhua.kernel.registry import subscribers_of
from xiuhua.kernel.rules.retrying import LEASE, MOST_ATTEMPTS, pause
from xiuhua.kernel.words import Actor, DeliveryState, EventState

AT_ONCE = timedelta(0)
#: Rows of one statement when old ones are swept away.
_SWEPT_AT_ONCE = 500
_ERROR_LENGTH = 500


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


def spread(at: datetime, *, most: int = 100) -> int:
    """Give each subscriber a delivery of every event that is due at `at`; returns how many events were taken.

    Two workers never spread one event: whoever changes its state first does.
    """
    taken = 0
    due = OutboxEvent.objects.filter(state=EventState.WAITING, due_at__lte=at).order_by("due_at", "pk")
    for event in due[:most]:
        with transaction.atomic():
            if not OutboxEvent.objects.filter(pk=event.pk, state=EventState.WAITING).update(state=EventState.SPREAD):
                continue
            Delivery.objects.bulk_create(
                Delivery(event=event, subscriber=one.code, next_at=at) for one in subscribers_of(event.name)
            )
            taken += 1
    return taken


def claim(at: datetime, *, lease: timedelta = LEASE) -> Delivery | None:
    """Take the delivery that has waited longest, until `at` + `lease`; None where nothing is due.

    Compare and set: of two workers that see the same row the later one changes nothing and looks again. A row that was
    taken as often as allowed and never came back (it kills its workers) becomes a dead letter instead.
    """
    free = Q(claimed_until=None) | Q(claimed_until__lte=at)
    while True:
        found = (
            Delivery.objects.filter(free, state=DeliveryState.WAITING, next_at__lte=at)
            .select_related("event__tenant")
            .order_by("next_at", "pk")
            .first()
        )
        if found is None:
            return None
        same = Delivery.objects.filter(pk=found.pk, state=DeliveryState.WAITING, attempts=found.attempts)
        same = same.filter(claimed_until=found.claimed_until)
        if found.attempts >= MOST_ATTEMPTS:
            same.update(state=DeliveryState.DEAD, claimed_until=None, done_at=at, error="the worker never came back")
        elif same.update(attempts=found.attempts + 1, claimed_until=at + lease):
            found.attempts += 1
            found.claimed_until = at + lease
            return found


def finish(delivery: Delivery, at: datetime) -> bool:
    """Mark a claimed delivery as done; returns False if its lease ran out and another worker has it."""
    done = _mine(delivery).update(state=DeliveryState.DONE, claimed_until=None, done_at=at, error="")
    return bool(done)


def postpone(delivery: Delivery, until: datetime) -> bool:
    """Put a claimed delivery back until a moment, as if it had not been tried; returns False if the lease had run out."""
    return bool(_mine(delivery).update(attempts=delivery.attempts - 1, claimed_until=None, next_at=until))


def fail(delivery: Delivery, error: str, at: datetime, *, hopeless: bool = False) -> DeliveryState:
    """Put a claimed delivery back to be tried after a pause, or away as a dead letter; returns its state then.

    It is a dead letter after the last attempt, or at once if it is `hopeless`. `error` is shown to who operates the system: it names no person and quotes no text of a case.
    """
    dead = hopeless or delivery.attempts >= MOST_ATTEMPTS
    state = DeliveryState.DEAD if dead else DeliveryState.WAITING
    _mine(delivery).update(
        state=state,
        claimed_until=None,
        next_at=at if dead else at + pause(delivery.attempts, f"{delivery.pk}"),
        done_at=at if dead else None,
        error=error[:_ERROR_LENGTH],
    )
    return state


def _mine(delivery: Delivery) -> Any:
    """Return the row as this worker claimed it: attempts is the token, another claim has counted on."""
    return Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING, attempts=delivery.attempts)


def retry(tenant: Tenant, keys: Sequence[int], *, by: Actor, at: datetime) -> int:
    """Send dead letters of an office on their way again, from their first attempt; returns how many, each with a ledger line."""
    change = {"state": DeliveryState.WAITING, "attempts": 0, "next_at": at, "done_at": None}
    return _decide("delivery.retry", tenant, keys, change, by=by, at=at)


def drop(tenant: Tenant, keys: Sequence[int], *, by: Actor, at: datetime, reason: str) -> int:
    """Decide that dead letters of an office need not arrive; returns how many, each with a ledger line."""
    change = {"state": DeliveryState.DROPPED, "done_at": at}
    return _decide("delivery.drop", tenant, keys, change, by=by, at=at, reason=reason)


def _decide(
    verb: str,
    tenant: Tenant,
    keys: Sequence[int],
    change: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> int:
    decided = 0
    with transaction.atomic():
        dead = Delivery.objects.filter(pk__in=keys, event__tenant=tenant, state=DeliveryState.DEAD)
        for delivery in dead.select_related("event").order_by("pk"):
            if not Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.DEAD).update(**change):
                continue
            decided += 1
            facts = {"event": delivery.event.name, "subscriber": delivery.subscriber}
            about = f"delivery:{delivery.pk}"
            record(verb, about=about, by=by, at=at, tenant=tenant, reason=reason, facts=facts)
    return decided


def sweep(tenant: Tenant, *, before: datetime) -> int:
    """Delete an office's events that were due before a moment and wait for nothing; returns how many.

    What still waits or is a dead letter stays. What happened stays in the ledger.
    """
    open_ones = Delivery.objects.filter(state__in=(DeliveryState.WAITING, DeliveryState.DEAD)).values("event")
    old = OutboxEvent.objects.filter(tenant=tenant, due_at__lt=before).exclude(state=EventState.WAITING)
    swept = 0
    while keys := list(old.exclude(pk__in=open_ones).values_list("pk", flat=True)[:_SWEPT_AT_ONCE]):
        with transaction.atomic():
            OutboxEvent.objects.filter(pk__in=keys).delete()
        swept += len(keys)
    return swept
