"""The only writers of what an account is called and whether it may be used."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions.links import checked_email
from xiuhua.responsibility.actions.passwords import others_account
from xiuhua.responsibility.actions.posts import check_managed, manages, office_day
from xiuhua.responsibility.actions.sessions import end_sessions
from xiuhua.responsibility.models import User


def deactivate(tenant: Tenant, username: str, *, by: Actor, at: datetime, reason: str = "") -> int:
    """Switch an account off; what it did stays in the ledger. Returns how many sessions ended.

    Raises UserUnknown, OwnAccount, LastManager.
    """
    return _switch(tenant, username, on=False, by=by, at=at, reason=reason)


def reactivate(tenant: Tenant, username: str, *, by: Actor, at: datetime, reason: str = "") -> int:
    """Switch an account on again; its password and second factor are as they were. Returns 0. Raises UserUnknown, OwnAccount."""
    return _switch(tenant, username, on=True, by=by, at=at, reason=reason)


def _switch(tenant: Tenant, username: str, *, on: bool, by: Actor, at: datetime, reason: str) -> int:
    with transaction.atomic():
        user = others_account(tenant, username, by)
        if user.is_active == on:
            return 0
        user.is_active = on
        user.save(update_fields=["is_active"])
        ended = 0 if on else end_sessions(user)
        if not on and any(map(manages, user.posts.all())):
            check_managed(tenant, office_day(tenant, at))
        verb = "account.on" if on else "account.off"
        facts = {"sessions": ended}
        record(verb, about=f"user:{username}", by=by, at=at, tenant=tenant, reason=reason, facts=facts)
    return ended


def describe(user: User, *, name: str, email: str, by: Actor, at: datetime) -> bool:
    """Write a person's name and e-mail address; returns whether that changed anything. Raises EmailMalformed.

    Both are personal, so the ledger says which of them changed, not to what.
    """
    given = {"name": name.strip(), "email": checked_email(email)}
    changed = [field for field, value in given.items() if getattr(user, field) != value]
    if not changed:
        return False
    with transaction.atomic():
        for field in changed:
            setattr(user, field, given[field])
        user.save(update_fields=changed)
        facts = {"fields": ",".join(changed)}
        record("user.describe", about=f"user:{user.username}", by=by, at=at, tenant=user.tenant, facts=facts)
    return True
