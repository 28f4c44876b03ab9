"""One's own tokens: which there are, making one (its secret is shown once), ending one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from xiuhua.cases.words.moves import Verb
from xiuhua.kernel.phrases import code_sentence
from xiuhua.responsibility.actions import NewToken, TokenRefused, TokenUnknown, make_token, revoke_token
from xiuhua.responsibility.queries import tokens_of
from xiuhua.responsibility.rules.tokens import OFFERED
from xiuhua.web.desk.asking import Errors
from xiuhua.web.desk.office import now, office, person, whole
from xiuhua.web.desk.own import me

DAYS = 90
#: Scopes that read, before those that move cases.
_READING = {
    "case.see": gettext_noop("看案件"),
    "register.see": gettext_noop("看底册和责任"),
    "month.see": gettext_noop("看月度数字"),
    "reporter.see": gettext_noop("看举报人的姓名和电话"),
    "evidence.add": gettext_noop("加照片"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """Show one's own tokens and the form for another, or make it."""
    if request.method != "POST":
        return _page(request, [])
    days = whole(request.POST.get("days", "").strip())
    try:
        made = make_token(
            me(request),
            name=request.POST.get("name", ""),
            scopes=request.POST.getlist("scope"),
            days=days if days is not None else 0,
            by=person(request),
            at=now(),
        )
    except TokenRefused as refusal:
        faults = refusal.faults
        return _page(request, [(f"id_{one.column}", code_sentence(one.code, dict(one.facts))) for one in faults])
    return _page(request, [], made)


@require_POST
def revoke(request: HttpRequest, key: int) -> HttpResponse:
    """End one of one's own tokens at once. Raises Http404 for any other."""
    try:
        revoke_token(office(request), key, by=person(request), at=now())
    except TokenUnknown as refusal:
        raise Http404 from refusal
    messages.success(request, _("令牌已吊销，用它的程序从现在起进不来。"))
    return redirect("desk:tokens")


def _page(request: HttpRequest, errors: Errors, made: NewToken | None = None) -> HttpResponse:
    kept = request.POST if errors else {}
    chosen = set(request.POST.getlist("scope")) if errors else set()
    context: dict[str, Any] = {
        "errors": errors,
        "by_field": dict(errors),
        "made": made,
        "rows": [(one, _words(one.scopes)) for one in tokens_of(office(request), me(request))],
        "now": now(),
        "name": kept.get("name", ""),
        "days": kept.get("days", str(DAYS)),
        "scopes": [(verb, title, verb in chosen) for verb, title in _offered(request)],
    }
    return render(request, "web/tokens.html", context)


def _offered(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Return what one's own posts allow of what a token may be made for: more would be no use."""
    actor = person(request)
    return ((verb, title) for verb, title in _titles().items() if verb in OFFERED and actor.may(verb))


def _titles() -> dict[str, str]:
    reading = {verb: _(title) for verb, title in _READING.items()}
    return reading | {f"case.{verb.value}": str(verb.label) for verb in Verb}


def _words(scopes: list[str]) -> str:
    titles = _titles()
    return _("、").join(titles.get(one, one) for one in scopes)
