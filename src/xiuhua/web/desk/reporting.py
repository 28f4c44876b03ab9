"""The door to a new report: what, where, who told it, photos; what may be the same is shown before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xiuhua.cases.actions import move, report
from xiuhua.cases.models import Case, Evidence, Report
from xiuhua.cases.policies import right
from xiuhua.cases.queries.nearby import near, suggested
from xiuhua.cases.queries.offers import class_offers, place_offers
from xiuhua.cases.queries.shelf import flow_of
from xiuhua.cases.rules.deciding import MoveIncomplete, NotYourPost
from xiuhua.cases.words.moves import Channel, EvidenceKind, Given, Need, Verb
from xiuhua.cases.words.reports import Told
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Refusal
from xiuhua.taxonomy.models import CaseClass
from xiuhua.web.desk.moveforms import PHOTOS, errors_in
from xiuhua.web.desk.moveinput import coordinates, keep_photos, number_in
from xiuhua.web.desk.moving import fault_words
from xiuhua.web.desk.office import now, office, person, whole

#: Which field an error of a need belongs to.
_FIELD = {
    Need.PLACE.value: "territory",
    Need.CLASS.value: "class",
    Need.NOTE.value: "text",
    Need.REMEDY.value: "remedy",
}
_LONGEST = {"title": 300, "address": 300, "name": 60, "phone": 30}
#: In the order of the form: where the summary's links lead.
_FIELDS = (
    "class",
    "text",
    "title",
    "territory",
    "address",
    "longitude",
    "latitude",
    "name",
    "phone",
    "photo",
    "remedy",
)


@require_http_methods(["GET", "HEAD", "POST"])
def new_report(request: HttpRequest) -> HttpResponse:
    """Show the form of a report; by POST take it. The same form sent twice is one case.

    `look` shows what may be the same first; `fix` also says that it was put right on the spot. 403 without the post.
    """
    tenant, actor = office(request), person(request)
    if not actor.may(right(Verb.REPORT)):
        refusal = NotYourPost(verb=str(Verb.REPORT.label))
        return render(request, "web/refused.html", {"sentence": str(refusal)}, status=HTTPStatus.FORBIDDEN)
    if request.method != "POST":
        return _form(request, tenant, actor, {"client_uuid": str(uuid4()), "channel": _usual(actor)}, {})
    return _sent(request, tenant, actor)


def _usual(actor: Actor) -> str:
    return str(Channel.INSPECTOR if actor.may(right(Verb.FIX_ON_SPOT)) else Channel.PHONE)


def _sent(request: HttpRequest, tenant: Tenant, actor: Actor) -> HttpResponse:
    """Keep the photos, show what may be the same where nobody looked yet, else take the report."""
    number, values = number_in(request), {name: str(value) for name, value in request.POST.items()}
    values["client_uuid"] = str(number)
    photos, wrong = keep_photos(request, tenant, None, EvidenceKind.BEFORE, by=actor, number=number)
    told, errors = _told(tenant, values, number)
    errors |= {"photo": wrong} if wrong else {}
    act = values.get("act", "")
    fixing = act == "fix"
    if fixing and not values.get("remedy", "").strip():
        errors["remedy"] = _("请写整改措施：要做什么。")
    same = _same(tenant, actor, told)
    if errors or act == "look" or (same and not values.get("looked")):
        status = HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
        return _form(request, tenant, actor, values, errors, photos=photos, same=same, status=status)
    try:
        taken = report(tenant, told, by=actor, at=now())
        if fixing:
            _fix(tenant, taken.case, actor, values, number)
    except MoveIncomplete as refusal:
        found = errors_in(refusal.faults, fault_words)
        named = {_FIELD.get(need, need): text for need, text in found.items()}
        return _form(request, tenant, actor, values, named, photos=photos, same=same, status=HTTPStatus.BAD_REQUEST)
    except Refusal as refusal:
        status = HTTPStatus.FORBIDDEN if isinstance(refusal, NotYourPost) else HTTPStatus.CONFLICT
        return render(request, "web/refused.html", {"sentence": str(refusal)}, status=status)
    return redirect("desk:case", key=taken.case.pk)


def _fix(tenant: Tenant, case: Case, actor: Actor, values: Mapping[str, str], number: UUID) -> None:
    """Say of the case just opened that it was put right on the spot; its photos show it. Once, however often it is sent."""
    keys = Evidence.objects.filter(case=case, client_uuid=number).order_by("pk").values_list("pk", flat=True)
    given = Given(remedy=values.get("remedy", "").strip(), photos=tuple(keys))
    move(
        tenant, case.pk, Verb.FIX_ON_SPOT, given, by=actor, at=now(), version=None, client_uuid=UUID(int=number.int ^ 1)
    )


def _told(tenant: Tenant, values: Mapping[str, str], number: UUID) -> tuple[Told, dict[str, str]]:
    """Return the report as it was sent, and what of it cannot be read."""
    errors: dict[str, str] = {}
    texts = {name: values.get(name, "").strip() for name in ("text", "title", "address", "name", "phone")}
    for name, most in _LONGEST.items():
        if len(texts[name]) > most:
            errors[name] = _("写得太长，最多 %(most)s 字。") % {"most": most}
    point = coordinates(values, errors)
    channel = values.get("channel", "")
    case_class = whole(values.get("class"))
    if case_class is not None and not CaseClass.objects.filter(tenant=tenant, pk=case_class).exists():
        errors["class"], case_class = _("请从清单里选。"), None
    territory = whole(values.get("territory"))
    if territory is not None and territory not in dict(place_offers(tenant)):
        errors["territory"], territory = _("请从清单里选。"), None
    told = Told(
        client_uuid=number,
        channel=Channel(channel) if channel in Channel.values else Channel.PHONE,
        case_class=case_class,
        territory=territory,
        longitude=point[0] if point else None,
        latitude=point[1] if point else None,
        follow_up=values.get("follow_up") == "1",
        text=texts["text"],
        title=texts["title"],
        address=texts["address"],
        name=texts["name"],
        phone=texts["phone"],
    )
    return told, errors


def _same(tenant: Tenant, actor: Actor, told: Told) -> list[Any]:
    """Return the living cases that may be the same problem; none for a report that was taken already, or without a point."""
    if told.longitude is None or Report.objects.filter(tenant=tenant, client_uuid=told.client_uuid).exists():
        return []
    flow = flow_of(tenant)
    held = CaseClass.objects.filter(tenant=tenant, pk=told.case_class or 0).first()
    as_case = Case(tenant=tenant, reported_at=now(), longitude=told.longitude, latitude=told.latitude, case_class=held)
    return suggested(near(tenant, actor, as_case, flow, reach=flow.duplicate_metres))


def _form(
    request: HttpRequest,
    tenant: Tenant,
    actor: Actor,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    photos: list[int] | None = None,
    same: list[Any] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    none = ("", _("请选择"))
    context = {
        "values": values,
        "errors": errors,
        "error_list": [(f"id_{name}", errors[name]) for name in _FIELDS if name in errors],
        "channels": [(str(one), str(one.label)) for one in Channel if one != Channel.API],
        "classes": [none, *((str(key), name) for key, name in class_offers(tenant))],
        "places": [none, *((str(key), name) for key, name in place_offers(tenant))],
        "same": same or [],
        "photo_types": PHOTOS,
        "photos_kept": len(photos or []),
        "may_fix": actor.may(right(Verb.FIX_ON_SPOT)),
        "section": "cases",
    }
    return render(request, "web/report.html", context, status=status)
