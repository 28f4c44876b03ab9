"""What stands under every table of a month: rounding, weights, ties, lists, cut-off, and by what it was made."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from xiuhua.assessment.phrases import list_sentence, rank_sentence, title
from xiuhua.assessment.words import CutOff
from xiuhua.disclosure.words import Told
from xiuhua.ui.formats import moment


def foot_notes(told: Told, *missing: str) -> tuple[str, ...]:
    """Return the notes under a table of scores in the active language; `missing` are the codes of its empty columns."""
    view = told.view
    rule = list_sentence(view, told.listed, view.rule.red, view.rule.black)
    notes = [weights(told), rank_sentence(view), rule, *_apart(told), *lacking(told, missing), made_by(told)]
    return tuple(note for note in notes if note)


def weights(told: Told) -> str:
    """Return of what the total is made up: "得分构成：按期结案率 60 分、结案率 40 分，满分 100 分。"."""
    parts = gettext("、").join(
        gettext("%(title)s %(full)s 分") % {"title": title(name), "full": full} for name, full in told.weights
    )
    given = {"scheme": title(told.view.title), "version": told.view.version, "parts": parts, "full": told.scheme_full}
    return gettext("方案“%(scheme)s”第 %(version)s 版，得分构成：%(parts)s，满分 %(full)s 分。") % given


def _apart(told: Told) -> Iterable[str]:
    if told.view.unplaced:
        given = {"count": told.view.unplaced, "level": told.office.level}
        yield gettext("另有 %(count)s 件应结案件没有归到任何%(level)s，只计入合计。") % given


def lacking(told: Told, codes: Iterable[str]) -> Iterable[str]:
    """Yield one sentence that names the sources of the columns that print "—", none where all have one."""
    found = [one for code in codes if (one := told.lacks(code))]
    if found:
        parts = [gettext("%(part)s缺%(source)s") % {"part": one.part, "source": one.source} for one in found]
        yield gettext("“—”表示没有数据来源：%(parts)s。") % {"parts": gettext("；").join(parts)}


def made_by(told: Told) -> str:
    """Return the cut-off, and when the system made the numbers of what: "…由系统于…依据快照…生成。"."""
    zone = ZoneInfo(told.office.zone)
    ended = gettext("（月末）") if told.view.cut_off is CutOff.END else ""
    if told.view.cut_off is CutOff.RUNNING:
        ended = gettext("（本月未完）")
    return gettext("数据截至 %(until)s%(ended)s；由系统于 %(made)s 依据快照 %(snapshot)s 生成。") % {
        "until": moment(datetime.fromisoformat(told.view.as_of), zone, told.language),
        "ended": ended,
        "made": moment(datetime.fromisoformat(told.made), zone, told.language),
        "snapshot": told.view.snapshot[:8],
    }
