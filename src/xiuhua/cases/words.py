"""Words of a case."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Stage(TextChoices):
    """Where a case stands. The living case will add its stages between open and closed."""

    OPEN = "open", _("未结")
    CLOSED = "closed", _("已结案")
    VOID = "void", _("作废")


class PlaceMethod(TextChoices):
    """How a case came to its territory."""

    POINT = "point", _("按坐标")
    CODE = "code", _("按编码")
    NAME = "name", _("按名称")
    NONE = "none", _("未落图")


class Undetermined(TextChoices):
    """Why the times of a case cannot be judged (docs/scoring.md 1.5); empty when they can."""

    CLOSED_FIRST = "closed_before_reported", _("结案早于上报")
    DUE_FIRST = "due_before_reported", _("截止早于上报")


class Standing(TextChoices):
    """What one case counts as at a cut-off (docs/scoring.md 1.4, 1.5); exactly one of them holds."""

    ON_TIME = "on_time", _("按期结案")
    LATE = "late", _("逾期结案")
    OVERDUE_OPEN = "overdue_open", _("逾期未结")
    NOT_DUE = "not_due", _("未到期")
    NO_DEADLINE = "no_deadline", _("没有期限")
    UNDETERMINED = "undetermined", _("无法判定")
    VOID = "void", _("已作废")


class Verdict(TextChoices):
    """On time or not, as a platform or we see it; empty where nothing can be said."""

    ON_TIME = "on_time", _("按期")
    OVERDUE = "overdue", _("超期")
