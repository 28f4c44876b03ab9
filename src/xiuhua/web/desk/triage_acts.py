"""The doors through which the desk acts: a move, many at once, the way back, and staying in touch with colleagues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiuhua.cases.actions import GRACE, Moved, claim, file_and_dispatch, move, release, undo_many
from xiuhua.cases.models import Case
from xiuhua.cases.queries.changes import steps_since
from xiuhua.cases.queries.now import CaseUnknown, Stale
from xiuhua.cases.queries.queues import counts, standing_of
from xiuhua.cases.rules.deciding import MoveIncomplete, NotYourPost
from xiuhua.cases.rules.moves import MOVES
from xiuhua.cases.words.moves import Verb
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.words import Refusal
from xiuhua.web.desk.desk_forms import BOTH, label_of, parts
from xiuhua.web.desk.moveforms import errors_in
from xiuhua.web.desk.moveinput import answers_in, number_in
from xiuhua.web.desk.moving import fault_words
from xiuhua.web.desk.office import now, whole
from xiuhua.web.desk.triage import FRAGMENT, UNDO, back_query, back_to, desk_of, shown
from xiuhua.web.desk.triage_asked import Desk
from xiuhua.web.desk.triage_case import Sent

#: Cases that one screen asks about at a time.
MOST_WATCHED = 120


def needed(request: HttpRequest) -> Desk:
    """Return the desk of the signed-in person. Raises Http404 where the office moves no cases."""
    desk = desk_of(request)
    if desk is None:
        raise Http404
    return desk


@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Make a move with one case and go on to the next; say what is wrong beside the form, which keeps what was in it.

    400 where something is missing, 403 without the post, 404 without the sight, 409 where others were faster.
    """
    desk, verb = needed(request), request.POST.get("verb", "")
    key, version = whole(request.POST.get("case")), whole(request.POST.get("version"))
    if key is None or verb not in {BOTH, *Verb.values}:
        raise Http404
    given, errors = answers_in(request.POST, zone_of(desk.tenant))
    if errors:
        return _again(request, desk, Sent(verb, request.POST.dict(), errors), HTTPStatus.BAD_REQUEST)
    # a form that names no version has seen none
    seen: dict[str, Any] = {"by": desk.actor, "at": now(), "version": -1 if version is None else version}
    seen["client_uuid"] = number_in(request)
    try:
        if verb == BOTH:
            made: Sequence[Moved] = file_and_dispatch(desk.tenant, key, *parts(given), **seen)
        else:
            made = (move(desk.tenant, key, Verb(verb), given, **seen),)
    except CaseUnknown as unknown:
        raise Http404 from unknown
    except Refusal as refusal:
        return _refused(request, desk, verb, refusal)
    release(desk.tenant, key, by=desk.actor)
    return done(request, verb, made)


def _refused(request: HttpRequest, desk: Desk, verb: str, refusal: Refusal) -> HttpResponse:
    values = request.POST.dict()
    if isinstance(refusal, MoveIncomplete):
        return _again(request, desk, Sent(verb, values, errors_in(refusal.faults, fault_words)), HTTPStatus.BAD_REQUEST)
    if isinstance(refusal, Stale):
        case = Case.objects.select_related("tenant").get(tenant=desk.tenant, pk=whole(values.get("case")) or 0)
        steps = steps_since(case, whole(values.get("version")) or 0)
        sent = Sent(verb, values, refused=str(refusal), meanwhile=steps, stale=True)
        return _again(request, desk, sent, HTTPStatus.CONFLICT)
    status = HTTPStatus.FORBIDDEN if isinstance(refusal, NotYourPost) else HTTPStatus.CONFLICT
    return _again(request, desk, Sent(verb, values, refused=str(refusal)), status)


def _again(request: HttpRequest, desk: Desk, sent: Sent, status: HTTPStatus) -> HttpResponse:
    asked = back_query(request)
    asked = type(asked)(asked.queue, asked.given, asked.after, whole(sent.values.get("case")), asked.zoom)
    return shown(request, desk, asked, sent, status)


