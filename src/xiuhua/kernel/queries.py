"""Named reads of the kernel."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.rules import GENESIS, link
from xiuhua.kernel.words import Refusal, marked


class NoTenant(Refusal):
    """The database holds no office yet, or not the one asked for."""

    code = "tenant.unknown"
    sentence = marked("还没有这个单位（%(code)s），请先运行 xiuhua init。")


class ZoneUndecided(Refusal):
    """A month cannot be cut before the zone of civil time is known."""

    code = "tenant.zone_undecided"
    sentence = marked("还不知道用哪个时区：请运行 xiuhua init --zone，或先导入一份声明了时区的案件表。")


def tenant_named(code: str | None = None) -> Tenant:
    """Return the tenant `code`, or the only one if no code is given. Raises NoTenant."""
    found = list(Tenant.objects.filter(code=code) if code else Tenant.objects.order_by("pk")[:2])
    if len(found) != 1:
        raise NoTenant(code=code or "?")
    return found[0]


def zone_of(tenant: Tenant) -> ZoneInfo:
    """Return the tenant's zone of civil time. Raises ZoneUndecided."""
    if not tenant.zone:
        raise ZoneUndecided
    return ZoneInfo(tenant.zone)


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
