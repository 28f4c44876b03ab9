"""Moves for programs: which are open, making one, taking it back."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router
from ninja.responses import Status

from xiuhua.cases.actions import GRACE, move, undo
from xiuhua.cases.models import Case, CaseMove
from xiuhua.cases.queries.changes import changes_since
from xiuhua.cases.queries.now import Stale
from xiuhua.cases.queries.openings import Opening, open_moves
from xiuhua.cases.queries.served import case_numbered
from xiuhua.cases.queries.shelf import flow_of, shelf_of
from xiuhua.cases.rules.deciding import incomplete
from xiuhua.cases.rules.moves import MOVES
from xiuhua.cases.words.moves import Flow, Given, Need, Verb
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Fault
from xiuhua.privacy.rules import mask
from xiuhua.responsibility.models import Body, User
from xiuhua.taxonomy.queries import class_keyed
from xiuhua.web.api.cases import SEEING, etag
from xiuhua.web.api.described import answers, asks
from xiuhua.web.api.parsing import Malformed, fault
from xiuhua.web.api.problems import MEDIA, no_version, refused
from xiuhua.web.api.shapes.cases import ChangesIn, MoveAt, MoveIn, MoveOut, OpenMovesOut, UndoneOut
from xiuhua.web.api.told import choices_told
from xiuhua.web.desk.office import now, office, person

router = Router(tags=["moves"])
IF_MATCH = asks(
    "If-Match",
    "ETag of the case as you saw it; `*` is not enough",
    required=True,
    example='"7"',
    pattern='^"[0-9]{1,9}"$',
)
_VERSION = re.compile(r'"(\d{1,9})"')
#: What the request calls a need, where that is not its own name.
_FIELDS = {Need.PHOTO: "photos"}


@router.get("/{number}/moves", auth=SEEING, response=OpenMovesOut, summary="What I may do with a case now")
def openings(request: HttpRequest, number: str, response: HttpResponse) -> dict[str, Any]:
    """Return the moves that the table, the asker's posts and his own part in the case allow, with what each needs."""
    tenant, actor = office(request), person(request)
    case = case_numbered(tenant, actor, number)
    flow = flow_of(tenant)
    found = open_moves(case, actor, flow, now())
    response["ETag"] = etag(case)
    return {"version": case.version, "stage": case.stage, "moves": [_open(one, flow) for one in found]}


@router.post(
    "/{number}/moves",
    auth=SEEING,
    response={201: MoveOut, 200: MoveOut},
    summary="Do something with a case",
    openapi_extra={
        "parameters": [IF_MATCH],
        "responses": {
            **answers(201, ETag="The new version of the case"),
            409: {
                "description": "Somebody was faster (`case.stale`, with `changes` and the present `ETag`), the table has no"
                " such move from here, or the `client_uuid` stands for something else",
                "headers": {"ETag": {"schema": {"type": "string"}}},
                "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/StaleOut"}}},
            },
        },
        "x-also": [428],
    },
)
def make(request: HttpRequest, number: str, given: MoveIn, response: HttpResponse) -> Any:
    """Make a move with a case; answered 201 only when it is safe on the disk.

    `If-Match` carries the version you saw: without it 428; where somebody was faster 409 `case.stale` with what was
    changed since, and nothing is written. The same move under the same `client_uuid` is one move, answered again with 200.
    """
    tenant, actor = office(request), person(request)
    version = _version(request)
    if version is None:
        return no_version()
    case = case_numbered(tenant, actor, number)
    shown = _given(tenant, given)
    try:
        done = move(
            tenant,
            case.pk,
            given.verb,
            shown,
            by=actor,
            at=now(),
            version=version,
            client_uuid=given.client_uuid,
        )
    except Stale as stale:
        return _stale(case, version, stale)
    response["ETag"] = f'"{done.move.version}"'
    return Status(201 if done.created else 200, _made(done.move, number))


