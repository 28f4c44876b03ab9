"""What is swept from time to time."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_noop as _

from xiuhua.files import store
from xiuhua.files.actions import drop
from xiuhua.files.models import Upload
from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.registry import Job
from xiuhua.kernel.words import SYSTEM, Daily

#: A draft that nobody has written to for so long belongs to a process that died.
STALE = timedelta(days=1)


def sweep_uploads(tenant: Tenant, at: datetime) -> int:
    """Forget the office's expired uploads and the drafts of dead processes; returns how many uploads were forgotten.

    Photos that uploads became stay. One ledger line if there were any.
    """
    expired = list(Upload.objects.filter(tenant=tenant, expires_at__lte=at))
    for upload in expired:
        drop(upload)
    for draft in store.stale_drafts((at - STALE).timestamp()):
        store.remove(draft)
    if expired:
        about = f"tenant:{tenant.code}"
        record("upload.sweep", about=about, by=SYSTEM, at=at, tenant=tenant, facts={"count": len(expired)})
    return len(expired)


JOBS = (Job("files.sweep", Daily(4), sweep_uploads, _("清扫过期的上传")),)
