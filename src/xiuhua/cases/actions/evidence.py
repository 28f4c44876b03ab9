"""Photos of a case: kept before they are acknowledged, once each, and told in the ledger."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from xiuhua.cases.models import Case, Evidence, Report
from xiuhua.cases.policies import may
from xiuhua.cases.queries.evidence import oddities
from xiuhua.cases.queries.now import CaseUnknown, case_keyed
from xiuhua.cases.queries.shelf import shelf_of
from xiuhua.cases.words.moves import EvidenceKind
from xiuhua.files.models import StoredFile
from xiuhua.kernel.actions import one_at_a_time, record
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

    Without the key of a case it joins the report that came, or will come, under `client_uuid`. What looks odd about it is
    found out now and kept. Raises CaseUnknown.
    """
    with transaction.atomic():
        if key is None:
            _meeting(tenant, client_uuid)
        case = _case(tenant, client_uuid, key, by)
        found, created = Evidence.objects.get_or_create(
            tenant=tenant,
            client_uuid=client_uuid,
            file=file,
            defaults={"case": case, "kind": kind, "user_id": by.user, "at": at},
        )
        if created:
            found.file = file
            _warn(tenant, found, case)
            about = f"case:{case.number}" if case else f"report:{client_uuid}"
            facts = {"kind": kind.value, "evidence": found.pk}
            record("evidence.add", about=about, by=by, at=at, tenant=tenant, after=file.sha256, facts=facts)
    return found


def join_evidence(tenant: Tenant, client_uuid: UUID, case: Case) -> None:
    """Put the photos that waited for a report with the case it opened, and see what looks odd about them there.

    Part of the caller's transaction. One statement where none waited, on PostgreSQL two.
    """
    _meeting(tenant, client_uuid)
    waiting = Evidence.objects.filter(tenant=tenant, client_uuid=client_uuid, case=None)
    keys = list(waiting.values_list("pk", flat=True))
    if not keys:
        return
    Evidence.objects.filter(pk__in=keys).update(case=case)
    for one in Evidence.objects.filter(pk__in=keys).select_related("file"):
        _warn(tenant, one, case)


def _meeting(tenant: Tenant, client_uuid: UUID) -> None:
    """Let a report and its photo that arrive at the same moment see each other: who comes second waits for the first."""
    one_at_a_time(f"evidence:{tenant.pk}:{client_uuid}")


def _warn(tenant: Tenant, evidence: Evidence, case: Case | None) -> None:
    """Keep what looks odd about a photo; an office without a flow has said of nothing that it is odd."""
    flow = shelf_of(tenant).flow
    if flow is None:
        return
    evidence.warnings = [{"code": one.code, "facts": one.facts} for one in oddities(tenant, flow, evidence, case)]
    Evidence.objects.filter(pk=evidence.pk).update(warnings=evidence.warnings)


def _case(tenant: Tenant, client_uuid: UUID, key: int | None, by: Actor) -> Case | None:
    if key is not None:
        case = case_keyed(tenant, key)
        if not may(by, ADD, case):
            raise CaseUnknown
        return case
    _meeting(tenant, client_uuid)
    report = Report.objects.filter(tenant=tenant, client_uuid=client_uuid, user=by.user).select_related("case")
    found = report.first()
    return found.case if found else None
