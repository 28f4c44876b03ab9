"""Named reads of cases: the filtered list, its exact count and one page of it by keyset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet, Subquery

from xiuhua.cases.models import Case
from xiuhua.cases.policies import visible
from xiuhua.cases.queries.queues import holds
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import zone_of
from xiuhua.kernel.rules import Period, PeriodMalformed
from xiuhua.kernel.words import Actor
from xiuhua.responsibility.models import Body
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.queries import family

#: What a list may be sorted by; a leading "-" means latest or largest first.
SORTS = {"reported": "reported_at", "due": "due_at", "closed": "closed_at", "number": "number"}
DEFAULT_SORT = "-reported"
PAGE = 50
#: What a row shows beside the case's own columns.
_BESIDE = ("case_class__parent", "body", "territory")
#: Moments that a case may not have yet.
_MAY_LACK = frozenset({"due_at", "closed_at"})


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a case list is narrowed to. Empty means not narrowed."""

    text: str = ""
    stage: str = ""
    main_class: str = ""
    sub_class: str = ""
    body: str = ""
    #: Ids of the territory asked for and everything below it.
    territories: frozenset[int] | None = None
    unplaced: bool = False
    undetermined: str = ""
    reported_from: datetime | None = None
    reported_to: datetime | None = None


#: Names under which a filter of cases stands in an address or in a plan, in the order in which they are shown.
PARAMETERS = ("q", "month", "stage", "territory", "main", "sub", "body", "unplaced", "undetermined")


def filter_of(tenant: Tenant, given: Mapping[str, str]) -> CaseFilter:
    """Return the filter that these parameters mean; what means nothing narrows nothing."""
    return CaseFilter(
        text=given.get("q", "").strip(),
        stage=given.get("stage", ""),
        main_class=given.get("main", ""),
        sub_class=given.get("sub", ""),
        body=given.get("body", ""),
        territories=family(tenant, given["territory"]) if given.get("territory") else None,
        unplaced=given.get("unplaced") == "1",
        undetermined=given.get("undetermined", ""),
        **(_month(tenant, given["month"]) if given.get("month") and tenant.zone else {}),
    )


def _month(tenant: Tenant, text: str) -> dict[str, Any]:
    try:
        period, zone = Period.parse(text), zone_of(tenant)
    except PeriodMalformed:
        return {}
    return {"reported_from": period.start(zone), "reported_to": period.end(zone)}


def filtered(tenant: Tenant, wanted: CaseFilter, *, by: Actor) -> QuerySet[Case]:
    """Return the tenant's cases that match and that somebody may see: the one set behind list, count and export."""
    found = Case.objects.filter(visible(by), tenant=tenant)
    if wanted.text:
        found = found.filter(holds("number", wanted.text) | holds("title", wanted.text) | holds("address", wanted.text))
    exact = {
        "stage": wanted.stage,
        "undetermined": wanted.undetermined,
        "case_class__name": wanted.sub_class,
    }
    found = found.filter(**{field: value for field, value in exact.items() if value})
    if wanted.body:
        body = Body.objects.filter(tenant=tenant, code=wanted.body).values("pk")  # one value: an index can go by it
        found = found.filter(body=Subquery(body))
    if wanted.main_class:
        found = found.filter(Q(case_class__parent__name=wanted.main_class) | Q(case_class__name=wanted.main_class))
    if wanted.territories is not None:
        found = found.filter(territory_id__in=wanted.territories)
    if wanted.unplaced:
        found = found.filter(territory__isnull=True)
    if wanted.reported_from:
        found = found.filter(reported_at__gte=wanted.reported_from)
    if wanted.reported_to:
        found = found.filter(reported_at__lt=wanted.reported_to)
    return found


