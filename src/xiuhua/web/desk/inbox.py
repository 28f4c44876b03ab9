"""Doors to a person's inbox, and to how that person wants to hear."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xiuhua.kernel.words import Refusal
from xiuhua.notices.actions import mark_read, wish
from xiuhua.notices.models import Notice
from xiuhua.notices.phrases import details, titled
from xiuhua.notices.queries import inbox, preference_of, unread_count
from xiuhua.notices.words import MailWish
from xiuhua.responsibility.models import User
from xiuhua.web.context import zone_of_office
from xiuhua.web.desk.office import now, office, person, whole
from xiuhua.web.desk.registers import paged


def reader(request: HttpRequest) -> User:
    """Return the signed-in person. Raises Http404 for an account without an office."""
    office(request)
    if not isinstance(request.user, User):
        raise Http404
    return request.user


@require_safe
def inbox_page(request: HttpRequest) -> HttpResponse:
    """Show a person's notices, newest first; those not read yet stand out, and can be shown alone."""
    user, only = reader(request), request.GET.get("unread") == "1"
    listed = paged(request, inbox(user, unread=only), {"unread": "1"} if only else {})
    zone = zone_of_office(user.tenant)
    context = {
        **listed,
        "only": only,
        "every": inbox(user).count(),
        "unread": unread_count(user),
        "rows": [_row(one, zone) for one in listed["shown"]],
    }
    return render(request, "web/inbox.html", context)


def _row(notice: Notice, zone: Any) -> dict[str, Any]:
    year = notice.at.astimezone(zone).year
    due = pgettext("notice", "期限")
    known = details(notice.facts, zone, this_year=year)
    return {
        "key": notice.pk,
        "title": titled(notice.name, notice.facts),
        "details": [f"{label} {text}" if label == due else text for label, text in known],
        "href": _within(notice.facts.get("link")),
        "at": notice.at,
        "unread": notice.read_at is None,
    }


def _within(link: object) -> str:
    """Return a link of a notice if it stays on this site, else nothing."""
    return str(link) if link and url_has_allowed_host_and_scheme(str(link), allowed_hosts=None) else ""


@require_POST
def inbox_read(request: HttpRequest) -> HttpResponse:
    """Mark a notice, or all, as read; `open` also goes where the notice leads."""
    user = reader(request)
    key = whole(request.POST.get("open") or request.POST.get("read"))
    if key is None:
        count = mark_read(user, now())
        messages.success(request, _("已把 %(count)s 条标为已读。") % {"count": count})
        return redirect("desk:inbox")
    mark_read(user, now(), [key])
    notice = inbox(user).filter(pk=key).first() if request.POST.get("open") else None
    return redirect((_within(notice.facts.get("link")) if notice else "") or reverse("desk:inbox"))


@require_http_methods(["GET", "HEAD", "POST"])
def inbox_wishes(request: HttpRequest) -> HttpResponse:
    """Show how a person wants to hear beside the inbox, or change it."""
    user = reader(request)
    known = preference_of(user)
    given = {"email": known.email, "mail": known.mail, "language": known.language}
    error = ""
    if request.method == "POST":
        given = {name: request.POST.get(name, "").strip() for name in given}
        mail = MailWish(given["mail"]) if given["mail"] in MailWish.values else MailWish.OFF
        try:
            wish(user, email=given["email"], mail=mail, language=given["language"], by=person(request), at=now())
        except Refusal as refusal:
            error = str(refusal)
        else:
            messages.success(request, _("已记下。"))
            return redirect("desk:inbox-wishes")
    context = {
        "given": given,
        "error": error,
        "errors": [("id_email", error)] if error else [],
        "wishes": MailWish.choices,
        "languages": settings.LANGUAGES,
        "mail_goes_out": bool(settings.EMAIL_HOST),
    }
    return render(request, "web/inbox_wishes.html", context)
