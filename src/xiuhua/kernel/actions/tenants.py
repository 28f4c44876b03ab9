"""The only writers of tenants."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from xiuhua.kernel.actions.ledger import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor


def create_tenant(
    code: str, name: str, *, by: Actor, at: datetime, zone: str = "", settings: dict[str, Any] | None = None
) -> Tenant:
    """Create the tenant `code`, or return the one that exists unchanged; a new one gets a ledger line."""
    with transaction.atomic():
        tenant, created = Tenant.objects.get_or_create(
            code=code, defaults={"name": name, "zone": zone, "settings": settings or {}}
        )
        if created:
            record("tenant.create", about=f"tenant:{code}", by=by, at=at, tenant=tenant, facts={"zone": zone})
    return tenant


def declare_zone(tenant: Tenant, zone: str, *, by: Actor, at: datetime, reason: str) -> bool:
    """Give a tenant without a zone its zone; returns whether it was given now (False: it had one already)."""
    with transaction.atomic():
        changed = Tenant.objects.filter(pk=tenant.pk, zone="").update(zone=zone)
        if changed:
            record(
                "tenant.zone",
                about=f"tenant:{tenant.code}",
                by=by,
                at=at,
                tenant=tenant,
                reason=reason,
                facts={"zone": zone},
            )
    tenant.refresh_from_db(fields=["zone"])
    return bool(changed)