def done(request: HttpRequest, verb: str, made: Sequence[Moved], **more: Any) -> HttpResponse:
    """Answer for moves that were made: how to take them back, and on to the next case."""
    names = {"verb": label_of(verb), "number": made[-1].case.number, "count": len({one.case.pk for one in made})}
    said = _("%(number)s：%(verb)s") % names if names["count"] == 1 else _("%(verb)s %(count)s 件") % names
    if made[-1].case.body is not None and verb in {BOTH, Verb.DISPATCH.value} and names["count"] == 1:
        said = _("%(number)s：%(verb)s到%(unit)s") % {**names, "unit": _unit(made[-1].case)}
    way = _way_back(said, made)
    if request.headers.get(FRAGMENT):
        return JsonResponse({"said": said, "undo": way, "case": made[-1].case.pk, **more})
    messages.success(request, said)
    request.session[UNDO] = way
    asked, after = back_query(request), request.POST.get("next_case", "")
    return back_to(asked.query(case=whole(after)))


def _unit(case: Case) -> str:
    case.refresh_from_db(fields=["body"])
    return str(case.body or "")


def _way_back(said: str, made: Sequence[Moved]) -> dict[str, Any] | None:
    """Return what takes the moves back and until when; None where one of them cannot be taken back."""
    if not all(MOVES[Verb(one.move.verb)].undoable for one in made):
        return None
    until = min(one.move.at for one in made) + GRACE
    return {
        "text": said,
        "moves": ",".join(f"{one.case.pk}:{one.move.pk}" for one in made),
        "until": until.timestamp(),
        "seconds": max(0, int((until - now()).total_seconds())),
    }


@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """Take back the named moves, all of them or as many as can be."""
    desk = needed(request)
    pairs = [pair.partition(":") for pair in request.POST.get("moves", "").split(",")]
    wanted = [(case, key) for one, _colon, other in pairs if (case := whole(one)) and (key := whole(other))]
    if not wanted:
        raise Http404
    many = undo_many(desk.tenant, wanted, by=desk.actor, at=desk.at)
    request.session.pop(UNDO, None)
    count = len({one.case.pk for one in many.moved} - set(many.refused))
    said = _("已撤回 %(count)s 件") % {"count": count}
    refused = _named(desk.tenant, many.refused)
    if request.headers.get(FRAGMENT):
        status = HTTPStatus.OK if many.moved else HTTPStatus.CONFLICT
        return JsonResponse({"said": said, "refused": refused, "case": wanted[0][0]}, status=status)
    if many.moved:
        messages.success(request, said)
    for one in refused:
        messages.error(request, f"{one['number']}：{one['why']}")
    return back_to(back_query(request).query(case=wanted[0][0]))


def _named(tenant: Tenant, refused: Mapping[int, Refusal]) -> list[dict[str, str]]:
    numbers = dict(Case.objects.filter(tenant=tenant, pk__in=refused).values_list("pk", "number"))
    return [{"number": numbers.get(key, "—"), "why": str(why)} for key, why in refused.items()]


@require_POST
def watch(request: HttpRequest) -> HttpResponse:
    """Say how the cases on a screen stand, who is on which, and how many wait in each queue; keep the open case claimed.

    Three statements beside those that say who asks: the claim, the cases, the counts.
    """
    desk = needed(request)
    keys = [key for text in request.POST.get("keys", "").split(",") if (key := whole(text))][:MOST_WATCHED]
    mine = whole(request.POST.get("claim"))
    held = claim(desk.tenant, mine, by=desk.actor, at=desk.at) if mine else False
    cases = standing_of(desk.tenant, desk.actor, [*keys, *([mine] if mine else [])])
    return JsonResponse(
        {
            "claimed": held,
            "cases": {
                str(key): {
                    "version": one.version,
                    "stage": one.stage,
                    "busy": _busy(desk, one.claimed_by, one.holder, one.claimed_until),
                }
                for key, one in cases.items()
            },
            "counts": {queue.value: n for queue, n in counts(desk.tenant, desk.actor, desk.flow, desk.at).items()},
        }
    )


def _busy(desk: Desk, by: int | None, holder: str, until: Any) -> str:
    return holder if by is not None and by != desk.actor.user and until is not None and until > desk.at else ""


@require_POST
def let_go(request: HttpRequest) -> HttpResponse:
    """Let go of a case that was opened for work."""
    desk, key = needed(request), whole(request.POST.get("case"))
    return JsonResponse({"released": bool(key and release(desk.tenant, key, by=desk.actor))})
