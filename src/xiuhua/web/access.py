"""Who may come through which door: every address of the resolver with the right that it takes, and the guard at it.

An address that is not declared here does not exist for anybody (404; a test names it). A signed-in person without the
right gets 403 with the posts that have it; a thing outside a person's scope is 404 like one that is not there, and both
leave a line in the ledger (docs/rights.md, ADR 0008).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from xiuhua.kernel.actions import record
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import User
from xiuhua.responsibility.queries import holding, role_names
from xiuhua.responsibility.rules.rights import TITLES, holds
from xiuhua.responsibility.rules.roles import holders
from xiuhua.web.desk.office import now, person

#: Anybody, signed in or not.
PUBLIC = "public"
#: Everybody with an account: his own affairs.
SIGNED_IN = "signed_in"
READS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Door:
    """What an address takes: a right ("a|b" is either), PUBLIC or SIGNED_IN; another for changing where that differs."""

    read: str
    write: str = ""

    def wants(self, method: str) -> str:
        """Return what a method takes."""
        return self.read if method in READS or not self.write else self.write


ACCESS: Mapping[str, Door] = {
    "desk:login": Door(PUBLIC),
    "desk:logout": Door(PUBLIC),
    "desk:look": Door(PUBLIC),
    "desk:language": Door(PUBLIC),
    "desk:stylesheet": Door(PUBLIC),
    "desk:second-step": Door(PUBLIC),
    "desk:forgot": Door(PUBLIC),
    "desk:reset": Door(PUBLIC),
    "desk:invitation": Door(PUBLIC),
    "desk:set-up": Door(PUBLIC),
    "desk:account": Door(SIGNED_IN),
    "desk:password": Door(SIGNED_IN),
    "desk:second": Door(SIGNED_IN),
    "desk:recovery": Door(SIGNED_IN),
    "desk:second-off": Door(SIGNED_IN),
    "desk:sessions": Door(SIGNED_IN),
    "desk:tokens": Door(SIGNED_IN),
    "desk:token-revoke": Door(SIGNED_IN),
    "desk:gallery": Door(SIGNED_IN),
    "desk:home": Door("month.see"),
    "desk:ranking": Door("month.see"),
    "desk:ranking-sheet": Door("month.see"),
    "desk:analysis": Door("month.see"),
    "desk:analysis-sheet": Door("month.see"),
    "desk:sheet": Door("month.see"),
    "desk:mine": Door("month.see"),
    "desk:warning": Door("month.see", "assess.do"),
    "desk:lists": Door("month.see"),
    "desk:differences": Door("month.see"),
    "desk:map": Door("month.see"),
    "desk:layers": Door("month.see"),
    "desk:layers-data": Door("month.see"),
    "desk:again": Door("month.see"),
    "desk:again-sheet": Door("month.see"),
    "desk:frozen": Door("month.see"),
    "desk:assess": Door("assess.do"),
    "desk:bulletins": Door("bulletin.see"),
    "desk:bulletin-new": Door("bulletin.write"),
    "desk:bulletin": Door("bulletin.see", "bulletin.write"),
    "desk:bulletin-do": Door("bulletin.see"),
    "desk:bulletin-versions": Door("bulletin.see"),
    "desk:bulletin-paper": Door("bulletin.see"),
    "desk:bulletin-file": Door("bulletin.see"),
    "desk:meeting": Door("month.see"),
    "desk:meeting-file": Door("month.see"),
    "desk:meeting-zip": Door("month.see"),
    "desk:meeting-state": Door("month.see"),
    "desk:meeting-do": Door("month.see"),
    "desk:cases": Door("case.see"),
    "desk:case-sheet": Door("case.see"),
    "desk:case-own": Door("case.see"),
    "desk:queue-sheet": Door("case.see"),
    "desk:frozen-sheet": Door("month.see"),
    "desk:case-photos": Door("case.see"),
    "desk:exports": Door(SIGNED_IN),
    "desk:export-switch": Door(SIGNED_IN),
    "desk:export-file": Door(SIGNED_IN),
    "desk:import-filled": Door("import.see"),
    "desk:import-photos": Door("import.do"),
    "desk:suspended-sheet": Door("case.see"),
    "desk:supervised-sheet": Door("case.see"),
    "desk:requests-sheet": Door("case.see"),
    "desk:imports-sheet": Door("import.see"),
    "desk:findings-sheet": Door("import.see"),
    "desk:records-sheet": Door("import.see"),
    "desk:people-sheet": Door("people.see"),
    "desk:units-list": Door("register.see"),
    "desk:sites-list": Door("register.see"),
    "desk:case": Door("case.see"),
    "desk:photo": Door("case.see"),
    "desk:report": Door("case.report"),
    "desk:requests": Door("case.see"),
    "desk:supervised": Door("case.see"),
    "desk:suspended": Door("case.see"),
    "desk:reveal-reporter": Door("reporter.see"),
    "desk:clear-texts": Door("privacy.place"),
    "desk:triage": Door("case.see"),
    "desk:triage-act": Door("case.see"),
    "desk:triage-bulk": Door("case.see"),
    "desk:triage-help": Door("case.see"),
    "desk:triage-look": Door("case.see"),
    "desk:triage-release": Door("case.see"),
    "desk:triage-undo": Door("case.see"),
    "desk:triage-views": Door("case.see"),
    "desk:triage-watch": Door("case.see"),
    "desk:move": Door("case.see"),
    "desk:undo": Door("case.see"),
    "desk:add-photos": Door("evidence.add"),
    "desk:inbox": Door(SIGNED_IN),
    "desk:inbox-read": Door(SIGNED_IN),
    "desk:inbox-wishes": Door(SIGNED_IN),
    "desk:channels": Door("system.operate"),
    "desk:channel-do": Door("system.operate"),
    "desk:digest-day": Door("system.operate"),
    "desk:worker": Door("system.operate"),
    "desk:worker-decide": Door("system.operate"),
    "desk:imports": Door("import.see"),
    "desk:import": Door("import.see"),
    "desk:intake-new": Door("import.do"),
    "desk:intake-begin": Door("import.do"),
    "desk:intake": Door("import.do"),
    "desk:intake-piece": Door("import.do"),
    "desk:intake-mapping": Door("import.do"),
    "desk:intake-state": Door("import.do"),
    "desk:intake-marked": Door("import.do"),
    "desk:intake-do": Door("import.do"),
    "desk:import-undo": Door("import.do"),
    "desk:import-again": Door("import.do"),
    "desk:findings": Door("import.see"),
    "desk:records": Door("import.see"),
    "desk:reconcile": Door("case.see"),
    "desk:reconcile-table": Door("case.see"),
    "desk:reconcile-settle": Door("case.see"),
    "desk:reconcile-many": Door("case.see"),
    "desk:reconcile-undo": Door("case.see"),
    "desk:clock": Door("register.see"),
    "desk:deadline": Door("register.see"),
    "desk:duty": Door("register.see"),
    "desk:duty-who": Door("register.see"),
    "desk:duty-map": Door("register.see"),
    "desk:duty-rows": Door("register.see"),
    "desk:duty-found": Door("register.see"),
    "desk:duty-tests": Door("register.see"),
    "desk:duty-tests-table": Door("register.see"),
    "desk:duty-sheet": Door("register.see"),
    "desk:duty-import": Door("pack.change"),
    "desk:territories": Door("register.see"),
    "desk:territory": Door("register.see"),
    "desk:outline": Door("register.change"),
    "desk:outline-undo": Door("register.change"),
    "desk:sites": Door("register.see"),
    "desk:site-sheet": Door("register.see"),
    "desk:site-template": Door("register.see"),
    "desk:site-import": Door("register.change"),
    "desk:units": Door("register.see"),
    "desk:unit-sheet": Door("register.see"),
    "desk:unit-template": Door("register.see"),
    "desk:unit-import": Door("register.change"),
    "desk:standards": Door("register.see"),
    "desk:standards-sheet": Door("register.see"),
    "desk:standards-swap": Door("register.see"),
    "desk:people": Door("people.see"),
    "desk:person": Door("people.see", "people.manage"),
    "desk:invite": Door("people.manage"),
    "desk:account-do": Door("", "people.manage"),
    "desk:post-change": Door("people.manage"),
    "desk:handover": Door("people.manage"),
    "api:openapi-json": Door(PUBLIC),
    "api:api-root": Door(PUBLIC),
    "nowhere": Door(PUBLIC),
    # The API asks for these rights itself, of tokens and sessions alike; a test holds it against this table.
    "api:who": Door("register.see|case.report"),
    "api:check": Door("register.see|case.report"),
    "api:tell": Door("case.report"),
    "api:sent": Door("case.report"),
    "api:listed": Door("case.see"),
    "api:one": Door("case.see"),
    "api:told": Door("case.see"),
    "api:pictures": Door("case.see"),
    "api:look_up": Door("reporter.see"),
    "api:openings": Door("case.see"),
    "api:make": Door("case.see"),
    "api:take_back": Door("case.see"),
    "api:announce": Door("evidence.add"),
    "api:state": Door("evidence.add"),
    "api:offset": Door("evidence.add"),
    "api:piece": Door("evidence.add"),
    "api:put": Door("evidence.add"),
    "api:classes": Door("register.see|case.report|case.see"),
    "api:conditions": Door("register.see|case.report|case.see"),
    "api:periods": Door("month.see"),
    "api:measures": Door("month.see"),
    "api:territories": Door("register.see|case.report|case.see"),
    "api:units": Door("register.see|case.report|case.see"),
    "api:flow": Door("register.see|case.report|case.see"),
    "api:me": Door(SIGNED_IN),
}
API = "/api/"
#: Answers that say that somebody was kept out.
KEPT_OUT = {HTTPStatus.FORBIDDEN: "right", HTTPStatus.NOT_FOUND: "object"}
#: Where somebody is sent who may not see the month: the first of these that he may open.
ENTRANCES = ("desk:home", "desk:triage", "desk:cases", "desk:people", "desk:sites")


def door_of(request: HttpRequest) -> str:
    """Return the name of the address of a request, "" where there is none."""
    return request.resolver_match.view_name if request.resolver_match else ""


def may_enter(actor: Actor, name: str, method: str = "GET") -> bool:
    """Return whether a signed-in person may come through a door; no to one that is not declared."""
    door = ACCESS.get(name)
    wanted = door.wants(method) if door else ""
    return wanted in {PUBLIC, SIGNED_IN} or any(holds(actor, one) for one in wanted.split("|") if one)


def entrance(actor: Actor) -> str:
    """Return the address of the first page that a person may open, "" if there is none."""
    for name in ENTRANCES:
        if may_enter(actor, name):
            try:
                return reverse(name)
            except NoReverseMatch:  # a page that is not there is nobody's entrance
                continue
    return ""


class AccessMiddleware:
    """Keeps people out of where their posts do not lead, and notes it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response; whoever was kept out of something is noted, whichever door or action refused."""
        response = self.get_response(request)
        what = KEPT_OUT.get(HTTPStatus(response.status_code))
        if what and ACCESS.get(door_of(request), Door(PUBLIC)).read != PUBLIC:
            note_denied(request, what)
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Return a refusal, None where the person may come in. Raises Http404 for an address that is not declared."""
        name = door_of(request)
        door = ACCESS.get(name)
        if door is None:
            raise Http404
        wanted = door.wants(request.method or "GET")
        if wanted == PUBLIC or request.path.startswith(API):
            return None
        if not isinstance(request.user, User):
            return redirect_to_login(request.get_full_path())
        if wanted == SIGNED_IN or holds(person(request), wanted):
            return None
        if name == "desk:home" and (elsewhere := entrance(person(request))):
            return HttpResponseRedirect(elsewhere)
        note_denied(request, "right", right=wanted)
        return refused(request, wanted)


