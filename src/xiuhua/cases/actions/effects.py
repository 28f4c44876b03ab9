"""What a move needs beyond the case itself: checked keys before it, requests, suspensions and supervisions after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from xiuhua.cases.actions.ruling import rule_cases
from xiuhua.cases.models import Case, Evidence, Request, Ruling, Supervision, Suspension
from xiuhua.cases.policies import sees
from xiuhua.cases.queries.shelf import flow_of, shelf_of
from xiuhua.cases.rules.deciding import Forbidden, incomplete
from xiuhua.cases.words import ENDED, PlaceMethod, Stage
from xiuhua.cases.words.moves import PENDING, Given, Need, RequestKind, RequestState, SupervisionKind, Verb
from xiuhua.clock.queries import office_clock
from xiuhua.clock.rules.deadlines import deadline
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.words import Actor, Fault, marked
from xiuhua.responsibility.models import Body, User
from xiuhua.taxonomy.models import CaseClass, FilingCondition
from xiuhua.territory.models import Territory

#: What a correction may change, beside the place.
_TEXTS = {"title": 300, "description": 10_000, "address": 300}


def prepare(tenant: Tenant, case: Case, verb: Verb, given: Given, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Return what changes before the decision, every key checked against the office; a filing is ruled on first.

    Raises MoveIncomplete for keys that name nothing here, Forbidden. What it writes belongs to the caller's transaction.
    """
    if faults := _keys(tenant, case, given):
        raise incomplete(verb, faults)
    changes: dict[str, Any] = {}
    if verb == Verb.FILE and given.condition is not None:
        changes = _filed_under(given.condition)
    elif verb == Verb.CORRECT:
        changes = _corrections(tenant, given, at)
    elif verb in {Verb.MERGE, Verb.ATTACH}:
        changes = _joined(tenant, case, verb, given, by)
    if verb == Verb.FILE and flow_of(tenant).clock_starts == Verb.FILE:
        changes["started_at"] = at
    _rule(tenant, case, changes, verb, at)
    return changes


def settle(tenant: Tenant, case: Case, verb: Verb, changes: dict[str, Any], *, at: datetime) -> dict[str, Any]:
    """Return the changes with the deadlines that follow from them: extended, paused, started, decided by an arbiter."""
    if changes.get("stage") == Stage.ARBITRATION:
        return changes | {"arbitration_due_at": _arbitration(tenant, at)}
    follow = _FOLLOWING.get(verb)
    return changes | follow(tenant, case, changes, at) if follow else changes


def _keys(tenant: Tenant, case: Case, given: Given) -> list[Fault]:
    """Return a fault for each key that names nothing in this office; a person must belong to the unit that has the case."""
    faults = []
    if given.body is not None and not Body.objects.filter(tenant=tenant, pk=given.body).exists():
        faults.append(Fault("case.body_unknown", column=Need.BODY.value))
    if given.person is not None:
        known = User.objects.filter(tenant=tenant, pk=given.person, is_active=True)
        if not (
            known.filter(body=given.body or case.body_id) | known.filter(posts__body=given.body or case.body_id)
        ).exists():
            faults.append(Fault("case.person_unknown", column=Need.PERSON.value))
    if given.photos and Evidence.objects.filter(case=case, pk__in=given.photos).count() != len(set(given.photos)):
        faults.append(Fault("case.photo_unknown", column=Need.PHOTO.value))
    if given.condition is not None:
        held = FilingCondition.objects.filter(pk=given.condition, case_class__tenant=tenant)
        if not held.exists():
            faults.append(Fault("case.condition_unknown", column=Need.CONDITION.value))
    return faults


def _filed_under(condition: int) -> dict[str, Any]:
    found = FilingCondition.objects.get(pk=condition)
    return {"condition_id": found.pk, "filed_under": found.number, "case_class_id": found.case_class_id}


def _corrections(tenant: Tenant, given: Given, at: datetime) -> dict[str, Any]:
    """Return the corrected fields, checked. Raises MoveIncomplete naming each field that cannot be so."""
    changes: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, value in given.changes.items():
        if name in _TEXTS and isinstance(value, str) and len(value) <= _TEXTS[name]:
            changes[name] = value
        elif name == "case_class" and CaseClass.objects.filter(tenant=tenant, pk=value).exists():
            changes |= {"case_class_id": value, "filed_under": ""}
        elif name == "territory" and Territory.objects.filter(tenant=tenant, pk=value).exists():
            changes |= {"territory_id": value, "place_method": PlaceMethod.CODE}
        elif name == "point" and isinstance(value, list | tuple) and len(value) == len(("lon", "lat")):
            changes |= _point(tenant, float(value[0]), float(value[1]), at, faults)
        else:
            faults.append(Fault("case.field_wrong", column=Need.CHANGES.value, facts={"field": str(name)[:40]}))
    if faults:
        raise incomplete(Verb.CORRECT, faults)
    return changes


