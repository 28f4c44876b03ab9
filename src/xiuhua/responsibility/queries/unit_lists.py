"""Units as a list that is filtered and counted."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from xiuhua.kernel.models import Tenant
from xiuhua.responsibility.models import Body

UNIT_SORTS = {"code": "code", "name": "name", "kind": "kind"}


def filtered_units(
    tenant: Tenant,
    *,
    text: str = "",
    kind: str = "",
    confirmed: bool | None = None,
    territories: Collection[int] | None = None,
    sort: str = "code",
) -> QuerySet[Body]:
    """Return the units whose code, name or alias holds `text`, of a kind, confirmed or not, of territories.

    One query, and one more where a text is given.
    """
    found = Body.objects.filter(tenant=tenant).select_related("territory")
    if text:
        found = found.filter(Q(code__icontains=text) | Q(name__icontains=text) | Q(pk__in=_called(tenant, text)))
    if kind:
        found = found.filter(kind=kind)
    if confirmed is not None:
        found = found.filter(confirmed=confirmed)
    if territories is not None:
        found = found.filter(territory_id__in=territories)
    field = UNIT_SORTS.get(sort.lstrip("-"), "code")
    return found.order_by(("-" if sort.startswith("-") else "") + field, "pk")


def _called(tenant: Tenant, text: str) -> list[int]:
    """Return the keys of those of whose aliases one holds `text`: databases write such lists each in their own way."""
    aliased = Body.objects.filter(tenant=tenant).exclude(aliases=[]).values_list("pk", "aliases")
    return [pk for pk, aliases in aliased if any(text.casefold() in alias.casefold() for alias in aliases)]
