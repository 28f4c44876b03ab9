"""Sentences about what the rules say of a case beside what its platform says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext

from xiuhua.cases.words import Cause
from xiuhua.cases.words.moves import Flow
from xiuhua.clock.rules.limits import read
from xiuhua.kernel.phrases import sentences
from xiuhua.kernel.words import marked as _
from xiuhua.taxonomy.phrases import limit_words

sentences(
    {
        "case.need_place": _("请说明在哪里：地图上点一下，或选社区。"),
        "case.need_class": _("请选类别。"),
        "case.need_condition": _("请选一条立案条件。"),
        "case.need_remedy": _("请写整改措施：要做什么。"),
        "case.need_deadline": _("规则算不出期限，请填整改时限并说明理由。"),
        "case.need_body": _("请选责任单位。"),
        "case.need_person": _("请选责任人。"),
        "case.need_reason": _("请选理由。"),
        "case.need_note": _("请写说明。"),
        "case.need_finding": _("请说明现场是否属实。"),
        "case.need_photo": _("请上传照片。"),
        "case.need_until": _("请填到期日。"),
        "case.need_target": _("请填另一案件的编号。"),
        "case.need_demand": _("请写督办要求。"),
        "case.need_changes": _("没有改动任何内容。"),
        "case.need_what": _("请选类别，或写一句说明。"),
        "case.point_wrong": _("坐标不对：经度在 -180 到 180 之间，纬度在 -90 到 90 之间，两个都要填。"),
        "case.point_outside": _("这个点不在本单位的任何地域里。"),
        "case.reason_unknown": _("理由“%(reason)s”不在清单里。"),
        "case.text_long": _("写得太长，最多 %(most)s 字。"),
        "case.due_past": _("期限已经过去了。"),
        "case.due_by_hand": _("手工定期限要说明理由。"),
        "case.dispatch_elsewhere": _("责任清单指的是另一家单位，改派别家要说明理由。"),
        "case.until_far": _("挂账最长 %(days)s 天，到期日要在明天以后。"),
        "case.class_unknown": _("没有这个类别。"),
        "case.place_unknown": _("没有这个地域。"),
        "case.body_unknown": _("没有这个单位。"),
        "case.person_unknown": _("责任人不在这个单位，或账号已停用。"),
        "case.condition_unknown": _("没有这条立案条件。"),
        "case.photo_unknown": _("照片不属于这个案件。"),
        "case.field_wrong": _("“%(field)s”不能这样改。"),
        "case.target_unknown": _("没有这个案件，或者您看不到它。"),
        "case.moved_meanwhile": _("%(who)s 已经“%(verb)s”。"),
        "case.flow_limit": _("裁定时限写得不对：%(reason)s"),
        "case.flow_verb": _("没有“%(verb)s”这种操作。"),
        "case.flow_twice": _("“%(code)s”写了两次。"),
    }
)


def reason_words(flow: Flow | None, verb: str, code: str) -> str:
    """Return what a reason's code says in the reader's language; the text itself where it is none of the flow's codes."""
    titles = dict(flow.reasons.get(verb, ())) if flow else {}
    return in_language(titles[code]) if code in titles else code


def in_language(titles: Mapping[str, str]) -> str:
    """Return the title in the reader's language out of those a pack gives."""
    return titles["en" if (get_language() or "").startswith("en") else "zh"]


def due_sentence(cause: str, facts: Mapping[str, Any]) -> str:
    """Return why the platform's deadline is not ours, "" where there is nothing to compare."""
    limit = limit_words(read(facts["limit"])) if "limit" in facts else ""
    said = {
        Cause.SAME: gettext("平台的期限和自算的一致。"),
        Cause.HOLIDAY: gettext("平台的期限没算节假日和调休：照样只跳过周末去算，正好是它给的时刻。"),
        Cause.START: gettext("平台从另一个时刻起算：换一种起算规则，正好是它给的时刻。"),
        Cause.DAY: gettext("平台只给到日期：按那一天的末尾算，和自算的同一天。"),
        Cause.EXTENSION: gettext("平台按延期 %(n)s 次算，记录的延期次数不是这个数。")
        % {"n": facts.get("extensions", 0)},
        Cause.SEVERAL: gettext("平台按延期 %(n)s 次算，又没算节假日和调休。") % {"n": facts.get("extensions", 0)},
        Cause.CONDITION: gettext("平台用了同类的第 %(number)s 条立案条件（%(limit)s）。")
        % {"number": facts.get("condition", ""), "limit": limit},
        Cause.LIMIT: gettext("平台用的时限是%(limit)s，不是这一条立案条件的时限。") % {"limit": limit},
        Cause.OTHER: gettext("试过节假日、起算、延期、别的立案条件和时限，都算不出平台给的时刻。"),
    }
    return said.get(Cause(cause), "") if cause else ""


def verdict_sentence(cause: str) -> str:
    """Return why the platform's verdict is not ours, "" where they agree or one is missing."""
    if not cause:
        return ""
    if cause == Cause.STATEMENT:
        return gettext("平台的认定和它自己的期限、结案时间对不上（可能是申诉、返工或人工改过）。")
    return gettext("两边认定不同，因为期限不同。")
