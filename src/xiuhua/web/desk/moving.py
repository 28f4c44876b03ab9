"""The door to moves: one address for all of them. It works as a page; the desk takes the same as a fragment."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from xiuhua.cases.actions import GRACE, Moved, move, undo
from xiuhua.cases.models import Case, CaseMove
from xiuhua.cases.policies import may_move, sees
from xiuhua.cases.queries.evidence import evidence_of
from xiuhua.cases.queries.now import CaseUnknown, Stale, case_keyed, case_now, last_move, moves_since
from xiuhua.cases.queries.shelf import flow_of
from xiuhua.cases.rules.deciding import MoveIncomplete, NotYourPost, barrier, decide
from xiuhua.cases.rules.moves import MOVES
from xiuhua.cases.words.moves import EvidenceKind, Given, Verb
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.phrases import code_sentence
from xiuhua.kernel.words import Actor, Fault, Refusal
from xiuhua.privacy.rules import mask
from xiuhua.web.desk.evidence import shown, thumbs_of
from xiuhua.web.desk.moveforms import PHOTOS, MoveForm, errors_in, form_of
from xiuhua.web.desk.moveinput import SHOWING, given_of, keep_photos, number_in
from xiuhua.web.desk.office import now, office, person, whole

#: The header by which a script asks for the form alone instead of a page.
FRAGMENT = "X-Fragment"


@require_http_methods(["GET", "HEAD", "POST"])
def move_page(request: HttpRequest, key: int, verb: str) -> HttpResponse:
    """Show the form of a move; by POST make it.

    400 with the errors beside their fields, 403 without the post, 404 without the sight, 409 where the case has moved on or
    the table has no such move. What was typed and uploaded is kept every time.
    """
    tenant, actor = office(request), person(request)
    case = visible_case(tenant, key, actor)
    if verb not in Verb.values or Verb(verb) == Verb.REPORT:
        raise Http404
    asked = Verb(verb)
    if not may_move(actor, asked, case):
        return refused(request, NotYourPost(verb=str(asked.label)), HTTPStatus.FORBIDDEN, case)
    if request.method == "POST":
        return _sent(request, case, asked, actor)
    stopped = _stopped(case, asked, actor)
    if stopped is not None:
        return refused(request, stopped, HTTPStatus.CONFLICT, case)
    values = {name: request.GET[name] for name in ("class", "next") if name in request.GET}
    return _form(request, form_of(asked, case, flow_of(tenant), actor, values=values))


def visible_case(tenant: Tenant, key: int, actor: Actor) -> Case:
    """Return a case that the actor may see. Raises Http404: what is hidden looks like what is not there."""
    try:
        case = case_keyed(tenant, key)
    except CaseUnknown as unknown:
        raise Http404 from unknown
    if not sees(actor, case):
        raise Http404
    return case


def _sent(request: HttpRequest, case: Case, verb: Verb, actor: Actor) -> HttpResponse:
    """Store the photos, then make the move, and answer."""
    tenant, number, version = case.tenant, number_in(request), whole(request.POST.get("version"))
    made, stopped = CaseMove.objects.filter(client_uuid=number, case=case).first(), _stopped(case, verb, actor)
    if made is not None:  # the same form once more: it is read as it was read then
        case = before(case, made)
    elif stopped is not None:
        if version is not None and version != case.version:
            return _stale(request, case, verb, given_of(request, verb, case)[0], version)
        return refused(request, stopped, HTTPStatus.CONFLICT, case)
    kind = SHOWING.get(verb, EvidenceKind.OTHER)
    photos, wrong = keep_photos(request, tenant, case, kind, by=actor, number=number)
    given, errors = given_of(request, verb, case, photos)
    errors |= {"photo": wrong} if wrong else {}
    if errors:
        return _again(request, case, verb, given, _lacking(case, verb, given, actor) | errors)
    seen = -1 if version is None else version  # a form without a version has seen none
    try:
        moved = move(tenant, case.pk, verb, given, by=actor, at=now(), version=seen, client_uuid=number)
    except Refusal as refusal:
        return _refusal(request, case, given, refusal, verb=verb, version=seen)
    return _done(request, moved, actor)


def _refusal(
    request: HttpRequest, case: Case, given: Given, refusal: Refusal, *, verb: Verb, version: int
) -> HttpResponse:
    """Return what somebody sees whose move was refused: the form with its errors, the difference, or the sentence."""
    if isinstance(refusal, MoveIncomplete):
        return _again(request, case, verb, given, errors_in(refusal.faults, fault_words))
    if isinstance(refusal, Stale):
        return _stale(request, case, verb, given, version)
    if isinstance(refusal, CaseUnknown):
        raise Http404
    status = HTTPStatus.FORBIDDEN if isinstance(refusal, NotYourPost) else HTTPStatus.CONFLICT
    return refused(request, refusal, status, case)


def before(case: Case, made: CaseMove) -> Case:
    """Return the case with what a move changed put back as it was, unsaved: against this the move's form was filled in."""
    found = case_keyed(case.tenant, case.pk)
    for name, (old, _new) in made.changes.items():
        setattr(found, name, old)
    return found


def _stopped(case: Case, verb: Verb, actor: Actor) -> Refusal | None:
    return barrier(verb, case_now(case), flow_of(case.tenant), user=actor.user, at=now())


def _lacking(case: Case, verb: Verb, given: Given, actor: Actor) -> dict[str, str]:
    """Return what else is missing, so that nobody mends one fault to be told of the next."""
    try:
        decide(verb, case_now(case), given, flow_of(case.tenant), user=actor.user, at=now())
    except MoveIncomplete as refusal:
        return errors_in(refusal.faults, fault_words)
    except Refusal:
        return {}
    return {}


