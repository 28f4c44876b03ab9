"""Who the person behind a request is: only while the session lasts, and only with what the office wants shown."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.contrib import messages
from django.contrib.auth import get_user
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from xiuhua.responsibility.actions import record_sign_out, touch
from xiuhua.responsibility.models import User
from xiuhua.responsibility.queries import lifetime_of, needs_second_factor, password_due
from xiuhua.responsibility.rules.sessions import TOUCH, over
from xiuhua.web.api.problems import problem
from xiuhua.web.desk.office import now, person
from xiuhua.web.sessions import SECOND, SessionStore

#: Doors that stay open to a session which has to show or change something first.
ALWAYS = frozenset({"desk:login", "desk:second-step", "desk:logout", "desk:look", "desk:language", "desk:stylesheet"})
#: What is wanted → the page that asks for it.
ASKED_ON = {"second": "desk:second", "password": "desk:password"}


class AccountMiddleware(AuthenticationMiddleware):
    """Sets `request.user`, ends sessions that are over, and sends people to what their account still lacks."""

    def process_request(self, request: HttpRequest) -> None:
        """Let the session be looked at when somebody asks who it is."""
        request.user = SimpleLazyObject(lambda: _person_of(request))  # type: ignore[assignment]

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Return the way to what is wanted first, None if nothing is."""
        door = request.resolver_match.view_name if request.resolver_match else ""
        if door in ALWAYS or not isinstance(request.user, User):
            return None
        wanted = wants(request, request.user)
        if not wanted or door == ASKED_ON[wanted]:
            return None
        if request.path.startswith("/api/"):
            return problem(HTTPStatus.FORBIDDEN, f"account.{wanted}_wanted", _("请先在网页上完成登录所缺的一步。"))
        return HttpResponseRedirect(reverse(ASKED_ON[wanted]))


class DoorMiddleware(LoginRequiredMiddleware):
    """Shows the door to whoever is not signed in; what was sent when the session was over leads back to its form."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:
        """Return the way to the door, from which a page is come back to, never an address that takes only forms."""
        if request.method in {"GET", "HEAD"}:
            return super().handle_no_permission(request, view_func)
        came = urlsplit(request.headers.get("referer", ""))
        here = came.netloc == request.get_host()
        back = urlunsplit(("", "", came.path, came.query, "")) if here else "/"
        return redirect_to_login(back, self.get_login_url(view_func), self.get_redirect_field_name(view_func))


def wants(request: HttpRequest, user: User) -> str:
    """Return what this session lacks before anything else may be seen: "second", "password" or ""."""
    if SECOND not in request.session and user.tenant and needs_second_factor(user.tenant, _roles(request, user)):
        return "second"
    return "password" if password_due(user, now()) else ""


def _roles(request: HttpRequest, user: User) -> frozenset[str]:
    # only an office that wants a second factor of some roles pays for looking posts up
    if user.tenant is None or not user.tenant.settings.get("second_factor"):
        return frozenset()
    return frozenset(grant.post for grant in person(request).grants)


def _person_of(request: HttpRequest) -> User | AnonymousUser:
    user = get_user(request)
    if not isinstance(user, User):
        return AnonymousUser()
    session = request.session
    row = session.row if isinstance(session, SessionStore) else None
    if row is None:  # signed in by this very request
        return user
    at = now()
    if row.began_at is None or over(lifetime_of(row.device), row.began_at, row.seen_at, at):
        session.flush()
        record_sign_out(user, why="over", at=at)
        messages.warning(request, _("登录已过期，请重新登录。"), fail_silently=True)
        return AnonymousUser()
    if at - row.seen_at >= TOUCH:
        touch(row, at)
    return user
