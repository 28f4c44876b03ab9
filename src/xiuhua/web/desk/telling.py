"""A case's story in sentences, keyed by verb: what was done, to whom, by when, why; who did it stands below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext as _

from xiuhua.cases.phrases import reason_words
from xiuhua.cases.queries.story import Tale, undone_by
from xiuhua.cases.rules.flow import KEEP
from xiuhua.cases.words.moves import EvidenceKind, Flow, Verb
from xiuhua.exchange.words import Kind
from xiuhua.kernel.words import marked
from xiuhua.privacy.rules import MASKED, Sight
from xiuhua.ui.formats import duration, moment

#: What each verb tells: parts, each said only where all of its facts are there.
SAID: Mapping[Verb, tuple[str, ...]] = {
    Verb.REPORT: (marked("来源：%(channel)s"),),
    Verb.FIX_ON_SPOT: (marked("当场处置：%(remedy)s"), marked("%(photos)s")),
    Verb.REQUEST_CHECK: (marked("请监督员到现场核实"),),
    Verb.CONFIRM: (marked("现场核实：%(finding)s"), marked("%(photos)s")),
    Verb.FILE: (marked("条件：%(condition)s"), marked("措施：%(remedy)s"), marked("%(due)s 到期")),
    Verb.DECLINE: (),
    Verb.DISPATCH: (marked("派给%(unit)s"), marked("%(due)s 到期")),
    Verb.REDISPATCH: (marked("改派给%(unit)s"),),
    Verb.SEND_BACK: (marked("退回受理，期限作废"),),
    Verb.REFUSE: (
        marked("%(unit_before)s退单，第 %(times)s 次"),
        marked("占用 %(lost)s"),
        marked("交裁定，%(arbitration_due)s 前裁定"),
    ),
    Verb.ARBITRATE: (marked("裁定由%(unit)s办"),),
    Verb.ACCEPT: (marked("责任人 %(person)s"),),
    Verb.ASSIGN: (marked("改由 %(person)s 办"),),
    Verb.RECTIFY: (marked("报完成"), marked("%(photos)s")),
    Verb.PASS_REVIEW: (marked("单位内部看过"),),
    Verb.RETURN_REVIEW: (marked("单位内部退回重办"),),
    Verb.PASS_CHECK: (marked("到场核查，合格"), marked("%(photos)s")),
    Verb.FAIL_CHECK: (marked("核查不合格，返工第 %(times)s 次"), marked("%(photos)s")),
    Verb.REWORK: (marked("返工第 %(times)s 次"),),
    Verb.CLOSE: (marked("办结"),),
    Verb.FORCE_CLOSE: (marked("没有办完就结"),),
    Verb.VOID: (marked("不再计入任何分母"),),
    Verb.REOPEN: (marked("第 %(times)s 次重开"), marked("派给%(unit)s")),
    Verb.REQUEST_EXTENSION: (marked("请求延期一个时限"),),
    Verb.REVIEW_EXTENSION: (marked("单位同意延期"),),
    Verb.GRANT_EXTENSION: (marked("期限从 %(due_before)s 延到 %(due)s"),),
    Verb.DENY_EXTENSION: (marked("期限不变"),),
    Verb.REQUEST_SUSPENSION: (marked("请求挂账"),),
    Verb.GRANT_SUSPENSION: (marked("停表"), marked("期限从 %(due_before)s 顺延到 %(due)s")),
    Verb.DENY_SUSPENSION: (marked("继续办"),),
    Verb.WITHDRAW_REQUEST: (marked("申请撤回，期限不变"),),
    Verb.RESUME: (marked("恢复走表"), marked("%(due)s 到期")),
    Verb.SUPERVISE: (),
    Verb.REPLY_SUPERVISION: (),
    Verb.SETTLE_SUPERVISION: (),
    Verb.MERGE: (marked("并入 %(other)s"),),
    Verb.UNMERGE: (marked("从并案里撤出，单独办"),),
    Verb.ATTACH: (marked("挂到主案 %(other)s"),),
    Verb.DETACH: (marked("脱离主案 %(other)s"),),
    Verb.COMMENT: (),
    Verb.CORRECT: (marked("改了%(changed)s"),),
}
_BACK = frozenset(
    {
        *(Verb.REFUSE, Verb.FAIL_CHECK, Verb.REWORK, Verb.RETURN_REVIEW, Verb.SEND_BACK, Verb.DECLINE, Verb.VOID),
        *(Verb.DENY_EXTENSION, Verb.DENY_SUSPENSION, Verb.FORCE_CLOSE, Verb.REOPEN),
    }
)
_DONE = frozenset({Verb.PASS_CHECK, Verb.CLOSE})
_STRONG = frozenset({Verb.REPORT, Verb.FIX_ON_SPOT, Verb.FILE, Verb.DISPATCH, Verb.RECTIFY})


def story_lines(
    tales: Iterable[Tale], flow: Flow | None, zone: ZoneInfo, year: int, sight: Sight = MASKED
) -> list[dict[str, Any]]:
    """Return the lines of the component `story`, one for every tale; moments without the year in `year`."""
    return [
        {
            "at": tale.at,
            "title": _title(tale),
            "text": sight.of(sentence(tale, flow, zone, year)),
            "who": _who(tale),
            "kind": _kind(tale),
        }
        for tale in tales
    ]


def sentence(tale: Tale, flow: Flow | None, zone: ZoneInfo, year: int) -> str:
    """Return what a tale tells beside its verb: the facts of the verb, the reason and the note in the words given."""
    if tale.verb is None:
        return _beside(tale, flow)
    facts = {name: _worded(name, value, zone, year) for name, value in tale.facts.items()}
    parts = [gettext(part) % facts for part in SAID[tale.verb] if _complete(part, facts)]
    if tale.reason:
        parts.append(_("理由：%(reason)s") % {"reason": reason_words(flow, tale.verb.value, tale.reason)})
    if tale.note:
        parts.append(_("“%(note)s”") % {"note": tale.note})
    return _("；").join(parts)


def _complete(part: str, facts: Mapping[str, str]) -> bool:
    try:
        part % facts
    except KeyError:
        return False
    return True


def _worded(name: str, value: Any, zone: ZoneInfo, year: int) -> str:
    """Return a fact as it is read."""
    if isinstance(value, datetime):
        return moment(value, zone, get_language(), this_year=year)
    if isinstance(value, timedelta):
        return duration(value, get_language())
    if name == "finding":
        return _("属实") if value else _("不属实")
    if name == "photos":
        return ngettext("照片 %(count)s 张", "照片 %(count)s 张", value) % {"count": value}
    if name == "changed":
        return _("、").join(_field(each) for each in value)
    return str(value)


def _field(name: str) -> str:
    called = {
        "title": _("标题"),
        "description": _("问题描述"),
        "address": _("地址"),
        "case_class_id": _("类别"),
        "territory_id": _("地域"),
        "longitude": _("位置"),
    }
    return called[name]


def _title(tale: Tale) -> str:
    if tale.verb is not None:
        return str(tale.verb.label)
    called = {
        "case.undo": _("撤回"),
        "evidence.add": _("加照片"),
        "reporter.look": _("查看报告人"),
        "privacy.look": _("查看原文里的个人信息"),
        "file.look": _("查看照片原件"),
        "file.look_refused": _("想看照片原件，没有权限"),
        "import.apply": _("从平台导入"),
        "import.undo": _("导入被撤销"),
        "reconcile.keep": _("对账：保留我们的"),
        "reconcile.undo": _("撤回对账"),
        "import.mapping_remember": _("记住导入映射"),
    }
    return called.get(tale.line.verb, tale.line.verb)


def _beside(tale: Tale, flow: Flow | None) -> str:
    """Return what a line that is no move tells."""
    if undone_by(tale.line):
        verb = str(tale.facts.get("verb", ""))
        return _("撤回了“%(verb)s”") % {"verb": Verb(verb).label if verb in Verb.values else verb}
    kind = str(tale.facts.get("kind", ""))
    if tale.line.verb.startswith("reconcile.") and kind in Kind.values:
        note = str(tale.facts.get("note", ""))
        reason = reason_words(flow, KEEP, tale.reason) if tale.reason and not note.startswith(tale.reason) else ""
        return _("；").join(part for part in (str(Kind(kind).label), reason, note) if part)
    if tale.line.verb == "evidence.add" and kind in EvidenceKind.values:
        return str(EvidenceKind(kind).label)
    return tale.reason


def _who(tale: Tale) -> str:
    """Return who did it, in which capacity: "受理员 陈晓棠", "处置单位 安和物业 老周"."""
    if not tale.who:
        return _("报告人对处置单位保密")
    parts = [_("、").join(tale.posts), tale.unit, tale.who]
    said = " ".join(part for part in parts if part)
    return _("%(who)s（经程序“%(program)s”）") % {"who": said, "program": tale.via} if tale.via else said


def _kind(tale: Tale) -> str:
    if tale.undone:
        return "undone"
    if tale.verb in _BACK:
        return "back"
    if tale.verb in _DONE:
        return "done"
    return "strong" if tale.verb in _STRONG else "plain"
