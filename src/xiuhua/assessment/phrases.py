"""Sentences of assessment: why a line has its points, why a subject has no rank, what the lists follow."""

from __future__ import annotations

from fractions import Fraction

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from xiuhua.analytics.words import Part
from xiuhua.assessment.rules import plain, printed, rounded
from xiuhua.assessment.rules.evidence import PHI_WITHOUT_HISTORY
from xiuhua.assessment.words import (
    AssessmentView,
    Bar,
    Closing,
    CutOff,
    Goal,
    Idle,
    Lift,
    LineView,
    Listed,
    ListTies,
    Loss,
    NoGoal,
    Others,
    RankOn,
    Rounding,
    RoundingMode,
    Standing,
    Ties,
    Title,
    Unranked,
    WayUp,
)
from xiuhua.cases.facts import MEASURES
from xiuhua.kernel.phrases import sentences

sentences(
    {
        "scheme.float": _("%(value)s 是二进制浮点数，不精确：请写成整数，或加引号的小数。"),
        "scheme.unknown_key": _("不认识的项“%(key)s”。"),
        "scheme.missing_key": _("缺少“%(key)s”。"),
        "scheme.bad_value": _("“%(value)s”不合要求（%(allowed)s）。"),
        "scheme.code_twice": _("代码“%(code)s”出现了不止一次。"),
        "scheme.not_positive": _("必须大于 0。"),
        "scheme.two_default_groups": _("只能有一个不列成员的组，现在有：%(codes)s。"),
        "scheme.in_two_groups": _("“%(member)s”同时在几个组里：%(codes)s。"),
        "scheme.bar_needs_one_limit": _("at_least 与 at_most 必须且只能写一个。"),
        "scheme.unknown_measure": _("没有指标“%(measure)s”；现有：%(known)s。"),
        "scheme.limits": _("必须 0 ≤ 保底 ≤ 封顶 ≤ 满分。"),
        "scheme.threshold_not_a_share": _('阈值是比率，不能大于 1（70%% 写成 "0.7"）。'),
        "scheme.bands_not_ascending": _("分段必须从 0 开始、逐段升高，不重不漏。"),
        "scheme.bands_not_monotone": _("分段得分的走向与声明的方向（%(good)s）不一致。"),
        "scheme.bands_not_full": _("最好的一段必须正好是满分。"),
        "scheme.self_found_counts": _("“%(measure)s”是自查自报的问题，计入扣分会使人不愿自查。"),
    }
)

_BECAUSE = {
    "ratio": _("%(title)s：%(kept)s / %(of)s × 满分 %(full)s = %(points)s 分"),
    "complement": _("%(title)s：（1 − %(kept)s / %(of)s）× 满分 %(full)s = %(points)s 分"),
    "threshold": _(
        "%(title)s：%(kept)s / %(of)s，以 %(threshold)s%% 为满分线，差 %(short)s 个百分点，每个扣 %(each)s 分，得 %(points)s 分"
    ),
    "deduction": _("%(title)s：共 %(kept)s 件（%(parts)s），从满分 %(full)s 里扣，得 %(points)s 分"),
    "bands": _("%(title)s：%(kept)s / %(of)s，按分段得 %(points)s 分（满分 %(full)s）"),
    "per_exposure": _("%(title)s：%(kept)s 件，基数 %(of)s，每 %(unit)s 个基数 1 件扣 %(each)s 分，得 %(points)s 分"),
    "empty": _("%(title)s：基数为 0，不计分，分值按比例摊给其他指标"),
    "empty_full": _("%(title)s：无任务，按满分 %(full)s 计"),
}
_LIMITED = {"floor": _("（已到保底）"), "cap": _("（已到封顶）")}
_PART = _("%(measure)s %(count)s 件扣 %(off)s 分")

