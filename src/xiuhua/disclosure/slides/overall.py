"""The pages about the whole office: cover, five numbers, ranking, rates with their intervals, lists, classes, places, tasks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeVar

from django.utils.translation import gettext

from xiuhua.assessment.phrases import interval_label, unranked_sentence
from xiuhua.assessment.queries import interval
from xiuhua.assessment.words import CutOff, SubjectView
from xiuhua.disclosure.footing import foot_notes, made_by, weights
from xiuhua.disclosure.rules import printing
from xiuhua.disclosure.rules.numbers import rate_moved
from xiuhua.disclosure.words import Recurrent, Tallied, Told
from xiuhua.insight.phrases import sentence
from xiuhua.kernel.rules import Period
from xiuhua.ui.formats import NONE, day, month
from xiuhua.ui.scales import axis

Page = dict[str, Any]
T = TypeVar("T")
#: Rows that a meeting room can read on one page.
ROWS, TASKS, CLASSES, PLACES, SAYINGS = 14, 5, 8, 6, 6
HUNDRED = 100
DAY, HOUR = 86400, 3600


def page(told: Told, kind: str, head: str, **more: Any) -> Page:
    """Return a page with what all have: its head, the month, the cut-off, and that an office is made up."""
    return {
        "kind": kind,
        "head": head,
        "month": month(told.period, told.language),
        "office": told.office.name,
        "foot": made_by(told),
        "made_up": gettext("演示数据，街道为虚构") if told.office.made_up else "",
        **more,
    }


def parts(things: Sequence[T], most: int) -> list[Sequence[T]]:
    """Return a list in pieces of as equal a size as may be, none longer than `most`."""
    count = -(-len(things) // most) or 1
    ends = [round(len(things) * number / count) for number in range(count + 1)]
    return [things[start:end] for start, end in pairwise(ends)]


def opening(told: Told) -> Iterator[Page]:
    """Yield the pages before those of the subjects."""
    name = gettext("城市精细化管理%(month)s月份考核情况") % {"month": Period.parse(told.period).month}
    yield page(told, "cover", name, said=[gettext("月度例会"), weights(told)])
    yield page(told, "numbers", gettext("全%(office)s这个月") % {"office": told.office.name}, numbers=_numbers(told))
    yield from _ranking(told)
    yield from _rates(told)
    yield _lists(told)
    yield from _classes(told)
    yield _places(told)
    yield from _said(told)


def _moved(told: Told, measure: str, *, rate: bool) -> dict[str, str]:
    """Return the change of a number against last month, with which way is better; empty where months do not compare."""
    if told.previous is None:
        return {"text": gettext("没有可比的上月"), "tone": ""}
    if not all(measure in view.totals for view in (told.view, told.previous)):
        return {"text": "", "tone": ""}
    if rate:
        moved = rate_moved(told, measure)
        if moved is None:
            return {"text": "", "tone": ""}
        text = gettext("比上月 %(change)s 点") % {"change": printing.change(moved, 1)}
        return {"text": text, "tone": "good" if moved > 0 else "bad" if moved < 0 else ""}
    change = Fraction(told.view.totals[measure][0] - told.previous.totals[measure][0])
    tone = "" if measure == "due" else "bad" if change > 0 else "good" if change < 0 else ""
    return {"text": gettext("比上月 %(change)s 件") % {"change": printing.change(change, 0)}, "tone": tone}


def _numbers(told: Told) -> list[dict[str, Any]]:
    totals = told.view.totals
    on_time, closed = (totals.get(name, (0, 0)) for name in ("on_time", "closed"))
    seconds, handled = totals.get("median_close_seconds", (0, 0))
    return [
        {"label": gettext("按期结案率"), "value": printing.rate(*on_time), "moved": _moved(told, "on_time", rate=True)},
        {"label": gettext("结案率"), "value": printing.rate(*closed), "moved": _moved(told, "closed", rate=True)},
        {"label": gettext("应结案"), "value": printing.kept(totals, "due"), "moved": _moved(told, "due", rate=False)},
        {
            "label": gettext("超期未结"),
            "value": printing.kept(totals, "overdue_open"),
            "moved": _moved(told, "overdue_open", rate=False),
        },
        {"label": gettext("结案用时中位"), "value": _span(seconds, handled), "moved": {"text": "", "tone": ""}},
    ]


def _span(seconds: int, handled: int) -> str:
    if not handled:
        return NONE
    if seconds >= DAY:
        return gettext("%(count)s 天") % {"count": printing.points(Fraction(seconds, DAY), 1)}
    return gettext("%(count)s 小时") % {"count": printing.points(Fraction(seconds, HOUR), 1)}


def list_of(told: Told, subject: SubjectView) -> str:
    """Return "red", "black" or "" as the scheme's lists have it; nobody before the month is over."""
    if told.view.cut_off is CutOff.RUNNING:
        return ""
    if any(one.code == subject.code for one in told.listed.black):
        return "black"
    return "red" if any(one.code == subject.code for one in told.listed.red) else ""


