"""What every sheet of paper of the pack says alike: whose month, as of when, from which numbers."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from xiuhua.assessment.words import CutOff
from xiuhua.disclosure.words import Told
from xiuhua.ui.formats import english, month


def month_said(told: Told) -> str:
    """Return the month in words."""
    return month(told.period, told.language)


def until(told: Told) -> str:
    """Return as of when the numbers stand, on the office's clock, and whether the month was over by then."""
    said = {
        CutOff.END: gettext("月末"),
        CutOff.RUNNING: gettext("本月未完"),
        CutOff.HINDSIGHT: gettext("月后补看"),
    }
    moment = datetime.fromisoformat(told.view.as_of).astimezone(ZoneInfo(told.office.zone))
    return gettext("%(moment)s（%(what)s）") % {"moment": f"{moment:%Y-%m-%d %H:%M}", "what": said[told.view.cut_off]}


def source(told: Told) -> str:
    """Return the line that stands under everything: office, month, cut-off, snapshot; and that it is made up, if it is."""
    made_up = gettext("（虚构数据）") if told.office.made_up else ""
    return gettext("%(office)s%(made_up)s · %(month)s · 截止 %(cut_off)s · 快照 %(snapshot)s") % {
        "office": told.office.name,
        "made_up": made_up,
        "month": month_said(told),
        "cut_off": until(told),
        "snapshot": told.view.snapshot[:12],
    }


def day_said(iso: str, language: str) -> str:
    """Return a day "2026-11-20" as people say it: "11月20日", in English "20 Nov 2026"; "—" for none."""
    if not iso:
        return "—"
    when = datetime.fromisoformat(iso)
    return f"{when:%d %b %Y}".lstrip("0") if english(language) else f"{when.month}月{when.day}日"
