"""Doors in and out: the password, then the second step where the account has one."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus

from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from xiuhua.responsibility.actions import (
    CodeWrong,
    TooManyTries,
    begin_try,
    fail_try,
    pass_second_factor,
    pass_try,
    record_sign_in,
    record_sign_out,
)
from xiuhua.responsibility.models import User
from xiuhua.responsibility.queries import has_second_factor
from xiuhua.responsibility.words import Device
from xiuhua.web.desk.asking import Errors, Field, address_of, counted, filled, show, tried
from xiuhua.web.desk.look import safe_next
from xiuhua.web.desk.mine import begin
from xiuhua.web.desk.office import now, person
from xiuhua.web.sessions import DEVICE, SECOND

#: Who has shown the password and not yet the code; such a session is nobody's.
HALF = "half"
#: How long the code may be awaited.
WAITS = timedelta(minutes=10)
#: What a browser should forget when its owner leaves; the sign-in cookie goes with the session, looks may stay.
FORGET = '"cache", "storage"'


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, device: str = Device.DESK) -> HttpResponse:
    """Show the form, or sign the person in and go where they were going; `device` decides how long it lasts."""
    target = safe_next(request, "/")
    if request.user.is_authenticated:
        return HttpResponseRedirect(target)
    if request.method != "POST":
        return _form(request, [], HTTPStatus.OK)
    username, password = request.POST.get("username", "").strip(), request.POST.get("password", "")
    missing = _missing(username, password)
    return _form(request, missing, HTTPStatus.OK) if missing else _try(request, username, password, target, device)


def _try(request: HttpRequest, username: str, password: str, target: str, device: str) -> HttpResponse:
    try:
        user = _right(request, username, password)
    except TooManyTries as refusal:
        return _form(request, [("", str(refusal))], HTTPStatus.TOO_MANY_REQUESTS)
    if user is None:  # the same sentence whether or not the account exists
        return _form(request, [("id_password", _("账号或密码不对，请再核对一遍。"))], HTTPStatus.OK)
    if has_second_factor(user):
        return _half_way(request, user, target, device)
    request.session[DEVICE] = device
    return _let_in(request, user, target, second="")


def _missing(username: str, password: str) -> Errors:
    errors = []
    if not username:
        errors.append(("id_username", _("请填写账号。")))
    if not password:
        errors.append(("id_password", _("请填写密码。")))
    return errors


def _right(request: HttpRequest, username: str, password: str) -> User | None:
    """Return the account if the password is its own; wrong tries of known and unknown names cost and say the same."""
    one = begin_try("password", username, address_of(request), at=now())
    user = authenticate(request, username=username, password=password)
    if isinstance(user, User):
        pass_try(one)
        return user
    known = User.objects.select_related("tenant").filter(username=username).first()
    fail_try(one, known, at=now())
    return None


def _form(request: HttpRequest, errors: Errors, status: int) -> HttpResponse:
    context = {
        "errors": errors,
        "by_field": dict(errors),
        "username": request.POST.get("username", ""),
        "next": request.POST.get("next") or request.GET.get("next") or "",
    }
    response = render(request, "web/login.html", context, status=status)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        response["Retry-After"] = "900"
    return response


def _let_in(request: HttpRequest, user: User, target: str, *, second: str) -> HttpResponse:
    login(request, user)  # a new session key; what the visitor's session held stays
    request.session.pop(HALF, None)
    if second:
        request.session[SECOND] = now().isoformat()
    record_sign_in(user, address=address_of(request), second=second, device=request.session[DEVICE], at=now())
    return HttpResponseRedirect(begin(user, person(request)) if target == "/" else target)


def _half_way(request: HttpRequest, user: User, target: str, device: str) -> HttpResponse:
    request.session.cycle_key()
    request.session[DEVICE] = device
    proof = user.get_session_auth_hash()
    request.session[HALF] = {"user": user.pk, "proof": proof, "at": now().isoformat(), "next": target}
    return redirect("desk:second-step")


@login_not_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask for a code of the authenticator, or a recovery code, and sign the person in."""
    user = _waiting(request)
    if user is None:
        return redirect("desk:login")
    fields: list[Field] = [
        {
            "name": "code",
            "label": _("验证码"),
            "hint": _("验证器里的 6 位数字，或一个恢复码"),
            "autocomplete": "one-time-code",
            "secret": True,
        }
    ]
    errors: Errors = filled(request, fields) if request.method == "POST" else []
    status, used = int(HTTPStatus.OK), ""

    def shown() -> None:
        nonlocal used
        with counted(request, "code", user, anywhere=True):
            used = pass_second_factor(user, request.POST["code"], at=now())

    if request.method == "POST" and not errors:
        errors, status = tried(shown, {CodeWrong: "code"})
        if not errors:
            return _let_in(request, user, request.session.get(HALF, {}).get("next", "/"), second=used)
    return show(
        request,
        title=_("第二步验证"),
        submit=_("登录"),
        fields=fields,
        errors=errors,
        status=status,
        back=(reverse("desk:login"), _("换一个账号登录")),
    )


def _waiting(request: HttpRequest) -> User | None:
    """Return who has shown the password a short while ago and has not changed it since, or is signed in without the code."""
    if isinstance(request.user, User):
        return request.user if SECOND not in request.session and has_second_factor(request.user) else None
    half = request.session.get(HALF)
    if not half or now() - datetime.fromisoformat(half["at"]) > WAITS:
        return None
    user = User.objects.select_related("tenant").filter(pk=half["user"], is_active=True).first()
    return user if user and constant_time_compare(half["proof"], user.get_session_auth_hash()) else None


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign the person out, here and on the server, and show the door."""
    if isinstance(request.user, User):
        record_sign_out(request.user, why="asked", at=now())
    logout(request)
    response = redirect("desk:login")
    response["Clear-Site-Data"] = FORGET
    return response