def _ranking(told: Told) -> Iterator[Page]:
    told_of = [one for one in told.view.subjects if one.score is not None]
    unscored = len(told.view.subjects) - len(told_of)
    others = gettext("没有数据、不计分不排名的%(level)s：%(count)s 个。") % {
        "count": unscored,
        "level": told.office.level,
    }
    for number, subjects in enumerate(parts(told_of, ROWS)):
        rows = [
            {
                "place": printing.place(one.rank),
                "name": one.name,
                "score": printing.score(one),
                "share": float(one.exact / told.scheme_full) if one.exact is not None and told.scheme_full else 0.0,
                "change": printing.change(told.changes[one.code].places, 0),
                "list": list_of(told, one),
                "note": unranked_sentence(one.unranked),
            }
            for one in subjects
        ]
        head = gettext("考核排名") if not number else gettext("考核排名（续）")
        names = {"score": gettext("得分"), "change": gettext("名次比上月"), "rule": weights(told)}
        names["others"] = others if unscored else ""
        yield page(told, "ranking", head, rows=rows, names=names)


def _rates(told: Told) -> Iterator[Page]:
    known = [(one, found) for one in told.view.subjects if (found := interval(one))]
    if not known:
        return
    ends = [HUNDRED * Fraction(edge) for _one, found in known for edge in (found.low, found.high)]
    scale = axis(ends, floor=0, ceiling=HUNDRED)
    for number, subjects in enumerate(parts(known, ROWS)):
        rows = [
            {
                "name": one.name,
                "text": printing.rate(*one.counts["on_time"]),
                "at": scale.at(_rate(one), end=1.0),
                "low": scale.at(HUNDRED * Fraction(found.low), end=1.0),
                "high": scale.at(HUNDRED * Fraction(found.high), end=1.0),
                "list": list_of(told, one),
            }
            for one, found in subjects
        ]
        ticks = [
            {"at": scale.at(tick, end=1.0), "text": f"{printing.points(tick, scale.digits)}%"} for tick in scale.ticks
        ]
        rule = interval_label(told.view)
        head = gettext("按期结案率和它的可信范围") if not number else gettext("按期结案率和它的可信范围（续）")
        yield page(told, "dots", head, rows=rows, ticks=ticks, rule=rule)


def _rate(one: SubjectView) -> Fraction:
    kept, of = one.counts["on_time"]
    return Fraction(HUNDRED * kept, of) if of else Fraction(0)


def _lists(told: Told) -> Page:
    def side(subjects: Iterable[SubjectView]) -> list[dict[str, str]]:
        return [
            {"name": one.name, "score": printing.score(one), "rate": printing.rate(*one.counts.get("on_time", (0, 0)))}
            for one in subjects
        ]

    running = told.view.cut_off is CutOff.RUNNING
    red, black = ([], []) if running else (side(told.listed.red), side(told.listed.black))
    names = {
        "red": gettext("红榜"),
        "black": gettext("黑榜"),
        "none": gettext("本月未完，不出红黑榜") if running else gettext("无"),
        "rate": gettext("按期结案率"),
    }
    rule = foot_notes(told)[2]
    return page(told, "lists", gettext("红黑榜"), red=red, black=black, names=names, rule=rule)


