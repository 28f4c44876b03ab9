"""Sites as a list that is filtered, sorted and counted."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, Q, QuerySet

from xiuhua.kernel.models import Tenant
from xiuhua.territory.models import Site

#: Orders of the list by the name that stands in an address.
SITE_SORTS = {"code": "code", "name": "name", "type": "type", "reach": "reach_m", "begins": "valid_from"}


def filtered_sites(
    tenant: Tenant,
    *,
    text: str = "",
    type: str = "",  # noqa: A002 - the word of the field
    territories: Collection[int] | None = None,
    sort: str = "code",
) -> QuerySet[Site]:
    """Return the sites whose code, name or alias holds `text`, of a type, in one of the territories.

    `sort` is one of SITE_SORTS, with a minus in front for descending. One query, and one more where a text is given.
    """
    found = Site.objects.filter(tenant=tenant).select_related("territory")
    if text:
        found = found.filter(Q(code__icontains=text) | Q(name__icontains=text) | Q(pk__in=_called(tenant, text)))
    if type:
        found = found.filter(type=type)
    if territories is not None:
        found = found.filter(territory_id__in=territories)
    field = SITE_SORTS.get(sort.lstrip("-"), "code")
    return found.order_by(("-" if sort.startswith("-") else "") + field, "pk")


def type_counts(sites: QuerySet[Site]) -> dict[str, int]:
    """Return how many of these sites each type has. One query."""
    return dict(sites.order_by("type").values_list("type").annotate(Count("pk")))


def _called(tenant: Tenant, text: str) -> list[int]:
    """Return the keys of those of whose aliases one holds `text`: databases write such lists each in their own way."""
    aliased = Site.objects.filter(tenant=tenant).exclude(aliases=[]).values_list("pk", "aliases")
    return [pk for pk, aliases in aliased if any(text.casefold() in alias.casefold() for alias in aliases)]
