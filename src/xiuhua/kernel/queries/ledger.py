"""Reading the ledger."""

from __future__ import annotations

from typing import Any

from xiuhua.kernel.models import LedgerLine
from xiuhua.kernel.rules import GENESIS, link


def line_content(line: LedgerLine) -> dict[str, Any]:
    """Return what a line's hash covers: everything but its place in the chain."""
    return {
        "pk": line.pk,
        "tenant": line.tenant_id,
        "at": line.at.timestamp(),
        "actor": line.actor,
        "post": line.post,
        "verb": line.verb,
        "about": line.about,
        "before": line.before,
        "after": line.after,
        "reason": line.reason,
        "facts": line.facts,
    }


def broken_links() -> list[int]:
    """Return the chain numbers at which an edit, a deletion or a reordering shows; empty when the chain holds."""
    broken, prev, expected = [], GENESIS, 0
    for line in LedgerLine.objects.filter(chain_no__isnull=False).order_by("chain_no").iterator():
        expected += 1
        number = line.chain_no or 0
        if number != expected or line.prev_hash != prev or line.hash != link(prev, line_content(line)):
            broken.append(number)
        prev, expected = line.hash, number
    return broken


def lines_about(*abouts: str) -> list[LedgerLine]:
    """Return the ledger lines about any of these things ("case:17", "batch:3"), oldest first."""
    return list(LedgerLine.objects.filter(about__in=abouts).order_by("at", "pk"))
