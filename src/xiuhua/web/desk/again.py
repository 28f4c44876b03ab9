"""The recurrent places of a month as one list: all of them, each with the cases that came back; and how many, by subject."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiuhua.analytics import queries as frozen
from xiuhua.analytics.models import Snapshot
from xiuhua.insight.queries.recurrence import frozen_with_recurrence, recurrence_tally, recurrent_places, rule_of
from xiuhua.insight.rules.keeping import Recurring
from xiuhua.insight.words import Place
from xiuhua.tables.writing import Cell, Sheet
from xiuhua.ui.formats import NONE, percent, thousands
from xiuhua.web.desk.chosen import Chosen, chosen
from xiuhua.web.desk.downloads import buttons, form_in
from xiuhua.web.desk.figures import behind
from xiuhua.web.desk.frames import level_name
from xiuhua.web.desk.month import shown
from xiuhua.web.desk.office import office
from xiuhua.web.desk.registers import chips, given_in, paged
from xiuhua.web.desk.sheets import download
from xiuhua.web.desk.sorting import Key, Order, order_in

PARAMETERS = ("class", "subject")
#: The measures of the table by subject: (measure, whether its base is shown beside it).
TABLE = (("repeats", True), ("recurred", True), ("clustered", False), ("left_out", False))


@dataclass(frozen=True, slots=True)
class _Line:
    """A place as the list has it: what it is called, its class, whose it is, how many came back, their address."""

    where: str
    name: str
    subject: str
    times: int
    href: str


#: What may order the list.
ORDERS: Mapping[str, Key[_Line]] = {
    "where": lambda one: one.where,
    "class": lambda one: one.name,
    "subject": lambda one: one.subject,
    "times": lambda one: one.times,
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """The list as an address asks for it: its lines in order, what may be asked, what is."""

    lines: Sequence[_Line]
    classes: Sequence[str]
    names: dict[str, str]
    given: dict[str, str]
    order: Order[_Line]


def places_href(choice: Chosen, subject: str = "") -> str:
    """Return the address of the month's recurrent places, of all or of those where a subject has cases."""
    return f"{reverse('desk:again')}?{choice.query(subject=subject or None)}"


def _snapshot(choice: Chosen) -> Snapshot | None:
    return frozen.snapshot_by_digest(choice.tenant, choice.view.snapshot) if choice.view else None


def _asked(request: HttpRequest, choice: Chosen, snapshot: Snapshot | None) -> _Asked:
    given = given_in(request, PARAMETERS)
    order = order_in(request, ORDERS, "-times")
    if snapshot is None:
        return _Asked((), (), {}, given, order)
    names = frozen.subjects(snapshot, fact="recurrence", by=choice.by)
    places = recurrent_places(snapshot, by=choice.by)
    subject = given.get("subject", "")
    found = [
        _line(choice, place, subject, names)
        for place in places
        if place.back_in(subject) and given.get("class") in {None, place.class_name}
    ]
    return _Asked(order.of(found), sorted({place.class_name for place in places}), names, given, order)


def _line(choice: Chosen, place: Place, subject: str, names: dict[str, str]) -> _Line:
    whose = {"by": choice.by, "subject": subject} if subject else {}
    code = subject or place.subject
    return _Line(
        place.where_text or _("没有名字的地方"),
        place.class_name,
        names.get(code, code) if code else NONE,
        place.back_in(subject),
        behind(choice, "repeats", again=place.cases[0], **whose),
    )


