"""Cases for programs: lists, one case, its history, its photos, who reported it."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from ninja import Query, Router

from xiuhua.cases.actions import look_at_reporters
from xiuhua.cases.models import Case
from xiuhua.cases.policies import sees_reporters
from xiuhua.cases.queries.evidence import evidence_of
from xiuhua.cases.queries.served import Wanted, case_numbered, cases_served, page_of
from xiuhua.cases.queries.story import history
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Fault
from xiuhua.privacy.rules import Sight
from xiuhua.taxonomy.queries import class_keyed
from xiuhua.territory.queries import family
from xiuhua.web.api.auth import reach
from xiuhua.web.api.described import answers, asks
from xiuhua.web.api.parsing import Malformed, fault
from xiuhua.web.api.shapes.cases import CaseOut, CasesIn, CasesOut, EvidencesOut, HistoryOut, ReportersOut
from xiuhua.web.api.told import class_told, evidence_told, line_told
from xiuhua.web.desk.office import now, office, person, whole

router = Router(tags=["cases"], by_alias=True)
SEEING = reach("case.see")
IF_NONE = asks("If-None-Match", "ETag of what is known already", required=False, example='"7"')


def etag(case: Case) -> str:
    """Return what names a version of a case in headers."""
    return f'"{case.version}"'


@router.get("", auth=SEEING, response=CasesOut, summary="The cases I may see, newest first")
def listed(request: HttpRequest, asked: Query[CasesIn]) -> dict[str, Any]:
    """Return a page of the cases that match; follow `next` for the rest. What one may not see is in no page and no count."""
    tenant = office(request)
    before = _read(asked.cursor)
    found = cases_served(tenant, person(request), _wanted(tenant, asked), now())
    rows = page_of(found, before=before, size=asked.limit + 1)
    more = len(rows) > asked.limit
    return {
        "cases": [case_told(case) for case in rows[: asked.limit]],
        "next": _written(rows[asked.limit - 1].pk) if more else None,
        "count": found.count() if asked.count else None,
    }


@router.get(
    "/{number}",
    auth=SEEING,
    response=CaseOut,
    summary="One case as it stands",
    openapi_extra={
        "parameters": [IF_NONE],
        "responses": {**answers(200, ETag="Version of the case"), 304: {"description": "Nothing has changed"}},
    },
)
def one(request: HttpRequest, number: str, response: HttpResponse) -> dict[str, Any] | HttpResponse:
    """Return a case with its version as ETag; with `If-None-Match` 304 while nobody has moved it."""
    case = case_numbered(office(request), person(request), number)
    known = {part.strip().removeprefix("W/") for part in request.headers.get("If-None-Match", "").split(",")}
    if known & {etag(case), "*"}:
        same = HttpResponseNotModified()
        same["ETag"] = etag(case)
        return same
    response["ETag"] = etag(case)
    return case_told(case)


@router.get("/{number}/history", auth=SEEING, response=HistoryOut, summary="What happened with a case")
def told(request: HttpRequest, number: str) -> dict[str, Any]:
    """Return the ledger's lines about a case, oldest first. Who reported is hidden from those who may not know."""
    tenant, actor = office(request), person(request)
    case = case_numbered(tenant, actor, number)
    lines = history(case, reporters=sees_reporters(actor, case))
    return {"lines": [line_told(line) for line in lines]}


@router.get("/{number}/evidence", auth=SEEING, response=EvidencesOut, summary="The photos of a case")
def pictures(request: HttpRequest, number: str) -> dict[str, Any]:
    """Return the photos of a case, oldest first; `id` is what a move shows in `photos`."""
    case = case_numbered(office(request), person(request), number)
    return {"evidence": [evidence_told(each, case) for each in evidence_of(case)]}


@router.post(
    "/{number}/reporters", auth=reach("reporter.see"), response=ReportersOut, summary="Look up who told of a case"
)
def look_up(request: HttpRequest, number: str) -> dict[str, Any]:
    """Return name and phone of everybody who told of a case. A change, not a read: each look is a line in the ledger."""
    tenant, actor = office(request), person(request)
    found = look_at_reporters(tenant, case_numbered(tenant, actor, number), by=actor, at=now())
    names = ("channel", "received_at", "name", "phone", "follow_up", "text")
    return {"reporters": [{name: getattr(each, name) for name in names} for each in found]}


def case_told(case: Case) -> dict[str, Any]:
    """Return a case as `CaseOut` shows it, its texts masked. No query where it was read with what stands beside it."""
    same = ("number", "version", "stage", "channel", "longitude", "latitude")
    texts, sight = ("title", "description", "address", "remedy"), Sight(known=(case.number,))
    times = (
        "reported_at",
        "filed_at",
        "dispatched_at",
        "accepted_at",
        "disposed_at",
        "due_at",
        "closed_at",
        "moved_at",
    )
    counts = ("refusals", "reworks", "reopened", "extensions", "mirrored")
    return {name: getattr(case, name) for name in (*same, *times, *counts)} | {
        **{name: sight.of(getattr(case, name)) for name in texts},
        "class": class_told(case.case_class) if case.case_class else None,
        "unit": {"code": case.body.code, "name": case.body.name} if case.body else None,
        "person": case.person.username if case.person else None,
        "territory": case.territory.code if case.territory else None,
        "condition": case.condition_id,
        "merged_into": case.merged_into.number if case.merged_into else None,
        "parent": case.parent.number if case.parent else None,
    }


def _wanted(tenant: Tenant, asked: CasesIn) -> Wanted:
    faults: list[Fault] = []
    territories = family(tenant, asked.territory) if asked.territory else None
    if asked.territory and not territories:
        faults.append(fault("request.place_unknown", "territory"))
    held = class_keyed(tenant, asked.case_class) if asked.case_class else None
    if asked.case_class and held is None:
        faults.append(fault("request.class_unknown", "class"))
    if faults:
        raise Malformed(faults)
    return Wanted(
        text=asked.q,
        stage=asked.stage.value if asked.stage else "",
        body=asked.unit,
        territories=territories,
        classes=frozenset({held.pk, *held.subclasses.values_list("pk", flat=True)}) if held else None,
        overdue=asked.overdue,
        updated_since=asked.updated_since,
    )


def _written(key: int) -> str:
    return urlsafe_b64encode(str(key).encode()).decode().rstrip("=")


def _read(cursor: str) -> int | None:
    """Return the key that a cursor stands for, None for the first page. Raises Malformed."""
    if not cursor:
        return None
    try:
        key = whole(urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)).decode())
    except (Error, ValueError):
        key = None
    if key is None:
        raise Malformed([fault("request.cursor", "cursor")])
    return key
