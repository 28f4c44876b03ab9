"""By when, after a move: extended, standing still, running on, started, put right – and by whom it had been set.

A deadline is the rules' as long as it is the one they gave; then they give the next one too. Set by hand, or taken over
from another platform, it stays what it was set to, and what a move adds or takes away is counted from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from xiuhua.cases.actions.ruling import rule_cases
from xiuhua.cases.models import Case, Request, Ruling, Suspension
from xiuhua.cases.queries.shelf import flow_of, shelf_of
from xiuhua.cases.rules.deciding import Forbidden
from xiuhua.cases.rules.queues import UNFILED
from xiuhua.cases.words import Stage
from xiuhua.cases.words.moves import PENDING, RequestKind, Verb
from xiuhua.clock.queries import office_clock
from xiuhua.clock.rules.deadlines import deadline
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.words import marked


@dataclass(frozen=True, slots=True)
class _Asked:
    tenant: Tenant
    case: Case
    verb: Verb
    changes: dict[str, Any]
    at: datetime
    by_hand: bool


def set_by_hand(case: Case, verb: Verb) -> bool:
    """Return whether somebody set the deadline otherwise than the rules; asked only where a move works on it. One query."""
    if verb not in _FOLLOWING or case.due_at is None:
        return False
    return Ruling.objects.filter(case=case).values_list("due_at", flat=True).first() != case.due_at


def settle(
    tenant: Tenant, case: Case, verb: Verb, changes: dict[str, Any], *, at: datetime, by_hand: bool
) -> dict[str, Any]:
    """Return the changes with the deadlines that follow from them. Raises Forbidden."""
    if verb == Verb.REFUSE and changes["stage"] == Stage.ARBITRATION:
        changes = changes | {"arbitration_due_at": _arbitration(tenant, at)}
    follow = _FOLLOWING.get(verb)
    if follow:
        changes = changes | follow(_Asked(tenant, case, verb, changes, at, by_hand))
    if changes.get("stage") in UNFILED:
        changes = changes | {"ruled_due_at": Ruling.objects.filter(case=case).values_list("due_at", flat=True).first()}
    return changes


def _ruled(asked: _Asked, **changes: Any) -> datetime | None:
    """Return the deadline the rules give after some fields have changed; None where they give none."""
    if changes:
        Case.objects.filter(pk=asked.case.pk).update(**changes)
    rule_cases(shelf_of(asked.tenant).rules, [asked.case.pk], at=asked.at, reason=f"case.{asked.verb.value}")
    return Ruling.objects.filter(case=asked.case).values_list("due_at", flat=True).first()


def _extended(asked: _Asked) -> dict[str, Any]:
    """One more original limit; where the rules have none to give, the span that the deadline had is added once more."""
    case, count = asked.case, asked.changes["extensions"]
    ruled = _ruled(asked, extensions=count)
    if case.due_at is None:
        return {"due_at": None}
    if not asked.by_hand and ruled is not None and ruled > case.due_at:
        return {"due_at": ruled}
    stood = sum(
        (
            (ended or until) - since
            for since, until, ended in Suspension.objects.filter(case=case, since__lt=case.due_at).values_list(
                "since", "until", "ended_at"
            )
        ),
        timedelta(0),
    )
    span = case.due_at - (case.started_at or case.reported_at) - stood
    return {"due_at": case.due_at + max(span, timedelta(0)) / max(1, count)}


def _suspended(asked: _Asked) -> dict[str, Any]:
    """Open the suspension that was asked for: until its end the clock stands still, unless it has run out before."""
    case, at = asked.case, asked.at
    request = Request.objects.get(case=case, state__in=PENDING, kind=RequestKind.SUSPENSION)
    until = datetime.combine(request.until or at.date(), time.min, tzinfo=zone_of(asked.tenant))
    if until <= at:
        raise Forbidden(reason=marked("申请的到期日已经过了，请驳回后重新申请。"))
    Suspension.objects.create(case=case, since=at, until=until, reason=request.reason)
    ruled = _ruled(asked)
    if case.due_at is None or not asked.by_hand:
        return {"due_at": ruled if case.due_at is not None else None}
    return {"due_at": case.due_at + (until - at) if case.due_at > at else case.due_at}


def _resumed(asked: _Asked) -> dict[str, Any]:
    """End the suspension: the clock stood still as long as it really lasted, and never beyond its own end."""
    case = asked.case
    running = Suspension.objects.filter(case=case, ended_at__isnull=True).first()
    if running is None:
        return {}
    ended = min(asked.at, running.until)
    Suspension.objects.filter(pk=running.pk).update(ended_at=ended)
    ruled = _ruled(asked)
    if case.due_at is None or not asked.by_hand:
        return {"due_at": ruled if case.due_at is not None else None}
    return {"due_at": case.due_at - (running.until - ended) if case.due_at > running.since else case.due_at}


def _started(asked: _Asked) -> dict[str, Any]:
    if flow_of(asked.tenant).clock_starts != Verb.DISPATCH or asked.case.started_at is not None:
        return {}
    ruled = _ruled(asked, started_at=asked.at)
    return {"started_at": asked.at} | ({"due_at": ruled} if ruled is not None and not asked.by_hand else {})


def _sent_back(asked: _Asked) -> dict[str, Any]:
    """A clock that its filing or its dispatch had started has not started."""
    if asked.case.started_at is None:
        return {}
    _ruled(asked, started_at=None)
    return {"started_at": None}


def _corrected(asked: _Asked) -> dict[str, Any]:
    """Return the deadline and the condition that a filed case has after its class or place was put right."""
    if asked.case.filed_at is None:
        return {}
    ruled = Ruling.objects.filter(case=asked.case).values_list("due_at", "condition_id").first()
    if ruled is None:
        return {}
    due = {} if ruled[0] is None or asked.by_hand or asked.case.due_at is None else {"due_at": ruled[0]}
    return due | ({"condition_id": ruled[1]} if "condition_id" in asked.changes else {})


_FOLLOWING: Mapping[Verb, Callable[[_Asked], dict[str, Any]]] = {
    Verb.GRANT_EXTENSION: _extended,
    Verb.GRANT_SUSPENSION: _suspended,
    Verb.RESUME: _resumed,
    Verb.FORCE_CLOSE: _resumed,
    Verb.DISPATCH: _started,
    Verb.SEND_BACK: _sent_back,
    Verb.CORRECT: _corrected,
}


def _arbitration(tenant: Tenant, at: datetime) -> datetime:
    clock = office_clock(tenant)
    limits = flow_of(tenant).arbitration
    return deadline(at, limits, calendar=clock.calendar, regime=clock.regime, zone=clock.zone).due_at