_UNRANKED = {
    Unranked.EMPTY: _("无数据，不计分、不排名"),
    Unranked.COVERAGE: _("不参与排名：覆盖不足"),
    Unranked.SMALL_SAMPLE: _("样本不足，不排名"),
    Unranked.UNGROUPED: _("不在任何考核组，不排名"),
}
_TIES = {
    Ties.COMPETITION: _("同分同名次，其后名次顺延（1、2、2、4）"),
    Ties.DENSE: _("同分同名次，其后名次不空（1、2、2、3）"),
    Ties.MODIFIED: _("同分取最后名次（1、3、3、4）"),
    Ties.AVERAGE: _("同分取平均名次（1、2.5、2.5、4）"),
}
_MODES = {
    RoundingMode.HALF_UP: _("四舍五入"),
    RoundingMode.HALF_EVEN: _("四舍六入五成双"),
    RoundingMode.TRUNCATE: _("截尾"),
}
_LIST_TIES = {
    ListTies.EXTEND: _("末位同分的一并列入"),
    ListTies.STOP_BEFORE: _("末位同分的都不列入"),
}


def title(of: Title) -> str:
    """Return a scheme's own title in the reader's language, Chinese where it has no other."""
    english = (get_language() or "").startswith("en")
    return of.en if english and of.en else of.zh


def measure_title(name: str) -> str:
    """Return the title of a measure in the reader's language."""
    return gettext(MEASURES[name].title) if name in MEASURES else name


def because(line: LineView) -> str:
    """Return why a line has its points, in numbers, in the reader's language."""
    parts = [
        gettext(_PART) % {"measure": measure_title(part.measure), "count": part.count, "off": part.off}
        for part in line.parts
    ]
    facts = {**line.because.facts, "title": title(line.title), "points": line.points, "full": line.full}
    text = gettext(_BECAUSE[line.because.code]) % {**facts, "parts": gettext("；").join(parts)}
    limited = line.because.facts.get("limited")
    return text + (gettext(_LIMITED[str(limited)]) if limited else "")


def unranked_sentence(why: Unranked) -> str:
    """Return why a subject has no rank, empty for one that has."""
    return gettext(_UNRANKED[why]) if why in _UNRANKED else ""


def rank_sentence(view: AssessmentView) -> str:
    """Return how the totals were rounded and ranked: what stands under every table."""
    on = gettext("按公布的分数排名") if view.rank_on is RankOn.PRINTED else gettext("按精确值排名")
    text = gettext("总分%(mode)s到 %(digits)s 位小数，%(on)s，%(ties)s。") % {
        "mode": gettext(_MODES[view.rounding.mode]),
        "digits": view.rounding.digits,
        "on": on,
        "ties": gettext(_TIES[view.ties]),
    }
    if view.minimum is None:
        return text
    small = gettext("“%(measure)s”不足 %(least)s 件的标为样本不足：照常计分，不排名、不上榜。")
    return text + small % {"measure": measure_title(view.minimum.measure), "least": view.minimum.least}


def interval_label(view: AssessmentView, measure: str = "on_time") -> str:
    """Return what the intervals of a rate are called and how their φ was come by, so that nobody takes them for scores."""
    return gettext("95%% 区间（威尔逊，离散系数 %(phi)s），只供判断差别是否可信，不影响得分") % {
        "phi": dispersion_sentence(view, measure)
    }


def dispersion_sentence(view: AssessmentView, measure: str = "on_time") -> str:
    """Return the φ of a month's rate with what it was measured on, or why it is the usual value."""
    found = view.clustering
    one = found.by_measure.get(measure) if found else None
    if found is None or one is None:
        return gettext("φ = %(phi)s，考核时没有量，用通常值") % {"phi": plain(PHI_WITHOUT_HISTORY)}
    facts = {"phi": short_phi(one.phi), "months": found.wanted, "weeks": one.cells}
    if one.cells:
        return gettext("φ = %(phi)s，按以前 %(months)s 个月 %(weeks)s 个周次量得") % facts
    if found.whole:
        return gettext("φ = %(phi)s，以前 %(months)s 个月量不出，用通常值") % facts
    return gettext("φ = %(phi)s，以前的数据不满 %(months)s 个月，用通常值") % facts


def short_phi(phi: Fraction) -> str:
    """Return φ as it is read: two decimals, none of them idle."""
    return plain(rounded(phi, 2, RoundingMode.HALF_EVEN))


