"""Doors to one post – change it, end it, let somebody stand in –, and the handover when a person leaves."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from xiuhua.cases.actions import hand_over
from xiuhua.cases.queries import waiting_for
from xiuhua.kernel.phrases import code_sentence
from xiuhua.kernel.words import Refusal
from xiuhua.responsibility.actions import change_post, deputise, end_post
from xiuhua.responsibility.models import Post, User
from xiuhua.responsibility.phrases import period_words, post_words
from xiuhua.responsibility.queries import PeopleFilter, PostUnknown, all_posts, filtered_people, post_keyed
from xiuhua.territory.queries import options
from xiuhua.web.desk.office import now, office, person
from xiuhua.web.desk.people import found, over, today
from xiuhua.web.desk.postforms import PostForm, choices, form_of, post_form

CHANGE, END, DEPUTISE = "change", "end", "deputise"


def _post(request: HttpRequest, username: str, key: int) -> Post:
    """Return a post of a person of the office. Raises Http404."""
    try:
        post = post_keyed(office(request), key)
    except PostUnknown as unknown:
        raise Http404 from unknown
    if post.user.username != username:
        raise Http404
    return post


@require_http_methods(["GET", "HEAD", "POST"])
def post_page(request: HttpRequest, username: str, key: int) -> HttpResponse:
    """Show the forms of a post; do what one of them says."""
    post = _post(request, username, key)
    if request.method != "POST":
        return _shown(request, post, form_of(post), "", HTTPStatus.OK)
    what, form = request.POST.get("do", ""), post_form(request.POST)
    if what not in _DOING:
        raise Http404
    form = form if form.errors else _missing(what, form)
    if not form.errors:
        try:
            said = _DOING[what](request, post, form)
        except Refusal as refusal:
            form = form.refused(refusal)
        else:
            messages.success(request, said)
            return redirect("desk:person", username)
    return _shown(request, post, form, what, HTTPStatus.UNPROCESSABLE_ENTITY)


def _missing(what: str, form: PostForm) -> PostForm:
    """Return the form with what an ending or a deputy has to say and did not."""
    wanted = {END: ("last",), DEPUTISE: ("username", "first", "last")}.get(what, ())
    errors = tuple((f"id_{name}", code_sentence(f"post.need_{name}", {})) for name in wanted if not form.given[name])
    return PostForm(form.given, form.asked, errors)


def _change(request: HttpRequest, post: Post, form: PostForm) -> str:
    change_post(office(request), post.pk, form.asked, by=person(request), at=now())
    return _("岗位已改。")


def _end(request: HttpRequest, post: Post, form: PostForm) -> str:
    day = form.asked.valid_to or today(office(request))
    end_post(office(request), post.pk, day, by=person(request), at=now())
    return _("岗位到 %(day)s 为止。") % {"day": day - timedelta(1)}


def _deputise(request: HttpRequest, post: Post, form: PostForm) -> str:
    first, end = form.asked.valid_from, form.asked.valid_to
    if first is None or end is None:
        raise Http404
    username = form.given["username"]
    made = deputise(office(request), post.pk, username, first=first, end=end, by=person(request), at=now())
    facts = {"who": made.user, "period": period_words(first, end)}
    return _("%(who)s 代岗：%(period)s。") % facts


#: Fields of the same name stand in several forms of the page: (form, field) → id.
_AT = {
    (END, "id_last"): "id_end_last",
    (DEPUTISE, "id_first"): "id_stand_first",
    (DEPUTISE, "id_last"): "id_stand_last",
}
_DOING = {CHANGE: _change, END: _end, DEPUTISE: _deputise}


def _people(request: HttpRequest, but: User) -> list[tuple[str, str]]:
    tenant = office(request)
    every = filtered_people(tenant, PeopleFilter(day=today(tenant), active=True))
    named = [(one.username, f"{one.name}（{one.username}）" if one.name else one.username) for one in every]
    return [("", _("请选")), *(one for one in named if one[0] != but.username)]


def _shown(request: HttpRequest, post: Post, form: PostForm, what: str, status: HTTPStatus) -> HttpResponse:
    tenant = office(request)
    day, now_held = today(tenant), form_of(post)
    context = {
        "one": post.user,
        "post": post,
        "own": person(request).user == post.user_id,
        "text": post_words(post, dict(options(tenant))),
        "period": period_words(post.valid_from, post.valid_to),
        "over": over(post, day),
        "errors": [(_AT.get((what, name), name), sentence) for name, sentence in form.errors],
        "change": form if what == CHANGE else now_held,
        "ending": form if what == END else PostForm({"last": day.isoformat()}, now_held.asked),
        "standing": form if what == DEPUTISE else PostForm({}, now_held.asked),
        "people": _people(request, post.user),
        **choices(tenant, form if what == CHANGE else now_held, _("不限"), _("请选")),
    }
    return render(request, "web/post.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def handover_page(request: HttpRequest, username: str) -> HttpResponse:
    """Show what waits for a person who leaves; give all of it to a successor and switch the account off."""
    user = found(request, username)
    if request.method != "POST":
        return _leaving(request, user, [], HTTPStatus.OK)
    successor = request.POST.get("username", "")
    if not successor:
        return _leaving(
            request, user, [("id_username", code_sentence("post.need_username", {}))], HTTPStatus.UNPROCESSABLE_ENTITY
        )
    reason = request.POST.get("reason", "").strip()[:200]
    try:
        done = hand_over(office(request), username, successor, by=person(request), at=now(), reason=reason)
    except Refusal as refusal:
        return _leaving(request, user, [("id_username", str(refusal))], HTTPStatus.UNPROCESSABLE_ENTITY)
    facts = {"posts": done.posts, "cases": done.cases, "requests": done.requests, "who": successor}
    messages.success(
        request,
        _("已移交 %(who)s：岗位 %(posts)s 个、案件 %(cases)s 件、申请 %(requests)s 件；账号已停用。") % facts,
    )
    return redirect("desk:person", username)


def _leaving(request: HttpRequest, user: User, errors: list[tuple[str, str]], status: HTTPStatus) -> HttpResponse:
    tenant = office(request)
    day, names = today(tenant), dict(options(tenant))
    cases, requests = waiting_for(user)
    context = {
        "one": user,
        "posts": [post_words(one, names) for one in all_posts(user) if not over(one, day)],
        "cases": cases,
        "requests": requests,
        "people": _people(request, user),
        "given": {"username": request.POST.get("username", ""), "reason": request.POST.get("reason", "")},
        "errors": errors,
        "wrong": {name.removeprefix("id_"): sentence for name, sentence in errors},
    }
    return render(request, "web/handover.html", context, status=status)
