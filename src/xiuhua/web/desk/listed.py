"""What the address of a figure lists: which frozen rows, of which fact, and what they are called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.http import Http404, HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xiuhua.analytics import queries as frozen
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.registry import fact_of
from xiuhua.analytics.words import Count, DeadlineMonth, FactTable, MonthBy, Part, Where, Window
from xiuhua.cases.facts import CASE
from xiuhua.cases.words import Cause
from xiuhua.exchange.lists.cases import zone_in
from xiuhua.insight.words import OVERDUE
from xiuhua.kernel.words import Refusal
from xiuhua.ui.formats import moment
from xiuhua.web.desk.frames import level_name
from xiuhua.web.desk.office import office, person
from xiuhua.web.desk.places import narrowed

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Columns of a fact that an address may narrow to one value.
EQUAL = ("main_class", "sub_class", "channel", "due_cause", "verdict_cause", "duty")
CAUSES = ("due_cause", "verdict_cause")
NAMED = ("main_class", "sub_class", "channel")
#: Microseconds since 1970 as an address writes them: up to the year 5138.
_MICROSECONDS = re.compile(r"[0-9]{1,17}")


@dataclass(frozen=True, slots=True)
class Listed:
    """What an address lists, how many there are, and what the place is called to which it is narrowed."""

    snapshot: Snapshot
    fact: FactTable
    where: Where
    window: Window
    total: int
    called: str


def listed(request: HttpRequest) -> Listed:
    """Return what an address lists. Raises Http404."""
    snapshot = frozen.snapshot_by_digest(office(request), request.GET.get("snapshot", ""))
    if snapshot is None:
        raise Http404
    window = _window(request, snapshot)
    fact = _fact(request)
    try:
        place = narrowed(snapshot, _where(request, fact), request.GET.dict(), person(request))
        total = frozen.count(snapshot, fact=fact.name, where=place.where, window=window)
    except Refusal as refusal:
        raise Http404 from refusal
    return Listed(snapshot, fact, place.where, window, total, place.called)


def instant(microseconds: int | None) -> datetime | None:
    """Return a frozen instant, None for none."""
    return None if microseconds is None else EPOCH + timedelta(microseconds=microseconds)


def _fact(request: HttpRequest) -> FactTable:
    """Return the fact that an address counts: that of its measure, without one the cases of the month."""
    measure = request.GET.get("measure", "")
    try:
        return fact_of(measure) if measure else CASE
    except KeyError as unknown:
        raise Http404 from unknown


def _where(request: HttpRequest, fact: FactTable) -> Where:
    given = request.GET
    columns = {column.name for column in fact.columns}
    known = [name for name in EQUAL if name in columns]
    among = _among(given.getlist("any"))
    if (among.keys() | {name for name in EQUAL if given.get(name)} | {*given.getlist("none")}) - {*known}:
        raise Http404  # what the fact does not hold would widen the list in silence
    until = given.get("due_until", "") if "due_us" in columns else ""
    return Where(
        measure=given.get("measure", ""),
        part=Part(given["part"]) if given.get("part") in set(Part) else Part.KEPT,
        by=given.get("by", ""),
        subject=given.get("subject") or None,
        equal={name: given[name] for name in known if given.get(name)} | dict.fromkeys(given.getlist("none")),
        among=among,
        at_most={"due_us": int(until)} if _MICROSECONDS.fullmatch(until) else {},
    )


def _among(given: list[str]) -> dict[str, tuple[str, ...]]:
    """Return the columns that an address narrows to any of several values, each given as column:value."""
    found: dict[str, tuple[str, ...]] = {}
    for column, _colon, value in (text.partition(":") for text in given):
        found[column] = (*found.get(column, ()), value)
    return found


def _window(request: HttpRequest, snapshot: Snapshot) -> Window:
    """Return the rule of months under which the figure was counted."""
    given = request.GET
    month_by = MonthBy.REPORTED if given.get("month_by") == MonthBy.REPORTED else MonthBy.DUE
    left = given.get("deadline_month") == DeadlineMonth.LEFT_CLOSED
    rule = DeadlineMonth.LEFT_CLOSED if left else DeadlineMonth.RIGHT_CLOSED
    return frozen.window_of(snapshot, month_by=month_by, deadline_month=rule)


def definition(one: Listed) -> tuple[str, str]:
    """Return the heading and the definition of what is listed."""
    title, told = _defined(one.fact, one.where)
    heading = _of_subject(one, title)
    return (f"{heading}：{one.called}" if one.called else heading), told


def _defined(fact: FactTable, where: Where) -> tuple[str, str]:
    measure = fact.measures.get(where.measure)
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


def _of_subject(one: Listed, title: str) -> str:
    snapshot, where = one.snapshot, one.where
    if until := where.at_most.get("due_us"):
        when = moment(instant(until) or EPOCH, zone_in(snapshot.tenant), get_language())
        title = _("%(measure)s，期限到 %(when)s 为止") % {"measure": title, "when": when}
    if not where.by:
        return _narrowed(snapshot, where, title)
    if where.subject is None:
        return _("%(measure)s：没有落到%(level)s的") % {
            "measure": title,
            "level": level_name(snapshot.tenant, where.by),
        }
    names = frozen.subjects(snapshot, fact=one.fact.name, by=where.by)
    return f"{title}：{names.get(where.subject, where.subject)}"