def _bar(bar: Bar) -> str:
    limit = bar.at_least if bar.at_least is not None else bar.at_most
    shown = plain(limit or Fraction(0))
    if bar.share:
        shown = gettext("%(number)s%%") % {"number": plain(100 * (limit or Fraction(0)))}
    word = gettext("不少于") if bar.at_least is not None else gettext("不多于")
    return gettext("“%(measure)s”%(word)s %(limit)s") % {
        "measure": measure_title(bar.measure),
        "word": word,
        "limit": shown,
    }


def list_sentence(view: AssessmentView, found: Listed, red: int, black: int) -> str:
    """Return the rule the lists follow, and what it did not decide: they are the plain top and bottom of a rule."""
    rule = view.rule
    text = gettext(
        "各组按总分取前 %(red)s 名为红榜、后 %(black)s 名为黑榜，%(ties)s；少于 %(least)s 个对象的组不出榜。名次只是这条规则的结果，不说明差别是否可信。"
    ) % {"red": red, "black": black, "ties": gettext(_LIST_TIES[rule.ties]), "least": rule.least_group}
    if view.cut_off is CutOff.RUNNING:
        text = gettext("本月未完：下面只是到此刻的先后，不是榜。") + text
    if rule.not_red:
        text += gettext("不上红榜：%(bars)s。") % {"bars": gettext("；").join(map(_bar, rule.not_red))}
    if rule.not_black:
        text += gettext("不上黑榜：%(bars)s。") % {"bars": gettext("；").join(map(_bar, rule.not_black))}
    if found.without:
        names = gettext("、").join(title(group.title) for group in found.without)
        text += gettext("本月因对象太少不出榜的组：%(groups)s。") % {"groups": names}
    if found.both:
        text += gettext("因组小或同分，有 %(count)s 个对象同时在两榜。") % {"count": len(found.both)}
    return text


_NO_GOAL = {
    NoGoal.FIRST: _("照今天的成绩已经是第一位。"),
    NoGoal.NOT_LISTED: _("照今天的成绩不在黑榜上。"),
}
#: Whether it is about leaving the black list → that it cannot be done.
_OUT_OF_REACH = {
    True: _("能办的 %(possible)s 件全办好也离不开黑榜：要 %(target)s 分，最多到 %(after)s 分。"),
    False: _("能办的 %(possible)s 件全办好也升不了位：要 %(target)s 分，最多到 %(after)s 分。"),
}
_OTHERS = {
    Others.NOW: _("假定别家停在今天的分数。"),
    Others.ALL: _("假定别家把能办的都办好。"),
}
_IDLE = {
    Idle.AFTER: _("期限在本月以后，早办晚办不影响本月"),
    Idle.NO_DEADLINE: _("没有期限，不进本月的成绩"),
    Idle.LIFTS_NOTHING: _("办结不改变本月的分数"),
}
_CLOSINGS = {Closing.ON_TIME: _("可按期"), Closing.LATE: _("已逾期")}


def closing_title(kind: Closing) -> str:
    """Return how an open case can still be closed, in two or three words."""
    return gettext(_CLOSINGS[kind])


def idle_sentence(why: Idle) -> str:
    """Return why closing a case is not urgent for the month, empty for one that counts."""
    return gettext(_IDLE[why]) if why in _IDLE else ""


def score_text(score: Fraction | None, rounding: Rounding) -> str:
    """Return a score that is ranked as it is printed, "—" for none."""
    return "—" if score is None else printed(score, rounding.digits, rounding.mode)


def loss_sentence(loss: Loss, rounding: Rounding) -> str:
    """Return what a line has cost, by how many cases, and what one of them costs where that is the same for each."""
    rest = gettext("未达到“%(measure)s”的") if loss.part is Part.REST else gettext("“%(measure)s”")
    text = gettext("%(title)s：%(what)s %(count)s 件，失 %(lost)s 分") % {
        "title": title(loss.line.title),
        "what": rest % {"measure": measure_title(loss.measure)},
        "count": loss.count,
        "lost": score_text(loss.lost, rounding),
    }
    if loss.each is None:
        return text
    return text + gettext("，每件 %(each)s 分") % {"each": score_text(loss.each, rounding)}


