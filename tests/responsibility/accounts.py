"""What tests of accounts share: passwords, sessions, failed tries, a second factor, what all tables hold."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyotp
from django.db import connection

from xiuhua.kernel.models import LedgerLine
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.actions import (
    begin_second_factor,
    begin_try,
    confirm_second_factor,
    fail_try,
    secrets_of,
)
from xiuhua.responsibility.models import (
    User,
    UserSession,
)

OLD, NEW = "quiet-canal-31", "stone-bridge-52"
HERE, ELSEWHERE = "192.0.2.7", "198.51.100.9"


def session(user: User, at: datetime, key: str) -> None:
    """Keep a session of somebody under a key."""
    UserSession.objects.create(
        session_key=key,
        handle=f"h{key}",
        session_data="",
        expire_date=at + timedelta(days=1),
        user=user,
        began_at=at,
        seen_at=at,
    )


def fail(what: str, name: str, address: str, user: User | None, at: datetime) -> None:
    """Fail a try at a secret."""
    fail_try(begin_try(what, name, address, at=at), user, at=at)


def verbs() -> list[str]:
    """Return the verbs of the ledger in their order."""
    return list(LedgerLine.objects.order_by("pk").values_list("verb", flat=True))


def everything() -> str:
    """Return all cells of all tables of the test's database as one text."""
    told = []
    with connection.cursor() as cursor:
        # the index of words cannot be scanned on SQLite: what it keeps is in the tables beside it
        for table in set(connection.introspection.table_names()) - {"cases_words"}:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of our own tables
            told += [str(row) for row in cursor.fetchall()]
    return "\n".join(told)


def enrolled(user: User, by: Actor, at: datetime) -> tuple[pyotp.TOTP, list[str]]:
    """Return the second factor that somebody has confirmed, with its recovery codes."""
    totp = pyotp.TOTP(secrets_of(begin_second_factor(user, at=at))[0])
    return totp, confirm_second_factor(user, totp.at(at), by=by, at=at)