def bars(found: Iterable[Tallied]) -> list[dict[str, Any]]:
    """Return classes as bars: how many were due, and of these late and overdue; the longest is 1."""
    found = list(found)
    most = max((one.due for one in found), default=0) or 1
    return [
        {
            "name": one.class_name or gettext("未分类"),
            "due": one.due / most,
            "overdue": one.overdue / most,
            "late": one.late / most,
            "text": gettext("应结案 %(due)s · 超期未结 %(overdue)s · 逾期结案 %(late)s")
            % {"due": one.due, "overdue": one.overdue, "late": one.late},
        }
        for one in found
    ]


def _classes(told: Told) -> Iterator[Page]:
    worst = [one for one in told.classes if one.overdue or one.late][:CLASSES]
    if worst:
        yield page(told, "bars", gettext("问题集中在哪几类"), rows=bars(worst), names=bar_names())


def bar_names() -> dict[str, str]:
    """Return the legend of bars."""
    return {"due": gettext("应结案"), "overdue": gettext("超期未结"), "late": gettext("逾期结案")}


def _said(told: Told) -> Iterator[Page]:
    """Yield what the analysis says of the whole office; what has pages of its own is left out."""
    said = [sentence(one) for one in told.sayings if not one.subject and not one.code.startswith(("recur.", "hot."))]
    for number, some in enumerate(parts(said, SAYINGS)):
        if some:
            head = gettext("变化和原因") if not number else gettext("变化和原因（续）")
            yield page(told, "text", head, said=list(some))


def _places(told: Told) -> Page:
    """Return recurrent places beside hot spots; what has no result says what is missing."""

    def lacking(code: str) -> str:
        found = told.lacks(code)
        return gettext("缺%(source)s") % {"source": found.source} if found else gettext("本月没有")

    again = [
        {
            "name": gettext("%(where)s · %(class)s") % {"where": one.where, "class": one.class_name},
            "text": _again(told, one),
        }
        for one in (told.recurrent or ())[:PLACES]
    ]
    spots = [
        {
            "name": one.name,
            "text": gettext("%(count)s 件，按平常应有 %(expected)s 件")
            % {"count": one.count, "expected": printing.points(one.expected, 1)},
        }
        for one in (told.hot or ())[:PLACES]
    ]
    sides = [
        {"head": gettext("重复点位"), "rows": again, "none": lacking("recurrent")},
        {"head": gettext("热点"), "rows": spots, "none": lacking("hot")},
    ]
    return page(told, "places", gettext("重复发生和集中的地方"), sides=sides)


def _again(told: Told, one: Recurrent) -> str:
    """Return whose a recurrent place is, how often it came back, and its first case: many places have no more of a name."""
    given = {"unit": told.name(one.subject), "times": one.times, "case": one.cases[0] if one.cases else NONE}
    return gettext("%(unit)s，%(times)s 次，第一件 %(case)s") % given


def tasked(told: Told) -> Iterator[Page]:
    """Yield the task list, and last what everything rests on."""
    heads = [gettext("问题"), gettext("措施"), gettext("完成时限"), gettext("责任单位")]
    year = Period.parse(told.period).year
    for number, tasks in enumerate(parts(told.tasks, TASKS)):
        rows = [
            [one.problem, one.remedy, day(date.fromisoformat(one.due), told.language, this_year=year), one.unit]
            for one in tasks
        ]
        head = gettext("任务清单（草稿）") if not number else gettext("任务清单（草稿，续）")
        if rows:
            yield page(told, "table", head, heads=heads, rows=rows, widths=[26, 44, 12, 18])
    yield page(told, "ground", gettext("这些数字从哪里来"), said=list(_ground(told)))


def _ground(told: Told) -> Iterator[str]:
    yield from foot_notes(told, *(one.code for one in told.missing if one.code))
