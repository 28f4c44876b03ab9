"""One move with many cases: one confirmation that names the count, and an answer that names what was refused and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiuhua.cases.actions import MOST, Many, Wanted, move_many
from xiuhua.cases.models import Case, Ruling
from xiuhua.cases.policies import visible
from xiuhua.cases.rules.moves import MOVES
from xiuhua.cases.rules.queues import FOR_ALL, IN_BULK
from xiuhua.cases.words.moves import Given, Need, Verb
from xiuhua.kernel.queries import zone_of
from xiuhua.responsibility.models import Body, User
from xiuhua.web.desk.moveforms import reason_options
from xiuhua.web.desk.moveinput import answers_in
from xiuhua.web.desk.office import now, whole
from xiuhua.web.desk.triage import FRAGMENT, back_query, back_to
from xiuhua.web.desk.triage_acts import done, needed
from xiuhua.web.desk.triage_asked import Desk

#: What stands for "each by the duty matrix" where a unit is asked for.
BY_DUTY = "duty"


@dataclass(frozen=True, slots=True)
class Picked:
    """The cases that were ticked, by key with the version that was seen, and the move that is wanted."""

    verb: Verb
    versions: Mapping[int, int]
    cases: Sequence[Case]
    #: Key of the unit that the duty matrix names, by case.
    duty: Mapping[int, int | None]


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Ask once, naming the count; confirmed, make the move with each case and say what became of them."""
    desk, picked = needed(request), _picked(request)
    if not picked.cases:
        return _page(request, desk, picked, error=_("先勾选要办的案件。"))
    if request.POST.get("confirm") != "1":
        return _page(request, desk, picked)
    given, _unread = answers_in(request.POST, zone_of(desk.tenant))  # "by duty" is no key: each case has its own
    missing = _missing(picked.verb, given, request.POST.get("body", ""))
    if missing:
        return _page(request, desk, picked, error=missing, status=400)
    wanted = [
        Wanted(one.pk, picked.versions[one.pk], _for(given, picked.duty.get(one.pk), request.POST.get("body", "")))
        for one in picked.cases
    ]
    many = move_many(desk.tenant, picked.verb, wanted, by=desk.actor, clock=now)
    return _answer(request, picked, many)


def _picked(request: HttpRequest) -> Picked:
    desk = needed(request)
    verb = request.POST.get("verb", "")
    if verb not in {one.value for one in IN_BULK}:
        raise Http404
    pairs = [text.partition(":") for text in request.POST.getlist("pick")]
    versions = {key: seen for one, _colon, other in pairs if (key := whole(one)) and (seen := whole(other)) is not None}
    versions = dict(list(versions.items())[:MOST])
    found = Case.objects.filter(visible(desk.actor), tenant=desk.tenant, pk__in=versions)
    cases = sorted(found.select_related("body", "case_class"), key=lambda one: list(versions).index(one.pk))
    duty = dict(Ruling.objects.filter(case__in=versions).values_list("case_id", "body_id"))
    return Picked(Verb(verb), versions, cases, duty)


def _for(given: Given, duty: int | None, body: str) -> Given:
    """Return what is shown for one case: by the matrix, each goes to the unit that it names."""
    return replace(given, body=duty) if body == BY_DUTY else given


def _missing(verb: Verb, given: Given, body: str) -> str:
    needs = MOVES[verb].needs
    if Need.BODY in needs and given.body is None and body != BY_DUTY:
        return _("请选责任单位。")
    if Need.PERSON in needs and given.person is None:
        return _("请选责任人。")
    return _("请选理由。") if Need.REASON in needs and not given.reason else ""


def _answer(request: HttpRequest, picked: Picked, many: Many) -> HttpResponse:
    numbers = {one.pk: one.number for one in picked.cases}
    refused = [{"number": numbers[key], "why": str(why)} for key, why in many.refused.items()]
    if many.moved and (request.headers.get(FRAGMENT) or not refused):
        return done(request, picked.verb.value, many.moved, refused=refused)
    if many.moved:
        done(request, picked.verb.value, many.moved)
    context = {"section": "triage", "refused": refused, "moved": len(many.moved), "asked": back_query(request)}
    return render(request, _template(request, "refused"), context, status=200 if many.moved else 409)


def _page(request: HttpRequest, desk: Desk, picked: Picked, *, error: str = "", status: int = 200) -> HttpResponse:
    if not picked.cases and not request.headers.get(FRAGMENT):
        return back_to(back_query(request).query())
    context: dict[str, Any] = {
        "section": "triage",
        "verb": picked.verb,
        "count": len(picked.cases),
        "picks": [f"{one.pk}:{picked.versions[one.pk]}" for one in picked.cases],
        "asked": back_query(request),
        "error": error,
        "most": MOST,
        "sent": request.POST,
        **_questions(desk, picked),
    }
    return render(request, _template(request, "confirm"), context, status=status)


def _template(request: HttpRequest, name: str) -> str:
    return f"web/_triage_{name}.html" if request.headers.get(FRAGMENT) else f"web/triage_{name}.html"


def _questions(desk: Desk, picked: Picked) -> dict[str, Any]:
    """Return what one answer settles for all of them."""
    asked: dict[str, Any] = {}
    needs = set(MOVES[picked.verb].needs) & FOR_ALL
    if Need.BODY in needs:
        asked["units"] = list(Body.objects.filter(tenant=desk.tenant).order_by("name").values_list("pk", "name"))
        names = dict(asked["units"])
        spread = Counter(picked.duty.get(one.pk) for one in picked.cases)
        asked["nobody"] = spread.pop(None, 0)
        asked["spread"] = [(names.get(key, "—"), count) for key, count in spread.most_common()]
    if Need.PERSON in needs:
        bodies = {one.body_id for one in picked.cases}
        people = User.objects.filter(tenant=desk.tenant, is_active=True, posts__body__in=bodies) | User.objects.filter(
            tenant=desk.tenant, is_active=True, body__in=bodies
        )
        asked["people"] = [(one.pk, str(one)) for one in people.distinct().order_by("name", "username")]
        asked["me"] = desk.actor.user
    if Need.REASON in needs:
        asked["reasons"] = [option[:2] for option in reason_options(desk.flow, picked.verb)]
    return asked
