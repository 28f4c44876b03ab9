"""Doors of the look: the stylesheet, and the choice of theme, size and language."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST, require_safe

from xiuhua.ui.stylesheet import stylesheet
from xiuhua.web.context import SIZE_COOKIE, SIZES, THEME_COOKIE, THEMES

YEAR = 365 * 24 * 3600


def safe_next(request: HttpRequest, default: str) -> str:
    """Return where the request wants to go next if that is on this site, else `default`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if allowed else default


@login_not_required
@require_safe
def styles(request: HttpRequest) -> HttpResponse:
    """Serve the stylesheet: for ever under the address with its digest, to be asked again otherwise."""
    sheet = stylesheet()
    response = HttpResponse(sheet.text, content_type="text/css; charset=utf-8")
    current = request.GET.get("v") == sheet.digest
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable" if current else "no-cache"
    response["ETag"] = f'"{sheet.digest}"'
    return response


def _remember(response: HttpResponse, name: str, value: str, request: HttpRequest) -> None:
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())


@login_not_required
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Remember the chosen theme or size on this device and go back."""
    response = HttpResponseRedirect(safe_next(request, "/"))
    for field, cookie, allowed in (("theme", THEME_COOKIE, THEMES), ("size", SIZE_COOKIE, SIZES)):
        value = request.POST.get(field, "")
        if value in allowed:
            _remember(response, cookie, value, request)
    return response


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the chosen language on this device and go back."""
    response = HttpResponseRedirect(safe_next(request, "/"))
    value = request.POST.get("language", "")
    if value in dict(settings.LANGUAGES) and check_for_language(value):
        _remember(response, settings.LANGUAGE_COOKIE_NAME, value, request)
    return response
