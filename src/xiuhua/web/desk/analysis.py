"""The door to the analysis of a month: its sentences, the trends, the on-time rate with its interval, the matrix."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_safe

from xiuhua.analytics import queries as frozen
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.words import Where
from xiuhua.assessment.phrases import interval_label
from xiuhua.assessment.queries import history, latest
from xiuhua.insight.kept import kept_analysis
from xiuhua.insight.phrases import cause_word, class_word, than, unsaid_sentence
from xiuhua.insight.queries.recurrence import frozen_with_recurrence
from xiuhua.insight.rules.effort import CITIZENS, OTHER, OWN, side_where
from xiuhua.insight.rules.keeping import Recurring
from xiuhua.insight.rules.named import within
from xiuhua.insight.rules.overdue import of_unit
from xiuhua.insight.words import OVERDUE, Analysis, Compared, Effort, Tally
from xiuhua.tables.writing import Cell, Sheet
from xiuhua.ui.formats import month as month_name
from xiuhua.ui.formats import percent
from xiuhua.ui.scales import Axis, axis
from xiuhua.web.desk import figures
from xiuhua.web.desk.again import recurrence_table
from xiuhua.web.desk.chosen import Chosen, chosen
from xiuhua.web.desk.downloads import form_in
from xiuhua.web.desk.frames import level_name
from xiuhua.web.desk.layers import silence
from xiuhua.web.desk.month import shown
from xiuhua.web.desk.office import office
from xiuhua.web.desk.sayings import YEAR, Group, Sentence, by_subject, grouped, where_href
from xiuhua.web.desk.sheets import download

HUNDRED = 100
TREND_MONTHS = 13
MONTHS_OF_A_YEAR = 12
#: Gettext messages, worded where they are shown.
COMPARED = {Compared.REPORTED: noop("上报"), Compared.OVERDUE: noop("超期")}


@dataclass(frozen=True, slots=True)
class Told:
    """An analysis with the counts of recurrence, the snapshot it is of, and what is said where there is no hot spot."""

    analysis: Analysis
    recurring: Recurring
    snapshot: Snapshot
    silent: str


def told_of(choice: Chosen) -> Told | None:
    """Return the analysis of the chosen month, None where its snapshot is gone."""
    view = choice.view
    snapshot = frozen.snapshot_by_digest(choice.tenant, view.snapshot) if view else None
    if view is None or snapshot is None or choice.period is None:
        return None
    kept = kept_analysis(
        snapshot,
        by=choice.by,
        window=frozen.window_of(snapshot, month_by=view.month_by, deadline_month=view.deadline_month),
        previous=_earlier(choice, 1),
        last_year=_earlier(choice, MONTHS_OF_A_YEAR),
    )
    return Told(kept.analysis, kept.recurring, snapshot, silence(kept, snapshot))


def _earlier(choice: Chosen, months: int) -> Snapshot | None:
    """Return the snapshot from which an earlier month was assessed, else the newest of its end."""
    if choice.period is None:
        return None
    period = choice.period.shift(-months)
    view = latest(choice.tenant, period, choice.scheme, choice.by, choice.month_by)
    found = frozen.snapshot_by_digest(choice.tenant, view.snapshot) if view else None
    return found or frozen.snapshot_of(choice.tenant, period)


def _groups(choice: Chosen, told: Told) -> Iterator[Group]:
    said = grouped(choice, told.analysis.sayings)
    for key, title in (
        ("change", _("变化")),
        ("overdue", _("超期")),
        ("recur", _("复发")),
        ("hot", _("热点")),
        ("effort", _("力度")),
    ):
        own, year = said.get(key, []), said.get(YEAR, []) if key == "change" else []
        office_said = _office(own)
        unsaid = tuple(_unsaid(told.analysis)) if key == "change" else ()
        empty = "" if office_said or year or unsaid else _empty(key, told)
        yield Group(key, title, office_said, tuple(by_subject([*own, *year])), _office(year), unsaid, empty)


def _office(told: Iterable[tuple[str, str, Sentence]]) -> tuple[Sentence, ...]:
    return tuple(one for code, _name, one in told if not code)


def _unsaid(analysis: Analysis) -> Iterator[str]:
    """Yield what is not said of the office's changes, with the reason."""
    for change in analysis.changes:
        if change.why and not change.subject:
            about = {"what": _(COMPARED[change.compared]), "than": than(change.against.value)}
            yield _("%(what)s与%(than)s相比：%(why)s") % {**about, "why": unsaid_sentence(change)}


def _empty(key: str, told: Told) -> str:
    if key == "recur" and not frozen_with_recurrence(told.snapshot):
        return _("这个月定格时还没有找复发：重新冻结并计分以后就有。")
    return {
        "overdue": _("超期的件数太少，不点名。"),
        "recur": _("本月没有老地方又来的案件。"),
        "hot": told.silent,
        "effort": _("本月没有上报的案件。"),
    }[key]