def _point(tenant: Tenant, lon: float, lat: float, at: datetime, faults: list[Fault]) -> dict[str, Any]:
    found = shelf_of(tenant).places.locate(lon, lat, at.astimezone(zone_of(tenant)).date())
    if found is None:
        faults.append(Fault("case.point_outside", column=Need.PLACE.value))
        return {}
    return {"longitude": lon, "latitude": lat, "territory_id": found, "place_method": PlaceMethod.POINT}


def _joined(tenant: Tenant, case: Case, verb: Verb, given: Given, by: Actor) -> dict[str, Any]:
    """Return the link to the case that was named: it must be alive, another one, and no child or duplicate of this one."""
    other = Case.objects.filter(tenant=tenant, number=given.target.strip()).first()
    if other is None or not sees(by, other):
        raise incomplete(verb, [Fault("case.target_unknown", column=Need.TARGET.value)])
    if case.pk in {other.pk, other.parent_id, other.merged_into_id}:
        raise Forbidden(reason=marked("案件不能并入或挂到它自己名下。"))
    if other.stage in ENDED:
        raise Forbidden(reason=marked("对方案件已经结束，不能并入或挂靠。"))
    if verb == Verb.ATTACH and (other.parent_id is not None or case.children.exists()):
        raise Forbidden(reason=marked("主案之下只有一层子案。"))
    return {"merged_into_id": other.pk} if verb == Verb.MERGE else {"parent_id": other.pk}


def _rule(tenant: Tenant, case: Case, changes: dict[str, Any], verb: Verb, at: datetime) -> None:
    """Write what changes the ruling and rule again, so that the decision sees the deadline it will have."""
    asked = {"case_class_id", "filed_under", "territory_id", "longitude", "latitude", "started_at"}
    if not asked & changes.keys():
        return
    for name, value in changes.items():
        setattr(case, name, value)
    Case.objects.filter(pk=case.pk).update(**{name: changes[name] for name in asked & changes.keys()})
    rule_cases(shelf_of(tenant).rules, [case.pk], at=at, reason=f"case.{verb.value}")


def _due(tenant: Tenant, case: Case, changes: dict[str, Any], verb: Verb, at: datetime) -> datetime | None:
    """Return the deadline after some fields have changed, ruled again; None where the rules give none."""
    Case.objects.filter(pk=case.pk).update(**changes)
    rule_cases(shelf_of(tenant).rules, [case.pk], at=at, reason=f"case.{verb.value}")
    return Ruling.objects.filter(case=case).values_list("due_at", flat=True).first()


