"""The door behind the numbers of a month: the frozen cases that a figure counts, from the same snapshot."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xiuhua.analytics import queries as frozen
from xiuhua.analytics.models import Snapshot
from xiuhua.analytics.registry import fact
from xiuhua.analytics.words import MonthBy, Part, Where
from xiuhua.cases.queries import ids_by_number
from xiuhua.kernel.models import Tenant
from xiuhua.web.desk.office import office, whole

PAGE = 50
#: Columns of the fact that an address may narrow to one value.
EQUAL = ("main_class", "sub_class", "channel")


def _snapshot(tenant: Tenant, digest: str) -> Snapshot:
    found = frozen.snapshot_by_digest(tenant, digest)
    if found is None:
        raise Http404
    return found


def _where(request: HttpRequest) -> Where:
    given = request.GET
    measure = given.get("measure", "")
    if measure and measure not in fact("case").measures:
        raise Http404
    part = Part(given["part"]) if given.get("part") in set(Part) else Part.KEPT
    return Where(
        measure=measure,
        part=part,
        by=given.get("by", ""),
        subject=given.get("subject") or None,
        equal={name: given[name] for name in EQUAL if given.get(name)},
    )


@require_safe
def frozen_list(request: HttpRequest) -> HttpResponse:
    """Show the frozen cases behind a figure: ?snapshot=…&measure=on_time&part=kept&by=community&subject=…"""
    tenant = office(request)
    snapshot = _snapshot(tenant, request.GET.get("snapshot", ""))
    where, month_by = _where(request), MonthBy.REPORTED if request.GET.get("month_by") == "reported" else MonthBy.DUE
    window = frozen.window_of(snapshot, month_by=month_by)
    first = whole(request.GET.get("from")) or 0
    total = frozen.count(snapshot, fact="case", where=where, window=window)
    rows = frozen.rows(snapshot, fact="case", where=where, window=window, limit=PAGE, offset=first)
    ids = ids_by_number(tenant, [row["number"] for row in rows])
    names = frozen.subjects(snapshot, fact="case", by=where.by) if where.by else {}
    context: dict[str, Any] = {
        "snapshot": snapshot,
        "where": where,
        "measure": fact("case").measures.get(where.measure),
        "part": where.part,
        "subject_name": names.get(where.subject, where.subject) if where.subject else _("未落图") if where.by else "",
        "total": total,
        "first": first,
        "rows": [{**row, "case": ids.get(row["number"])} for row in rows],
        "page": PAGE,
    }
    return render(request, "web/frozen.html", context)