def note_denied(request: HttpRequest, what: str, *, right: str = "") -> None:
    """Append one line to the ledger for a request that was refused: which door, whether for a right or a thing.

    Keys of things that stand in the address are kept; typed texts are not, they may name people.
    """
    user = request.user
    if not isinstance(user, User) or getattr(request, "denied", False):
        return
    request.denied = True  # type: ignore[attr-defined]
    match = request.resolver_match
    keys = {name: value for name, value in (match.kwargs if match else {}).items() if isinstance(value, int)}
    record(
        "access.denied",
        about=f"door:{door_of(request)}",
        by=person(request),
        at=now(),
        tenant=user.tenant,
        facts={"what": what, "method": request.method, **({"right": right} if right else {}), **keys},
    )


def refused(request: HttpRequest, right: str) -> HttpResponse:
    """Return the 403 that says which posts have a right and whom to ask."""
    title, posts = right_title(right), _("、").join(role_names(holders(right)))
    context = {"right": title, "posts": posts, "ask": _whom(request), "entrance": entrance(person(request))}
    return render(request, "web/no_right.html", context, status=HTTPStatus.FORBIDDEN)


def right_title(right: str) -> str:
    """Return what a right is called in the reader's language."""
    return _(TITLES[right]) if right in TITLES else right


#: People named on the page that refuses.
NAMED = 5


def _whom(request: HttpRequest) -> str:
    """Return the names of those who give posts."""
    user = request.user
    if not isinstance(user, User) or user.tenant is None:
        return ""
    zone = ZoneInfo(user.tenant.zone) if user.tenant.zone else None
    people = holding(user.tenant, "people.manage", now().astimezone(zone).date())[:NAMED]
    return _("、").join(str(one) for one in people)
