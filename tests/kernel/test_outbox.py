"""The outbox: an event is one row of the change's own transaction, and can be taken back until it was handed on."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from xiuhua.kernel.actions import emit, withdraw
from xiuhua.kernel.models import OutboxEvent, Tenant
from xiuhua.kernel.words import EventState


def test_emit_when_called_then_it_is_one_statement(street: Tenant, at: datetime) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        emit("case.dispatched", tenant=street, about="case:1", at=at, facts={"case": 1})
    assert len(asked) == 1


def test_emit_when_the_change_is_rolled_back_then_nothing_happened(street: Tenant, at: datetime) -> None:
    with transaction.atomic():
        emit("case.dispatched", tenant=street, about="case:1", at=at, facts={})
        transaction.set_rollback(True)
    assert OutboxEvent.objects.count() == 0


def test_emit_when_delayed_then_it_is_due_that_much_later(street: Tenant, at: datetime) -> None:
    event = emit("case.closed", tenant=street, about="case:1", at=at, facts={}, after=timedelta(seconds=10))
    assert event.due_at == at + timedelta(seconds=10)


def test_withdraw_when_nobody_was_told_then_it_is_taken_back_once(street: Tenant, at: datetime) -> None:
    event = emit("case.closed", tenant=street, about="case:1", at=at, facts={})
    assert [withdraw(event), withdraw(event)] == [True, False]


def test_withdraw_when_already_handed_on_then_nothing_is_changed(street: Tenant, at: datetime) -> None:
    event = emit("case.closed", tenant=street, about="case:1", at=at, facts={})
    OutboxEvent.objects.update(state=EventState.SPREAD)
    assert not withdraw(event)
    event.refresh_from_db()
    assert event.state == EventState.SPREAD
