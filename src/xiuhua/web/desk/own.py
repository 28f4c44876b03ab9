"""One's own account: name, password, second factor, sessions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from xiuhua.responsibility.actions import (
    EmailMalformed,
    PasswordWeak,
    PasswordWrong,
    change_password,
    describe,
    end_other_sessions,
    end_session,
)
from xiuhua.responsibility.models import User
from xiuhua.responsibility.phrases import profile_hint
from xiuhua.responsibility.queries import (
    needs_second_factor,
    password_due,
    password_profile,
    recovery_codes_left,
    second_factor_of,
    sessions_of,
)
from xiuhua.web.desk.asking import Errors, Field, counted, filled, new_password_fields, same_twice, show, tried
from xiuhua.web.desk.office import now, office, person
from xiuhua.web.sessions import HANDLE


def me(request: HttpRequest) -> User:
    """Return the person signed in. The login middleware has turned everybody else away."""
    if not isinstance(request.user, User):
        raise TypeError(request.user)
    return request.user


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show one's own account, or write name and e-mail address."""
    user = me(request)
    fields: list[Field] = [
        {"name": "name", "label": _("姓名"), "start": user.name, "required": False, "autocomplete": "name"},
        {
            "name": "email",
            "label": _("邮箱"),
            "start": user.email,
            "required": False,
            "autocomplete": "email",
            "hint": _("忘记密码时，重设链接寄到这里"),
        },
    ]
    errors: Errors = []
    status = 200
    if request.method == "POST":
        given = {"name": request.POST.get("name", "")[:60], "email": request.POST.get("email", "")}

        def write() -> None:
            if describe(user, **given, by=person(request), at=now()):
                messages.success(request, _("已保存。"))

        errors, status = tried(write, {EmailMalformed: "email"})
        if not errors:
            return redirect("desk:account")
    return show(
        request,
        title=_("我的账号"),
        submit=_("保存"),
        fields=fields,
        errors=errors,
        status=status,
        template="web/account.html",
        **_facts(request, user),
    )


def _facts(request: HttpRequest, user: User) -> dict[str, Any]:
    factor = second_factor_of(user)
    roles = {grant.post for grant in person(request).grants}
    here = request.session.get(HANDLE, "")
    return {
        "facts": [
            {"label": _("账号"), "value": user.username},
            {"label": _("单位"), "value": user.body.name if user.body else office(request).name},
            {"label": _("岗位"), "value": person(request).post or "—"},
        ],
        "factor": factor if factor and factor.confirmed_at else None,
        "codes_left": recovery_codes_left(user),
        "factor_required": needs_second_factor(office(request), roles),
        "password_due": password_due(user, now()),
        "password_set_at": user.password_set_at,
        "sessions": [(one, one.handle == here) for one in sessions_of(user)],
    }


@sensitive_post_parameters("current", "password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password, which one must know; all other sessions end."""
    user = me(request)
    fields = [
        {"name": "current", "label": _("现在的密码"), "kind": "password", "autocomplete": "current-password"},
        *new_password_fields(profile_hint(password_profile())),
    ]
    errors: Errors = []
    status = 200
    if request.method == "POST":
        errors = filled(request, fields) or same_twice(request)

        def change() -> None:
            with counted(request, "password", user):
                given = (request.POST["current"], request.POST["password"])
                key = request.session.session_key or ""
                ended = change_password(user, *given, by=person(request), at=now(), keep=key)
            update_session_auth_hash(request, user)  # a new key for the session that goes on
            messages.success(request, _("密码已换，另外 %(n)s 处登录已退出。") % {"n": ended})

        if not errors:
            errors, status = tried(change, {PasswordWrong: "current", PasswordWeak: "password"})
            if not errors:
                return redirect("desk:account")
    due = password_due(user, now())
    return show(
        request,
        title=_("换密码"),
        submit=_("换密码"),
        fields=fields,
        lead=_("密码用满期限了，请先换一个。") if due else "",
        errors=errors,
        status=status,
        back=None if due else (reverse("desk:account"), _("回到我的账号")),
    )


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End one of one's own sessions, or all others."""
    user = me(request)
    handle = request.POST.get("session", "")
    if handle:
        done = end_session(user, handle, by=person(request), at=now())
        told = _("已退出那处登录。") if done else _("那处登录已经不在了。")
    else:
        key = request.session.session_key or ""
        ended = end_other_sessions(user, keep=key, by=person(request), at=now())
        told = _("另外 %(n)s 处登录已退出。") % {"n": ended}
    messages.success(request, told)
    return redirect("desk:account")
