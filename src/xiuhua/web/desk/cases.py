"""Doors to cases: the live list with its filters in the address, and one case with both records and its story."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xiuhua.cases.queries import DEFAULT_SORT, SORTS, CaseFilter, case_of, choices, filtered, page
from xiuhua.cases.words import Stage, Undetermined
from xiuhua.exchange.queries import records_of_case
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import lines_about, zone_of
from xiuhua.kernel.rules import Period
from xiuhua.territory.queries import family, named, options
from xiuhua.web.desk.office import now, office, whole

#: Filters that stand in the address of the case list, in the order in which they are shown.
PARAMETERS = ("q", "stage", "territory", "body", "main", "sub", "unplaced", "undetermined", "month")


def _wanted(tenant: Tenant, given: dict[str, str]) -> CaseFilter:
    zone = zone_of(tenant) if tenant.zone else None
    month = Period.parse(given["month"]) if given.get("month") else None
    return CaseFilter(
        text=given.get("q", "").strip(),
        stage=given.get("stage", "") if given.get("stage") in Stage.values else "",
        main_class=given.get("main", ""),
        sub_class=given.get("sub", ""),
        body=given.get("body", ""),
        territories=frozenset(family(tenant, given["territory"])) if given.get("territory") else None,
        unplaced=given.get("unplaced") == "1",
        undetermined=given.get("undetermined", "") if given.get("undetermined") in Undetermined.values else "",
        reported_from=month.start(zone) if month and zone else None,
        reported_to=month.end(zone) if month and zone else None,
    )


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """Show the cases that match the address, fifty at a time."""
    tenant = office(request)
    given = {name: request.GET[name] for name in PARAMETERS if request.GET.get(name)}
    sort = request.GET.get("sort", DEFAULT_SORT)
    sort = sort if sort.lstrip("-") in SORTS else DEFAULT_SORT
    shown = page(filtered(tenant, _wanted(tenant, given)), sort=sort, after=whole(request.GET.get("after")))
    context: dict[str, Any] = {
        "page": shown,
        "given": given,
        "sort": sort,
        "stages": Stage.choices,
        "choices": choices(tenant),
        "territories": options(tenant, tenant.settings.get("by", "")),
        "now": now(),
        "after": request.GET.get("after", ""),
    }
    return render(request, "web/cases.html", context)


@require_safe
def case_page(request: HttpRequest, key: int) -> HttpResponse:
    """Show one case: what, where, who, by when; our record beside theirs; its ledger lines."""
    tenant = office(request)
    case = case_of(tenant, key)
    if case is None:
        raise Http404
    records = records_of_case(case)
    batches = {record.batch_id: record for record in records}
    context: dict[str, Any] = {
        "case": case,
        "territory_name": named(case.territory_id),
        "records": records,
        "lines": lines_about(f"case:{case.pk}", *(f"batch:{key}" for key in batches)),
        "now": now(),
    }
    return render(request, "web/case.html", context)
