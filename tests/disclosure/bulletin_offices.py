"""A small office with an assessed month, for tests of bulletins."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.living import Office, make_office

from xiuhua.assessment.actions import assess
from xiuhua.cases.models import Case
from xiuhua.disclosure.actions.drafting import month_and_draft, write_draft
from xiuhua.disclosure.bulletin import Draft
from xiuhua.disclosure.models import Bulletin
from xiuhua.disclosure.words import Told
from xiuhua.kernel.rules import Period

MONTH = Period(2026, 11)
#: Key of an office → what its month tells.
_MADE: dict[int, tuple[Told, Draft]] = {}


def assessed_office(code: str = "bulletins") -> Office:
    """Open an office whose November is assessed: three cases due in A, one of them closed, two in B, both open."""
    office = make_office(code)
    for number, place in enumerate("AAABB"):
        case = office.report("ina", place)
        due = office.now + timedelta(days=1)
        closed = due - timedelta(hours=1) if number == 0 else None
        Case.objects.filter(pk=case.pk).update(due_at=due, closed_at=closed, stage="closed" if closed else "filed")
    assess(office.tenant, MONTH, scheme="basic", by_level="community", by=office.actor("stan"), at=office.later(days=8))
    return office


def begun(office: Office, by: str = "cleo") -> Bulletin:
    """Begin the bulletin of November; what the month tells is gathered once for all tests of an office."""
    made = _MADE.get(office.tenant.pk)
    if made is None:
        asked = {"scheme": "basic", "by_level": "community", "month_by": "due"}
        made = _MADE[office.tenant.pk] = month_and_draft(office.tenant, MONTH, **asked)
    return write_draft(office.tenant, *made, by=office.actor(by), at=at(office))


def at(office: Office) -> datetime:
    """Let a minute pass and return the moment."""
    return office.later(minutes=1)
