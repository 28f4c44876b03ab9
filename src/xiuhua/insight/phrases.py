"""Sentences of analysis in the reader's language: one template per code, filled from a saying's facts."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from xiuhua.cases.words import Cause
from xiuhua.insight.words import Changes, Saying, Unsaid
from xiuhua.kernel.words import Fact
from xiuhua.ui.formats import NONE, percent

_SENTENCES = {
    "change.reported.more": _("上报 %(now)s 件，比%(than)s（%(before)s 件）多 %(change)s 件。"),
    "change.reported.less": _("上报 %(now)s 件，比%(than)s（%(before)s 件）少 %(change)s 件。"),
    "change.reported.same": _("上报 %(now)s 件，与%(than)s持平。"),
    "change.reported.up": _(
        "与%(than)s相比，上报增加的各类共多 %(gross)s 件，其中 %(rate)s%% 来自 %(named)s 类：%(parts)s。"
    ),
    "change.reported.down": _(
        "与%(than)s相比，上报减少的各类共少 %(gross)s 件，其中 %(rate)s%% 来自 %(named)s 类：%(parts)s。"
    ),
    "change.overdue.more": _("超期 %(now)s 件，比%(than)s（%(before)s 件）多 %(change)s 件。"),
    "change.overdue.less": _("超期 %(now)s 件，比%(than)s（%(before)s 件）少 %(change)s 件。"),
    "change.overdue.same": _("超期 %(now)s 件，与%(than)s持平。"),
    "change.overdue.up": _(
        "与%(than)s相比，超期增加的各类共多 %(gross)s 件，其中 %(rate)s%% 来自 %(named)s 类：%(parts)s。"
    ),
    "change.overdue.down": _(
        "与%(than)s相比，超期减少的各类共少 %(gross)s 件，其中 %(rate)s%% 来自 %(named)s 类：%(parts)s。"
    ),
    "change.class.up": _("%(class)s %(now)s 件（多 %(change)s 件）"),
    "change.class.down": _("%(class)s %(now)s 件（少 %(change)s 件）"),
    "overdue.total": _(
        "应结案 %(of)s 件，超期 %(count)s 件，占 %(rate)s%%：到月末仍未结 %(open)s 件，逾期才结 %(late)s 件。超期最集中的是%(parts)s。"
    ),
    "overdue.class": _("%(class)s %(count)s 件"),
    "overdue.units": _("全部超期案件中，%(rate)s%% 落在 %(named)s 家单位：%(parts)s。"),
    "overdue.unit": _("%(unit)s %(count)s 件"),
    "overdue.nobody": _("没有派给单位的 %(count)s 件"),
    "overdue.due_cause": _("超期案件中，有 %(count)s 件平台给的期限与自算期限不一致，先核对期限再追责：%(parts)s。"),
    "overdue.verdict_cause": _("超期案件中，有 %(count)s 件平台的认定与自算结果不一致，先核对再追责：%(parts)s。"),
    "overdue.cause": _("%(cause)s %(count)s 件"),
    "overdue.no_deadline": _("本月上报的案件有 %(count)s 件没有期限，谁也判不了超期，不在应结案之内。"),
    "overdue.undetermined": _("有 %(count)s 件的时间自相矛盾，无法判定，不进任何分母。"),
    "recur.total": _(
        "有 %(count)s 件是老地方又来的（同类、相距不超过 %(radius)s 米、结案后 %(days)s 天以内），在 %(places)s 处：%(parts)s。"
    ),
    "recur.place": _("“%(where)s”%(class)s %(count)s 件"),
    "recur.held": _("结案后满 %(days)s 天才看得出管没管住：%(parts)s。"),
    "recur.over": _("本月满期的结案 %(of)s 件"),
    "recur.back": _("其中期内又来的 %(count)s 件（%(rate)s%%）"),
    "recur.running": _("期未满、不算在内的 %(count)s 件"),
    "recur.half": _(
        "连没满期的在内 %(closings)s 件结案，一半在 %(half)s 天以内又来；到第 %(days)s 天还没有再来的占 %(share)s%%（95%% 区间 %(low)s%% 到 %(high)s%%）。"
    ),
    "recur.beyond": _(
        "连没满期的在内 %(closings)s 件结案，到第 %(days)s 天还没有再来的占 %(share)s%%（95%% 区间 %(low)s%% 到 %(high)s%%），期内平均管住 %(mean)s 天；少去看的地方，也会显得管得久。"
    ),
    "hot.spots": _("案件明显扎堆的有 %(spots)s 处（允许其中误报 %(alarms)s%%）：%(parts)s。"),
    "hot.spot": _("%(where)s一带 %(count)s 件（平均摊开应有 %(expected)s 件）"),
    "effort.sides": _("上报 %(count)s 件：%(parts)s。"),
    "effort.own": _("自己发现 %(count)s 件，占 %(rate)s%%"),
    "effort.citizens": _("群众反映 %(count)s 件，占 %(rate)s%%"),
    "effort.other": _("其他来源 %(count)s 件，占 %(rate)s%%"),
    "effort.note": _(
        "上报多不等于问题多：勤查的地方自然查得多，只看件数会让用力的吃亏。件数要与谁发现的一起看，不据以排名，也不对到个人。"
    ),
}
#: How many parts a sentence reads out; all of them are in the saying.
READ = 5
_MORE = _("等")
#: What a count is a share of, by code: (count, of).
_SHARES = {"change": ("covered", "gross"), "overdue": ("count", "of"), "effort": ("count", "of")}
_THAN = {"month": _("上月"), "year": _("去年同月")}
_UNSAID = {
    Unsaid.MISSING: _("%(month)s 还没有定格，没有可比的数"),
    Unsaid.RUNNING: _("两个月里有一个不是截到月末的，比不得"),
    Unsaid.NEW_SUBJECT: _("%(month)s 还没有这个对象"),
    Unsaid.SMALL: _("增减太少，不足以说明什么"),
}


def codes() -> frozenset[str]:
    """Return the codes of all sayings that have a sentence."""
    return frozenset(_SENTENCES)


def sentence(saying: Saying) -> str:
    """Return a saying as a leader could read it out, in the reader's language; that of a subject names it first."""
    text = clause(saying)
    name = saying.facts.get("name")
    return gettext("%(name)s：%(text)s") % {"name": name, "text": text} if name else text


