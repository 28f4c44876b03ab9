"""Jobs of notices: thin edges between the worker and the actions."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.registry import Job
from xiuhua.kernel.words import Daily
from xiuhua.notices.actions.reminding import remind_dormant, remind_due_soon, remind_overdue
from xiuhua.notices.actions.sending import mail_digest
from xiuhua.notices.actions.weekly import weekly_digests
from xiuhua.notices.models import Notice
from xiuhua.notices.words import MailWish


def _digests(tenant: Tenant, at: datetime) -> int:
    """Mail everybody who wishes so the notices not read and not mailed yet; returns how many mails."""
    if not settings.EMAIL_HOST:
        return 0
    waiting = Notice.objects.filter(tenant=tenant, read_at=None, mailed_at=None, at__gte=at - timedelta(days=7))
    wished = waiting.filter(user__is_active=True, user__preference__mail=MailWish.DAILY)
    found = wished.exclude(user__preference__email="").select_related("user", "tenant").order_by("user", "at", "pk")
    sent = 0
    for _user, notices in groupby(found, key=lambda one: one.user_id):
        mail_digest(list(notices), at)
        sent += 1
    return sent


JOBS = (
    Job("cases.overdue", timedelta(minutes=5), remind_overdue, _("找出刚超期的案件")),
    Job("cases.due_soon", timedelta(minutes=5), remind_due_soon, _("到期前提醒")),
    Job("cases.dormant", Daily(8), remind_dormant, _("提醒很久没有动静的案件（每件每周一次）")),
    Job("standing.weekly", Daily(8), weekly_digests, _("每周给各单位、社区发提要")),
    Job("notices.digest", Daily(8), _digests, _("每天汇总一封邮件")),
)
