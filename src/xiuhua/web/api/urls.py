"""Addresses of the API. It answers strangers itself, so the page's way to the sign-in form does not apply."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI
from ninja.security import django_auth

import xiuhua
from xiuhua.web.api.duty import router as duty
from xiuhua.web.api.problems import answer_refusals, missing, other_method

api = NinjaAPI(
    title="Xiuhua",
    version=xiuhua.__version__,
    description="What the pages show, for programs. Refusals are problem+json with a stable code.",
    urls_namespace="api",
    docs_url=None,  # its page would load scripts from elsewhere
    auth=django_auth,
)
answer_refusals(api)
api.add_router("/duty", duty)


def _own_door(pattern: URLPattern | URLResolver) -> URLPattern | URLResolver:
    """Return an address that the login middleware leaves to the API."""
    if not isinstance(pattern, URLPattern):
        return pattern
    inner = pattern.callback

    @wraps(inner)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            found = inner(request, *args, **kwargs)
        except Http404:
            return missing(request)
        return other_method(found) if isinstance(found, HttpResponseNotAllowed) else found

    answer.login_required = False  # type: ignore[attr-defined]
    pattern.callback = answer
    return pattern


@login_not_required
def _nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    return missing(request, rest=rest)


_patterns, _app, _namespace = api.urls
urlpatterns = [
    path("api/v1/", ([_own_door(one) for one in _patterns], _app, _namespace)),
    path("api/<path:rest>", _nowhere, name="nowhere"),
]
