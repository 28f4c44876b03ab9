"""Jobs of assessment: thin edges between the worker and the actions."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_noop as _

from xiuhua.assessment.actions import SchemeNotYet, run_today
from xiuhua.assessment.queries import ByUndecided, SchemeUnknown
from xiuhua.exchange.actions import refreeze
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.registry import Job
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import SYSTEM, Daily


def _running_month(tenant: Tenant, at: datetime) -> None:
    """Freeze the month that runs, as it stands now, and write how it scores where the office has said by what."""
    refreeze(tenant, Period.of(at, zone_of(tenant)), as_of=at, by=SYSTEM, at=at)
    try:
        run_today(tenant, by=SYSTEM, at=at)
    except (ByUndecided, SchemeNotYet, SchemeUnknown):
        return  # an office that is not assessed yet: the facts are frozen all the same


JOBS = (Job("facts.nightly", Daily(2), _running_month, _("定格本月到此刻的事实，并记下得分")),)
