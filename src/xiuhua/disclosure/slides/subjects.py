"""One page for every subject: where it stands, its numbers, what is open, what it is asked to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext

from xiuhua.assessment.phrases import title, unranked_sentence
from xiuhua.assessment.words import SubjectView
from xiuhua.disclosure.rules import printing
from xiuhua.disclosure.rules.losing import lost_lines
from xiuhua.disclosure.slides.overall import ROWS, Page, bar_names, bars, list_of, page, parts
from xiuhua.disclosure.words import Told
from xiuhua.insight.phrases import clause
from xiuhua.ui.formats import NONE

CLASSES, CASES, LOSSES, SAYINGS = 4, 4, 2, 2
#: Sentences on changes that read out no list of classes, which stand at the left. Tasks have pages of their own.
SHORT = frozenset({"change.overdue.more", "change.overdue.less", "change.overdue.same"})


def subject_pages(told: Told) -> Iterator[Page]:
    """Yield a page for every subject in the order of the ranking; those without data share the last one."""
    empty = [subject for subject in told.view.subjects if _empty(told, subject)]
    for subject in told.view.subjects:
        if subject not in empty:
            yield page(told, "subject", subject.name, **_about(told, subject))
    for number, some in enumerate(parts(empty, ROWS)):
        if some:
            heads = [told.office.level, gettext("为什么没有单独一页")]
            rows = [[one.name, unranked_sentence(one.unranked)] for one in some]
            head = gettext("本月没有数据的") if not number else gettext("本月没有数据的（续）")
            yield page(told, "bare", head, heads=heads, rows=rows, widths=[34, 66])


def _empty(told: Told, subject: SubjectView) -> bool:
    """Return whether a page of its own would be empty: no score, nothing due, nothing open, nothing that came back."""
    due = subject.counts.get("due", (0, 0))[0]
    classes = any(one.subject == subject.code for one in told.matrix)
    return subject.score is None and not due and not classes and not any(_blocks(told, subject, []))


def _about(told: Told, subject: SubjectView) -> dict[str, Any]:
    counts = subject.counts
    own = [one for one in told.matrix if one.subject == subject.code]
    worst = [one for one in own if one.overdue or one.late][:CLASSES]
    open_ = [case for one in own for case in one.cases]
    change = told.changes[subject.code]
    return {
        "place": printing.place(subject.rank),
        "score": printing.score(subject),
        "list": list_of(told, subject),
        "standing": [
            (gettext("名次"), printing.place(subject.rank), _against(told, printing.change(change.places, 0))),
            (
                gettext("得分"),
                printing.score(subject),
                _against(told, printing.change(change.points, told.view.rounding.digits)),
            ),
            (gettext("按期结案率"), printing.rate(*counts.get("on_time", (0, 0))), _before(told, subject)),
            (gettext("超期未结"), printing.kept(counts, "overdue_open"), _of(counts)),
        ],
        "note": unranked_sentence(subject.unranked),
        "rows": bars(worst),
        "names": bar_names() | {"head": gettext("哪几类没有按期办结")},
        "none": gettext("没有超期未结和逾期结案的案件。"),
        "blocks": list(_blocks(told, subject, open_)),
    }


def _against(told: Told, change: str) -> str:
    """Return a change in words; nothing of a subject that one of two months that compare does not know."""
    if told.previous is None:
        return gettext("没有可比的上月")
    return "" if change == NONE else gettext("比上月 %(change)s") % {"change": change}


def _of(counts: printing.Counted) -> str:
    return gettext("应结案 %(due)s 件") % {"due": printing.kept(counts, "due")}


def _before(told: Told, subject: SubjectView) -> str:
    before = told.previous.subject(subject.code) if told.previous else None
    kept, of = before.counts.get("on_time", (0, 0)) if before else (0, 0)
    if told.previous is None:
        return gettext("没有可比的上月")
    return gettext("上月 %(rate)s") % {"rate": printing.rate(kept, of)} if of else ""


def _blocks(told: Told, subject: SubjectView, open_: list[str]) -> Iterator[dict[str, Any]]:
    lost = list(_lost(told, subject))
    if lost:
        yield {"head": gettext("失分最多的项目"), "said": lost}
    if open_:
        shown = gettext("、").join(open_[:CASES])
        more = gettext(" 等 %(count)s 件") % {"count": len(open_)} if len(open_) > CASES else ""
        yield {"head": gettext("到截止时点没有结案的"), "said": [shown + more]}
    again = [one for one in told.recurrent or () if one.subject == subject.code]
    if again:
        given = [
            gettext("%(where)s“%(class)s”%(times)s 次")
            % {"where": one.where, "class": one.class_name, "times": one.times}
            for one in again[:LOSSES]
        ]
        yield {"head": gettext("重复点位"), "said": given}
    said = [clause(one) for one in told.sayings if one.subject == subject.code and one.code in SHORT]
    if said:
        yield {"head": gettext("与以前比"), "said": said[:SAYINGS]}


def _lost(told: Told, subject: SubjectView) -> Iterator[str]:
    """Yield the largest losses in the points of their lines, as pledge sheets and workbook have them, and their cases."""
    for one in lost_lines(told, subject.code)[:LOSSES]:
        cases = sum(each.count for each in (told.losses or {}).get(subject.code, ()) if each.title == one.line.title)
        given = {
            "title": title(one.line.title),
            "points": printing.points(one.points, told.view.rounding.digits),
            "count": cases,
        }
        text = gettext("%(title)s失 %(points)s 分（%(count)s 件）") if cases else gettext("%(title)s失 %(points)s 分")
        yield text % given
