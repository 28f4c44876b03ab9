"""Jobs of files on their way in, as the worker calls them: thin edges between its events and the actions."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_noop as _

from xiuhua.exchange.actions.asking import APPLY, CHECK
from xiuhua.exchange.actions.receiving import sweep_intakes
from xiuhua.exchange.actions.taking import take_up
from xiuhua.kernel.models import OutboxEvent, Tenant
from xiuhua.kernel.registry import Job, Subscriber
from xiuhua.kernel.words import Daily


def _take_up(event: OutboxEvent, now: datetime) -> None:
    if event.name in {CHECK, APPLY}:
        take_up(event.tenant, event.facts["key"], event.facts["attempt"], now=now)


def _sweep(tenant: Tenant, at: datetime) -> int:
    return sweep_intakes(tenant, at, lasting=timedelta(days=settings.INTAKE_DAYS))


SUBSCRIBERS = (("intake.", Subscriber("exchange.intakes", _take_up)),)
JOBS = (Job("exchange.intakes", Daily(4), _sweep, _("清扫没有导入的上传文件")),)
