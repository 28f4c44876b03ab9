"""Everything that hangs on one case, and the lists of what waits above single cases: requests, suspensions, supervisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from xiuhua.cases.models import Case, CaseMove, Evidence, Report, Request, Supervision, Suspension
from xiuhua.cases.policies import visible
from xiuhua.cases.queries.evidence import evidence_of
from xiuhua.cases.words.moves import PENDING, EvidenceKind, RequestState, Verb
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor


@dataclass(frozen=True, slots=True)
class Dossier:
    """What hangs on a case, each oldest first."""

    photos: Sequence[Evidence]
    requests: Sequence[Request]
    suspensions: Sequence[Suspension]
    supervisions: Sequence[Supervision]
    #: Cases that were merged into this one.
    merged: Sequence[Case]
    children: Sequence[Case]
    #: Of this case and of those merged into it.
    reports: Sequence[Report]

    def newest(self, kind: EvidenceKind) -> Evidence | None:
        """Return the latest photo of a kind."""
        return next((one for one in reversed(self.photos) if one.kind == kind), None)

    @property
    def first_due(self) -> datetime | None:
        """Return the deadline before anything was granted; None where nothing was."""
        granted = [one for one in self.requests if one.state == RequestState.GRANTED and one.due_before]
        return granted[0].due_before if granted else None


def dossier(case: Case, actor: Actor) -> Dossier:
    """Return what hangs on a case, of other cases those that the actor may see. Seven queries."""
    sight = visible(actor)
    return Dossier(
        photos=evidence_of(case),
        requests=list(Request.objects.filter(case=case).select_related("asked_by", "decided_by").order_by("asked_at")),
        suspensions=list(Suspension.objects.filter(case=case).order_by("since")),
        supervisions=list(
            Supervision.objects.filter(case=case).select_related("by", "replied_by", "settled_by").order_by("at")
        ),
        merged=list(Case.objects.filter(sight, merged_into=case).order_by("reported_at")),
        children=list(Case.objects.filter(sight, parent=case).select_related("body").order_by("reported_at")),
        reports=list(
            Report.objects.filter(Q(case=case) | Q(case__merged_into=case))
            .select_related("case", "user")
            .order_by("received_at")
        ),
    )


def suspended_now(tenant: Tenant, actor: Actor) -> QuerySet[Suspension]:
    """Return the suspensions that run, of cases the actor may see, the first to end first."""
    found = Suspension.objects.filter(_seen(tenant, actor), ended_at__isnull=True)
    return found.select_related("case__body", "case__case_class", "case__territory").order_by("until", "pk")


def granted_by(cases: Iterable[int]) -> dict[int, str]:
    """Return who granted the suspension of each case with these keys. One query."""
    found = CaseMove.objects.filter(case__in=list(cases), verb=Verb.GRANT_SUSPENSION, undone=False)
    return {one.case_id: str(one.user or "") for one in found.select_related("user").order_by("version")}


def supervised_now(tenant: Tenant, actor: Actor, *, settled: bool = False) -> QuerySet[Supervision]:
    """Return the supervisions that nobody has settled (or, `settled`, all), of cases the actor may see, the first due first."""
    found = Supervision.objects.filter(_seen(tenant, actor))
    if not settled:
        found = found.filter(settled_at__isnull=True)
    return found.select_related("case__body", "case__case_class", "by", "replied_by", "settled_by").order_by(
        "due_at", "pk"
    )


def requests_waiting(tenant: Tenant, actor: Actor) -> QuerySet[Request]:
    """Return the requests that wait for a decision, of cases the actor may see, the oldest first."""
    found = Request.objects.filter(_seen(tenant, actor), state__in=PENDING)
    return found.select_related("case__body", "case__case_class", "asked_by").order_by("asked_at", "pk")


def _seen(tenant: Tenant, actor: Actor) -> Q:
    """Return the condition that the case of a row is the office's and in the actor's sight."""
    return Q(case__in=Case.objects.filter(visible(actor), tenant=tenant))
