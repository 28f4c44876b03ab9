"""Where a running month stands: the written score of the cut-off, what falls due, who would be listed today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from xiuhua.assessment.models import Assessment
from xiuhua.assessment.queries.lift import lift_of
from xiuhua.assessment.queries.outlook import outlook_of
from xiuhua.assessment.queries.written import latest
from xiuhua.assessment.rules import lists
from xiuhua.assessment.rules.standing import MONTHS_NEEDED, falling
from xiuhua.assessment.words import AssessmentView, CutOff, Goal, Scheme, Standing
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period


def standing_of(
    tenant: Tenant, period: Period, scheme: str, by: str, *, now: datetime, month_by: str = "due"
) -> Standing | None:
    """Return where a running month stands by its newest cut-off, None where it was not assessed before its end.

    Nothing is computed afresh: `actions.run_today` does that, at night or when asked. A month that has been assessed as of its
    end has no standing any more. Raises FactsGone, SchemeChanged, SchemeUnknown. Three queries, and six for each who
    would be on the black list.
    """
    view = latest(tenant, period, scheme, by, month_by)
    if view is None or view.cut_off is not CutOff.RUNNING:
        return None
    return standing(tenant, view, now=now)


def standing(tenant: Tenant, view: AssessmentView, *, now: datetime, scheme: Scheme | None = None) -> Standing:
    """Return where the running month of a written view stands. Raises MonthOver and what `standing_of` does."""
    outlook = outlook_of(tenant, view, scheme)
    would_be = lists(view)
    names: Mapping[str, str] = {one.code: one.name for one in view.subjects}
    ways = {
        one.code: lift_of(tenant, view, one.code, now=now, scheme=scheme, goal=Goal.OFF_BLACK) for one in would_be.black
    }
    return Standing(
        view=view,
        as_of=outlook.as_of,
        falling=falling(names, outlook.open, outlook.as_of),
        would_be=would_be,
        ways=ways,
        months_closed=months_closed(tenant, view.scheme, view.by, view.month_by),
        months_needed=MONTHS_NEEDED,
    )


def months_closed(tenant: Tenant, scheme: str, by: str, month_by: str = "due") -> int:
    """Return how many months have been assessed as of their own end. One query."""
    zone = zone_of(tenant)
    found = Assessment.objects.filter(tenant=tenant, scheme=scheme, by=by, month_by=month_by)
    ended = {
        period for period, as_of in found.values_list("period", "as_of") if as_of == Period.parse(period).end(zone)
    }
    return len(ended)
