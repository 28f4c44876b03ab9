"""The only writers of the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.queries import line_content
from xiuhua.kernel.rules import GENESIS, link
from xiuhua.kernel.words import Actor

#: What happens to one case, one person's session or one photo changes nothing that is read once for all of them.
_OF_ONE_THING = ("case.", "session.", "account.", "evidence.", "notice.", "event.")


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
    """Append one ledger line in the caller's transaction and seal the chain once it has committed.

    `about` names the thing ("case:17", "batch:3"); `before` and `after` are digests. Returns the line.
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
        facts=facts or {},
    )
    if tenant is not None and not verb.startswith(_OF_ONE_THING):
        Tenant.objects.filter(pk=tenant.pk).update(revision=F("revision") + 1)
    transaction.on_commit(seal)
    return line


def seal() -> int:
    """Chain all unsealed lines in their order; returns how many were sealed. Safe to run at any time, by anyone.

    Two sealers cannot both win: `chain_no` is unique and the update compares that the line is still unsealed.
    """
    sealed = 0
    with transaction.atomic():
        last = LedgerLine.objects.filter(chain_no__isnull=False).order_by("-chain_no").first()
        number, prev = (last.chain_no or 0, last.hash) if last else (0, GENESIS)
        for line in LedgerLine.objects.filter(chain_no__isnull=True).order_by("pk").select_for_update():
            number += 1
            digest = link(prev, line_content(line))
            sealed += LedgerLine.objects.filter(pk=line.pk, chain_no__isnull=True).update(
                chain_no=number, prev_hash=prev, hash=digest
            )
            prev = digest
    return sealed
