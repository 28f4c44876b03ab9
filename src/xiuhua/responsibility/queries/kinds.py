"""The kinds of units that an office uses: those of its installed pack of kind `units`."""

from __future__ import annotations

from xiuhua.kernel.models import Tenant
from xiuhua.kernel.queries import PackUndecided, chosen_code, content_of, newest_pack
from xiuhua.kernel.registry import PackKind
from xiuhua.responsibility.rules.kinds import KINDS, UnitKind, check_kinds, kinds_in

#: The kind of packs that say which kinds of units there are.
UNIT_KINDS = PackKind("units", (KINDS,), check_kinds, keys={KINDS: ("code",)})


def unit_kinds(tenant: Tenant) -> tuple[UnitKind, ...]:
    """Return the kinds of the newest version, in the pack's order; nothing where no pack decides. Two queries."""
    try:
        pack = newest_pack(tenant, UNIT_KINDS.name, chosen_code(tenant, UNIT_KINDS.name))
    except PackUndecided:
        return ()
    return kinds_in(content_of(pack))[0] if pack else ()