def _extended(tenant: Tenant, case: Case, changes: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Return the deadline with one more original limit; where it was set by hand, the span it had is added once more."""
    ruled = _due(tenant, case, {"extensions": changes["extensions"]}, Verb.GRANT_EXTENSION, at)
    if ruled is not None and case.due_at is not None and ruled > case.due_at:
        return {"due_at": ruled}
    start = case.started_at or case.reported_at
    return {"due_at": case.due_at + (case.due_at - start) / max(1, changes["extensions"]) if case.due_at else None}


def _suspended(tenant: Tenant, case: Case, _changes: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Open the suspension that was asked for and return the deadline with the clock standing still until its end."""
    request = Request.objects.get(case=case, state__in=PENDING, kind=RequestKind.SUSPENSION)
    until = datetime.combine(request.until or at.date(), time.min, tzinfo=zone_of(tenant))
    Suspension.objects.create(case=case, since=at, until=until, reason=request.reason)
    ruled = _due(tenant, case, {}, Verb.GRANT_SUSPENSION, at)
    return {"due_at": ruled or (case.due_at + (until - at) if case.due_at else None)}


def _resumed(tenant: Tenant, case: Case, _changes: dict[str, Any], at: datetime) -> dict[str, Any]:
    """End the suspension and return the deadline with the pause as long as it really was."""
    running = Suspension.objects.filter(case=case, ended_at__isnull=True).first()
    Suspension.objects.filter(case=case, ended_at__isnull=True).update(ended_at=at)
    by_hand = case.due_at - max(running.until - at, timedelta(0)) if running and case.due_at else case.due_at
    return {"due_at": _due(tenant, case, {}, Verb.RESUME, at) or by_hand}


def _started(tenant: Tenant, case: Case, _changes: dict[str, Any], at: datetime) -> dict[str, Any]:
    if flow_of(tenant).clock_starts != Verb.DISPATCH or case.started_at is not None:
        return {}
    due = _due(tenant, case, {"started_at": at}, Verb.DISPATCH, at)
    return {"started_at": at} | ({"due_at": due} if due else {})


def _corrected(_tenant: Tenant, case: Case, _changes: dict[str, Any], _at: datetime) -> dict[str, Any]:
    """Return the deadline that a filed case has after its class or place was put right."""
    due = Ruling.objects.filter(case=case).values_list("due_at", flat=True).first()
    return {"due_at": due} if due is not None and case.filed_at is not None else {}


_FOLLOWING: Mapping[Verb, Callable[[Tenant, Case, dict[str, Any], datetime], dict[str, Any]]] = {
    Verb.GRANT_EXTENSION: _extended,
    Verb.GRANT_SUSPENSION: _suspended,
    Verb.RESUME: _resumed,
    Verb.DISPATCH: _started,
    Verb.CORRECT: _corrected,
}


def _arbitration(tenant: Tenant, at: datetime) -> datetime:
    clock = office_clock(tenant)
    limits = flow_of(tenant).arbitration
    return deadline(at, limits, calendar=clock.calendar, regime=clock.regime, zone=clock.zone).due_at


_Effect = Callable[[Case, Given, Actor, datetime], None]


def _ask(kind: RequestKind) -> _Effect:
    def asked(case: Case, given: Given, by: Actor, at: datetime) -> None:
        Request.objects.create(
            case=case,
            kind=kind,
            reason=given.reason,
            note=given.note,
            asked_by_id=by.user,
            asked_at=at,
            until=given.until,
            due_before=case.due_at,
        )

    return asked


def _decide(state: RequestState) -> _Effect:
    def decided(case: Case, _given: Given, by: Actor, at: datetime) -> None:
        pending = Request.objects.filter(case=case, state__in=PENDING)
        pending.update(state=state, decided_by_id=by.user, decided_at=at, due_after=case.due_at)

    return decided


def _ended(case: Case, _given: Given, by: Actor, at: datetime) -> None:
    """A case that leaves the unit takes its open request along; one that ends has nothing left to decide."""
    pending = Request.objects.filter(case=case, state__in=PENDING)
    pending.update(state=RequestState.WITHDRAWN, decided_by_id=by.user, decided_at=at)
    Suspension.objects.filter(case=case, ended_at__isnull=True).update(ended_at=at)


def _supervise(case: Case, given: Given, by: Actor, at: datetime) -> None:
    kind = given.kind if given.kind in SupervisionKind.values else SupervisionKind.KEY
    Supervision.objects.create(
        case=case, kind=kind, demand=given.demand.strip(), due_at=given.due_at, by_id=by.user, at=at
    )


def _reply(case: Case, given: Given, by: Actor, at: datetime) -> None:
    newest = Supervision.objects.filter(case=case, settled_at__isnull=True).order_by("-at").first()
    if newest is not None:
        Supervision.objects.filter(pk=newest.pk).update(reply=given.note.strip(), replied_by_id=by.user, replied_at=at)


def _settled(case: Case, _given: Given, by: Actor, at: datetime) -> None:
    Supervision.objects.filter(case=case, settled_at__isnull=True).update(settled_by_id=by.user, settled_at=at)


EFFECTS: Mapping[Verb, _Effect] = {
    Verb.REQUEST_EXTENSION: _ask(RequestKind.EXTENSION),
    Verb.REQUEST_SUSPENSION: _ask(RequestKind.SUSPENSION),
    Verb.REVIEW_EXTENSION: _decide(RequestState.REVIEWED),
    Verb.GRANT_EXTENSION: _decide(RequestState.GRANTED),
    Verb.GRANT_SUSPENSION: _decide(RequestState.GRANTED),
    Verb.DENY_EXTENSION: _decide(RequestState.DENIED),
    Verb.DENY_SUSPENSION: _decide(RequestState.DENIED),
    Verb.WITHDRAW_REQUEST: _decide(RequestState.WITHDRAWN),
    Verb.REFUSE: _ended,
    Verb.REDISPATCH: _ended,
    Verb.RECTIFY: _ended,
    Verb.FORCE_CLOSE: _ended,
    Verb.VOID: _ended,
    Verb.MERGE: _ended,
    Verb.SUPERVISE: _supervise,
    Verb.REPLY_SUPERVISION: _reply,
    Verb.SETTLE_SUPERVISION: _settled,
}
