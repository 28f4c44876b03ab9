"""Frozen figures for programs: which months there are, and their measures as whole numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router

from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.queries import snapshot_by_digest, snapshot_of, snapshots, tallied, window_of
from xiuhua.analytics.registry import fact
from xiuhua.analytics.words import Count
from xiuhua.kernel.rules import Period
from xiuhua.web.api.auth import reach
from xiuhua.web.api.shapes.registers import MeasuresIn, MeasuresOut, PeriodsOut
from xiuhua.web.desk.office import office

router = Router(tags=["facts"])
SEEING = reach("month.see")
FACT = "case"


@router.get("/periods", auth=SEEING, response=PeriodsOut, summary="The months that were frozen")
def periods(request: HttpRequest) -> dict[str, Any]:
    """Return all frozen months, the newest first and of one month the newest freeze first."""
    found = [
        {
            "period": one.period,
            "as_of": one.as_of,
            "snapshot": one.digest,
            "frozen_at": one.frozen_at,
            "cases": one.rows.get(FACT, 0),
        }
        for one in snapshots(office(request))
    ]
    return {"periods": found}


@router.get("/periods/{period}/measures", auth=SEEING, response=MeasuresOut, summary="The measures of a frozen month")
def measures(request: HttpRequest, period: str, asked: Query[MeasuresIn]) -> dict[str, Any]:
    """Return every count of a month with numerator (`kept`) and denominator (`of`), by subject and in total."""
    found = _snapshot(request, period, asked.snapshot)
    table = fact(FACT)
    names = [name for name, measure in table.measures.items() if isinstance(measure, Count)]
    tally = tallied(found, fact=FACT, measures=names, by=asked.by, window=window_of(found, month_by=asked.month_by))
    subjects = sorted(tally.groups.items(), key=lambda pair: (pair[0] is None, pair[0] or ""))
    return {
        "period": found.period,
        "as_of": found.as_of,
        "snapshot": found.digest,
        "by": asked.by,
        "month_by": asked.month_by,
        "measures": [_measure(table.measures[name]) for name in names],
        "total": _counts(names, tally.total),
        "subjects": [
            {"code": code, "name": tally.names.get(code or "", ""), "counts": _counts(names, counts)}
            for code, counts in subjects
        ],
    }


def _snapshot(request: HttpRequest, period: str, digest: str) -> Snapshot:
    tenant, month = office(request), Period.parse(period)
    found = snapshot_by_digest(tenant, digest) if digest else _newest(request, month)
    if found is None or found.period != str(month):
        raise Http404
    return found


def _newest(request: HttpRequest, month: Period) -> Snapshot | None:
    tenant = office(request)
    return snapshot_of(tenant, month) if tenant.zone else None


def _measure(one: Any) -> dict[str, Any]:
    return {"name": one.name, "title": _(one.title), "definition": _(one.definition), "version": one.version}


def _counts(names: list[str], counts: Mapping[str, tuple[int, int]]) -> list[dict[str, Any]]:
    return [{"measure": name, "kept": int(counts[name][0]), "of": int(counts[name][1])} for name in names]
