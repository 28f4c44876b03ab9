"""The door behind the numbers of a month: the frozen cases that a figure counts, from the same snapshot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiuhua.analytics import queries as frozen
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.words import Count, DeadlineMonth, FactTable, MonthBy, Part, Where, Window
from xiuhua.cases.facts import CASE
from xiuhua.cases.policies import SEE, sees_all
from xiuhua.cases.queries import ids_by_number, numbers_seen
from xiuhua.cases.words import Cause, Verdict
from xiuhua.exchange.lists.cases import CHUNK, local, zone_in
from xiuhua.insight.facts import RECURRENCE
from xiuhua.insight.words import OVERDUE
from xiuhua.kernel.words import Actor, Refusal
from xiuhua.tables.writing import Cell, Sheet
from xiuhua.ui.formats import NONE, moment
from xiuhua.web.desk.downloads import buttons, form_in
from xiuhua.web.desk.frames import level_name
from xiuhua.web.desk.office import office, person, whole
from xiuhua.web.desk.places import narrowed
from xiuhua.web.desk.sheets import download
from xiuhua.web.desk.timing import due_words

PAGE = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Columns of the fact that an address may narrow to one value.
EQUAL = ("main_class", "sub_class", "channel", "due_cause", "verdict_cause", "duty")
#: What may be listed: closings and what followed them beside the cases of the month.
MEASURES = {**RECURRENCE.measures, **CASE.measures}
CAUSES = ("due_cause", "verdict_cause")
NAMED = ("main_class", "sub_class", "channel")
#: Microseconds since 1970 as an address writes them: up to the year 5138.
_MICROSECONDS = re.compile(r"[0-9]{1,17}")
#: What facts of recurrence do not hold of a case.
LACKING: dict[str, Any] = dict.fromkeys(("due_us", "own_due_us", "platform_verdict", "duty"))
#: Measures whose cases are shown with our own deadline beside the platform's.
BESIDE = frozenset({"own_on_time", "no_own_deadline", "deadline_differs", "verdict_differs", "dispatched_elsewhere"})


def _where(request: HttpRequest) -> Where:
    given = request.GET
    measure = given.get("measure", "")
    if measure and measure not in MEASURES:
        raise Http404
    held = {column.name for column in fact_of(measure).columns}
    if any(name not in held for name in EQUAL if name in {*given, *given.getlist("none")}):
        raise Http404
    return Where(
        measure=measure,
        part=Part(given["part"]) if given.get("part") in set(Part) else Part.KEPT,
        by=given.get("by", ""),
        subject=given.get("subject") or None,
        equal={name: given[name] for name in EQUAL if given.get(name)}
        | {name: None for name in given.getlist("none") if name in EQUAL},
        among=_among(given.getlist("any")),
        at_most={"due_us": int(until)} if _MICROSECONDS.fullmatch(until := given.get("due_until", "")) else {},
    )


def fact_of(measure: str) -> FactTable:
    """Return the table of facts that a measure counts; without one the cases."""
    return RECURRENCE if measure in RECURRENCE.measures else CASE


def _among(given: list[str]) -> dict[str, tuple[str, ...]]:
    """Return the columns that an address narrows to any of several values, each given as column:value."""
    found: dict[str, tuple[str, ...]] = {}
    for column, _colon, value in (text.partition(":") for text in given):
        if column in EQUAL:
            found[column] = (*found.get(column, ()), value)
    return found


def _instant(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else EPOCH + timedelta(microseconds=microseconds)


def _definition(where: Where) -> tuple[str, str]:
    """Return the title and the definition of what is listed."""
    measure = MEASURES.get(where.measure)
    if measure is None:
        return _("本月案件"), ""
    title = _(measure.title)
    if where.part is Part.OF and isinstance(measure, Count):
        title = _("%(measure)s的分母") % {"measure": title}
    if (where.measure, where.part) == (OVERDUE.measure, OVERDUE.part):
        return _said(_("超期数"), where), _("应结案件中没有按期结案的：过了期限才结的，和到截止时点还没有结的。")
    if where.part is Part.REST:
        title = _("%(measure)s以外的") % {"measure": title}
    return _said(title, where), _(measure.definition)


def _said(title: str, where: Where) -> str:
    """Return a title with the classes and channels to which the list is narrowed."""
    said = [value or _("没有写的") for name, value in where.equal.items() if name in NAMED]
    said += [value or _("没有写的") for name in NAMED for value in where.among.get(name, ())]
    said += [str(Cause(value).label) for name in CAUSES for value in where.among.get(name, ()) if value in Cause.values]
    return f"{title}（{'、'.join(map(str, said))}）" if said else title


def _narrowed(snapshot: Snapshot, where: Where, title: str) -> str:
    """Return a title with the cause or the unit to which the list is narrowed."""
    said = [str(Cause(value).label) for name, value in where.equal.items() if name in CAUSES and value in Cause.values]
    if duty := where.equal.get("duty"):
        said.append(_("该归%(unit)s") % {"unit": frozen.names(snapshot, "body").get(str(duty), duty)})
    return f"{title}：{'，'.join(said)}" if said else title


def _heading(listed: Listed, title: str) -> str:
    heading = _of_subject(listed.snapshot, listed.where, title)
    return f"{heading}：{listed.called}" if listed.called else heading


def _of_subject(snapshot: Snapshot, where: Where, title: str) -> str:
    if until := where.at_most.get("due_us"):
        when = moment(_instant(until) or EPOCH, zone_in(snapshot.tenant), get_language())
        title = _("%(measure)s，期限到 %(when)s 为止") % {"measure": title, "when": when}
    if not where.by:
        return _narrowed(snapshot, where, title)
    if where.subject is None:
        return _("%(measure)s：没有落到%(level)s的") % {
            "measure": title,
            "level": level_name(snapshot.tenant, where.by),
        }
    names = frozen.subjects(snapshot, fact=CASE.name, by=where.by)
    return f"{title}：{names.get(where.subject, where.subject)}"


def _rows(snapshot: Snapshot, where: Where, window: Window, offset: int, by: Actor) -> list[dict[str, Any]]:
    fact = fact_of(where.measure).name
    found = frozen.rows(snapshot, fact=fact, where=where, window=window, limit=PAGE, offset=offset)
    ids = ids_by_number(snapshot.tenant, [row["number"] for row in found], by=by)
    territories = frozen.names(snapshot, "territory")
    bodies = frozen.names(snapshot, "body")
    made = []
    for row in ({**LACKING, **one} for one in found):
        due, closed = _instant(row["due_us"]), _instant(row["closed_us"])
        made.append(
            {
                **row,
                **due_words(due, closed, snapshot.as_of),
                "case": ids.get(row["number"]),
                "reported": _instant(row["reported_us"]),
                "due": due,
                "closed": closed,
                "own_due": _instant(row["own_due_us"]),
                "verdict": Verdict(row["platform_verdict"]).label if row["platform_verdict"] else NONE,
                "duty_name": bodies.get(row["duty"], row["duty"] or NONE),
                "territory_name": territories.get(row["territory"], row["territory"] or NONE),
                "body_name": bodies.get(row["body"], row["body"] or NONE),
            }
        )
    return made


def _openable(snapshot: Snapshot, where: Where, window: Window, by: Actor) -> int | None:
    """Return how many of the listed cases somebody may open; None where he may open all there are."""
    if sees_all(by):
        return None
    if not by.may(SEE):
        return 0
    fact = fact_of(where.measure).name
    listed = frozen.by_column(snapshot, fact=fact, where=where, column="number", window=window)
    return len(listed.keys() & numbers_seen(snapshot.tenant, by=by))


def _window(request: HttpRequest, snapshot: Snapshot) -> Window:
    """Return the rule of months under which the figure was counted."""
    given = request.GET
    month_by = MonthBy.REPORTED if given.get("month_by") == MonthBy.REPORTED else MonthBy.DUE
    left = given.get("deadline_month") == DeadlineMonth.LEFT_CLOSED
    rule = DeadlineMonth.LEFT_CLOSED if left else DeadlineMonth.RIGHT_CLOSED
    return frozen.window_of(snapshot, month_by=month_by, deadline_month=rule)


@dataclass(frozen=True, slots=True)
class Listed:
    """What an address lists, how many there are, and what the place is called to which it is narrowed."""

    snapshot: Snapshot
    where: Where
    window: Window
    total: int
    called: str


def _listed(request: HttpRequest) -> Listed:
    """Return what an address lists. Raises Http404."""
    snapshot = frozen.snapshot_by_digest(office(request), request.GET.get("snapshot", ""))
    if snapshot is None:
        raise Http404
    window = _window(request, snapshot)
    try:
        place = narrowed(snapshot, _where(request), request.GET.dict(), person(request))
        total = frozen.count(snapshot, fact=fact_of(place.where.measure).name, where=place.where, window=window)
    except Refusal as refusal:
        raise Http404 from refusal
    return Listed(snapshot, place.where, window, total, place.called)


@require_safe
def frozen_sheet(request: HttpRequest, form: str) -> HttpResponseBase:
    """Return the whole list behind a figure as a file, in the order of its page."""
    wanted = form_in(form)
    listed = _listed(request)
    snapshot, where, window = listed.snapshot, listed.where, listed.window
    title = _heading(listed, _definition(where)[0])
    heads = [_("案号"), _("大类"), _("小类"), _("地域"), _("责任单位"), _("上报"), _("截止"), _("结案")]
    heads += [_("自算期限"), _("平台认定"), _("该归谁")]
    note = f"{title} {snapshot.digest}"
    widths = (22, 14, 16, 18, 20, 17, 17, 17, 17, 10, 20)
    return download(title, Sheet(title, heads, _frozen_rows(snapshot, where, window), widths, note), wanted)


def _frozen_rows(snapshot: Snapshot, where: Where, window: Window) -> Iterator[list[Cell]]:
    zone = zone_in(snapshot.tenant)
    territories, bodies = frozen.names(snapshot, "territory"), frozen.names(snapshot, "body")
    for offset in count(0, CHUNK):
        fact = fact_of(where.measure).name
        found = frozen.rows(snapshot, fact=fact, where=where, window=window, limit=CHUNK, offset=offset)
        for row in ({**LACKING, **one} for one in found):
            yield [
                row["number"],
                row["main_class"],
                row["sub_class"],
                territories.get(row["territory"], row["territory"] or ""),
                bodies.get(row["body"], row["body"] or ""),
                *(local(_instant(row[name]), zone) for name in ("reported_us", "due_us", "closed_us", "own_due_us")),
                str(Verdict(row["platform_verdict"]).label) if row["platform_verdict"] else "",
                bodies.get(row["duty"], row["duty"] or ""),
            ]
        if len(found) < CHUNK:
            return


@require_safe
def frozen_list(request: HttpRequest) -> HttpResponse:
    """Show the frozen cases behind a figure: ?snapshot=…&measure=on_time&part=kept&by=community&subject=…"""
    listed = _listed(request)
    snapshot, where, window, total = listed.snapshot, listed.where, listed.window, listed.total
    offset = whole(request.GET.get("from")) or 0
    by = person(request)
    rows = _rows(snapshot, where, window, offset, by)
    title, definition = _definition(where)
    context: dict[str, Any] = {
        "snapshot": snapshot,
        "heading": _heading(listed, title),
        "definition": definition,
        "total": total,
        "openable": _openable(snapshot, where, window, by),
        "rows": rows,
        "files": buttons("desk:frozen-sheet", {key: text for key, text in request.GET.dict().items() if key != "from"}),
        "beside": where.measure in BESIDE,
        "first": offset + 1,
        "last": offset + len(rows),
        "previous_href": _turned(request, max(offset - PAGE, 0)) if offset else "",
        "next_href": _turned(request, offset + PAGE) if offset + PAGE < total else "",
    }
    return render(request, "web/frozen.html", context)


def _turned(request: HttpRequest, offset: int) -> str:
    query = request.GET.copy()
    query["from"] = str(offset)
    return f"?{query.urlencode()}"