def clause(saying: Saying) -> str:
    """Return a saying without the name of its subject, with its parts in their place."""
    parts = gettext("、").join(clause(part) for part in saying.parts[:READ])
    more = gettext(_MORE) if len(saying.parts) > READ else ""
    return gettext(_SENTENCES[saying.code]) % {**_worded(saying), "parts": parts + more}


def pieces(saying: Saying) -> tuple[str, str]:
    """Return what stands before and after the parts of a saying, so that each part can be a link of its own."""
    mark = "\0"
    head, _mark, tail = (gettext(_SENTENCES[saying.code]) % {**_worded(saying), "parts": mark}).partition(mark)
    return head, tail


def unsaid_sentence(changes: Changes) -> str:
    """Return why nothing is said of a change, with "—" in front; empty where something is said."""
    if changes.why is None:
        return ""
    return f"{NONE} " + gettext(_UNSAID[changes.why]) % {"month": changes.period}


def class_word(name: str | None) -> str:
    """Return a class's name as it is read out, with a word for cases that have none."""
    return name or gettext("未分小类的")


def cause_word(code: str | None, column: str = "due_cause") -> str:
    """Return the word for a value of a cause column, also where it says nothing."""
    if code in Cause.values:
        return str(Cause(code).label)
    return gettext("没有可比的期限") if column == "due_cause" else gettext("认定一致或没有认定")


def than(against: str) -> str:
    """Return the other month in words: last month, the same month of last year."""
    return gettext(_THAN[against])


def _worded(saying: Saying) -> dict[str, Fact]:
    facts: dict[str, Fact] = dict(saying.facts)
    kept, of = (facts.get(name) for name in _SHARES.get(saying.code.partition(".")[0], ("count", "of")))
    if isinstance(kept, int) and isinstance(of, int):
        facts["rate"] = percent(kept, of)
    if "class" in facts:
        facts["class"] = class_word(_text(facts, "class"))
    if "where" in facts:
        facts["where"] = facts["where"] or gettext("没有名字的地方")
    if "cause" in facts:
        facts["cause"] = cause_word(_text(facts, "cause"))
    if "against" in facts:
        facts["than"] = than(str(facts["against"]))
    return facts


def _text(facts: Mapping[str, Fact], name: str) -> str | None:
    value = facts[name]
    return value if isinstance(value, str) else None
