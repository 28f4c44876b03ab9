"""Words of the desk: what waits there."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Queue(TextChoices):
    """What waits for a post. Those of a stage are called as the stage is."""

    REPORTED = "reported", _("待受理")
    PRE_CHECK = "pre_check", _("待核实")
    FILED = "filed", _("待派遣")
    RETURNED = "returned", _("已退单")
    ARBITRATION = "arbitration", _("待裁定")
    DISPATCHED = "dispatched", _("待接单")
    HANDLING = "handling", _("处置中")
    REVIEW = "review", _("待初审")
    CHECKING = "checking", _("待核查")
    TO_CLOSE = "to_close", _("待结案")
    REQUESTS = "requests", _("申请待批")
    SUSPENDED = "suspended", _("挂账中")
    SUPERVISED = "supervised", _("督办中")
    OVERDUE = "overdue", _("超期")
    MINE = "mine", _("我负责的")
    OPEN = "open", _("平台未结")
