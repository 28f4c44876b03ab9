"""The types of sites that an office uses: those of its installed pack of kind `sites`."""

from __future__ import annotations

from datetime import date

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import PackUndecided, chosen_code, content_of, newest_pack, pack_on
from xiuhua.kernel.registry import PackKind
from xiuhua.territory.rules.site_types import TYPES, check_types, types_in
from xiuhua.territory.words.sites import SiteType

#: The kind of packs that say which types of sites there are.
SITE_TYPES = PackKind("sites", (TYPES,), check_types, keys={TYPES: ("code",)})


def site_types(tenant: Tenant, day: date | None = None) -> tuple[SiteType, ...]:
    """Return the types in force on `day` (the newest version's without one), in the pack's order. Two queries.

    Raises PackUndecided where no pack is installed, or several and none was chosen, or none is in force on the day.
    """
    code = chosen_code(tenant, SITE_TYPES.name)
    pack = pack_on(tenant, SITE_TYPES.name, code, day) if day else newest_pack(tenant, SITE_TYPES.name, code)
    if pack is None:
        raise PackUndecided(kind=SITE_TYPES.name, codes=code)
    return types_in(content_of(pack))[0]


def offered_types(tenant: Tenant) -> tuple[SiteType, ...]:
    """Return the newest types, or nothing where no pack decides: for lists to choose from. Two queries."""
    try:
        return site_types(tenant)
    except PackUndecided:
        return ()
