"""Reports for programs: taken once, acknowledged when they are safe."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.responses import Status

from xiuhua.cases.actions import report
from xiuhua.cases.models import Report
from xiuhua.cases.queries.now import CaseUnknown
from xiuhua.cases.queries.reporting import report_sent
from xiuhua.cases.queries.shelf import shelf_of
from xiuhua.cases.words.reports import Told
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Fault
from xiuhua.taxonomy.queries import class_keyed
from xiuhua.web.api.auth import reach
from xiuhua.web.api.parsing import Malformed, fault
from xiuhua.web.api.shapes.reports import ReportIn, ReportOut
from xiuhua.web.desk.office import now, office, person

router = Router(tags=["reports"])
PREFIX = "/api/v1"


@router.post("", auth=reach("case.report"), response={201: ReportOut, 200: ReportOut}, summary="Tell of a problem")
def tell(request: HttpRequest, told: ReportIn, response: HttpResponse) -> Status[dict[str, Any]]:
    """Take a report and open its case; answered 201 only when both are safe on the disk.

    Send the same again as often as you like: it is one report, and the answer is the same with 200. Anything else under
    the same `client_uuid` is refused with 409. Photos may come before or after it (`POST /evidence`).
    """
    tenant = office(request)
    taken = report(tenant, _read(tenant, told), by=person(request), at=now())
    response["Location"] = f"{PREFIX}/reports/{told.client_uuid}"
    response["ETag"] = f'"{taken.report.digest[:16]}"'
    return Status(201 if taken.created else 200, _told(taken.report))


@router.get("/{client_uuid}", auth=reach("case.report"), response=ReportOut, summary="What became of my report")
def sent(request: HttpRequest, client_uuid: UUID, response: HttpResponse) -> dict[str, Any]:
    """Return a report that the asker sent; 404 for anybody else's."""
    found = report_sent(office(request), client_uuid, person(request))
    if found is None:
        raise CaseUnknown
    response["ETag"] = f'"{found.digest[:16]}"'
    return _told(found)


def _told(found: Report) -> dict[str, Any]:
    number = found.case.number if found.case else ""
    return {
        "client_uuid": found.client_uuid,
        "case": number,
        "href": f"{PREFIX}/cases/{number}",
        "received_at": found.received_at,
    }


def _read(tenant: Tenant, told: ReportIn) -> Told:
    """Return a report with the keys of what it names. Raises Malformed for names that mean nothing here."""
    values = told.model_dump(exclude={"case_class", "territory"})
    faults: list[Fault] = []
    held = _class(tenant, told.case_class) if told.case_class is not None else None
    if held is None and told.case_class is not None:
        faults.append(fault("request.class_unknown", "class"))
    place = shelf_of(tenant).codes.find(told.territory) if told.territory is not None else None
    if place is None and told.territory is not None:
        faults.append(fault("request.place_unknown", "territory"))
    if faults:
        raise Malformed(faults)
    return Told(**values, case_class=held, territory=place)


def _class(tenant: Tenant, key: str) -> int | None:
    """Return the class that a key stands for. No query for one that was there when the shelf was filled."""
    if (known := shelf_of(tenant).class_keys.get(key)) is not None:
        return known
    found = class_keyed(tenant, key)
    return found.pk if found else None