def _trends(choice: Chosen) -> dict[str, Any]:
    """Return the on-time rate of each subject by month, all on one scale, and the same as one table."""
    if choice.period is None or choice.view is None:
        return {}
    past = history(choice.tenant, choice.scheme, choice.by, choice.period, TREND_MONTHS, month_by=choice.month_by)
    months = [month for month, view in past.items() if view]
    language = get_language()
    lines: list[dict[str, Any]] = []
    for subject in choice.view.subjects:
        points: list[dict[str, Any]] = []
        for place, month in enumerate(months):
            view = past[month]
            then = view.subject(subject.code) if view else None
            rate = figures.share(then.counts, "on_time") if then else None
            points.append(
                {
                    "label": month_name(month, language, short=bool(place)),
                    "long": month_name(month, language),
                    "value": HUNDRED * rate if rate is not None else None,
                    "text": percent(*then.counts.get("on_time", (0, 0))) if then else "—",
                }
            )
        lines.append({"name": subject.name, "points": points})
    values = [point["value"] for line in lines for point in line["points"] if point["value"] is not None]
    heads = [month_name(month, language, short=bool(place)) for place, month in enumerate(months)]
    return {"lines": lines, "among": values, "heads": heads}


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """Cases of a class in a subject, with their addresses; nothing due shows as empty."""

    due: int = 0
    overdue: int = 0
    due_href: str = ""
    overdue_href: str = ""


def _cell(choice: Chosen, tallies: Iterable[Tally], **narrow: Any) -> MatrixCell:
    found = list(tallies)
    due, overdue = sum(one.due for one in found), sum(one.overdue for one in found)
    if not due:
        return MatrixCell()
    narrowed = (_narrow(Where(measure="due"), choice, **narrow), _narrow(OVERDUE, choice, **narrow))
    return MatrixCell(due, overdue, *(where_href(choice, where) for where in narrowed))


