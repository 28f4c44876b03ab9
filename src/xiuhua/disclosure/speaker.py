"""Part (d) of the meeting pack: one page for who speaks – what to say in which order, in two minutes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil

from django.utils.translation import gettext, override

from xiuhua.assessment.phrases import title
from xiuhua.assessment.words import CutOff, SubjectView
from xiuhua.disclosure.paper import Gap, Grid, Heading, Paper, Text, docx_bytes, pdf_bytes
from xiuhua.disclosure.rules.numbers import rate_moved
from xiuhua.disclosure.rules.printing import kept, rate, score
from xiuhua.disclosure.rules.printing import points as printed_points
from xiuhua.disclosure.rules.speaking import Point, fitting, seconds, total
from xiuhua.disclosure.rules.tasking import worst
from xiuhua.disclosure.said import day_said, month_said, source
from xiuhua.disclosure.words import Told
from xiuhua.ui.formats import english

#: How many names or classes are read out at once: more nobody remembers.
NAMED = 3
#: Widths of the columns: order, about, words, seconds.
WIDTHS = (9, 16, 63, 12)
#: Sizes of the words in points, the best for reading aloud first.
SIZES = (14, 13, 12, 11, 10, 9)
#: Millimetres that the table may be high and its widest column is wide, with the air of a cell taken off.
_HIGH, _WIDE, _AIR = 212, 170 * WIDTHS[2] / sum(WIDTHS) - 6, 4.5
_POINT = 25.4 / 72
#: Height of a line in sizes, in the looser of the two formats.
_LINE = 1.45


def speaker_pdf(told: Told) -> bytes:
    """Return the speaker's page as a PDF of one page, in the language of the telling."""
    return pdf_bytes(speaker_page(told))


def speaker_docx(told: Told) -> bytes:
    """Return the speaker's page as a DOCX, to be changed before the meeting."""
    return docx_bytes(speaker_page(told))


def speaker_page(told: Told) -> Paper:
    """Return the speaker's page; every number on it is one of the telling."""
    with override(told.language):
        said = fitting(list(speech(told)))
        rows = tuple((str(number), one.head, one.text, str(seconds(one.text))) for number, one in enumerate(said, 1))
        heading = gettext("%(month)s考核情况通报发言提纲") % {"month": month_said(told)}
        return Paper(
            title=heading,
            author=told.office.name,
            blocks=(
                Heading(heading),
                Text(
                    gettext("照念约 %(seconds)s 秒；左边是顺序，右边是每段的秒数") % {"seconds": total(said)},
                    quiet=True,
                ),
                Gap(2),
                Grid(
                    (gettext("顺序"), gettext("讲什么"), gettext("怎么讲"), gettext("秒")),
                    rows,
                    WIDTHS,
                    least=9,
                    left=frozenset({2}),
                    size=size([one.text for one in said]),
                ),
            ),
            made=told.made,
            language=told.language,
            foot=source(told),
        )


def size(texts: Sequence[str]) -> int:
    """Return the largest of SIZES in points at which the texts, one below the other in a column, stay on one page.

    A Han sign is as wide as its size, any other a little over half; words that are not broken leave some of a line empty.
    """
    for points in SIZES:
        millimetres = points * _POINT
        wide = [sum(1 if sign >= "\u2e80" else 0.56 for sign in text) * millimetres * 1.04 for text in texts]
        if sum(max(1, ceil(width / _WIDE)) * _LINE * millimetres + _AIR for width in wide) <= _HIGH:
            return points
    return SIZES[-1]


def speech(told: Told) -> Iterator[Point]:
    """Yield what there is to say, in the order in which a meeting hears it, before anything is left out for time."""
    names = gettext("、").join(one.name for one in told.pledges)
    parts = (
        (gettext("开场"), gettext("现在通报%(month)s城市管理考核情况。") % {"month": month_said(told)}, 0),
        (gettext("总体"), _overall(told), 0),
        (gettext("排名"), _ranking(told), 0),
        (gettext("变化"), _moved(told), 4),
        (gettext("问题"), _problems(told), 1),
        (gettext("重复点位"), _recurrent(told), 2),
        (gettext("点名"), _called_up(told), 3),
        (gettext("任务清单"), _tasks(told), 0),
        (gettext("要求"), _requests(told), 5),
        (gettext("表态"), gettext("下面请%(names)s依次表态发言。") % {"names": names} if names else "", 0),
    )
    yield from (Point(head, text, weight) for head, text, weight in parts if text)


def _overall(told: Told) -> str:
    totals = told.view.totals
    text = gettext(
        "%(month)s应结案 %(due)s 件，按期结案 %(on_time)s 件，按期率 %(rate)s，超期未结 %(overdue)s 件。"
    ) % {
        "month": month_said(told),
        "due": kept(totals, "due"),
        "on_time": kept(totals, "on_time"),
        "rate": rate(*totals.get("on_time", (0, 0))),
        "overdue": kept(totals, "overdue_open"),
    }
    running = gettext("本月未完，只是到此刻的情况。") if told.view.cut_off is CutOff.RUNNING else ""
    return running + text + _compared(told)


