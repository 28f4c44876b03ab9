"""Photos of a case: kept before they are acknowledged, once each, and told in the ledger."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from xiuhua.cases.models import Case, Evidence, Report
from xiuhua.cases.policies import may
from xiuhua.cases.queries.now import CaseUnknown, case_keyed
from xiuhua.cases.words.moves import EvidenceKind
from xiuhua.files.models import StoredFile
from xiuhua.kernel.actions import queue_up, record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor

ADD = "evidence.add"


def add_evidence(
    tenant: Tenant,
    file: StoredFile,
    *,
    client_uuid: UUID,
    kind: EvidenceKind,
    by: Actor,
    at: datetime,
    key: int | None = None,
) -> Evidence:
    """Put a stored photo with a case and return it; the same photo under the same number is the same evidence.

    Without the key of a case it joins the report that came, or will come, under `client_uuid`. Raises CaseUnknown.
    """
    with transaction.atomic():
        queue_up(f"report:{client_uuid}")  # the report itself may be arriving in this moment
        case = _case(tenant, client_uuid, key, by)
        found, created = Evidence.objects.get_or_create(
            tenant=tenant,
            client_uuid=client_uuid,
            file=file,
            defaults={"case": case, "kind": kind, "user_id": by.user, "at": at},
        )
        if created:
            about = f"case:{case.number}" if case else f"report:{client_uuid}"
            facts = {"kind": kind.value, "evidence": found.pk}
            record("evidence.add", about=about, by=by, at=at, tenant=tenant, after=file.sha256, facts=facts)
    return found


def _case(tenant: Tenant, client_uuid: UUID, key: int | None, by: Actor) -> Case | None:
    if key is not None:
        case = case_keyed(tenant, key)
        if not may(by, ADD, case):
            raise CaseUnknown
        return case
    report = Report.objects.filter(tenant=tenant, client_uuid=client_uuid, user=by.user).select_related("case")
    found = report.first()
    return found.case if found else None
