"""Why a case is due when it is, and whose it is: the bill and the answer behind a ruling, worked out again for reading."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from xiuhua.cases.models import Case, Ruling, Suspension
from xiuhua.cases.queries.rulebook import civil_zone
from xiuhua.clock.queries import Clock, office_clock
from xiuhua.clock.rules.deadlines import deadline
from xiuhua.clock.rules.limits import read
from xiuhua.clock.words import Deadline, Pause
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import PackUndecided, PackUnknown
from xiuhua.responsibility.queries import DutyBook, Places
from xiuhua.responsibility.rules.duty import resolve
from xiuhua.responsibility.words import Answer
from xiuhua.territory.queries import SiteUnknown, TerritoryUnknown


def pauses_of(case_id: int) -> tuple[Pause, ...]:
    """Return when the clock of a case stood still, oldest first; one that runs counts until it is to end. One query."""
    found = Suspension.objects.filter(case=case_id).order_by("since").values_list("since", "until", "ended_at")
    return tuple(Pause(since, ended or until) for since, until, ended in found)


@dataclass(frozen=True, slots=True)
class Bill:
    """A deadline with the steps that lead to it, and the clock that counted."""

    deadline: Deadline
    clock: Clock
    #: Whether it arrives at the moment that was stored; if not, the page must say so.
    holds: bool


def ruling_of(case: Case) -> Ruling | None:
    """Return what the rules say about a case, with condition, class, units and row; None before they were asked. One query."""
    wanted = ("condition__case_class__parent", "condition__pack", "body", "duty_row__pack")
    return Ruling.objects.filter(case=case).select_related(*wanted).first()


def bill_of(tenant: Tenant, case: Case, ruling: Ruling) -> Bill | None:
    """Return the bill of a ruling's deadline by the calendar as it stood when it was ruled; None without a deadline.

    It is the calendar that the ruling names, whichever the office has chosen since. At most ten queries.
    """
    if ruling.due_at is None or ruling.condition is None:
        return None
    code = ruling.calendar.partition("@")[0].partition("/")[2]  # "calendar/north@2026-1 + holidays/…"
    clock = _clock_then(tenant, code or None, ruling)
    if clock is None:
        return None
    found = deadline(
        case.started_at or case.reported_at,
        read(ruling.condition.limits),
        calendar=clock.calendar,
        regime=clock.on(case.reported_at.astimezone(civil_zone(tenant, clock)).date()).regime,
        zone=clock.zone,
        pauses=pauses_of(case.pk),
        extensions=ruling.extensions,
    )
    return Bill(found, clock, found.due_at == ruling.due_at)


def _clock_then(tenant: Tenant, code: str | None, ruling: Ruling) -> Clock | None:
    """Return the clock as it stood when a case was ruled on.

    Where the calendar was installed only later (a case entered afterwards, with its own times), it is the one of today:
    whether it arrives at the stored moment the bill says itself.
    """
    for installed_by in (ruling.ruled_at, None):
        try:
            return office_clock(tenant, code, installed_by=installed_by)
        except PackUnknown:
            continue
        except PackUndecided:
            return None
    return None


@dataclass(frozen=True, slots=True)
class DutyBehind:
    """Who answers for a case by the matrix, and what things are called."""

    answer: Answer
    book: DutyBook


def duty_behind(tenant: Tenant, case: Case, ruling: Ruling | None, zone: ZoneInfo) -> DutyBehind | None:
    """Return whose a case is and why, by the matrix in force on the day of its report; None without a matrix or place.

    Some ten queries.
    """
    if case.territory is None:
        return None
    try:
        book = DutyBook.load(tenant)
    except PackUndecided:
        return None
    day = case.reported_at.astimezone(zone).date()
    held = ruling.condition.case_class if ruling and ruling.condition else case.case_class
    point = (case.longitude, case.latitude) if case.longitude is not None and case.latitude is not None else None
    try:
        question = Places(tenant, book).question(
            held.key if held else "", day, territory=case.territory.code, point=point
        )
    except (TerritoryUnknown, SiteUnknown):
        return None
    return DutyBehind(resolve(book.matrix_on(day), question), book)
