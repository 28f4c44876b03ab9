"""The door behind the numbers of a month: the frozen rows that a figure counts, from the same snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiuhua.analytics import queries as frozen
from xiuhua.cases.facts import CASE
from xiuhua.cases.policies import SEE, sees_all
from xiuhua.cases.queries import ids_by_number, numbers_seen
from xiuhua.cases.words import Verdict
from xiuhua.exchange.lists.cases import CHUNK, local, zone_in
from xiuhua.kernel.words import Actor
from xiuhua.tables.writing import Cell, Sheet
from xiuhua.ui.formats import NONE
from xiuhua.web.desk.downloads import buttons, form_in
from xiuhua.web.desk.listed import Listed, definition, instant, listed
from xiuhua.web.desk.office import person, whole
from xiuhua.web.desk.recurring import beside_of, columns_of, filled
from xiuhua.web.desk.sheets import download
from xiuhua.web.desk.timing import due_words

PAGE = 50
#: Measures whose cases are shown with our own deadline beside the platform's.
BESIDE = frozenset({"own_on_time", "no_own_deadline", "deadline_differs", "verdict_differs", "dispatched_elsewhere"})


def _found(one: Listed, limit: int, offset: int) -> list[dict[str, Any]]:
    return frozen.rows(one.snapshot, fact=one.fact.name, where=one.where, window=one.window, limit=limit, offset=offset)


def _rows(one: Listed, offset: int, by: Actor) -> list[dict[str, Any]]:
    """Return a page of the list as it is shown: what every fact says of a case, then what only this one does."""
    snapshot, found = one.snapshot, _found(one, PAGE, offset)
    territories, bodies = frozen.names(snapshot, "territory"), frozen.names(snapshot, "body")
    other = beside_of(one, found)
    named = [row["number"] for row in found] + [str(number) for number in other.named]
    ids = ids_by_number(snapshot.tenant, named, by=by)
    return [
        {
            **row,
            "case": ids.get(row["number"]),
            "reported": instant(row["reported_us"]),
            "closed": instant(row["closed_us"]),
            "territory_name": territories.get(row["territory"], row["territory"] or NONE),
            "body_name": bodies.get(row["body"], row["body"] or NONE),
            **(_judged(one, row, bodies) if one.fact is CASE else {"more": filled(other, row, ids)}),
        }
        for row in found
    ]


def _judged(one: Listed, row: dict[str, Any], bodies: dict[str, str]) -> dict[str, Any]:
    """Return what only the fact of cases says: the deadlines and what became of them."""
    due, closed = instant(row["due_us"]), instant(row["closed_us"])
    return {
        **due_words(due, closed, one.snapshot.as_of),
        "due": due,
        "own_due": instant(row["own_due_us"]),
        "verdict": Verdict(row["platform_verdict"]).label if row["platform_verdict"] else NONE,
        "duty_name": bodies.get(row["duty"], row["duty"] or NONE),
    }


def _openable(one: Listed, by: Actor) -> int | None:
    """Return how many of the listed cases somebody may open; None where he may open all there are."""
    if sees_all(by):
        return None
    if not by.may(SEE):
        return 0
    numbers = frozen.by_column(
        one.snapshot, fact=one.fact.name, where=one.where, column=one.fact.key, window=one.window
    )
    return len(numbers.keys() & numbers_seen(one.snapshot.tenant, by=by))


@require_safe
def frozen_sheet(request: HttpRequest, form: str) -> HttpResponseBase:
    """Return the whole list behind a figure as a file, in the order of its page."""
    wanted = form_in(form)
    one = listed(request)
    title, _told = definition(one)
    heads, widths = [_("案号"), _("大类"), _("小类"), _("地域"), _("责任单位"), _("上报")], [22, 14, 16, 18, 20, 17]
    if one.fact is CASE:
        heads += [_("截止"), _("结案"), _("自算期限"), _("平台认定"), _("该归谁")]
        widths += [17, 17, 17, 10, 20]
    else:
        heads += [_("结案"), *(column.title for column in columns_of(one.where.measure))]
        widths += [17] * (len(heads) - len(widths))
    note = f"{title} {one.snapshot.digest}"
    return download(title, Sheet(title, heads, _sheet_rows(one), tuple(widths), note), wanted)


def _sheet_rows(one: Listed) -> Iterator[list[Cell]]:
    snapshot, zone = one.snapshot, zone_in(one.snapshot.tenant)
    territories, bodies = frozen.names(snapshot, "territory"), frozen.names(snapshot, "body")
    own = ("due_us", "closed_us", "own_due_us") if one.fact is CASE else ("closed_us",)
    for offset in count(0, CHUNK):
        found = _found(one, CHUNK, offset)
        other = beside_of(one, found)
        for row in found:
            line: list[Cell] = [
                row["number"],
                row["main_class"],
                row["sub_class"],
                territories.get(row["territory"], row["territory"] or ""),
                bodies.get(row["body"], row["body"] or ""),
                *(local(instant(row[name]), zone) for name in ("reported_us", *own)),
            ]
            if one.fact is CASE:
                line += [str(Verdict(row["platform_verdict"]).label) if row["platform_verdict"] else ""]
                line += [bodies.get(row["duty"], row["duty"] or "")]
            else:
                line += [cell.written(zone) for cell in filled(other, row, {})]
            yield line
        if len(found) < CHUNK:
            return


@require_safe
def frozen_list(request: HttpRequest) -> HttpResponse:
    """Show the frozen rows behind a figure: ?snapshot=…&measure=on_time&part=kept&by=community&subject=…"""
    one = listed(request)
    offset = whole(request.GET.get("from")) or 0
    by = person(request)
    rows = _rows(one, offset, by)
    heading, told = definition(one)
    context: dict[str, Any] = {
        "snapshot": one.snapshot,
        "heading": heading,
        "definition": told,
        "total": one.total,
        "openable": _openable(one, by),
        "rows": rows,
        "files": buttons("desk:frozen-sheet", {key: texts for key, texts in request.GET.lists() if key != "from"}),
        "judged": one.fact is CASE,
        "columns": () if one.fact is CASE else columns_of(one.where.measure),
        "beside": one.where.measure in BESIDE,
        "first": offset + 1,
        "last": offset + len(rows),
        "previous_href": _turned(request, max(offset - PAGE, 0)) if offset else "",
        "next_href": _turned(request, offset + PAGE) if offset + PAGE < one.total else "",
    }
    return render(request, "web/frozen.html", context)


def _turned(request: HttpRequest, offset: int) -> str:
    query = request.GET.copy()
    query["from"] = str(offset)
    return f"?{query.urlencode()}"
