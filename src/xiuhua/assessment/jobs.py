"""Jobs of assessment: thin edges between the worker and the actions."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_noop as _

from xiuhua.exchange.actions import refreeze
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.registry import Job
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import SYSTEM, Daily


def _freeze_running_month(tenant: Tenant, at: datetime) -> None:
    """Freeze the month that runs, as it stands now."""
    refreeze(tenant, Period.of(at, zone_of(tenant)), as_of=at, by=SYSTEM, at=at)


JOBS = (Job("facts.nightly", Daily(2), _freeze_running_month, _("定格本月到此刻的事实")),)
