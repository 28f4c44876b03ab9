"""Jobs of the kernel: thin edges between the worker and the actions."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.actions import anchor, sweep
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.registry import Job
from xiuhua.kernel.words import Daily


def _sweep(tenant: Tenant, at: datetime) -> int:
    return sweep(tenant, before=at - timedelta(days=settings.OUTBOX_DAYS))


def _anchor(_tenant: Tenant, at: datetime) -> None:
    anchor(settings.ANCHORS, at)


JOBS = (
    Job("outbox.sweep", Daily(3), _sweep, _("清扫已送完的旧事件")),
    Job("ledger.anchor", Daily(0), _anchor, _("给台账留锚")),
)
