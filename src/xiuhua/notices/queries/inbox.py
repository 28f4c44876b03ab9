"""Reading inboxes, preferences and channels."""

from __future__ import annotations

from django.db.models import QuerySet

from xiuhua.kernel.models import Tenant
from xiuhua.notices.models import Channel, Notice, Preference
from xiuhua.responsibility.models import User


def inbox(user: User, *, unread: bool = False) -> QuerySet[Notice]:
    """Return a person's notices, newest first, only those not read yet if `unread`. One query when read."""
    found = Notice.objects.filter(user=user).order_by("-at", "-pk")
    return found.filter(read_at=None) if unread else found


def unread_count(user: User) -> int:
    """Return how many of a person's notices are not read yet. One query."""
    return Notice.objects.filter(user=user, read_at=None).count()


def preference_of(user: User) -> Preference:
    """Return how a person wants to hear, the defaults – the account's address, no mail – where nothing was said. One query."""
    return Preference.objects.filter(user=user).first() or Preference(user=user, email=user.email)


def channels(tenant: Tenant) -> QuerySet[Channel]:
    """Return an office's channels by name. One query when read."""
    return Channel.objects.filter(tenant=tenant).select_related("body").order_by("name")
