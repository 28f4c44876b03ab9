"""Reading the outbox and the runs of jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from xiuhua.kernel.models import Delivery, JobRun, OutboxEvent, Tenant
from xiuhua.kernel.registry import jobs
from xiuhua.kernel.words import Daily, DeliveryState, EventState, Rhythm

_SECONDS_OF_AN_HOUR = 3600


@dataclass(frozen=True, slots=True)
class JobState:
    """A job of one office: its rhythm and how it last went. `error` is of the last failure since it last finished."""

    tenant: str
    code: str
    title: str
    every: Rhythm
    finished_at: datetime | None
    next_at: datetime | None
    error: str

    def every_text(self) -> str:
        """Return the rhythm in words."""
        if isinstance(self.every, Daily):
            return _("每天 %(hour)s 时") % {"hour": self.every.hour}
        seconds = int(self.every.total_seconds())
        if seconds % _SECONDS_OF_AN_HOUR == 0:
            return _("每 %(hours)s 小时") % {"hours": seconds // _SECONDS_OF_AN_HOUR}
        return _("每 %(minutes)s 分钟") % {"minutes": seconds // 60}


def job_states(tenant: Tenant | None = None) -> list[JobState]:
    """Return every job of every office (of one, if given), whether it ever ran or not. Two queries."""
    offices = [tenant] if tenant else list(Tenant.objects.order_by("code"))
    runs = {(run.tenant_id, run.job): run for run in JobRun.objects.filter(tenant__in=offices)}
    return [
        JobState(
            office.code,
            job.code,
            _(job.title) if job.title else job.code,
            job.every,
            run.finished_at if run else None,
            run.next_at if run else None,
            run.error if run else "",
        )
        for office in offices
        for job in jobs()
        for run in [runs.get((office.pk, job.code))]
    ]


def deliveries(tenant: Tenant, state: DeliveryState) -> QuerySet[Delivery]:
    """Return an office's deliveries in a state with their events, oldest event first. One query when read."""
    found = Delivery.objects.filter(event__tenant=tenant, state=state)
    return found.select_related("event").order_by("event__due_at", "pk")


def delivery_counts(tenant: Tenant) -> dict[str, int]:
    """Return how many of an office's deliveries are in each state that has any. One query."""
    found = Delivery.objects.filter(event__tenant=tenant).values("state").annotate(count=Count("pk")).order_by("state")
    return {row["state"]: row["count"] for row in found}


def waiting_events(tenant: Tenant) -> QuerySet[OutboxEvent]:
    """Return an office's events that nobody has heard of yet, the next due first. One query when read."""
    return OutboxEvent.objects.filter(tenant=tenant, state=EventState.WAITING).order_by("due_at", "pk")
