"""Sending links to the people they are for, and clearing away what has run out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.models import OutboxEvent, Tenant
from xiuhua.responsibility.actions.sessions import clear_sessions
from xiuhua.responsibility.actions.trying import clear_tries
from xiuhua.responsibility.models import AccountLink
from xiuhua.responsibility.queries.accounts import link_opened, token_of
from xiuhua.responsibility.words import LinkKind

#: Where a link of each kind leads; `web.desk.urls` has the same doors.
PATHS = {LinkKind.SET_UP: "set-up", LinkKind.INVITE: "invitation", LinkKind.RESET: "reset"}
#: Links that are used or late stay so long, for questions.
KEPT = timedelta(days=30)
_LANGUAGES = ("zh-hans", "en")
_SUBJECTS = {LinkKind.INVITE: _("绣花账号邀请"), LinkKind.RESET: _("绣花账号重设密码")}
_BODIES = {
    LinkKind.INVITE: _("有人为您建了绣花账号 %(username)s。请在七天内打开下面的链接，设一个自己的密码：\n%(address)s"),
    LinkKind.RESET: _(
        "有人要重设绣花账号 %(username)s 的密码。是您本人，请在三十分钟内打开下面的链接；不是，请不用理会：\n%(address)s"
    ),
}


def address_of(kind: LinkKind, token: str) -> str:
    """Return the address that opens a link. It begins with what the settings say, never with what a request said."""
    return f"{settings.SITE_URL}/{PATHS[kind]}/{token}/"


def deliver_link(event: OutboxEvent, now: datetime) -> None:
    """Send the link of an event to its account's e-mail address, in both languages; nothing if it opens nothing any more.

    The event holds the key of the link, not its token. Without a mail host nothing is sent.
    """
    link = AccountLink.objects.filter(pk=event.facts.get("link")).first()
    kind = LinkKind(link.kind) if link else None
    if link is None or kind not in _BODIES or not settings.EMAIL_HOST:
        return
    opened = link_opened(kind, token_of(link), now)
    if opened is None or opened.user is None or not opened.user.email:
        return
    facts = {"username": opened.user.username, "address": address_of(kind, token_of(link))}
    subjects, bodies = [], []
    for language in _LANGUAGES:
        with override(language):
            subjects.append(gettext(_SUBJECTS[kind]))
            bodies.append(gettext(_BODIES[kind]) % facts)
    EmailMessage(" · ".join(subjects), "\n\n".join(bodies), to=[opened.user.email]).send()


def clear_accounts(_tenant: Tenant, now: datetime) -> int:
    """Delete sessions that are over, tries that no longer count and links long dead, of all offices; returns how many."""
    links, _rows = AccountLink.objects.filter(until__lt=now - KEPT).delete()
    return links + clear_sessions(now) + clear_tries(now)
