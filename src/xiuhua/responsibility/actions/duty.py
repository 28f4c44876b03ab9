"""The only writer of duty matrices."""

from __future__ import annotations

from collections.abc import Iterable

from xiuhua.kernel.models import InstalledPack
from xiuhua.responsibility.models import Body, MatrixRow
from xiuhua.responsibility.words import ANY, DutyRow
from xiuhua.taxonomy.models import CaseClass
from xiuhua.territory.models import Site, Territory


def write_matrix(pack: InstalledPack, rows: Iterable[DutyRow]) -> int:
    """Write the rows of a duty pack that is being installed, their codes looked up; returns how many. Six queries.

    The caller has checked that every code exists, and records the ledger line of the installation.
    """
    tenant = pack.tenant
    territories = dict(Territory.objects.filter(tenant=tenant).values_list("code", "pk"))
    sites = dict(Site.objects.filter(tenant=tenant).values_list("code", "pk"))
    units = dict(Body.objects.filter(tenant=tenant).values_list("code", "pk"))
    classes = {one.key: one.pk for one in CaseClass.objects.filter(tenant=tenant)}
    made = MatrixRow.objects.bulk_create(
        MatrixRow(
            pack=pack,
            line=row.line,
            tier=row.tier,
            territory_id=None if row.territory == ANY else territories[row.territory],
            site_id=None if row.site == ANY else sites[row.site],
            site_type="" if row.site_type == ANY else row.site_type,
            case_class_id=None if row.case_class == ANY else classes[row.case_class],
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            weekdays="".join(str(day) for day in sorted(row.weekdays)),
            unit_id=units[row.unit],
            assisting=[units[code] for code in row.assisting],
            basis=row.basis,
        )
        for row in rows
    )
    return len(made)