@router.delete(
    "/{number}/moves/{id}",
    auth=SEEING,
    response=UndoneOut,
    summary="Take back my last move",
    openapi_extra={"responses": answers(200, ETag="The new version of the case")},
)
def take_back(request: HttpRequest, at: Path[MoveAt], response: HttpResponse) -> dict[str, Any]:
    """Take back a move that the asker made within the last ten seconds and that nobody has built on."""
    tenant, actor = office(request), person(request)
    case = case_numbered(tenant, actor, at.number)
    done = undo(tenant, case.pk, at.id, by=actor, at=now())
    response["ETag"] = etag(done.case)
    return {"case": at.number, "version": done.case.version, "stage": done.case.stage}


def _version(request: HttpRequest) -> int | None:
    """Return the version that If-Match names, None without it or for any version. Raises Malformed."""
    said = request.headers.get("If-Match", "").strip()
    if said in {"", "*"}:
        return None
    match = _VERSION.fullmatch(said)
    if match is None:
        raise Malformed([fault("request.header_wrong", "If-Match")])
    return int(match[1])


def _stale(case: Case, version: int, stale: Stale) -> HttpResponse:
    changes = [
        replace(one, before=_masked(one.before), after=_masked(one.after)) for one in changes_since(case, version)
    ]
    response = refused(stale, changes=[asdict(one) for one in changes])
    response["ETag"] = f'"{stale.facts["version"]}"'
    return response


def _masked(value: Any) -> Any:
    return mask(value) if isinstance(value, str) else value


def _open(one: Opening, flow: Flow) -> dict[str, Any]:
    verb = one.move.verb
    return {
        "verb": verb,
        "label": str(verb.label),
        "to": one.move.to,
        "clock": one.move.clock,
        "undoable": one.move.undoable,
        "needs": [
            {"field": _FIELDS.get(need, need.value), "label": str(need.label), "missing": need in one.missing}
            for need in one.move.needs
        ],
        "reasons": choices_told(flow.reasons.get(verb.value, ())),
        "replies": choices_told(flow.replies.get(verb.value, ())),
    }


def _made(done: CaseMove, number: str) -> dict[str, Any]:
    undoable = MOVES[Verb(done.verb)].undoable
    return {
        "id": done.pk,
        "case": number,
        "verb": done.verb,
        "version": done.version,
        "stage_from": done.stage_from,
        "stage_to": done.stage_to,
        "at": done.at,
        "undo_until": done.at + GRACE if undoable else None,
    }


def _given(tenant: Tenant, said: MoveIn) -> Given:
    """Return what a move shows with the keys of what it names. Raises MoveIncomplete for names that mean nothing here."""
    faults: list[Fault] = []
    body = (
        Body.objects.filter(tenant=tenant, code=said.body).values_list("pk", flat=True).first() if said.body else None
    )
    if said.body and body is None:
        faults.append(Fault("case.body_unknown", column=Need.BODY.value))
    people = User.objects.filter(tenant=tenant, username=said.person).values_list("pk", flat=True)
    named = people.first() if said.person else None
    if said.person and named is None:
        faults.append(Fault("case.person_unknown", column=Need.PERSON.value))
    changes = _changes(tenant, said.changes, faults) if said.changes else {}
    if faults:
        raise incomplete(said.verb, faults)
    return Given(
        body=body,
        person=named,
        condition=said.condition,
        remedy=said.remedy,
        due_at=said.deadline,
        reason=said.reason,
        note=said.note,
        finding=said.finding,
        photos=tuple(said.photos),
        until=said.until,
        target=said.target,
        kind=said.kind.value if said.kind else "",
        demand=said.demand,
        changes=changes,
    )


def _changes(tenant: Tenant, said: ChangesIn, faults: list[Fault]) -> dict[str, Any]:
    found = {name: getattr(said, name) for name in ("title", "description", "address")}
    changes: dict[str, Any] = {name: value for name, value in found.items() if value is not None}
    if said.case_class is not None:
        held = class_keyed(tenant, said.case_class)
        changes["case_class"] = held.pk if held else None
    if said.territory is not None:
        changes["territory"] = shelf_of(tenant).codes.find(said.territory)
    faults += [
        Fault("case.field_wrong", column=Need.CHANGES.value, facts={"field": name})
        for name, value in changes.items()
        if value is None
    ]
    if said.point is not None:
        changes["point"] = [said.point.longitude, said.point.latitude]
    return changes
