"""Which month, scheme, level and cut-off a page of the month is about: read from the address, defaulted from the office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote_plus, urlencode

from django.http import HttpRequest

from xiuhua.assessment.queries import AssessmentView, comparable, latest, periods_with_assessments
from xiuhua.assessment.words import CutOff
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period, PeriodMalformed
from xiuhua.territory.queries import levels
from xiuhua.web.desk.office import now

UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The choice, and the assessment it leads to (None: nothing has been assessed so)."""

    tenant: Tenant
    period: Period | None
    periods: tuple[str, ...]
    scheme: str
    by: str
    bys: tuple[str, ...]
    month_by: str
    view: AssessmentView | None
    previous: AssessmentView | None

    @property
    def running(self) -> bool:
        """Whether the month was read before its end."""
        return self.view is not None and self.view.cut_off is CutOff.RUNNING

    def query(self, **changes: str | int | None) -> str:
        """Return the address's parameters for this choice with `changes`; None leaves one out."""
        given: dict[str, str | int | None] = {
            "month": str(self.period) if self.period else None,
            "by": self.by,
            "scheme": self.scheme,
            "month_by": self.month_by if self.month_by != "due" else None,
        }
        chosen = {name: value for name, value in {**given, **changes}.items() if value not in {None, ""}}
        return urlencode(chosen, quote_via=_quoted)


#: A page holds thousands of addresses that share nearly all of their words.
_quoted = lru_cache(maxsize=10_000)(quote_plus)


def _month(text: str) -> Period | None:
    try:
        return Period.parse(text)
    except PeriodMalformed:
        return None


def newest(tenant: Tenant, periods: Sequence[str]) -> Period | None:
    """Return the newest month that is over, else the newest: the running one is scored every night and is no result yet."""
    if not periods:
        return None
    running = str(Period.of(now(), zone_of(tenant))) if tenant.zone else ""
    over = [period for period in periods if period < running]
    return Period.parse((over or periods)[-1])


def chosen(request: HttpRequest, tenant: Tenant) -> Chosen:
    """Return what the address chooses; without a readable month the newest assessed one that is over."""
    periods = tuple(periods_with_assessments(tenant))
    period = _month(request.GET.get("month", "")) or newest(tenant, periods)
    present = levels(tenant)
    bys = (*present, UNIT)
    by = request.GET.get("by") or tenant.settings.get("by") or (present[-1] if present else UNIT)
    scheme = request.GET.get("scheme") or tenant.settings.get("scheme", "basic")
    month_by = "reported" if request.GET.get("month_by") == "reported" else "due"
    view = previous = None
    if period:
        view = latest(tenant, period, scheme, by, month_by)
        before = latest(tenant, period.shift(-1), scheme, by, month_by)
        previous = before if view and before and comparable(view, before) else None
    return Chosen(tenant, period, periods, scheme, by, bys, month_by, view, previous)
