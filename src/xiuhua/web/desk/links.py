"""Doors that open with a link: the first set-up, an invitation, a forgotten password."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from xiuhua.kernel.words import Refusal
from xiuhua.responsibility.actions import (
    LinkDead,
    PasswordWeak,
    UserExists,
    UserMalformed,
    accept,
    ask_reset,
    begin_try,
    reset,
    set_up,
)
from xiuhua.responsibility.models import AccountLink
from xiuhua.responsibility.phrases import profile_hint
from xiuhua.responsibility.queries import link_opened, password_profile
from xiuhua.responsibility.words import LinkKind
from xiuhua.web.desk.asking import Errors, Field, address_of, filled, new_password_fields, same_twice, show, tried
from xiuhua.web.desk.office import now

_METHODS = ["GET", "HEAD", "POST"]


@login_not_required
@sensitive_post_parameters("password", "again")
@require_http_methods(_METHODS)
def first(request: HttpRequest, token: str) -> HttpResponse:
    """Let the first administrator of an office choose name and password; gone once there is an account."""
    link = link_opened(LinkKind.SET_UP, token, now())
    if link is None or link.tenant is None:
        raise Http404
    fields: list[Field] = [
        {
            "name": "username",
            "label": _("账号"),
            "hint": _("字母、数字、点、@、横线和下划线"),
            "autocomplete": "username",
        },
        {"name": "name", "label": _("姓名"), "autocomplete": "name"},
        *new_password_fields(profile_hint(password_profile())),
    ]

    def do() -> None:
        username, name = request.POST["username"].strip(), request.POST["name"][:60]
        set_up(token, username, request.POST["password"], name=name, at=now())

    return _new_password(
        request,
        do,
        fields,
        title=_("首次设置"),
        submit=_("建账号"),
        lead=_("为“%(office)s”建第一个账号。它能做一切，包括邀请别人。") % {"office": link.tenant.name},
        done=_("账号已建好，请登录。建议随后在“我的账号”里开启第二步验证。"),
    )


@login_not_required
@sensitive_post_parameters("password", "again")
@require_http_methods(_METHODS)
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let somebody who was invited set a password."""
    link = link_opened(LinkKind.INVITE, token, now())
    if link is None:
        return _dead(request)

    def do() -> None:
        accept(token, request.POST["password"], at=now())

    lead, done = _("您的账号是 %(username)s。请设一个自己的密码。"), _("密码已设，请登录。")
    return _new_password(
        request,
        do,
        _fields(),
        title=_("接受邀请"),
        submit=_("设密码"),
        lead=lead % {"username": _name(link)},
        done=done,
    )


@login_not_required
@sensitive_post_parameters("password", "again")
@require_http_methods(_METHODS)
def forgotten(request: HttpRequest, token: str) -> HttpResponse:
    """Let somebody who forgot the password set a new one. It signs nobody in: the second step stays."""
    link = link_opened(LinkKind.RESET, token, now())
    if link is None:
        return _dead(request)

    def do() -> None:
        reset(token, request.POST["password"], at=now())

    lead, done = _("为账号 %(username)s 设一个新密码。所有登录都会退出。"), _("密码已重设，请登录。")
    return _new_password(
        request,
        do,
        _fields(),
        title=_("重设密码"),
        submit=_("设密码"),
        lead=lead % {"username": _name(link)},
        done=done,
    )


@login_not_required
@require_http_methods(_METHODS)
def forgot(request: HttpRequest) -> HttpResponse:
    """Send a reset link to the account's e-mail address. The answer is the same for every name."""
    fields: list[Field] = [{"name": "username", "label": _("账号"), "autocomplete": "username"}]
    errors: Errors = filled(request, fields) if request.method == "POST" else []
    status = int(HTTPStatus.OK)

    def ask() -> None:
        username = request.POST["username"].strip()
        begin_try("reset", username, address_of(request), at=now())  # never passed: asking often is the trouble
        ask_reset(username, at=now())

    if request.method == "POST" and not errors:
        errors, status = tried(ask, {})
        if not errors:
            messages.success(
                request, _("如果有这个账号而且留了邮箱，重设链接已寄出，三十分钟内有效。没收到，请找管理员要一个链接。")
            )
            return redirect("desk:login")
    return show(
        request,
        title=_("忘记密码"),
        submit=_("寄重设链接"),
        fields=fields,
        lead=_("链接寄到账号的邮箱。没有邮箱，请找管理员。"),
        errors=errors,
        status=status,
        back=(reverse("desk:login"), _("回到登录")),
    )


def _fields() -> list[Field]:
    return new_password_fields(profile_hint(password_profile()))


def _name(link: AccountLink) -> str:
    return link.user.username if link.user else ""


def _dead(request: HttpRequest) -> HttpResponse:
    """Say that a link opens nothing any more, and what to do."""
    return show(
        request,
        title=_("链接已失效"),
        submit="",
        fields=[],
        lead=str(LinkDead()),
        status=HTTPStatus.NOT_FOUND,
        back=(reverse("desk:login"), _("回到登录")),
    )


def _new_password(
    request: HttpRequest, do: Callable[[], None], fields: list[Field], *, title: str, submit: str, lead: str, done: str
) -> HttpResponse:
    errors: Errors = (filled(request, fields) or same_twice(request)) if request.method == "POST" else []
    status = int(HTTPStatus.OK)
    about: dict[type[Refusal], str] = {PasswordWeak: "password", UserExists: "username", UserMalformed: "username"}
    if request.method == "POST" and not errors:
        errors, status = tried(do, about)
        if not errors:
            messages.success(request, done)
            return redirect("desk:login")
    return show(request, title=title, submit=submit, fields=fields, lead=lead, errors=errors, status=status)
