"""Words of a case."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(TextChoices):
    """Where a case stands. What other platforms keep is open, closed or void; our own cases walk through all of it."""

    OPEN = "open", _("未结")
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
    SUSPENDED = "suspended", _("挂账中")
    CLOSED = "closed", _("已结案")
    FORCED = "forced", pgettext_lazy("stage", "强制结案")
    DECLINED = "declined", pgettext_lazy("stage", "不予立案")
    MERGED = "merged", _("已并入")
    VOID = "void", _("作废")


#: Stages that count as void: in no denominator. A merged case is counted where it was merged into.
NOT_COUNTED = frozenset({Stage.VOID, Stage.DECLINED, Stage.MERGED})
#: Stages in which nothing more is expected.
ENDED = NOT_COUNTED | {Stage.CLOSED, Stage.FORCED}


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


class Cause(TextChoices):
    """Why a platform's deadline, or its verdict, is not ours; what explains the moment it gave."""

    SAME = "same", _("一致")
    EXTENSION = "extension", _("延期次数不同")
    HOLIDAY = "holiday", _("没算节假日和调休")
    START = "start", _("起算时刻不同")
    CONDITION = "condition", _("用了同类的另一立案条件")
    LIMIT = "limit", _("用了另一时限")
    SEVERAL = "several", _("几处不同合在一起")
    DAY = "day", _("只给到日期")
    STATEMENT = "statement", _("平台认定与其自己的时间不符")
    OTHER = "other", _("原因不明")


class Unruled(TextChoices):
    """Why the rules give no deadline of our own."""

    NO_CONDITION = "no_condition", _("查不到立案条件")
    NO_LIMIT = "no_limit", _("立案条件没有可计算的时限")
