"""The only writers of the ledger: everybody appends, one sealer at a time chains what was appended (docs/ledger.md)."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from xiuhua.kernel.actions.locking import without_waiting
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.queries import line_content
from xiuhua.kernel.rules import GENESIS, link
from xiuhua.kernel.words import Actor

#: What happens to one case, one person's session or one photo changes nothing that is read once for all of them.
_OF_ONE_THING = ("case.", "session.", "account.", "evidence.", "file.", "notice.", "event.", "access.", "export.")
#: Lines of one sealing transaction: a few milliseconds, so that SQLite's other writers hardly wait.
BATCH = 500
#: Whoever writes seals at most so often; in between lines wait for the next writer or the worker. Seconds.
APART = 1.0
#: Names the lock of the sealer among PostgreSQL's advisory locks.
_LOCK = 0x78680001


class _Sealing:
    """What this process knows of its own sealing: when it last did, and whether it appended since."""

    last = float("-inf")
    pending = False


def record(
    verb: str,
    *,
    about: str,
    by: Actor,
    at: datetime,
    tenant: Tenant | None = None,
    before: str = "",
    after: str = "",
    reason: str = "",
    facts: dict[str, Any] | None = None,
) -> LedgerLine:
    """Append one ledger line in the caller's transaction, with one statement; the chain is sealed after it has committed.

    `about` names the thing ("case:17", "batch:3"); `before` and `after` are digests. Names, phones and addresses of
    people stay out of `reason` and `facts`, or go in as `personal_digest`. What a program did for somebody says which.
    Returns the line.
    """
    line = LedgerLine.objects.create(
        tenant=tenant,
        at=at,
        actor=by.id,
        post=by.post,
        verb=verb,
        about=about,
        before=before,
        after=after,
        reason=reason,
        facts=(facts or {}) | ({"via": by.via} if by.via else {}),
        written_at=Now(),
    )
    if tenant is not None and not verb.startswith(_OF_ONE_THING):
        Tenant.objects.filter(pk=tenant.pk).update(revision=F("revision") + 1)
    transaction.on_commit(_seal_now_and_then)
    return line


def _seal_now_and_then() -> None:
    """Seal unless this process did within the last second or somebody else is at it: a writer never waits for that."""
    _Sealing.pending = True
    if time.monotonic() - _Sealing.last < APART:
        return
    with suppress(OperationalError):  # the change is committed; the chain is closed by the next sealer
        seal(wait=False)


def seal_pending() -> int:
    """Seal what this process appended and left unsealed; returns how many lines. For doors that end."""
    return seal() if _Sealing.pending else 0


def seal(*, wait: bool = True) -> int:
    """Chain all unsealed lines in their order, batch by batch; returns how many were sealed. Safe at any time, by anyone.

    One sealer at a time: without `wait`, nothing is done while another is at work (on SQLite: while anybody writes).
    """
    sealed = 0
    _Sealing.last, _Sealing.pending = time.monotonic(), False
    while True:
        count = _seal_batch(wait=wait)
        sealed += count
        if count < BATCH:
            return sealed


def _seal_batch(*, wait: bool) -> int:
    if not LedgerLine.objects.filter(chain_no=None).exists():
        return 0
    if connection.vendor == "postgresql":
        return _sealed_on_postgresql(wait=wait)
    return _chain() if wait else without_waiting(_chain) or 0


def _sealed_on_postgresql(*, wait: bool) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        call = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
        cursor.execute(f"SELECT {call}(%s)", [_LOCK])
        return _chain() if wait or cursor.fetchone()[0] else 0


def _chain() -> int:
    """Link one batch of unsealed lines to the end of the chain with one update; returns how many."""
    with transaction.atomic():
        last = LedgerLine.objects.filter(chain_no__isnull=False).order_by("-chain_no").first()
        number, prev = (last.chain_no or 0, last.hash) if last else (0, GENESIS)
        values: list[Any] = []
        for line in LedgerLine.objects.filter(chain_no=None).order_by("pk")[:BATCH]:
            number += 1
            digest = link(prev, line_content(line))
            values += [line.pk, number, prev, digest]
            prev = digest
        return _written(values) if values else 0


def _written(values: list[Any]) -> int:
    rows = ", ".join(["(%s, %s, %s, %s)"] * (len(values) // 4))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kernel_ledgerline SET chain_no = v.column2, prev_hash = v.column3, hash = v.column4"  # noqa: S608 - places only
            f" FROM (VALUES {rows}) AS v WHERE kernel_ledgerline.id = v.column1 AND kernel_ledgerline.chain_no IS NULL",
            values,
        )
        return int(cursor.rowcount)
