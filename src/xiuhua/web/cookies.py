"""The cookie of messages under the same rules as all others."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class Messages(CookieStorage):
    """Keeps messages in a signed cookie, so that showing one writes nothing."""

    cookie_name = f"{settings.COOKIE_PREFIX}messages"
