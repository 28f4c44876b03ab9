"""What the doors of accounts share: forms described as fields, and tries at secrets that are counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from xiuhua.kernel.words import Refusal
from xiuhua.responsibility.actions import CodeWrong, PasswordWrong, TooManyTries, begin_try, fail_try, pass_try
from xiuhua.responsibility.models import User
from xiuhua.web.desk.office import now

Errors = list[tuple[str, str]]
Field = dict[str, Any]
_MINUTE = 60


def address_of(request: HttpRequest) -> str:
    """Return the address a request came from; the proxy middleware has settled which that is."""
    return str(request.META.get("REMOTE_ADDR", ""))


def filled(request: HttpRequest, fields: Sequence[Field]) -> Errors:
    """Return an error for every field that has to be filled in and is not."""
    empty = [one for one in fields if one.get("required", True) and not request.POST.get(one["name"], "").strip()]
    return [(f"id_{one['name']}", _("请填写“%(label)s”。") % {"label": one["label"]}) for one in empty]


def new_password_fields(hint: str) -> list[Field]:
    """Return the two fields for a new password."""
    common = {"kind": "password", "autocomplete": "new-password"}
    return [
        {"name": "password", "label": _("新密码"), "hint": hint, **common},
        {"name": "again", "label": _("再输一遍新密码"), **common},
    ]


def same_twice(request: HttpRequest) -> Errors:
    """Return an error if the two fields of a new password differ."""
    if request.POST.get("password", "") == request.POST.get("again", ""):
        return []
    return [("id_again", _("两遍不一样，请再输一遍。"))]


def show(
    request: HttpRequest,
    *,
    title: str,
    submit: str,
    fields: Sequence[Field],
    lead: str = "",
    errors: Errors | None = None,
    status: int = HTTPStatus.OK,
    back: tuple[str, str] | None = None,
    template: str = "web/door.html",
    **more: Any,
) -> HttpResponse:
    """Show a form of fields; what was typed stays, secrets do not. `back` is (address, words) of the way out."""
    by_field = dict(errors or [])
    kept = [
        {
            "kind": "text",
            "hint": "",
            "autocomplete": "off",
            "required": True,
            "value": request.POST.get(one["name"], one.get("start", "")),
            **one,
            "error": by_field.get(f"id_{one['name']}", ""),
        }
        for one in fields
    ]
    for one in kept:
        if one.get("secret"):
            one["value"] = ""
    context = {"title": title, "submit": submit, "fields": kept, "lead": lead, "errors": errors or [], "back": back}
    response = render(request, template, {**context, **more}, status=status)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        response["Retry-After"] = str(15 * _MINUTE)
    return response


@contextmanager
def counted(request: HttpRequest, what: str, user: User, *, anywhere: bool = False) -> Iterator[None]:
    """Count a try at a secret of `user`: PasswordWrong and CodeWrong pass through and count, other refusals pass through.

    Raises TooManyTries.
    With `anywhere` tries from all places count together: for a code, which only who knows the password can try.
    """
    one = begin_try(what, user.username, "" if anywhere else address_of(request), at=now())
    try:
        yield
    except (PasswordWrong, CodeWrong):
        fail_try(one, user, at=now())
        raise
    except Refusal:  # the secret was right, what was wanted with it is not
        pass_try(one)
        raise
    pass_try(one)


def refused(refusal: Refusal, fields: dict[type[Refusal], str]) -> tuple[Errors, int]:
    """Return a refusal as the error of the field that it is about, "" for the whole form, and the status of the page."""
    field = next((name for kind, name in fields.items() if isinstance(refusal, kind)), "")
    status = HTTPStatus.TOO_MANY_REQUESTS if isinstance(refusal, TooManyTries) else HTTPStatus.OK
    return [(f"id_{field}" if field else "", str(refusal))], status


def tried(do: Callable[[], None], fields: dict[type[Refusal], str]) -> tuple[Errors, int]:
    """Do something and return no errors, or the refusal as an error of its field with the status of the page."""
    try:
        do()
    except Refusal as refusal:
        return refused(refusal, fields)
    return [], HTTPStatus.OK