def _narrow(where: Where, choice: Chosen, *, subject: str | None = "", **equal: str | None) -> Where:
    if subject is None:
        return Where(where.measure, where.part, choice.by, None, equal)
    return within(where, choice.by, subject, **equal)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Classes by subject: heads (code, name), rows (class, cells, total), the last row."""

    heads: tuple[tuple[str | None, str], ...]
    rows: tuple[tuple[str, tuple[MatrixCell, ...], MatrixCell], ...]
    totals: tuple[MatrixCell, ...]
    whole: MatrixCell


def matrix_of(choice: Chosen, analysis: Analysis) -> Matrix:
    """Return the matrix: classes with the most overdue first, subjects in the order of the ranking, unplaced last."""
    ranked = [subject.code for subject in choice.view.subjects] if choice.view else []
    heads: list[tuple[str | None, str]] = [(code, analysis.names.get(code, code)) for code in ranked]
    if any(one.due for one in analysis.matrix if one.subject is None):
        heads.append((None, _("没有落到的")))
    classes: dict[str | None, list[Tally]] = {}
    for one in analysis.matrix:
        if one.due:
            classes.setdefault(one.class_name, []).append(one)
    ordered = sorted(
        classes.items(),
        key=lambda item: (-sum(one.overdue for one in item[1]), -sum(one.due for one in item[1]), item[0] or ""),
    )
    rows = tuple(
        (
            class_word(name),
            tuple(
                _cell(choice, (one for one in tallies if one.subject == code), subject=code, sub_class=name)
                for code, _name in heads
            ),
            _cell(choice, tallies, sub_class=name),
        )
        for name, tallies in ordered
    )
    totals = tuple(
        _cell(choice, (one for one in analysis.matrix if one.subject == code), subject=code) for code, _name in heads
    )
    return Matrix(tuple(heads), rows, totals, _cell(choice, analysis.matrix))


def _sides(choice: Chosen, analysis: Analysis) -> Iterator[dict[str, Any]]:
    """Yield who found what, by subject, with the addresses of the cases."""
    for effort in analysis.effort:
        if effort.reported:
            name = analysis.names.get(effort.subject, effort.subject) or _("合计")
            reported = within(Where(measure="reported"), choice.by, effort.subject)
            yield {
                "name": name,
                "reported": (effort.reported, where_href(choice, reported)),
                "sides": [_side(choice, effort, side) for side in (OWN, CITIZENS, OTHER)],
                "share": percent(effort.own, effort.reported),
            }


def _side(choice: Chosen, effort: Effort, side: str) -> tuple[int, str]:
    count = {OWN: effort.own, CITIZENS: effort.citizens, OTHER: effort.others}[side]
    return count, where_href(choice, side_where(effort, side, choice.by)) if count else ""


def _overdue(choice: Chosen, analysis: Analysis) -> dict[str, Any]:
    whole = sum(one.overdue for one in analysis.overdue_units)
    units = [
        {
            "name": one.name or _("没有派给单位的"),
            "due": one.due,
            "overdue": one.overdue,
            "open": one.overdue_open,
            "late": one.late,
            "rate": percent(one.overdue, one.due),
            "share": percent(one.overdue, whole),
            "href": where_href(choice, of_unit(one.unit)),
        }
        for one in analysis.overdue_units
        if one.overdue
    ]
    columns = {"due_cause": _("平台期限与自算期限"), "verdict_cause": _("平台认定与自算结果")}
    apart = {"no_deadline": _("没有期限"), "undetermined": _("无法判定")}
    causes = [
        {
            "column": columns.get(one.column) or _("不进应结案的"),
            "name": apart.get(one.column) or cause_word(one.value, one.column),
            "count": one.count,
            "share": percent(one.count, one.of) if one.of else "—",
            "href": where_href(choice, one.where) if one.count else "",
        }
        for one in analysis.overdue_causes
        if one.column != "sub_class"
    ]
    return {"units": units, "causes": causes}


def _plotted(row: figures.Row, given: Mapping[str, Any]) -> str:
    """Return a row of the dot plot for the script that draws over it: its numbers, its words and the list behind its dot."""
    kept, of = row.on_time
    return json.dumps(
        {
            "name": row.subject.name,
            "kind": given["kind"],
            **{
                name: None if given[name] is None else float(given[name]) for name in ("value", "low", "high", "before")
            },
            "said": f"{given['text']}（{kept} / {of}）" if of else given["text"],
            "interval": given["interval"],
            "earlier": given["before_text"],
            "href": row.links["on_time"],
        },
        ensure_ascii=False,
    )


def _step(scale: Axis) -> float:
    """Return how far the ticks of an axis are apart."""
    return float(scale.ticks[1] - scale.ticks[0]) if len(scale.ticks) > 1 else float(scale.high - scale.low)


def _shown(_request: HttpRequest, choice: Chosen) -> dict[str, Any]:
    told = told_of(choice)
    if told is None:
        return {"gone": True}
    rows = figures.ranking_rows(choice)
    ends = [HUNDRED * row.rate for row in rows if row.rate is not None]
    ends += [HUNDRED * Fraction(end) for row in rows if row.interval for end in (row.interval.low, row.interval.high)]
    scale = axis(ends or [0, HUNDRED], floor=0, ceiling=HUNDRED)
    return {
        "groups": list(_groups(choice, told)),
        "rows": [(row, given, _plotted(row, given)) for row in rows for given in [figures.dot(row, scale)]],
        "scale": scale,
        "scale_plotted": json.dumps({"low": float(scale.low), "high": float(scale.high), "step": _step(scale)}),
        "interval_sentence": interval_label(choice.view) if choice.view else "",
        "trends": _trends(choice),
        "matrix": matrix_of(choice, told.analysis),
        "sides": list(_sides(choice, told.analysis)),
        "overdue": _overdue(choice, told.analysis),
        "table": recurrence_table(choice, told.snapshot, told.recurring),
    }


@require_safe
def analysis(request: HttpRequest) -> HttpResponse:
    """Show what the month says by rule, the trends, the dot plot and the matrix."""
    return shown(request, "web/analysis.html", _shown)


@require_safe
def matrix_sheet(request: HttpRequest, form: str) -> HttpResponseBase:
    """Return the matrix as a file: two columns, due and overdue, for each subject."""
    wanted = form_in(form)
    choice = chosen(request, office(request))
    told = told_of(choice)
    name = _("%(month)s小类与%(level)s") % {
        "month": str(choice.period or ""),
        "level": level_name(choice.tenant, choice.by),
    }
    matrix = matrix_of(choice, told.analysis) if told else Matrix((), (), (), MatrixCell())
    heads = [_("小类")]
    for _code, called in (*matrix.heads, (None, _("合计"))):
        heads += [_("%(name)s 应结") % {"name": called}, _("%(name)s 超期") % {"name": called}]
    rows = [*matrix.rows, (_("合计"), matrix.totals, matrix.whole)]
    note = f"{choice.view.as_of} {choice.view.snapshot}" if choice.view else ""
    widths = (20, *(12 for _head in heads[1:]))
    return download(name, Sheet(name, heads, (_numbers(*row) for row in rows), widths, note), wanted)


def _numbers(name: str, cells: Iterable[MatrixCell], whole: MatrixCell) -> list[Cell]:
    return [name, *(number for cell in (*cells, whole) for number in (cell.due, cell.overdue))]
