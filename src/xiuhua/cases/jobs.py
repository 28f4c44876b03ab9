"""What time does to cases: a suspension ends by itself on its day."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_noop as _

from xiuhua.cases.actions import move
from xiuhua.cases.models import Suspension
from xiuhua.cases.queries.now import Stale
from xiuhua.cases.rules.deciding import MoveNotAllowed
from xiuhua.cases.words.moves import Given, Verb
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.registry import Job
from xiuhua.kernel.words import SYSTEM


def resume_due(tenant: Tenant, at: datetime) -> int:
    """Resume every case whose suspension has come to its end, each in a transaction of its own; returns how many.

    A case that somebody resumes at the same moment is left to him.
    """
    resumed = 0
    over = Suspension.objects.filter(case__tenant=tenant, ended_at=None, until__lte=at).order_by("until", "pk")
    for key in list(over.values_list("case_id", flat=True)):
        try:
            move(tenant, key, Verb.RESUME, Given(), by=SYSTEM, at=at, version=None)
        except (MoveNotAllowed, Stale):
            continue
        resumed += 1
    return resumed


JOBS = (Job("cases.resume", timedelta(minutes=5), resume_due, _("挂账到期的案件恢复处置")),)