def way_sentence(way: WayUp, rounding: Rounding) -> str:
    """Return what is to be done to go up, or why there is nothing."""
    if way.none is NoGoal.UNRANKED:
        return unranked_sentence(way.unranked) + gettext("。")
    if way.lift is None:
        return gettext(_NO_GOAL[way.none])
    return _reached(way, way.lift, rounding) if way.lift.reached else _missed(way, way.lift, rounding)


def _reached(way: WayUp, lift: Lift, rounding: Rounding) -> str:
    if not lift.items:
        return gettext("不再办结，月底也有 %(after)s 分，已经够了。") % {"after": score_text(lift.after, rounding)}
    late = any(item.kind is Closing.LATE for item in lift.items)
    facts = {"do": gettext("办好") if late else gettext("按期办好"), "count": len(lift.items)}
    if way.goal is Goal.OFF_BLACK:
        return gettext("%(do)s %(count)s 件，就够离开黑榜。") % facts
    facts |= {"rank": plain(lift.rank_after) if lift.rank_after is not None else "", "name": _ahead(way)}
    if lift.rank_after is None:
        return gettext("%(do)s %(count)s 件，就够超过%(name)s。") % facts
    return gettext("%(do)s %(count)s 件，就够升到第 %(rank)s 位，超过%(name)s。") % facts


def _ahead(way: WayUp) -> str:
    return way.ahead.name if way.ahead else ""


def _missed(way: WayUp, lift: Lift, rounding: Rounding) -> str:
    facts = {"target": score_text(lift.target.value, rounding), "possible": lift.possible, "count": len(lift.items)}
    facts |= {"after": score_text(lift.after, rounding)}
    if not lift.items:
        return gettext("要 %(target)s 分才够，眼下没有办结了能加分的案件。") % facts
    off = way.goal is Goal.OFF_BLACK
    text = gettext(_OUT_OF_REACH[off]) % facts
    return text if len(lift.items) == lift.possible else text + gettext("办好 %(count)s 件就到这个数。") % facts


def proof_sentence(lift: Lift | None, rounding: Rounding) -> str:
    """Return why no shorter way leads there; empty where there is none to compare."""
    if lift is None or not lift.items or not lift.reached:
        return ""
    if len(lift.items) == 1:
        return gettext("由系统重算得出，一件就够。")
    facts = {"fewer": len(lift.items) - 1, "cheaper": score_text(lift.cheaper, rounding)}
    return gettext("由系统重算得出：任选 %(fewer)s 件最多到 %(cheaper)s 分，不够，没有更少的办法。") % facts


def assumption_sentences(way: WayUp) -> list[str]:
    """Return what a way up takes for granted: what is not closed, where the others end, what is left out."""
    if way.lift is None:
        return []
    told = [gettext("假定除此之外不再办结，也没有别的案件到期。"), gettext(_OTHERS[way.others])]
    if way.usual_new:
        said = gettext("往常这时到月底还有约 %(count)s 件新上报的会到期，没有算进去。")
        told.append(said % {"count": way.usual_new})
    if way.held:
        names = gettext("、").join(measure_title(name) for name in way.held)
        told.append(gettext("这些指标按不变算：%(names)s。") % {"names": names})
    told.append(gettext("作废、延期、挂账、并案、申诉都不算办法；返工还没有指标，没有列入。"))
    return told


def no_chances_sentence(standing: Standing) -> str:
    """Return why no probability of being listed is named."""
    facts = {"needed": standing.months_needed, "closed": standing.months_closed}
    if standing.months_closed < standing.months_needed:
        return gettext("概率要先用至少 %(needed)s 个过完的月份校准，现在有 %(closed)s 个，所以不报。") % facts
    return gettext("过完的月份有 %(closed)s 个，够校准了，但预测还没有校准过；没有校准的概率不报。") % facts
