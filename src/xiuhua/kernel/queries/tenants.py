"""Which office, and in which zone."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from xiuhua.kernel.models import Tenant
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
