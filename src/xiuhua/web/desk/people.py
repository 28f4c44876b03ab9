"""Doors to people: who holds which posts. What people do, when and how often is nowhere counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from xiuhua.cases.queries import waiting_for
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Refusal
from xiuhua.responsibility.actions import give_post
from xiuhua.responsibility.models import Post, User
from xiuhua.responsibility.phrases import period_words, post_words
from xiuhua.responsibility.queries import (
    PEOPLE_SORTS,
    PersonUnknown,
    all_posts,
    bodies_of,
    deputies_of,
    filtered_people,
    people_wanted,
    person_named,
    second_factor_of,
)
from xiuhua.responsibility.words import Role
from xiuhua.territory.queries import options
from xiuhua.ui.formats import NONE
from xiuhua.ui.rendering import render as component
from xiuhua.web.desk.downloads import buttons
from xiuhua.web.desk.office import now, office, person
from xiuhua.web.desk.postforms import PostForm, choices, post_form
from xiuhua.web.desk.registers import chips, columns, given_in, paged

PARAMETERS = ("q", "role", "unit", "state")


def today(tenant: Tenant) -> date:
    """Return the office's day."""
    return now().astimezone(ZoneInfo(tenant.zone) if tenant.zone else UTC).date()


def _states() -> dict[str, str]:
    return {"on": _("在用"), "off": _("停用"), "idle": _("在用而没有岗位")}


def _wanted(tenant: Tenant, given: Mapping[str, str], sort: str) -> QuerySet[User]:
    return filtered_people(tenant, people_wanted(given, today(tenant)), sort=sort)


@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    """Show the accounts of the office with their posts of today, fifty at a time."""
    tenant = office(request)
    given = given_in(request, PARAMETERS)
    sort = request.GET.get("sort", "username")
    sort = sort if sort.lstrip("-") in PEOPLE_SORTS else "username"
    listed = paged(request, _wanted(tenant, given, sort), {**given, "sort": sort})
    names = dict(options(tenant))
    every, units = ("", _("全部")), [(one.code, one.name) for one in bodies_of(tenant)]
    roles = [(str(role), str(role.label)) for role in Role]
    heads = (("username", _("账号")), ("name", _("姓名")), ("unit", _("单位")), ("", _("岗位")), ("", _("状态")))
    said = {"role": dict(roles), "unit": dict(units), "state": _states()}
    context = {
        **listed,
        "given": given,
        "chips": chips(given, _said(given, said)),
        "clear": reverse("desk:people"),
        "roles": [every, *roles],
        "units": [every, *units],
        "states": [every, *_states().items()],
        "columns": columns(given, sort, heads),
        "rows": [_row(one, names) for one in listed["shown"]],
        "files": buttons("desk:people-sheet", {**given, "sort": sort}),
        "idle": _wanted(tenant, {"state": "idle"}, sort).count(),
    }
    return render(request, "web/people.html", context)


def _said(given: Mapping[str, str], said: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    labels = {"q": _("账号、姓名"), "role": _("岗位"), "unit": _("单位"), "state": _("状态")}
    return {name: f"{labels[name]}：{said.get(name, {}).get(text, text)}" for name, text in given.items()}


def _row(user: User, names: Mapping[str, str]) -> dict[str, Any]:
    link = format_html('<a href="{}">{}</a>', reverse("desk:person", args=[user.username]), user.username)
    held: list[Post] = user.held  # type: ignore[attr-defined] # prefetched
    posts = "；".join(post_words(post, names) for post in held) or NONE
    state: Any = _("在用") if user.is_active else component("mark", {"kind": "line", "label": _("停用")})
    cells = [link, user.name or NONE, user.body.name if user.body else NONE, posts, state]
    return {"cells": cells, "kind": "" if user.is_active else "na"}


def found(request: HttpRequest, username: str) -> User:
    """Return an account of the office. Raises Http404."""
    try:
        return person_named(office(request), username)
    except PersonUnknown as unknown:
        raise Http404 from unknown


@require_http_methods(["GET", "HEAD", "POST"])
def person_page(request: HttpRequest, username: str) -> HttpResponse:
    """Show a person's posts, who stands in for whom, and the form of a new post; give it."""
    user = found(request, username)
    form = post_form(request.POST)
    if request.method != "POST":
        return _shown(request, user, form, HTTPStatus.OK)
    if not form.errors:
        try:
            give_post(office(request), username, form.asked, by=person(request), at=now())
        except Refusal as refusal:
            form = form.refused(refusal)
        else:
            messages.success(request, _("岗位已派给 %(who)s。") % {"who": user})
            return redirect("desk:person", username)
    return _shown(request, user, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def _shown(request: HttpRequest, user: User, form: PostForm, status: HTTPStatus) -> HttpResponse:
    tenant = office(request)
    day, names = today(tenant), dict(options(tenant))
    posts = all_posts(user)
    cases, requests = waiting_for(user)
    context = {
        "one": user,
        "own": person(request).user == user.pk,
        "passworded": user.has_usable_password(),
        "second": second_factor_of(user) is not None,
        "groups": [
            (_("在任"), [_post(post, names) for post in posts if not over(post, day) and not _later(post, day)]),
            (_("将任"), [_post(post, names) for post in posts if not over(post, day) and _later(post, day)]),
            (_("到期"), [_post(post, names) for post in posts if over(post, day)]),
        ],
        "deputies": [_deputy(post, names) for post in deputies_of(user) if not over(post, day)],
        "cases": cases,
        "requests": requests,
        "form": form,
        **choices(tenant, form, _("不限"), _("请选")),
    }
    return render(request, "web/person.html", context, status=status)


def over(post: Post, day: date) -> bool:
    """Return whether a post is held no longer."""
    return post.valid_to is not None and post.valid_to <= day


def _later(post: Post, day: date) -> bool:
    return post.valid_from is not None and post.valid_from > day


def _post(post: Post, names: Mapping[str, str]) -> dict[str, Any]:
    return {"key": post.pk, "text": post_words(post, names), "period": period_words(post.valid_from, post.valid_to)}


def _deputy(post: Post, names: Mapping[str, str]) -> dict[str, Any]:
    held = post.deputy_of or post
    return {"who": post.user, **_post(held, names), "period": period_words(post.valid_from, post.valid_to)}
