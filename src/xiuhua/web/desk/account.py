"""Doors in and out."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from xiuhua.ui.formats import thousands
from xiuhua.web.desk import attempts
from xiuhua.web.desk.look import safe_next

Errors = list[tuple[str, str]]
TOO_MANY = 429
SHOWN_AGAIN = 200


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or sign the person in and go where they were going."""
    target = safe_next(request, "/")
    if request.user.is_authenticated:
        return HttpResponseRedirect(target)
    if request.method != "POST":
        return _form(request, [], 200)
    username, password = request.POST.get("username", "").strip(), request.POST.get("password", "")
    missing = _missing(username, password)
    if missing:
        return _form(request, missing, SHOWN_AGAIN)
    return _try(request, username, password, target)


def _missing(username: str, password: str) -> Errors:
    errors = []
    if not username:
        errors.append(("id_username", _("请填写账号。")))
    if not password:
        errors.append(("id_password", _("请填写密码。")))
    return errors


def _try(request: HttpRequest, username: str, password: str, target: str) -> HttpResponse:
    now, address = datetime.now(UTC), request.META.get("REMOTE_ADDR", "")
    until = attempts.blocked_until(username, address, now)
    if until is not None:
        minutes = max(1, -(-int((until - now).total_seconds()) // 60))
        sentence = _("试的次数太多，请过 %(minutes)s 分钟再试。") % {"minutes": thousands(minutes)}
        return _form(request, [("", sentence)], TOO_MANY)
    user = authenticate(request, username=username, password=password)
    if user is None:  # the same sentence whether or not the account exists
        return _form(request, [("id_password", _("账号或密码不对，请再核对一遍。"))], SHOWN_AGAIN)
    attempts.forget(username, address)
    login(request, user)
    return HttpResponseRedirect(target)


def _form(request: HttpRequest, errors: Errors, status: int) -> HttpResponse:
    context = {
        "errors": errors,
        "by_field": dict(errors),
        "username": request.POST.get("username", ""),
        "next": request.POST.get("next") or request.GET.get("next") or "",
    }
    return render(request, "web/login.html", context, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign the person out and show the door."""
    logout(request)
    return redirect("desk:login")