def fault_words(fault: Fault) -> str:
    """Return the sentence of a fault without its place: the form shows where."""
    return code_sentence(fault.code, dict(fault.facts))


def _values(request: HttpRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.POST.items()}


def _again(request: HttpRequest, case: Case, verb: Verb, given: Given, errors: dict[str, str]) -> HttpResponse:
    form = form_of(
        verb,
        case_keyed(case.tenant, case.pk),
        flow_of(case.tenant),
        person(request),
        values=_values(request),
        errors=errors,
        photos=given.photos,
    )
    seen = whole(request.POST.get("version"))
    return _form(request, replace(form, version=seen if seen is not None else form.version), HTTPStatus.BAD_REQUEST)


def _stale(request: HttpRequest, case: Case, verb: Verb, given: Given, seen: int) -> HttpResponse:
    """Say what others did meanwhile, and offer the same form again on the case as it stands, if it still allows the move."""
    fresh, actor = case_keyed(case.tenant, case.pk), person(request)
    if not sees(actor, fresh):
        raise Http404
    told = [
        {
            "verb": str(Verb(one.verb).label),
            "who": _who(one),
            "at": one.at,
            "note": mask(one.note),
            "undone": one.undone,
        }
        for one in moves_since(fresh, seen)
    ]
    stopped = _stopped(fresh, verb, actor)
    form = form_of(verb, fresh, flow_of(case.tenant), actor, values=_values(request), photos=given.photos)
    more = {"meanwhile": told, "stopped": str(stopped) if stopped else "", "stage": fresh.get_stage_display()}
    return _form(request, form, HTTPStatus.CONFLICT, **more)


def _who(one: CaseMove) -> str:
    return str(one.user) if one.user else _("系统")


def _form(request: HttpRequest, form: MoveForm, status: HTTPStatus = HTTPStatus.OK, **more: Any) -> HttpResponse:
    thumbs = thumbs_of(form.case, form.photos, person(request))
    case = form.case
    about = " · ".join(
        filter(None, (mask(case.title) or str(case.case_class or ""), mask(case.address), case.get_stage_display()))
    )
    context = {"form": form, "case": case, "about": about, "thumbs": thumbs, "photo_types": PHOTOS, **more}
    context |= {"section": "cases", "guide": _guide(form, person(request))}
    template = "web/_move_form.html" if request.headers.get(FRAGMENT) else "web/move.html"
    return render(request, template, context, status=status)


def _guide(form: MoveForm, actor: Actor) -> dict[str, Any] | None:
    """Return the newest photo of how it was before: whoever takes the one after stands where that one was taken."""
    if form.verb != Verb.RECTIFY:
        return None
    before = [one for one in evidence_of(form.case) if one.kind == EvidenceKind.BEFORE][-1:]
    return next(iter(shown(form.case, before, actor)), None)


def refused(request: HttpRequest, refusal: Refusal, status: HTTPStatus, case: Case) -> HttpResponse:
    """Return the page of a refusal with the way back to the case."""
    back = reverse("desk:case", args=[case.pk])
    return render(request, "web/refused.html", {"sentence": str(refusal), "back_href": back}, status=status)


def _done(request: HttpRequest, moved: Moved, actor: Actor) -> HttpResponse:
    case = moved.case
    said = _("%(number)s：已%(verb)s。") % {"number": case.number, "verb": Verb(moved.move.verb).label}
    if request.headers.get(FRAGMENT):
        return JsonResponse(done_json(moved, said))
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        messages.success(request, said)
        return redirect(target)
    if sees(actor, case):
        return redirect("desk:case", key=case.pk)
    messages.success(request, said)  # what was handed on may have left the actor's own sight
    return redirect("desk:cases")


def done_json(moved: Moved, said: str) -> dict[str, Any]:
    """Return what a script needs to know of a move that was made: where the case stands, and how to take it back."""
    case, made = moved.case, moved.move
    back = MOVES[Verb(made.verb)].undoable
    return {
        "case": case.pk,
        "number": case.number,
        "stage": case.stage,
        "version": case.version,
        "move": made.pk,
        "sentence": said,
        "undo": reverse("desk:undo", args=[case.pk, made.pk]) if back else None,
        "seconds": int(GRACE.total_seconds()) if back else 0,
    }


@require_POST
def undo_move(request: HttpRequest, key: int, number: int) -> HttpResponse:
    """Take back the move `number` of a case within the seconds of grace."""
    tenant, actor = office(request), person(request)
    try:  # whoever handed a case on may still take it back, though it has left his sight
        moved = undo(tenant, key, number, by=actor, at=now())
    except CaseUnknown as unknown:
        raise Http404 from unknown
    said = _("%(number)s：“%(verb)s”已撤回。") % {"number": moved.case.number, "verb": Verb(moved.move.verb).label}
    if request.headers.get(FRAGMENT):
        return JsonResponse({"case": key, "stage": moved.case.stage, "version": moved.case.version, "sentence": said})
    messages.success(request, said)
    return redirect("desk:case", key=key)


def offered_undo(case: Case, actor: Actor) -> dict[str, Any] | None:
    """Return the last move for as long as its maker may take it back: what was done, the address, the seconds left."""
    made = last_move(case)
    if made is None or made.undone or made.user_id != actor.user or not MOVES[Verb(made.verb)].undoable:
        return None
    left = int((GRACE - (now() - made.at)).total_seconds())
    if left <= 0:
        return None
    text = _("已%(verb)s") % {"verb": Verb(made.verb).label}
    return {"text": text, "action": reverse("desk:undo", args=[case.pk, made.pk]), "seconds": left}
