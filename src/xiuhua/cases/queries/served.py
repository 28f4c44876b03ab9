"""Cases as programs ask for them: within what the asker may see, always."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from xiuhua.cases.models import Case
from xiuhua.cases.policies import visible
from xiuhua.cases.queries.lists import CaseFilter, filtered
from xiuhua.cases.queries.now import CaseUnknown
from xiuhua.cases.words import ENDED
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor

_BESIDE = ("case_class__parent", "body", "territory", "person", "condition", "merged_into", "parent")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to. Empty means not narrowed; `classes` and `territories` are keys."""

    text: str = ""
    stage: str = ""
    body: str = ""
    territories: frozenset[int] | None = None
    classes: frozenset[int] | None = None
    #: Past its deadline and not ended, or the opposite.
    overdue: bool | None = None
    updated_since: datetime | None = None


def cases_served(tenant: Tenant, actor: Actor, wanted: Wanted, at: datetime) -> QuerySet[Case]:
    """Return the cases that match and that the actor may see: the one set behind list and count. No query yet."""
    found = filtered(
        tenant,
        CaseFilter(text=wanted.text, stage=wanted.stage, body=wanted.body, territories=wanted.territories),
        by=actor,
    )
    if wanted.classes is not None:
        found = found.filter(case_class_id__in=wanted.classes)
    if wanted.updated_since is not None:
        unmoved = Q(moved_at__isnull=True, reported_at__gte=wanted.updated_since)
        found = found.filter(Q(moved_at__gte=wanted.updated_since) | unmoved)
    if wanted.overdue is not None:
        late = Q(due_at__lt=at) & ~Q(stage__in=ENDED)
        found = found.filter(late) if wanted.overdue else found.exclude(late)
    return found


def page_of(cases: QuerySet[Case], *, before: int | None, size: int) -> list[Case]:
    """Return up to `size` cases, newest first, that came before the case with a key (all, without it). One query."""
    found = cases.filter(pk__lt=before) if before is not None else cases
    return list(found.select_related(*_BESIDE).order_by("-pk")[:size])


def case_numbered(tenant: Tenant, actor: Actor, number: str) -> Case:
    """Return the case with a number if the actor may see it. One query. Raises CaseUnknown."""
    found = Case.objects.filter(visible(actor), tenant=tenant, number=number).select_related(*_BESIDE).first()
    if found is None:
        raise CaseUnknown
    return found
