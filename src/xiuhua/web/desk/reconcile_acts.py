"""The doors through which disagreements are settled: one, many with one confirmation, and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiuhua.cases.actions import GRACE, MOST
from xiuhua.cases.queries.now import CaseUnknown
from xiuhua.cases.queries.shelf import shelf_of
from xiuhua.cases.rules.deciding import MoveIncomplete, NotYourPost
from xiuhua.cases.rules.moves import MOVES
from xiuhua.cases.words.moves import Verb
from xiuhua.exchange.actions import settle, settle_many, unsettle_many
from xiuhua.exchange.actions.settling import Answer, DisagreementUnknown, ReasonMissing, Settled, Wished
from xiuhua.exchange.models import Disagreement
from xiuhua.exchange.reconciling import standing
from xiuhua.exchange.rules.disagreements import KEEP
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Refusal
from xiuhua.web.desk.moveinput import number_in
from xiuhua.web.desk.moving import fault_words
from xiuhua.web.desk.office import now, office, person, whole
from xiuhua.web.desk.reconcile import UNDO, Asked, asked_in, shown
from xiuhua.web.desk.reconcile_side import Sent, asked_reasons, reasons, way_label


def _needed(request: HttpRequest) -> Tenant:
    """Return the office. Raises Http404 where it has no flow, so that its cases are not moved."""
    tenant = office(request)
    if shelf_of(tenant).flow is None:
        raise Http404
    return tenant


def _how(request: HttpRequest) -> str:
    how = request.POST.get("how", "")
    if how not in {KEEP, *Verb.values}:
        raise Http404
    return how


def _back(request: HttpRequest) -> Asked:
    """Return what the address said from which a form was sent."""
    sent = QueryDict((request.POST.get("back") or request.GET.get("back", ""))[:1000])
    return asked_in({name: str(value) for name, value in sent.items()})


def _to(asked: Asked) -> HttpResponse:
    query = asked.query(after=asked.after)
    return HttpResponseRedirect(f"{reverse('desk:reconcile')}{'?' if query else ''}{query}")


def _answer(request: HttpRequest, how: str) -> Answer:
    name = "keep_reason" if how == KEEP else "reason"
    note = request.POST.get("note", "").strip() if how == KEEP or request.POST.get("confirm") else ""
    return Answer(request.POST.get(name, "").strip(), note)


@require_POST
def settle_one(request: HttpRequest) -> HttpResponse:
    """Settle one; say what is wrong beside it, which keeps what was in its form.

    400 where something is missing, 403 without the post, 404 without the sight, 409 where it has moved on.
    """
    tenant, how, key = _needed(request), _how(request), whole(request.POST.get("disagreement"))
    version, answer = whole(request.POST.get("version")), _answer(request, how)
    seen: dict[str, Any] = {"version": -1 if version is None else version, "client_uuid": number_in(request)}
    try:
        made = settle(tenant, key or 0, how, answer, by=person(request), at=now(), **seen)
    except (DisagreementUnknown, CaseUnknown) as unknown:
        raise Http404 from unknown
    except Refusal as refusal:
        sent = Sent(key or 0, _why(refusal), answer.reason, answer.note, how == KEEP)
        status = _status(refusal)
        if not standing(tenant, person(request)).filter(pk=key or 0).exists():  # its row has gone: said above the list
            messages.error(request, sent.error)
        return shown(request, _back(request), sent, status)
    _done(request, how, [made])
    return _to(_back(request))


def _status(refusal: Refusal) -> HTTPStatus:
    if isinstance(refusal, MoveIncomplete | ReasonMissing):
        return HTTPStatus.BAD_REQUEST
    return HTTPStatus.FORBIDDEN if isinstance(refusal, NotYourPost) else HTTPStatus.CONFLICT


def _why(refusal: Refusal) -> str:
    """Return a refusal with everything it complains of."""
    return " ".join((str(refusal), *map(fault_words, refusal.faults)))


def _done(request: HttpRequest, how: str, made: Sequence[Settled]) -> None:
    """Say what was done, and keep the way back for the next page where there is one."""
    facts = {"how": way_label(how), "number": made[-1].row.case.number, "count": len(made)}
    said = _("%(number)s：%(how)s") % facts if len(made) == 1 else _("%(how)s %(count)s 件") % facts
    if how != KEEP and not MOVES[Verb(how)].undoable:
        request.session.pop(UNDO, None)
        messages.success(request, said)
        return
    until = min(one.row.settled_at or now() for one in made) + GRACE
    keys = ",".join(str(one.row.pk) for one in made)
    action = f"{reverse('desk:reconcile-undo')}?{urlencode({'keys': keys, 'back': _back(request).query()})}"
    request.session[UNDO] = {"text": said, "action": action, "until": until.timestamp()}


@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """Take back what was settled within the last seconds, all of it or as much as can be."""
    tenant, at = _needed(request), now()
    keys = [key for text in request.GET.get("keys", "").split(",") if (key := whole(text)) is not None][:MOST]
    if not keys:
        raise Http404
    many = unsettle_many(tenant, keys, by=person(request), at=at)
    request.session.pop(UNDO, None)
    if many.settled:
        messages.success(request, _("已撤回 %(count)s 件") % {"count": len(many.settled)})
    for one in _named(tenant, many.refused):
        messages.error(request, f"{one['number']}：{one['why']}")
    return _to(_back(request))


@require_POST
def settle_picked(request: HttpRequest) -> HttpResponse:
    """Ask once, naming the count; confirmed, settle each and say what became of them."""
    tenant, how, actor = _needed(request), _how(request), person(request)
    pairs = [text.partition(":") for text in request.POST.getlist("pick")]
    picked = {key: seen for one, _colon, other in pairs if (key := whole(one)) and (seen := whole(other)) is not None}
    picked = dict(list(picked.items())[:MOST])
    known = set(standing(tenant, actor).filter(pk__in=picked).values_list("pk", flat=True))
    wished = [Wished(key, version) for key, version in picked.items() if key in known]
    if request.POST.get("confirm") != "1" or not wished:
        return _confirm(request, tenant, how, wished)
    answer = _answer(request, how)
    if (how == KEEP and not (answer.reason or answer.note)) or (
        asked_reasons(shelf_of(tenant).flow, how) and not answer.reason
    ):
        return _confirm(request, tenant, how, wished, error=_("请选理由。"), status=HTTPStatus.BAD_REQUEST)
    many = settle_many(tenant, how, wished, answer, by=actor, clock=now)
    if many.settled:
        _done(request, how, many.settled)
    if not many.refused:
        return _to(_back(request))
    context = {
        "section": "reconcile",
        "refused": _named(tenant, many.refused),
        "done": len(many.settled),
        "asked": _back(request),
    }
    status = HTTPStatus.OK if many.settled else HTTPStatus.CONFLICT
    return render(request, "web/reconcile_refused.html", context, status=status)


def _confirm(
    request: HttpRequest,
    tenant: Tenant,
    how: str,
    wished: Sequence[Wished],
    *,
    error: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    flow = shelf_of(tenant).flow
    context = {
        "section": "reconcile",
        "how": how,
        "label": way_label(how),
        "keeping": how == KEEP,
        "count": len(wished),
        "picks": [f"{one.key}:{one.version}" for one in wished],
        "reasons": reasons(flow, KEEP) if how == KEEP else asked_reasons(flow, how),
        "asked": _back(request),
        "error": error if wished else _("先勾选要处理的。"),
        "sent": request.POST,
    }
    return render(request, "web/reconcile_confirm.html", context, status=status)


def _named(tenant: Tenant, refused: Mapping[int, Refusal]) -> list[dict[str, str]]:
    rows = Disagreement.objects.filter(tenant=tenant, pk__in=refused).values_list("pk", "case__number")
    numbers = dict(rows)
    return [{"number": numbers.get(key, "—"), "why": _why(refusal)} for key, refusal in refused.items()]
