"""The last sheet: what the numbers rest on, so that the file can be checked without its author."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext

from xiuhua.assessment.phrases import list_sentence, measure_title, rank_sentence, title
from xiuhua.disclosure.said import until
from xiuhua.disclosure.workbook.book import Cell, Col, Kind, Page
from xiuhua.disclosure.workbook.month import Month


def notes_page(month: Month, about: str) -> Page:
    """Return the sheet of notes: scheme, weights, rounding, ties, cut-off, digests, and what has no source."""
    rows: list[list[Cell]] = [[head, text] for head, text in _facts(month)]
    starts = len(rows)
    rows += [
        [one.part, gettext("没有来源，印作“—”；缺：%(source)s") % {"source": one.source}] for one in month.told.missing
    ]
    return Page(
        gettext("说明"),
        gettext("%(month)s成绩是怎样得出的") % {"month": month.name},
        about,
        [Col(gettext("事项"), Kind.TEXT, 22), Col(gettext("内容"), Kind.LONG, 100)],
        rows,
        rules=frozenset({starts}),
    )


def _facts(month: Month) -> Iterator[tuple[str, str]]:
    told, view = month.told, month.told.view
    if told.office.made_up:
        yield gettext("虚构"), gettext("本单位及其全部数据为演示而虚构。")
    yield (
        gettext("单位、月份"),
        gettext("%(office)s，%(month)s，考核对象：%(level)s")
        % {
            "office": told.office.name,
            "month": month.name,
            "level": told.office.level,
        },
    )
    yield (
        gettext("考核方案"),
        gettext("%(title)s（代码 %(code)s，第 %(version)s 版）")
        % {
            "title": title(view.title),
            "code": view.scheme,
            "version": view.version,
        },
    )
    weights = gettext("；").join(f"{title(line.title)} {line.full}" for line in month.lines)
    yield gettext("各项满分"), weights
    sections = view.subjects[0].sections if view.subjects else ()
    if len(sections) > 1:
        yield gettext("各分项满分"), gettext("；").join(f"{title(one.title)} {one.full}" for one in sections)
    yield gettext("取整、排名、同分"), rank_sentence(view)
    yield gettext("红黑榜"), list_sentence(view, told.listed, view.rule.red, view.rule.black)
    yield gettext("截止时点"), until(told)
    yield gettext("归月"), _attribution(month)
    yield gettext("数据快照"), view.snapshot
    yield gettext("成绩单摘要"), view.digest
    yield gettext("公式"), _formulas(month)
    if view.minimum:
        yield (
            gettext("样本门槛"),
            gettext("“%(measure)s”不少于 %(least)s 件才排名")
            % {
                "measure": measure_title(view.minimum.measure),
                "least": view.minimum.least,
            },
        )


def _attribution(month: Month) -> str:
    if month.told.view.month_by == "reported":
        return gettext("按上报时间归月。")
    return gettext("按期限归月；不属于任何考核对象的应结案件 %(count)s 件，另列。") % {
        "count": month.told.view.unplaced
    }


def _formulas(month: Month) -> str:
    if month.live:
        return gettext(
            "得分、分项、总分、取整、名次都是公式，从“扣分”一页的分子、分母和“方案”一页的参数算起；取整前先在第 8 位之后舍去二进制误差。"
        )
    return gettext("手头的方案算不出与成绩单相同的数（方案已改，或误差会影响取整），所以只列成绩单上的数，没有公式。")
