"""Which office, and in which zone."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Refusal, marked

#: Offices that a refusal names at most.
_NAMED = 10


class NoTenant(Refusal):
    """The database holds no office yet, or not the one asked for."""

    code = "tenant.unknown"
    sentence = marked("还没有这个单位（%(code)s），请先运行 xiuhua init。")


class SeveralTenants(NoTenant):
    """The database holds several offices and nobody said which is meant."""

    code = "tenant.undecided"
    sentence = marked("这里有几个单位（%(known)s），请用 --tenant 说明是哪一个。")


class ZoneUndecided(Refusal):
    """A month cannot be cut before the zone of civil time is known."""

    code = "tenant.zone_undecided"
    sentence = marked("还不知道用哪个时区：请运行 xiuhua init --zone，或先导入一份声明了时区的案件表。")


def tenant_named(code: str | None = None) -> Tenant:
    """Return the tenant `code`, or the only one if no code is given. Raises NoTenant, SeveralTenants."""
    found = list(Tenant.objects.filter(code=code) if code else Tenant.objects.order_by("pk")[:_NAMED])
    if len(found) > 1:
        raise SeveralTenants(known="、".join(one.code for one in found))
    if not found:
        raise NoTenant(code=code or "?")
    return found[0]


def zone_of(tenant: Tenant) -> ZoneInfo:
    """Return the tenant's zone of civil time. Raises ZoneUndecided."""
    if not tenant.zone:
        raise ZoneUndecided
    return ZoneInfo(tenant.zone)
