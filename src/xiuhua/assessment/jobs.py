"""Jobs of assessment: thin edges between the worker and the actions."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_noop as _

from xiuhua.analytics.queries import LevelUnknown
from xiuhua.assessment.actions import SchemeNotYet, run_today
from xiuhua.assessment.queries import ByUndecided, SchemeUnknown, default_by
from xiuhua.assessment.queries.written import UNIT
from xiuhua.exchange.actions import refreeze
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.registry import Job
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import SYSTEM, Daily
from xiuhua.responsibility.models import Body


def _running_month(tenant: Tenant, at: datetime) -> None:
    """Freeze the month that runs, as it stands now, and write how it scores where the office has said by what."""
    refreeze(tenant, Period.of(at, zone_of(tenant)), as_of=at, by=SYSTEM, at=at)
    try:
        units = [UNIT] if Body.objects.filter(tenant=tenant).exists() else []
        for level in dict.fromkeys([default_by(tenant), *units]):
            run_today(tenant, by_level=level, by=SYSTEM, at=at)
    except (ByUndecided, LevelUnknown, SchemeNotYet, SchemeUnknown):
        return  # an office that is not assessed yet: the facts are frozen all the same


JOBS = (Job("facts.nightly", Daily(2), _running_month, _("定格本月到此刻的事实，并记下得分")),)
