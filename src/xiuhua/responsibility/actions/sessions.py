"""The only writers of sessions, beside the session store, which keeps what Django keeps."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xiuhua.kernel.actions import record, without_waiting
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import User, UserSession


def end_sessions(user: User, *, keep: str = "") -> int:
    """End all sessions of a person but the one with the key `keep`; returns how many. The caller records the ledger line."""
    ended, _rows = UserSession.objects.filter(user=user).exclude(session_key=keep).delete()
    return ended


def end_session(user: User, handle: str, *, by: Actor, at: datetime) -> bool:
    """End one of a person's own sessions by its handle; returns whether there was one."""
    with transaction.atomic():
        ended, _rows = UserSession.objects.filter(user=user, handle=handle).exclude(handle="").delete()
        if ended:
            record("session.end", about=f"user:{user.username}", by=by, at=at, tenant=user.tenant)
    return bool(ended)


def end_other_sessions(user: User, *, keep: str, by: Actor, at: datetime) -> int:
    """End all of a person's own sessions but the present one; returns how many. Without any, nothing is recorded."""
    with transaction.atomic():
        ended = end_sessions(user, keep=keep)
        if ended:
            facts = {"sessions": ended}
            record("session.end", about=f"user:{user.username}", by=by, at=at, tenant=user.tenant, facts=facts)
    return ended


def touch(session: UserSession, at: datetime) -> None:
    """Note that a session was used, if nobody else writes just now. No ledger line: it says nothing but that somebody reads."""
    without_waiting(lambda: UserSession.objects.filter(pk=session.pk).update(seen_at=at))


def clear_sessions(at: datetime) -> int:
    """Delete sessions that nobody can use any more; returns how many."""
    ended, _rows = UserSession.objects.filter(expire_date__lt=at).delete()
    return ended
