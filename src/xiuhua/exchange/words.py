"""Words of exchange."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BatchState(TextChoices):
    """Where an import stands."""

    APPLIED = "applied", _("已入库")
    UNDONE = "undone", _("已撤销")


class Verdict(TextChoices):
    """On time or not, as a platform or we see it; empty where nothing can be said."""

    ON_TIME = "on_time", _("按期")
    OVERDUE = "overdue", _("超期")


class Severity(TextChoices):
    """What a finding means for its row."""

    WARNING = "warning", _("提示")
    REFUSED = "refused", _("未导入")
