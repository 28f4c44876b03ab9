"""Reports as their senders ask for them."""

from __future__ import annotations

from uuid import UUID

from xiuhua.cases.models import Report
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor


def report_sent(tenant: Tenant, client_uuid: UUID, by: Actor) -> Report | None:
    """Return the report that the actor sent under a number, None where there is none or it is another's. One query."""
    if by.user is None:
        return None
    found = Report.objects.filter(tenant=tenant, client_uuid=client_uuid, user=by.user, case__isnull=False)
    return found.select_related("case").first()
