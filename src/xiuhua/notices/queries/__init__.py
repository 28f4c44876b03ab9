"""Named reads of notices."""

from __future__ import annotations

from xiuhua.notices.queries.inbox import channels, inbox, preference_of, unread_count

__all__ = ["channels", "inbox", "preference_of", "unread_count"]