def _page(request: HttpRequest, choice: Chosen) -> dict[str, Any]:
    snapshot = _snapshot(choice)
    asked = _asked(request, choice, snapshot)
    level = level_name(choice.tenant, choice.by)
    month = dict(parse_qsl(choice.query()))
    kept = {**month, **asked.given, "sort": asked.order.asked}
    listed = paged(request, asked.lines, kept)
    every = ("", _("全部"))
    labels = {"class": _("类别"), "subject": level}
    said = {
        name: f"{labels[name]}：{asked.names.get(value, value) if name == 'subject' else value}"
        for name, value in asked.given.items()
    }
    return {
        **listed,
        "kept": month,
        "given": asked.given,
        "chips": [{**chip, "href": f"{chip['href']}&{choice.query()}"} for chip in chips(asked.given, said)],
        "clear": places_href(choice),
        "classes": [every, *((name, name) for name in asked.classes)],
        "subjects": [every, *asked.names.items()],
        "level": level,
        "heads": asked.order.heads({**month, **asked.given}, least_first=("where", "class", "subject")),
        "returns": (sum(line.times for line in asked.lines), _whole(choice, asked)),
        "files": buttons("desk:again-sheet", kept),
        "known": snapshot is not None and frozen_with_recurrence(snapshot),
        "rule": rule_of(snapshot) if snapshot else {},
        "table": recurrence_table(choice, snapshot) if snapshot else [],
    }


def _whole(choice: Chosen, asked: _Asked) -> str:
    """Return the address of all cases that came back at the listed places, "" where a class narrows them."""
    if asked.given.get("class"):
        return ""
    subject = asked.given.get("subject")
    return behind(choice, "repeats", **({"by": choice.by, "subject": subject} if subject else {}))


def recurrence_table(choice: Chosen, snapshot: Snapshot, counted: Recurring | None = None) -> list[dict[str, Any]]:
    """Return how often problems came back: each subject, who has none, the total; every count with its list.

    `counted` are the counts of the snapshot where they are known; without them they are read.
    """
    if not frozen_with_recurrence(snapshot):
        return []
    tally = counted or recurrence_tally(snapshot, choice.by)
    order = [subject.code for subject in choice.view.subjects] if choice.view else []
    known = [*order, *(code for code in tally.groups if code is not None and code not in order)]
    level = level_name(choice.tenant, choice.by)
    lines: list[tuple[str, dict[str, str | None], Any]] = [
        (tally.names.get(code, code), {"by": choice.by, "subject": code}, tally.groups[code])
        for code in known
        if code in tally.groups
    ]
    if unplaced := tally.groups.get(None):
        lines.append((_("没有落到%(level)s的") % {"level": level}, {"by": choice.by}, unplaced))
    lines.append((_("合计"), {}, tally.total))
    return [{"name": name, "cells": list(_cells(choice, where, counts))} for name, where, counts in lines]


def _cells(choice: Chosen, where: dict[str, str | None], counts: Any) -> Iterator[dict[str, Any]]:
    for measure, based in TABLE:
        kept, of = counts[measure]
        if based:
            yield _cell(choice, measure, "of", of, where)
        yield _cell(choice, measure, "kept", kept, where)
        if based:
            yield {"text": percent(kept, of)}


def _cell(choice: Chosen, measure: str, part: str, count: int, where: dict[str, str | None]) -> dict[str, Any]:
    return {"text": thousands(count), "count": count, "href": behind(choice, measure, part, **where) if count else ""}


@require_safe
def again(request: HttpRequest) -> HttpResponse:
    """Show the places where problems came back in the month: ?month=…&by=…&class=…&subject=…&sort=-times"""
    return shown(request, "web/again.html", _page)


@require_safe
def again_sheet(request: HttpRequest, form: str) -> HttpResponseBase:
    """Return the recurrent places as a file, as they are filtered and ordered on the page."""
    wanted = form_in(form)
    choice = chosen(request, office(request))
    asked = _asked(request, choice, _snapshot(choice))
    name = _("%(month)s复发的地方") % {"month": str(choice.period or "")}
    heads = [_("地方"), _("类别"), level_name(choice.tenant, choice.by), _("又来（件）")]
    note = f"{choice.view.as_of} {choice.view.snapshot}" if choice.view else ""
    rows: Iterator[list[Cell]] = ([one.where, one.name, one.subject, one.times] for one in asked.lines)
    return download(name, Sheet(name, heads, rows, (40, 20, 24, 10), note), wanted)
