"""Taking a report: one transaction, acknowledged only after it, and never twice."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from xiuhua.cases.actions.evidence import join_evidence
from xiuhua.cases.actions.ruling import open_case
from xiuhua.cases.models import Case, CaseMove, Report
from xiuhua.cases.policies import may, right
from xiuhua.cases.queries.shelf import flow_of, shelf_of
from xiuhua.cases.rules.deciding import LONGEST, NotYourPost, incomplete
from xiuhua.cases.words import PlaceMethod, Stage
from xiuhua.cases.words.moves import Flow, Need, Verb
from xiuhua.cases.words.reports import Told
from xiuhua.kernel.actions import emit, record
from xiuhua.kernel.failpoints import reach
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import digest
from xiuhua.kernel.words import Actor, Fault, Refusal, marked
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.models import Territory


class UuidTaken(Refusal):
    """The same client number came with other content."""

    code = "case.uuid_taken"
    sentence = marked("这个编号 %(uuid)s 已经用在内容不同的另一次提交上。")


@dataclass(frozen=True, slots=True)
class Taken:
    """A report that is safe, its case, and whether it was taken just now."""

    report: Report
    case: Case
    created: bool


def report(tenant: Tenant, told: Told, *, by: Actor, at: datetime) -> Taken:
    """Take a report and open its case: located, ruled, in the ledger and in the outbox, all or nothing.

    The same content under the same `client_uuid` is the same report, however often it comes. Raises NotYourPost,
    UuidTaken, MoveIncomplete. Nine statements, ten on PostgreSQL.
    """
    sent = _digest(told)
    try:
        with transaction.atomic():
            taken = _known(tenant, told, sent) or _take(tenant, told, sent, by=by, at=at)
            reach("report.before_commit")
        reach("report.after_commit")
    except IntegrityError:  # the same came twice at once: the other was first
        with transaction.atomic():
            known = _known(tenant, told, sent)
        if known is None:
            raise
        return known
    return taken


def _digest(told: Told) -> str:
    values = {name: str(value) if value is not None else None for name, value in asdict(told).items()}
    return digest(values)


def _known(tenant: Tenant, told: Told, sent: str) -> Taken | None:
    same = Report.objects.filter(tenant=tenant, client_uuid=told.client_uuid)
    if not same.exists():  # nearly always: look before reading everything
        return None
    found = same.select_related("case").get()
    if found.case is None:
        return None
    if found.digest != sent:
        raise UuidTaken(uuid=str(told.client_uuid))
    return Taken(found, found.case, created=False)


def _take(tenant: Tenant, told: Told, sent: str, *, by: Actor, at: datetime) -> Taken:
    flow = flow_of(tenant)
    if not by.may(right(Verb.REPORT)):
        raise NotYourPost(verb=str(Verb.REPORT.label))
    place, method = _located(tenant, told, at)
    if faults := [*_faults(told, place), *_strange(tenant, told)]:
        raise incomplete(Verb.REPORT, faults)
    kept = Report.objects.create(
        tenant=tenant,
        client_uuid=told.client_uuid,
        digest=sent,
        channel=told.channel,
        user_id=by.user,
        name=told.name,
        phone=told.phone,
        follow_up=told.follow_up,
        text=told.text,
        noticed_at=told.noticed_at,
        received_at=at,
        longitude=told.longitude,
        latitude=told.latitude,
        accuracy_m=told.accuracy_m,
    )
    case = Case(
        tenant=tenant,
        number=_number(tenant, flow, kept.pk, at),
        stage=Stage.REPORTED,
        version=1,
        reported_at=at,
        moved_at=at,
        title=told.title,
        description=told.text,
        address=told.address,
        channel=told.channel,
        case_class_id=told.case_class,
        territory_id=place,
        place_method=method,
        longitude=told.longitude,
        latitude=told.latitude,
    )
    if not may(by, right(Verb.REPORT), case):  # a post of one community reports there
        raise NotYourPost(verb=str(Verb.REPORT.label))
    open_case(shelf_of(tenant).rules, case, at=at)
    Report.objects.filter(pk=kept.pk).update(case=case)
    kept.case = case
    join_evidence(tenant, told.client_uuid, case)
    _tell(tenant, case, told, by=by, at=at)
    return Taken(kept, case, created=True)


def _tell(tenant: Tenant, case: Case, told: Told, *, by: Actor, at: datetime) -> None:
    about = f"case:{case.number}"
    facts = {"from": "", "to": Stage.REPORTED.value, "channel": told.channel.value}
    line = record("case.report", about=about, by=by, at=at, tenant=tenant, facts=facts)
    event = emit(
        "case.report",
        tenant=tenant,
        about=about,
        at=at,
        facts={"case": case.pk, "number": case.number, "stage": case.stage, "body": None},
    )
    CaseMove.objects.create(
        case=case,
        version=1,
        verb=Verb.REPORT,
        stage_to=Stage.REPORTED,
        user_id=by.user,
        at=at,
        line=line,
        event=event,
    )


def _located(tenant: Tenant, told: Told, at: datetime) -> tuple[int | None, PlaceMethod]:
    """Return the territory: by the point where there is one and an outline holds it, else the one that was named."""
    if told.longitude is not None and told.latitude is not None:
        day = at.astimezone(zone_of(tenant)).date()
        found = shelf_of(tenant).places.locate(told.longitude, told.latitude, day)
        if found is not None:
            return found, PlaceMethod.POINT
    return (told.territory, PlaceMethod.CODE) if told.territory is not None else (None, PlaceMethod.NONE)


_EAST, _NORTH = 180, 90


def _faults(told: Told, place: int | None) -> list[Fault]:
    faults = []
    lon, lat = told.longitude, told.latitude
    if (lon is None) != (lat is None) or (lon is not None and lat is not None and not _on_earth(lon, lat)):
        faults.append(Fault("case.point_wrong", column=Need.PLACE.value))
    elif place is None:
        outside = lon is not None
        faults.append(Fault("case.point_outside" if outside else "case.need_place", column=Need.PLACE.value))
    if not told.text.strip() and told.case_class is None:
        faults.append(Fault("case.need_what", column=Need.CLASS.value))
    if len(told.text) > LONGEST:
        faults.append(Fault("case.text_long", column=Need.NOTE.value, facts={"most": LONGEST}))
    return faults


def _strange(tenant: Tenant, told: Told) -> list[Fault]:
    """Return a fault for each key that names nothing in this office. No query for what was there when the shelf was filled."""
    shelf, faults = shelf_of(tenant), []
    if told.case_class not in shelf.classes and not _there(CaseClass, tenant, told.case_class):
        faults.append(Fault("case.class_unknown", column=Need.CLASS.value))
    if told.territory not in shelf.territories and not _there(Territory, tenant, told.territory):
        faults.append(Fault("case.place_unknown", column=Need.PLACE.value))
    return faults


def _there(model: type[CaseClass | Territory], tenant: Tenant, key: int | None) -> bool:
    return key is None or model.objects.filter(tenant=tenant, pk=key).exists()


def _on_earth(lon: float, lat: float) -> bool:
    return -_EAST <= lon <= _EAST and -_NORTH <= lat <= _NORTH


def _number(tenant: Tenant, flow: Flow, serial: int, at: datetime) -> str:
    """Return a number that is never given twice; gaps are allowed (6-security-reliability 4.3)."""
    return f"{flow.number_prefix}{at.astimezone(zone_of(tenant)):%Y%m%d}{serial:0{flow.number_digits}d}"
