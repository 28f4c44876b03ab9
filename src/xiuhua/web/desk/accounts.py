"""Doors to other people's accounts: invite, send a link once more, switch off and on, take away a lost second factor."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from xiuhua.kernel.words import Refusal
from xiuhua.responsibility.actions import (
    EmailMalformed,
    UserExists,
    UserMalformed,
    deactivate,
    invite,
    invite_again,
    reactivate,
    reset_link,
    take_second_factor,
)
from xiuhua.responsibility.actions import address_of as link_of
from xiuhua.responsibility.models import User
from xiuhua.responsibility.words import LinkKind, Role
from xiuhua.web.desk.asking import Errors, Field, filled, refused, show
from xiuhua.web.desk.office import now, office, person
from xiuhua.web.desk.people import found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite_page(request: HttpRequest) -> HttpResponse:
    """Ask whom to invite; make the account without a password and show the link by which its owner sets one."""
    fields, errors, status = _fields(), Errors(), HTTPStatus.OK
    if request.method == "POST" and not (errors := filled(request, fields)):
        given = {name: request.POST.get(name, "").strip() for name in ("username", "name", "email", "role")}
        try:
            role = Role(given["role"]) if given["role"] in Role.values else None
            made, token = invite(
                office(request),
                given["username"],
                name=given["name"],
                email=given["email"],
                role=role,
                by=person(request),
                at=now(),
            )
        except Refusal as refusal:
            places = {UserExists: "username", UserMalformed: "username", EmailMalformed: "email"}
            errors, _status = refused(refusal, places)
        else:
            return _shown(request, made, LinkKind.INVITE, token)
    if errors:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return show(
        request,
        title=_("邀请新人"),
        lead=_("建一个没有密码的账号，把链接交给本人，密码由他自己设。"),
        submit=_("建账号，要链接"),
        fields=fields,
        errors=errors,
        status=status,
        back=(reverse("desk:people"), _("回到人员")),
    )


def _fields() -> list[Field]:
    roles = [("", _("以后再派")), *((str(role), str(role.label)) for role in Role)]
    return [
        {"name": "username", "label": _("账号"), "hint": _("登录用的名字，建好后不能改")},
        {"name": "name", "label": _("姓名")},
        {"name": "email", "label": _("邮箱"), "hint": _("填了就把链接也寄一份"), "required": False},
        {
            "name": "role",
            "label": _("岗位"),
            "kind": "select",
            "options": roles,
            "hint": _("管全街道的岗位；只管一个单位或一片的，建好后在他的页上派"),
            "required": False,
        },
    ]


@never_cache
@require_POST
def account_do(request: HttpRequest, username: str) -> HttpResponse:
    """Do with somebody's account what his page offers: a link, off, on, the second factor taken away."""
    user = found(request, username)
    do = request.POST.get("do", "")
    try:
        if do == "link":
            return _linked(request, user)
        said = _DO[do](request, user) if do in _DO else ""
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        if said:
            messages.success(request, said)
    return redirect("desk:person", username)


def _linked(request: HttpRequest, user: User) -> HttpResponse:
    """Return the page with a link: the invitation once more where there is no password yet, else one to reset it."""
    kind = LinkKind.RESET if user.has_usable_password() else LinkKind.INVITE
    make = reset_link if kind == LinkKind.RESET else invite_again
    return _shown(request, user, kind, make(office(request), user.username, by=person(request), at=now()))


def _shown(request: HttpRequest, user: User, kind: LinkKind, token: str) -> HttpResponse:
    context = {"one": user, "link": link_of(kind, token), "invitation": kind == LinkKind.INVITE}
    return render(request, "web/account_link.html", context)


def _off(request: HttpRequest, user: User) -> str:
    reason = request.POST.get("reason", "").strip()
    ended = deactivate(office(request), user.username, by=person(request), at=now(), reason=reason)
    return _("账号 %(who)s 已停用，%(n)s 处登录已退出。") % {"who": user, "n": ended}


def _on(request: HttpRequest, user: User) -> str:
    reactivate(office(request), user.username, by=person(request), at=now())
    return _("账号 %(who)s 已恢复，密码照旧。") % {"who": user}


def _second(request: HttpRequest, user: User) -> str:
    take_second_factor(office(request), user.username, by=person(request), at=now())
    return _("%(who)s 的第二步验证已撤销，登录已全部退出。") % {"who": user}


_DO: dict[str, Callable[[HttpRequest, User], str]] = {"off": _off, "on": _on, "second": _second}
