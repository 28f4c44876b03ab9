"""What notices say: one sentence per event, the same few facts under it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_noop as _

from xiuhua.kernel.phrases import sentences
from xiuhua.ui.formats import moment

TITLES: Mapping[str, str] = {
    "case.report": _("有新上报：%(number)s"),
    "case.request_check": _("请到现场核实：%(number)s"),
    "case.confirm": _("已核实，待立案：%(number)s"),
    "case.file": _("已立案，待派遣：%(number)s"),
    "case.dispatch": _("派来一件：%(number)s"),
    "case.redispatch": _("改派：%(number)s"),
    "case.send_back": _("派遣退回受理：%(number)s"),
    "case.refuse": _("单位退单：%(number)s"),
    "case.arbitrate": _("裁定由贵单位处置：%(number)s"),
    "case.accept": _("由您负责：%(number)s"),
    "case.assign": _("指派给您：%(number)s"),
    "case.rectify": _("整改完成，待初审：%(number)s"),
    "case.pass_review": _("待核查：%(number)s"),
    "case.return_review": _("初审退回：%(number)s"),
    "case.pass_check": _("核查通过，待结案：%(number)s"),
    "case.fail_check": _("核查不通过：%(number)s"),
    "case.rework": _("要返工：%(number)s"),
    "case.force_close": _("已强制结案：%(number)s"),
    "case.void": _("已作废：%(number)s"),
    "case.reopen": _("重开：%(number)s"),
    "case.request_extension": _("申请延期：%(number)s"),
    "case.review_extension": _("延期已初审，待批：%(number)s"),
    "case.grant_extension": _("延期获批：%(number)s"),
    "case.deny_extension": _("延期被驳回：%(number)s"),
    "case.request_suspension": _("申请挂账：%(number)s"),
    "case.grant_suspension": _("挂账获批：%(number)s"),
    "case.deny_suspension": _("挂账被驳回：%(number)s"),
    "case.resume": _("恢复处置：%(number)s"),
    "case.supervise": _("督办：%(number)s"),
    "case.reply_supervision": _("督办有回复：%(number)s"),
    "case.settle_supervision": _("督办已办结：%(number)s"),
    "case.due_soon": _("快到期：%(number)s"),
    "case.overdue": _("已超期：%(number)s"),
    "case.dormant": _("很久没有动静：%(number)s"),
    "standing.weekly": _("每周提要：%(subject)s"),
    "bulletin.submit": _("通报交审，轮到您审：%(title)s"),
    "bulletin.approve": _("通报过了一审，轮到您审：%(title)s"),
    "bulletin.pass": _("通报审完，待发出：%(title)s"),
    "bulletin.send_back": _("通报被退回：%(title)s"),
    "bulletin.issue": _("通报已发出：%(title)s"),
    "channel.test": _("试发一条：%(number)s"),
}

sentences(
    {
        "channel.robot": _("不是认得的群机器人地址：请粘贴企业微信、钉钉、飞书或 Lark 给的地址。"),
        "channel.name_taken": _("已有叫“%(name)s”的通道。"),
    }
)


def titled(name: str, facts: Mapping[str, Any]) -> str:
    """Return the sentence of a notice in the language in force; the event's name for an event without one."""
    return gettext(TITLES[name]) % facts if name in TITLES else name


def kind_title(name: str) -> str:
    """Return the sentence of an event with its facts left out, as a heading: "派来一件"."""
    return gettext(TITLES[name]).split("%(")[0].rstrip("：: ") if name in TITLES else name


def details(facts: Mapping[str, Any], zone: tzinfo, *, this_year: int | None = None) -> list[tuple[str, str]]:
    """Return the facts of a notice as (label, text) in the language in force; those that are not known are left out.

    The deadline leaves out the year where it is `this_year`.
    """
    due = str(facts.get("due") or "")
    said = moment(datetime.fromisoformat(due), zone, get_language(), this_year=this_year) if due else ""
    found = (
        (pgettext("notice", "类别"), facts.get("kind")),
        (pgettext("notice", "地点"), facts.get("place")),
        (pgettext("notice", "单位"), facts.get("unit")),
        (pgettext("notice", "期限"), said),
        (pgettext("notice", "审核"), facts.get("step")),
        (pgettext("notice", "文号"), facts.get("document")),
    )
    return [(label, str(text)) for label, text in (*found, *_standing(facts)) if text]


def _standing(facts: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return what a weekly digest says beside: where the subject stands, what is due, what helps most."""
    if "due_week" not in facts:
        return ()
    place = (
        gettext("%(score)s 分，第 %(rank)s 名（共 %(ranked)s 个）")
        if facts["rank"]
        else gettext("%(score)s 分，不排名")
    )
    helps = gettext("先结这几件最有用：%(helps)s") if facts["helps"] else ""
    return (
        (pgettext("notice", "到今天"), place % facts if facts["score"] else ""),
        (pgettext("notice", "七天内到期"), gettext("七天内到期 %(due_week)s 件，已逾期未结 %(late_open)s 件") % facts),
        (pgettext("notice", "建议"), helps % facts),
    )


def told(name: str, facts: Mapping[str, Any], zone: tzinfo, site: str) -> tuple[str, str]:
    """Return a notice as (title, body) of plain text in the language in force; the link stands last if `site` is known."""
    lines = [gettext("%(label)s：%(text)s") % {"label": label, "text": text} for label, text in details(facts, zone)]
    if site and facts.get("link"):
        lines.append(f"{site.rstrip('/')}{facts['link']}")
    return titled(name, facts), "\n".join(lines)
