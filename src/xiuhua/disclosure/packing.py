"""Words of the meeting's pack as work: where the making of one stands."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PackState(TextChoices):
    """Where the making of a pack stands."""

    MAKING = "making", _("生成中")
    MADE = "made", _("已生成")
    FAILED = "failed", _("没有做成")
    STOPPED = "stopped", _("已停下")
