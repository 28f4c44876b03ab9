"""Addresses of the API. It answers strangers itself, so the page's way to the sign-in form does not apply."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

import xiuhua
from xiuhua.web.api.auth import reach
from xiuhua.web.api.cases import router as cases
from xiuhua.web.api.described import Described
from xiuhua.web.api.duty import router as duty
from xiuhua.web.api.edge import operations, own_door
from xiuhua.web.api.evidence import router as evidence
from xiuhua.web.api.facts import router as facts
from xiuhua.web.api.me import router as me
from xiuhua.web.api.moves import router as moves
from xiuhua.web.api.parsing import StrictParser
from xiuhua.web.api.problems import answer_refusals, missing
from xiuhua.web.api.registers import router as registers
from xiuhua.web.api.reports import router as reports
from xiuhua.web.api.taxonomy import router as taxonomy

api = Described(
    title="Xiuhua",
    version=xiuhua.__version__,
    description="What the pages show and do, for programs. Refusals are problem+json with a stable code (docs/api.md).",
    urls_namespace="api",
    docs_url=None,  # its page would load scripts from elsewhere
    auth=reach(),
    parser=StrictParser(),
)
answer_refusals(api)
for prefix, router in (
    ("/reports", reports),
    ("/cases", cases),
    ("/cases", moves),
    ("/evidence", evidence),
    ("/taxonomy", taxonomy),
    ("/facts", facts),
    ("/duty", duty),
    ("", registers),
    ("", me),
):
    api.add_router(prefix, router)


@login_not_required
def _nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    return missing(request, rest=rest)


_patterns, _app, _namespace = api.urls
_known = operations(api)
urlpatterns = [
    path("api/v1/", ([own_door(one, _known) for one in _patterns], _app, _namespace)),
    path("api/<path:rest>", _nowhere, name="nowhere"),
]
