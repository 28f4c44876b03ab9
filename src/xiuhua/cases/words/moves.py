"""Words of what can be done with a case."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from xiuhua.cases.words import Stage
from xiuhua.clock.words import Limits


class Verb(TextChoices):
    """What can be done with a case; forms, sentences, rights and the ledger are keyed by it."""

    REPORT = "report", pgettext_lazy("move", "上报")
    FIX_ON_SPOT = "fix_on_spot", _("自处置")
    REQUEST_CHECK = "request_check", _("发核实")
    CONFIRM = "confirm", _("核实")
    FILE = "file", pgettext_lazy("move", "立案")
    DECLINE = "decline", _("不予立案")
    DISPATCH = "dispatch", _("派遣")
    REDISPATCH = "redispatch", _("改派")
    SEND_BACK = "send_back", _("退回受理")
    REFUSE = "refuse", _("退单")
    ARBITRATE = "arbitrate", _("裁定")
    ACCEPT = "accept", _("接单")
    ASSIGN = "assign", _("指派")
    RECTIFY = "rectify", _("整改完成")
    PASS_REVIEW = "pass_review", _("初审通过")
    RETURN_REVIEW = "return_review", _("初审退回")
    PASS_CHECK = "pass_check", _("核查通过")
    FAIL_CHECK = "fail_check", _("核查不通过")
    REWORK = "rework", _("返工")
    CLOSE = "close", pgettext_lazy("move", "结案")
    FORCE_CLOSE = "force_close", _("强制结案")
    VOID = "void", _("作废")
    REOPEN = "reopen", _("重开")
    REQUEST_EXTENSION = "request_extension", _("申请延期")
    REVIEW_EXTENSION = "review_extension", _("初审延期")
    GRANT_EXTENSION = "grant_extension", _("批准延期")
    DENY_EXTENSION = "deny_extension", _("驳回延期")
    REQUEST_SUSPENSION = "request_suspension", _("申请挂账")
    GRANT_SUSPENSION = "grant_suspension", _("批准挂账")
    DENY_SUSPENSION = "deny_suspension", _("驳回挂账")
    WITHDRAW_REQUEST = "withdraw_request", _("撤回申请")
    RESUME = "resume", _("恢复处置")
    SUPERVISE = "supervise", _("督办")
    REPLY_SUPERVISION = "reply_supervision", _("回复督办")
    SETTLE_SUPERVISION = "settle_supervision", _("办结督办")
    MERGE = "merge", _("并入")
    UNMERGE = "unmerge", _("撤出并案")
    ATTACH = "attach", _("挂到主案")
    DETACH = "detach", _("脱离主案")
    COMMENT = "comment", _("批注")
    CORRECT = "correct", _("更正")


#: What the ledger calls a move that was taken back.
UNDO = "undo"


class Need(TextChoices):
    """What a move has to be shown."""

    PLACE = "place", pgettext_lazy("need", "位置")
    CLASS = "class", _("类别")
    CONDITION = "condition", _("立案条件")
    REMEDY = "remedy", _("整改措施")
    DEADLINE = "deadline", _("整改时限")
    BODY = "body", _("责任单位")
    PERSON = "person", _("责任人")
    REASON = "reason", _("理由")
    NOTE = "note", _("说明")
    FINDING = "finding", _("核实结果")
    PHOTO = "photo", _("照片")
    UNTIL = "until", _("到期日")
    TARGET = "target", _("另一案件")
    DEMAND = "demand", _("督办要求")
    CHANGES = "changes", _("改动")


class ClockEffect(TextChoices):
    """What a move does to the clock of a case."""

    NONE = "none", _("不影响")
    STARTS = "starts", _("开始计时")
    STOPS = "stops", _("停表")
    RUNS_ON = "runs_on", _("继续计时")
    EXTENDS = "extends", _("期限顺延")
    DISPOSED = "disposed", _("记下处置完成时刻")
    ENDS = "ends", _("结束计时")
    OWN = "own", _("另有时限")


class Aloof(TextChoices):
    """Who may not make a move, whatever posts he holds."""

    NOBODY = "nobody", _("不限")
    DOERS = "doers", _("动手处置的人")
    HANDS = "hands", _("经手处置的人")


class OptionalStep(TextChoices):
    """A step that an office may leave out by its flow pack."""

    UNIT_REVIEW = "unit_review", _("单位初审")
    PRE_CLOSING_CHECK = "pre_closing_check", _("结案前核查")


class RequestKind(TextChoices):
    """What a unit may ask for."""

    EXTENSION = "extension", _("延期")
    SUSPENSION = "suspension", _("挂账")


class RequestState(TextChoices):
    """How far a request has come."""

    ASKED = "asked", _("待初审")
    REVIEWED = "reviewed", _("待终审")
    GRANTED = "granted", _("已批准")
    DENIED = "denied", _("已驳回")
    WITHDRAWN = "withdrawn", _("已撤回")


#: A request on which somebody still has to decide.
PENDING = frozenset({RequestState.ASKED, RequestState.REVIEWED})


class SupervisionKind(TextChoices):
    """Why a case is supervised."""

    OVERDUE = "overdue", _("超时督办")
    LEADER = "leader", _("领导督办")
    KEY = "key", _("重点督办")


class EvidenceKind(TextChoices):
    """What a photo shows."""

    BEFORE = "before", _("整改前")
    AFTER = "after", _("整改后")
    CHECK = "check", _("核查")
    OTHER = "other", _("其他")


class Channel(TextChoices):
    """How a report reached us."""

    INSPECTOR = "inspector", _("监督员上报")
    PHONE = "phone", _("电话")
    CITIZEN = "citizen", _("市民上报")
    HIGHER = "higher", _("上级交办")
    VIDEO = "video", _("视频")
    API = "api", _("其他系统")


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table of moves."""

    verb: Verb
    #: Stages from which it is allowed.
    sources: frozenset[Stage]
    #: Where it leads; None stays, or goes back to where the case was before.
    to: Stage | None
    needs: tuple[Need, ...] = ()
    clock: ClockEffect = ClockEffect.NONE
    #: Whom his own part in the case keeps off.
    aloof: Aloof = Aloof.NOBODY
    #: Whoever does it has handled the case from then on.
    handles: bool = False
    #: Whether it can be taken back within the seconds of grace.
    undoable: bool = True
    #: Left out where the office's flow says so.
    step: OptionalStep | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody shows for a move; which of it is needed the table says. Keys are database keys."""

    body: int | None = None
    person: int | None = None
    condition: int | None = None
    remedy: str = ""
    #: A deadline set by hand where the rules give none; needs a note.
    due_at: datetime | None = None
    reason: str = ""
    note: str = ""
    finding: bool | None = None
    #: Keys of evidence of this case.
    photos: tuple[int, ...] = ()
    until: date | None = None
    target: str = ""
    kind: str = ""
    demand: str = ""
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseNow:
    """What a decision needs to know of a case as it stands."""

    stage: Stage
    body: int | None = None
    person: int | None = None
    condition: int | None = None
    remedy: str = ""
    due_at: datetime | None = None
    #: The deadline the rules give, had it been filed; None where they give none.
    ruled_due: datetime | None = None
    #: The unit that the duty matrix names.
    duty: int | None = None
    case_class: int | None = None
    placed: bool = False
    refusals: int = 0
    reworks: int = 0
    reopened: int = 0
    extensions: int = 0
    suspensions: int = 0
    arbitrated: bool = False
    dispatched_at: datetime | None = None
    lost_seconds: int = 0
    #: Where it stood before it was suspended or merged.
    stage_before: str = ""
    mirrored: bool = False
    children_open: int = 0
    parent: int | None = None
    pending: RequestKind | None = None
    pending_state: RequestState | None = None
    supervised: bool = False
    #: Who asked for what is pending.
    asked_by: int | None = None
    #: Keys of the people who handled it; `doers` without those who only reviewed it for the unit.
    hands: frozenset[int] = frozenset()
    doers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Flow:
    """What an office's flow pack says about the life of its cases."""

    name: str
    skipped: frozenset[OptionalStep]
    #: From which verb on the clock counts: REPORT, FILE or DISPATCH.
    clock_starts: Verb
    #: After so many refusals somebody decides.
    refusals: int
    arbitration: Limits
    extensions: int
    #: Whether the unit's own review comes before the decision.
    extension_reviewed: bool
    suspensions: int
    suspension_days: int
    number_prefix: str
    number_digits: int
    duplicate_metres: int
    duplicate_hours: int
    claim: timedelta
    #: Verb → ((code, {"zh": …, "en": …}), …).
    reasons: dict[str, tuple[tuple[str, dict[str, str]], ...]]
    replies: dict[str, tuple[tuple[str, dict[str, str]], ...]]
    #: Beyond these a photo earns a warning: metres from the case, minutes of clock difference, bits of likeness.
    photo_metres: int
    photo_minutes: int
    photo_likeness: int
    #: Days without any move after which somebody is reminded.
    dormant_days: int
    #: Hours before the deadline at which it is called to mind.
    warn_hours: tuple[int, ...]

    def reason_codes(self, verb: Verb) -> frozenset[str]:
        """Return the codes of the reasons that a verb may give; empty where any text is a reason."""
        return frozenset(code for code, _title in self.reasons.get(verb.value, ()))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a move changes in the case itself, and where it then stands."""

    stage: Stage
    changes: dict[str, Any]
