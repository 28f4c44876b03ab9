"""Part (g) of the meeting pack: one picture for the messaging group – places, rates, scores, red and black, from when.

It is read on a phone at a third of its size: nothing is written small. Units only, never persons. The same telling gives
the same bytes on the same machine; another font draws other letters. The picture and `picture_page` are one page: what the
picture shows is what the page says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, override, pgettext

from xiuhua.assessment.phrases import title, unranked_sentence
from xiuhua.assessment.queries import named
from xiuhua.assessment.words import CutOff, SubjectView
from xiuhua.disclosure import typesetting
from xiuhua.disclosure.rules.printing import kept, place, rate, score
from xiuhua.disclosure.words import Told
from xiuhua.ui.formats import english
from xiuhua.ui.formats import month as month_name

#: Pixels across.
WIDTH = 1080
#: More subjects than this do not fit on a phone: only the two lists are drawn.
MOST = 20
#: The colour of the red list and of the house mark (ui/tokens.css).
SEAL = "#b3301f"
_TEMPLATE = "picture.typ"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the picture: a subject, or a heading where `subject` is None."""

    subject: SubjectView | None
    text: str = ""


def picture(told: Told) -> bytes:
    """Return the PNG, WIDTH pixels wide, in the language of the telling. Raises FontMissing."""
    return typesetting.png(_TEMPLATE, _data(told))


def picture_page(told: Told) -> bytes:
    """Return the page of the picture as a PDF, whose words can be read. Raises FontMissing."""
    return typesetting.pdf(_TEMPLATE, _data(told), told.made)


def chosen_rows(told: Told) -> Iterator[Row]:
    """Yield what is drawn: every subject by group and rank; of more than MOST only those on the lists."""
    subjects = list(told.view.subjects)
    lists = named(told.view)
    kept = [one for one in subjects if len(subjects) <= MOST or one.code in lists]
    several = len({one.group for one in kept}) > 1
    titles = {group.code: title(group.title) for group in told.view.groups}
    for number, one in enumerate(kept):
        if several and (not number or kept[number - 1].group != one.group):
            yield Row(None, titles.get(one.group, gettext("未分组")))
        yield Row(one)
    if len(kept) < len(subjects):
        yield Row(None, gettext("其余 %(count)s 个对象略，见成绩表") % {"count": len(subjects) - len(kept)})


def _notes(told: Told) -> Iterator[str]:
    view = told.view
    until = datetime.fromisoformat(view.as_of).astimezone(ZoneInfo(told.office.zone))
    if told.office.made_up:
        yield gettext("虚构单位、虚构数据，仅供演示。")
    if view.cut_off is CutOff.RUNNING:
        yield gettext("本月未完：只是到截止时点的先后，不是榜。")
    yield gettext("数据截止 %(moment)s；按期率 = 按期结案数 ÷ 应结案数。") % {"moment": f"{until:%Y-%m-%d %H:%M}"}
    yield gettext("来源：%(office)s考核结果，方案“%(scheme)s”第 %(version)s 版，快照 %(snapshot)s。") % {
        "office": told.office.name,
        "scheme": title(view.title),
        "version": view.version,
        "snapshot": view.snapshot[:12],
    }


def _data(told: Told) -> dict[str, Any]:
    with override(told.language):
        lists = named(told.view)
        totals = told.view.totals
        return {
            "lang": "en" if english(told.language) else "zh",
            "region": "GB" if english(told.language) else "CN",
            "width": WIDTH,
            "seal": SEAL,
            "author": told.office.name,
            "head": gettext("%(office)s %(month)s考核")
            % {"office": told.office.name, "month": month_name(told.period, told.language)},
            "said": gettext("应结案 %(due)s 件，按期结案 %(on_time)s 件，按期率 %(rate)s")
            % {
                "due": kept(totals, "due"),
                "on_time": kept(totals, "on_time"),
                "rate": rate(*totals.get("on_time", (0, 0))),
            },
            "heads": {
                "place": gettext("名次"),
                "name": told.office.level,
                "rate": gettext("按期率"),
                "score": gettext("总分"),
            },
            "lists": {"red": pgettext("picture", "红榜"), "black": pgettext("picture", "黑榜")},
            "rows": [_row(row, lists) for row in chosen_rows(told)],
            "notes": list(_notes(told)),
        }


def _row(row: Row, lists: dict[str, str]) -> dict[str, Any]:
    one = row.subject
    if one is None:
        return {"kind": "note", "text": row.text}
    on_time, due = one.counts.get("on_time", (0, 0))
    return {
        "kind": "subject",
        "place": place(one.rank),
        "name": one.name,
        "share": on_time / due if due else 0.0,
        "rate": rate(on_time, due),
        "score": score(one),
        "list": lists.get(one.code, ""),
        "note": gettext("不排名") if unranked_sentence(one.unranked) else "",
    }
