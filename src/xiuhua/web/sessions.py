"""Sessions in a table of our own, so that people see and end theirs without another query for every page."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest

from xiuhua.responsibility.models import UserSession
from xiuhua.responsibility.queries import lifetime_of
from xiuhua.responsibility.rules.sessions import family
from xiuhua.responsibility.words import Device

#: Under which keys a session keeps what its row shows.
BEGAN, HANDLE, ADDRESS, AGENT, DEVICE = "began", "handle", "address", "agent", "device"
#: When this session showed the second factor; absent while it has not.
SECOND = "second"
_ADDRESS_LENGTH = 45


class SessionStore(DatabaseStore):
    """Django's database sessions in `UserSession`; `row` is the row a session was loaded from."""

    row: UserSession | None = None

    @classmethod
    def get_model_class(cls) -> type[UserSession]:  # type: ignore[override]
        """Return the table of sessions."""
        return UserSession

    def load(self) -> dict[str, Any]:
        """Return the content of the session, {} if there is none any more."""
        self.row = self._get_session_from_db()  # type: ignore[attr-defined]
        return self.decode(self.row.session_data) if self.row else {}

    def create_model_instance(self, data: dict[str, Any]) -> UserSession:  # type: ignore[override]
        """Return the row for this content."""
        row: UserSession = super().create_model_instance(data)  # type: ignore[assignment]
        row.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        row.began_at = datetime.fromisoformat(data[BEGAN]) if BEGAN in data else None
        row.seen_at = datetime.now(UTC)
        row.handle, row.address = data.get(HANDLE, ""), data.get(ADDRESS, "")
        row.agent, row.device = data.get(AGENT, ""), data.get(DEVICE, Device.DESK)
        return row


def began(request: HttpRequest, **_signal: object) -> None:
    """Note in the session just signed in when, from where and with what. Hears Django's `user_logged_in`."""
    device = request.session.get(DEVICE, str(Device.DESK))
    request.session[BEGAN] = datetime.now(UTC).isoformat()
    request.session[HANDLE] = secrets.token_hex(16)
    request.session[ADDRESS] = request.META.get("REMOTE_ADDR", "")[:_ADDRESS_LENGTH]
    request.session[AGENT] = family(request.META.get("HTTP_USER_AGENT", ""))
    request.session[DEVICE] = device
    request.session.pop(SECOND, None)
    request.session.set_expiry(int(lifetime_of(device).absolute.total_seconds()))
