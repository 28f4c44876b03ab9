"""One's own second factor: taken up with the password, confirmed with a code, given up with both."""

from __future__ import annotations

from collections.abc import Callable

import pyotp
import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from xiuhua.responsibility.actions import (
    CodeWrong,
    PasswordWrong,
    begin_second_factor,
    check_current,
    confirm_second_factor,
    drop_second_factor,
    renew_recovery_codes,
    secrets_of,
)
from xiuhua.responsibility.models import SecondFactor
from xiuhua.responsibility.queries import second_factor_of
from xiuhua.web.desk.asking import Errors, Field, counted, filled, show, tried
from xiuhua.web.desk.office import now, office, person
from xiuhua.web.desk.own import me
from xiuhua.web.sessions import SECOND

#: Characters of the secret that stand together where it is typed by hand.
_GROUP = 4


def _password_field() -> Field:
    return {"name": "current", "label": _("现在的密码"), "kind": "password", "autocomplete": "current-password"}


def _code_field(hint: str) -> Field:
    return {"name": "code", "label": _("验证码"), "hint": hint, "autocomplete": "one-time-code", "secret": True}


@sensitive_post_parameters("current", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """Take up a second factor: the password first, then the drawing for the authenticator and a code of it."""
    factor = second_factor_of(me(request))
    if factor and factor.confirmed_at:
        return redirect("desk:account" if SECOND in request.session else "desk:second-step")
    if factor is None or "current" in request.POST:
        return _begin(request)
    return _confirm(request, factor)


def _begin(request: HttpRequest) -> HttpResponse:
    user, fields = me(request), [_password_field()]
    errors: Errors = filled(request, fields) if request.method == "POST" else []
    status = 200

    def begin() -> None:
        with counted(request, "password", user):
            check_current(user, request.POST["current"])
        begin_second_factor(user, at=now())

    if request.method == "POST" and not errors:
        errors, status = tried(begin, {PasswordWrong: "current"})
        if not errors:
            return redirect("desk:second")
    return show(
        request,
        title=_("开启第二步验证"),
        submit=_("下一步"),
        fields=fields,
        lead=_("登录时除了密码，再看一眼手机上的验证器。请先准备好一个能扫码的验证器应用。"),
        errors=errors,
        status=status,
        back=(reverse("desk:account"), _("回到我的账号")),
    )


def _confirm(request: HttpRequest, factor: SecondFactor) -> HttpResponse:
    user, fields = me(request), [_code_field(_("扫码后，验证器里显示的 6 位数字"))]
    errors: Errors = filled(request, fields) if request.method == "POST" else []
    status, codes = 200, []

    def confirm() -> None:
        nonlocal codes
        with counted(request, "code", user, anywhere=True):
            key = request.session.session_key or ""
            codes = confirm_second_factor(user, request.POST["code"], by=person(request), at=now(), keep=key)

    if request.method == "POST" and not errors:
        errors, status = tried(confirm, {CodeWrong: "code"})
        if not errors:
            request.session[SECOND] = now().isoformat()
            request.session.cycle_key()
            return _codes(request, codes)
    secret = secrets_of(factor)[0]
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=office(request).name)
    return show(
        request,
        title=_("开启第二步验证"),
        submit=_("开启"),
        fields=fields,
        errors=errors,
        status=status,
        back=(reverse("desk:account"), _("以后再说")),
        template="web/second.html",
        drawing=segno.make(uri, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff"),
        secret=" ".join(secret[at : at + _GROUP] for at in range(0, len(secret), _GROUP)),
    )


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """Show the recovery codes, this once."""
    return render(request, "web/recovery.html", {"codes": codes, "made_at": now()})


@sensitive_post_parameters("current", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def recovery(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes, with password and code; the old ones are void."""
    codes: list[str] = []

    def renew() -> None:
        codes.extend(renew_recovery_codes(me(request), request.POST["code"], by=person(request), at=now()))

    title, lead = _("换一批恢复码"), _("旧的恢复码从此作废。")
    return _with_both(request, renew, title=title, lead=lead) or _codes(request, codes)


@sensitive_post_parameters("current", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def off(request: HttpRequest) -> HttpResponse:
    """Give the second factor up, with password and code."""

    def drop() -> None:
        drop_second_factor(me(request), request.POST["code"], by=person(request), at=now())
        request.session.pop(SECOND, None)
        messages.success(request, _("第二步验证已关闭。"))

    title, lead = _("关闭第二步验证"), _("关闭后，只凭密码就能登录。")
    return _with_both(request, drop, title=title, lead=lead) or redirect("desk:account")


def _with_both(request: HttpRequest, do: Callable[[], None], *, title: str, lead: str) -> HttpResponse | None:
    """Ask for password and code and do it; return the form as long as it is not done."""
    user = me(request)
    factor = second_factor_of(user)
    if factor is None or factor.confirmed_at is None:
        return redirect("desk:second")
    fields = [_password_field(), _code_field(_("验证器里的 6 位数字，或一个恢复码"))]
    errors: Errors = filled(request, fields) if request.method == "POST" else []
    status = 200

    def both() -> None:
        with counted(request, "password", user):
            check_current(user, request.POST["current"])
        with counted(request, "code", user, anywhere=True):
            do()

    if request.method == "POST" and not errors:
        errors, status = tried(both, {PasswordWrong: "current", CodeWrong: "code"})
        if not errors:
            return None
    back = (reverse("desk:account"), _("回到我的账号"))
    return show(request, title=title, submit=title, fields=fields, lead=lead, errors=errors, status=status, back=back)