def _compared(told: Told) -> str:
    """Return how the rate on time moved against last month, in percentage points; nothing without a month to compare."""
    moved = rate_moved(told, "on_time")
    if moved is None:
        return ""
    if not moved:
        return gettext("按期率与上月持平。")
    text = (
        gettext("按期率比上月高 %(points)s 个百分点。")
        if moved > 0
        else gettext("按期率比上月低 %(points)s 个百分点。")
    )
    return text % {"points": printed_points(abs(moved), 1)}


def _ranking(told: Told) -> str:
    """Return who stands on the lists, by name and score; without lists the first and the last of those ranked."""
    ranked = [one for one in told.view.subjects if one.rank is not None]
    if not ranked:
        return ""
    red, black = told.listed.red, told.listed.black
    if told.view.cut_off is not CutOff.RUNNING and (red or black):
        said = {"red": _scored(red), "black": _scored(black)}
        return gettext("红榜：%(red)s。黑榜：%(black)s。") % said
    first, last = _scored(ranked[:1]), _scored(ranked[-1:])
    return gettext("第一是%(first)s，末位是%(last)s；本次不出榜。") % {"first": first, "last": last}


def _scored(subjects: tuple[SubjectView, ...] | list[SubjectView]) -> str:
    named = gettext("、").join(
        gettext("%(name)s %(score)s 分") % {"name": one.name, "score": score(one)} for one in subjects[:NAMED]
    )
    if len(subjects) > NAMED:
        return gettext("%(names)s等 %(count)s 个") % {"names": named, "count": len(subjects)}
    return named or "—"


def _moved(told: Told) -> str:
    """Return who of those ranked gained and who lost most points since last month; only real movements."""
    moved = [
        (change.points, one)
        for one in told.view.subjects
        if one.rank is not None and (change := told.changes.get(one.code)) is not None and change.points is not None
    ]
    digits = told.view.rounding.digits
    text = ""
    if moved and (best := max(moved, key=lambda each: each[0]))[0] > 0:
        facts = {"name": best[1].name, "points": printed_points(best[0], digits)}
        text += gettext("比上月提高最多的是%(name)s，高 %(points)s 分。") % facts
    if moved and (worst := min(moved, key=lambda each: each[0]))[0] < 0:
        facts = {"name": worst[1].name, "points": printed_points(-worst[0], digits)}
        text += gettext("下降最多的是%(name)s，低 %(points)s 分。") % facts
    return text


def _problems(told: Told) -> str:
    worst = [one for one in told.classes if one.overdue][:NAMED]
    if not worst:
        return ""
    named = gettext("、").join(
        gettext("%(class)s %(count)s 件") % {"class": one.class_name or gettext("未分类"), "count": one.overdue}
        for one in worst
    )
    return gettext("超期未结最多的是：%(classes)s。") % {"classes": named}


def _called_up(told: Told) -> str:
    """Return the class in which each unit called up has most overdue or late; nothing for one that has none."""
    said = []
    for subject in told.pledges:
        for one in worst(told.matrix, subject.code, 1):
            facts = {
                "unit": subject.name,
                "class": one.class_name or gettext("未分类"),
                "count": one.overdue or one.late,
            }
            text = gettext("%(unit)s主要是%(class)s，超期未结 %(count)s 件")
            said.append((text if one.overdue else gettext("%(unit)s主要是%(class)s，逾期结案 %(count)s 件")) % facts)
    return gettext("；").join(said) + gettext("。") if said else ""


def _recurrent(told: Told) -> str:
    if not told.recurrent:
        return ""
    first = told.recurrent[0]
    return gettext("同一处反复发生的有 %(count)s 处，最多的是%(where)s的“%(class)s”，%(times)s 次。") % {
        "count": len(told.recurrent),
        "where": first.where,
        "class": first.class_name,
        "times": first.times,
    }


def _requests(told: Told) -> str:
    between = " " if english(told.language) else ""
    return between.join(title(each) for each in told.labels.requirements)


def _tasks(told: Told) -> str:
    if not told.tasks:
        return ""
    days = sorted(task.due for task in told.tasks if task.due)
    text = gettext("任务清单草拟了 %(count)s 项，请各责任单位对照认领。") % {"count": len(told.tasks)}
    if not days:
        return text
    if days[0] == days[-1]:
        return text + gettext("时限都是%(day)s。") % {"day": day_said(days[0], told.language)}
    return text + gettext("最早%(first)s、最晚%(last)s完成。") % {
        "first": day_said(days[0], told.language),
        "last": day_said(days[-1], told.language),
    }
