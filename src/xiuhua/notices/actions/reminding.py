"""Events that time brings about: due soon, overdue, long silent. Each is emitted once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from xiuhua.cases.models import Case
from xiuhua.cases.queries.shelf import shelf_of
from xiuhua.cases.words import ENDED, Stage
from xiuhua.kernel.actions import emit
from xiuhua.kernel.models import Tenant
from xiuhua.notices.models import Reminded


def _alive(tenant: Tenant) -> QuerySet[Case]:
    """Return the cases whose life is ours, is not over and does not sleep: a mirrored case reminds on its own platform."""
    return Case.objects.filter(tenant=tenant, mirrored=False).exclude(stage__in=ENDED | {Stage.SUSPENDED})


def remind_overdue(tenant: Tenant, at: datetime) -> int:
    """Emit "case.overdue" for every living case past its deadline, once for each deadline; returns how many."""
    late = _alive(tenant).filter(due_at__lt=at).order_by("due_at", "pk")
    return _once(tenant, "case.overdue", ((case, f"overdue:{_due(case)}") for case in late), at)


def remind_due_soon(tenant: Tenant, at: datetime) -> int:
    """Emit "case.due_soon" once for each deadline and each warning time of the office's flow; returns how many.

    A case that is several warnings late hears one.
    """
    flow = shelf_of(tenant).flow
    hours = sorted(flow.warn_hours) if flow else []
    if not hours:
        return 0
    near = _alive(tenant).filter(due_at__gt=at, due_at__lte=at + timedelta(hours=hours[-1])).order_by("due_at", "pk")
    keys = ((case, f"soon:{_step(case, at, hours)}:{_due(case)}") for case in near)
    return _once(tenant, "case.due_soon", keys, at)


def remind_dormant(tenant: Tenant, at: datetime) -> int:
    """Emit "case.dormant" for every living case with which nothing was done for some days, once a week; returns how many."""
    flow = shelf_of(tenant).flow
    if flow is None:
        return 0
    since = at - timedelta(days=flow.dormant_days)
    week = "-".join(map(str, at.isocalendar()[:2]))
    silent = Q(moved_at__lt=since) | Q(moved_at=None, reported_at__lt=since)
    asleep = _alive(tenant).filter(silent).order_by("pk")
    return _once(tenant, "case.dormant", ((case, f"dormant:{week}") for case in asleep), at)


def _due(case: Case) -> str:
    return case.due_at.astimezone(UTC).isoformat() if case.due_at else ""


def _step(case: Case, at: datetime, hours: list[int]) -> int:
    """Return the shortest warning time that has come."""
    left = (case.due_at - at) if case.due_at else timedelta(0)
    return next(one for one in hours if left <= timedelta(hours=one))


def _once(tenant: Tenant, name: str, found: Iterable[tuple[Case, str]], at: datetime) -> int:
    """Emit an event for each case whose reminder was not given yet; the key and the event are one transaction."""
    wanted = {f"{case.number}:{key}"[:160]: case for case, key in found}
    known = set(Reminded.objects.filter(tenant=tenant, key__in=list(wanted)).values_list("key", flat=True))
    given = 0
    for key, case in wanted.items():
        if key in known:
            continue
        with transaction.atomic():
            _row, created = Reminded.objects.get_or_create(tenant=tenant, key=key, defaults={"at": at})
            if created:
                emit(name, tenant=tenant, about=f"case:{case.number}", at=at, facts=_facts(case))
                given += 1
    return given


def _facts(case: Case) -> dict[str, object]:
    facts = {"case": case.pk, "number": case.number, "stage": str(case.stage), "body": case.body_id}
    return {**facts, "person": case.person_id}