#: How far the rows of a list are counted.
COUNTED = 100_000


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of a list: its rows, where the next page starts, and how many there are in all.

    `total` is exact up to COUNTED; where `beyond`, there are more than that many.
    """

    rows: Sequence[Case]
    #: Id of the last row if more follow, else None.
    after: int | None
    total: int
    beyond: bool = False


def page(cases: QuerySet[Case], *, sort: str = DEFAULT_SORT, after: int | None = None, size: int = PAGE) -> CasePage:
    """Return the page that follows the case with id `after` (the first page without it); four queries at most.

    Paging is by keyset, so the last page costs what the first does. Cases without the sorted moment come last: they are
    asked for by themselves, when those with one are at their end, so that both are read in the order of an index.
    """
    field, descending = SORTS.get(sort.lstrip("-"), SORTS["reported"]), sort.startswith("-")
    down = "-" if descending else ""
    whole = cases.select_related(*_BESIDE)
    dated, bare = whole.order_by(f"{down}{field}", f"{down}pk"), whole.none()
    if field in _MAY_LACK:
        dated, bare = dated.filter(**{f"{field}__isnull": False}), whole.filter(**{field: None}).order_by(f"{down}pk")
    if after is not None and (last := cases.filter(pk=after).first()):
        value = getattr(last, field)
        if value is None:
            dated, bare = whole.none(), bare.filter(_beyond_key(last.pk, descending=descending))
        else:
            dated = dated.filter(_beyond(field, value, last.pk, descending=descending))
    rows = list(dated[: size + 1])
    if len(rows) <= size:
        rows += bare[: size + 1 - len(rows)]
    # the slice may end at the key alone: without a limit the count of a city's cases would be dearer than its page
    total = cases.order_by().values("pk")[: COUNTED + 1].count()
    after = rows[size - 1].pk if len(rows) > size else None
    return CasePage(rows[:size], after, min(total, COUNTED), beyond=total > COUNTED)


def _sorted(cases: QuerySet[Case], sort: str) -> QuerySet[Case]:
    field, descending = SORTS.get(sort.lstrip("-"), SORTS["reported"]), sort.startswith("-")
    order = F(field).desc(nulls_last=True) if descending else F(field).asc(nulls_last=True)
    return cases.select_related(*_BESIDE).order_by(order, "-pk" if descending else "pk")


def exported(cases: QuerySet[Case], *, sort: str = DEFAULT_SORT) -> Iterator[Case]:
    """Return all cases of a list in its order, read in chunks so that memory stays bounded. One query."""
    return _sorted(cases, sort).iterator(chunk_size=2000)


def _beyond(field: str, value: Any, key: int, *, descending: bool) -> Q:
    """Return the condition for what follows; its bound stands by itself, so that an index can begin there."""
    step = "lt" if descending else "gt"
    bound = Q(**{f"{field}__{step}e": value})
    return bound & (Q(**{f"{field}__{step}": value}) | _beyond_key(key, descending=descending))


def _beyond_key(key: int, *, descending: bool) -> Q:
    return Q(pk__lt=key) if descending else Q(pk__gt=key)


def case_of(tenant: Tenant, key: int) -> Case | None:
    """Return the tenant's case with its class, unit, person, territory and the cases it hangs on, or None. One query."""
    beside = ("tenant", "case_class__parent", "body", "person", "territory", "merged_into", "parent")
    return Case.objects.select_related(*beside).filter(tenant=tenant, pk=key).first()


def ids_by_number(tenant: Tenant, numbers: Sequence[str], *, by: Actor) -> dict[str, int]:
    """Return the ids of the cases with these numbers that somebody may see; others, and those gone, are absent."""
    found = Case.objects.filter(visible(by), tenant=tenant, number__in=numbers)
    return dict(found.values_list("number", "pk"))


def numbers_seen(tenant: Tenant, *, by: Actor) -> set[str]:
    """Return the numbers of all cases that somebody may see: for those whose scope is narrow. One query."""
    return set(Case.objects.filter(visible(by), tenant=tenant).values_list("number", flat=True))


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters of the case list offer: (value, label) pairs."""

    main_classes: Sequence[str]
    bodies: Sequence[tuple[str, str]]


def choices(tenant: Tenant) -> Choices:
    """Return the main classes and units that exist for the tenant; two queries."""
    mains = CaseClass.objects.filter(tenant=tenant, parent=None).order_by("name").values_list("name", flat=True)
    return Choices(
        list(dict.fromkeys(mains)),
        list(Body.objects.filter(tenant=tenant).order_by("name").values_list("code", "name")),
    )
