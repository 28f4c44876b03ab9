"""What a worker does in one round: hand events on, deliver, run the jobs whose time has come, seal the ledger."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import close_old_connections, connection
from django.db.models import Q

from xiuhua.kernel.actions.ledger import seal
from xiuhua.kernel.actions.outbox import claim, fail, finish, postpone, spread
from xiuhua.kernel.models import Delivery, JobRun, Tenant
from xiuhua.kernel.registry import Job, jobs, subscriber_named
from xiuhua.kernel.rules.retrying import LEASE, pause, slot
from xiuhua.kernel.words import Daily, DeliveryState, GiveUp, NotYet, Refusal

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
#: Deliveries of one round, so that a flood does not keep the jobs waiting.
MOST = 200
#: Jobs may take longer than deliveries before another worker thinks their worker has died.
JOB_LEASE = timedelta(hours=1)
_ERROR_LENGTH = 500


@dataclass(slots=True)
class Worked:
    """What one round did. `dead` are among the `failed`."""

    spread: int = 0
    delivered: int = 0
    failed: int = 0
    dead: int = 0
    postponed: int = 0
    jobs: int = 0
    jobs_failed: int = 0
    sealed: int = 0

    @property
    def anything(self) -> bool:
        """Return whether there may be more to do at once."""
        return bool(self.spread or self.delivered or self.jobs)


def work(clock: Clock, *, most: int = MOST) -> Worked:
    """Do one round and return what was done; errors of subscribers and jobs are counted and kept, those of the database raised."""
    done = Worked()
    done.spread = spread(clock(), most=most)
    for _turn in range(most):
        delivery = claim(clock(), lease=LEASE)
        if delivery is None:
            break
        _count(done, _deliver(delivery, clock))
    _run_jobs(done, clock)
    done.sealed = seal(wait=False)
    return done


def _run_jobs(done: Worked, clock: Clock) -> None:
    known = {(run.tenant_id, run.job): run for run in JobRun.objects.all()}
    for tenant in Tenant.objects.order_by("pk"):
        for job in jobs():
            ran = _run_if_due(job, tenant, known.get((tenant.pk, job.code)), clock)
            done.jobs += ran is True
            done.jobs_failed += ran is False


def _count(done: Worked, state: DeliveryState | None) -> None:
    done.postponed += state is None
    if state is None:
        return
    done.delivered += state == DeliveryState.DONE
    done.failed += state != DeliveryState.DONE
    done.dead += state == DeliveryState.DEAD


def _deliver(delivery: Delivery, clock: Clock) -> DeliveryState | None:
    """Return the delivery's state afterwards, None where it was only put off."""
    subscriber = subscriber_named(delivery.subscriber)
    if subscriber is None:
        return fail(delivery, "no such subscriber", clock())
    try:
        subscriber.handle(delivery.event, clock())
    except NotYet as later:
        postpone(delivery, later.until)
        return None
    except GiveUp as end:
        return fail(delivery, end.why, clock(), hopeless=True)
    except Exception as error:  # noqa: BLE001 - whatever went wrong is tried again and shown
        _fresh_connection()
        log.warning("delivery %s to %s: %s", delivery.pk, delivery.subscriber, named(error))
        return fail(delivery, named(error), clock())
    finish(delivery, clock())
    return DeliveryState.DONE


def _fresh_connection() -> None:
    """Let go of a connection that what failed has left broken."""
    if not connection.in_atomic_block:
        close_old_connections()


def named(error: BaseException) -> str:
    """Return what may be kept of an error: a refusal's sentence, else its type and where – its text may quote people."""
    if isinstance(error, Refusal):
        return f"{error.code}: {error}"
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"


def run_job(job: Job, tenant: Tenant, clock: Clock) -> bool | None:
    """Run a job for an office if an instant of its rhythm has come since it last ran.

    Returns True when it ran, False when it failed (it is tried again after a pause), None when it was not its time, or
    another worker has it, or it is daily and the office has no zone yet.
    """
    return _run_if_due(job, tenant, JobRun.objects.filter(tenant=tenant, job=job.code).first(), clock)


def _run_if_due(job: Job, tenant: Tenant, known: JobRun | None, clock: Clock) -> bool | None:
    if isinstance(job.every, Daily) and not tenant.zone:
        return None
    at = clock()
    due = slot(job.every, ZoneInfo(tenant.zone) if tenant.zone else ZoneInfo("UTC"), at)
    run = _claimed(known or JobRun.objects.get_or_create(tenant=tenant, job=job.code)[0], due, at)
    if run is None:
        return None
    mine = JobRun.objects.filter(pk=run.pk, attempts=run.attempts, claimed_until=run.claimed_until)
    try:
        job.run(tenant, at)
    except Exception as error:  # noqa: BLE001 - the same
        _fresh_connection()
        log.warning("job %s of %s: %s", job.code, tenant.code, named(error))
        again = clock() + pause(run.attempts, f"{job.code}:{tenant.pk}")
        mine.update(claimed_until=None, next_at=again, error=named(error)[:_ERROR_LENGTH])
        return False
    mine.update(slot=due, attempts=0, claimed_until=None, next_at=None, finished_at=clock(), error="")
    return True


def _claimed(run: JobRun, due: datetime, at: datetime) -> JobRun | None:
    if (run.slot is not None and run.slot >= due) or (run.next_at is not None and run.next_at > at):
        return None
    free = Q(claimed_until=None) | Q(claimed_until__lte=at)
    same = JobRun.objects.filter(free, pk=run.pk, attempts=run.attempts, slot=run.slot, claimed_until=run.claimed_until)
    attempts, until = min(run.attempts + 1, 1000), at + JOB_LEASE
    if not same.update(attempts=attempts, claimed_until=until):
        return None
    run.attempts, run.claimed_until = attempts, until
    return run
