"""Freezing a month again so that what came late counts."""

from __future__ import annotations

from datetime import datetime

from xiuhua.analytics.actions import Frozen, freeze_once
from xiuhua.exchange.models import PendingCorrection
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import Actor


def refreeze(tenant: Tenant, period: Period, *, as_of: datetime | None = None, by: Actor, at: datetime) -> Frozen:
    """Freeze a month and mark the corrections that waited for it as taken up; returns what `freeze_once` does.

    Only corrections that were there before the freeze are marked: what arrives meanwhile waits for the next one. A
    freeze as of another moment than the month's end takes up none, since the month's own figures do not change.
    """
    waiting = PendingCorrection.objects.filter(tenant=tenant, period=str(period), absorbed_at=None)
    taken_up = list(waiting.values_list("pk", flat=True)) if as_of is None else []
    frozen = freeze_once(tenant, period, as_of=as_of, by=by, at=at)
    if taken_up:
        last = max(taken_up)
        PendingCorrection.objects.filter(tenant=tenant, period=str(period), absorbed_at=None, pk__lte=last).update(
            absorbed_at=at
        )
    return frozen
