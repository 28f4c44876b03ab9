"""What a move needs beyond the case itself: checked keys before it, requests and supervisions after it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from xiuhua.cases.actions.ruling import rule_cases
from xiuhua.cases.models import Case, Evidence, Request, Supervision, Suspension
from xiuhua.cases.policies import sees
from xiuhua.cases.queries.shelf import flow_of, shelf_of
from xiuhua.cases.rules.deciding import Forbidden, incomplete
from xiuhua.cases.words import ENDED, PlaceMethod, Stage
from xiuhua.cases.words.moves import (
    PENDING,
    EvidenceKind,
    Given,
    Need,
    RequestKind,
    RequestState,
    SupervisionKind,
    Verb,
)
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
    if faults := _keys(tenant, case, verb, given):
        raise incomplete(verb, faults)
    changes: dict[str, Any] = {}
    if verb == Verb.FILE and given.condition is not None:
        changes = _filed_under(given.condition)
    elif verb == Verb.CORRECT:
        changes = _corrections(tenant, case, given, at)
    elif verb in {Verb.MERGE, Verb.ATTACH}:
        changes = _joined(tenant, case, verb, given, by)
    if verb == Verb.FILE and flow_of(tenant).clock_starts == Verb.FILE:
        changes["started_at"] = at
    _rule(tenant, case, changes, verb, at)
    return changes


def _keys(tenant: Tenant, case: Case, verb: Verb, given: Given) -> list[Fault]:
    """Return a fault for each key that names nothing in this office.

    A person must belong to the unit that has the case, and what shows that something was put right is a photo of after.
    """
    faults = []
    if given.body is not None and not Body.objects.filter(tenant=tenant, pk=given.body).exists():
        faults.append(Fault("case.body_unknown", column=Need.BODY.value))
    if given.person is not None:
        known = User.objects.filter(tenant=tenant, pk=given.person, is_active=True)
        if not (
            known.filter(body=given.body or case.body_id) | known.filter(posts__body=given.body or case.body_id)
        ).exists():
            faults.append(Fault("case.person_unknown", column=Need.PERSON.value))
    shown = Evidence.objects.filter(case=case, pk__in=given.photos)
    if verb == Verb.RECTIFY:
        shown = shown.filter(kind=EvidenceKind.AFTER)
    if given.photos and shown.count() != len(set(given.photos)):
        faults.append(Fault("case.photo_unknown", column=Need.PHOTO.value))
    if given.condition is not None:
        held = FilingCondition.objects.filter(pk=given.condition, case_class__tenant=tenant)
        if not held.exists():
            faults.append(Fault("case.condition_unknown", column=Need.CONDITION.value))
    return faults


def _filed_under(condition: int) -> dict[str, Any]:
    found = FilingCondition.objects.get(pk=condition)
    return {"condition_id": found.pk, "filed_under": found.number, "case_class_id": found.case_class_id}


def _corrections(tenant: Tenant, case: Case, given: Given, at: datetime) -> dict[str, Any]:
    """Return the corrected fields, checked. Raises MoveIncomplete naming each field that cannot be so.

    Another class ends the old filing condition: the rules find that of the new class.
    """
    changes: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, value in given.changes.items():
        if name in _TEXTS and isinstance(value, str) and len(value) <= _TEXTS[name]:
            changes[name] = value
        elif name == "case_class" and _is_key(CaseClass, tenant, value):
            other = {"case_class_id": value, "filed_under": "", "condition_id": None}
            changes |= other if value != case.case_class_id else {}
        elif name == "territory" and _is_key(Territory, tenant, value):
            changes |= {"territory_id": value, "place_method": PlaceMethod.CODE}
        elif name == "point" and (point := _pair(value)) is not None:
            changes |= _point(tenant, *point, at, faults)
        else:
            faults.append(Fault("case.field_wrong", column=Need.CHANGES.value, facts={"field": str(name)[:40]}))
    if faults:
        raise incomplete(Verb.CORRECT, faults)
    return changes


def _is_key(model: type[CaseClass | Territory], tenant: Tenant, value: Any) -> bool:
    return type(value) is int and model.objects.filter(tenant=tenant, pk=value).exists()


def _pair(value: Any) -> tuple[float, float] | None:
    """Return longitude and latitude, None where `value` is nothing of the kind."""
    if not isinstance(value, list | tuple) or len(value) != len(("lon", "lat")):
        return None
    if not all(type(one) in {int, float} and math.isfinite(one) for one in value):
        return None
    return float(value[0]), float(value[1])


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


def open_ends(case: Case, verb: Verb) -> dict[str, Any]:
    """Return what a move will put away with the case, for the journal: its open request and its suspension. At most two queries."""
    if EFFECTS.get(verb) is not _ended:
        return {}
    asked = Request.objects.filter(case=case, state__in=PENDING).values("pk", "state", "decided_by_id", "decided_at")
    running = Suspension.objects.filter(case=case, ended_at__isnull=True).values_list("pk", flat=True)
    found: dict[str, Any] = {"suspension": running.first()} if case.stage == Stage.SUSPENDED else {}
    request = asked.first()
    if request is not None:
        decided = request["decided_at"]
        found["request"] = request | {"decided_at": decided.isoformat() if decided else None}
    return found


def bring_back(put_away: dict[str, Any]) -> None:
    """Open again what a move that is taken back had put away."""
    if request := put_away.get("request"):
        decided = request["decided_at"]
        Request.objects.filter(pk=request["pk"]).update(
            state=request["state"],
            decided_by_id=request["decided_by_id"],
            decided_at=datetime.fromisoformat(decided) if decided else None,
        )
    if (key := put_away.get("suspension")) is not None:
        Suspension.objects.filter(pk=key).update(ended_at=None)


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
