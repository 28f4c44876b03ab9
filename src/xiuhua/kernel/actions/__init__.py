"""The only writers of tenants, packs, the ledger and the outbox."""

from __future__ import annotations

from xiuhua.kernel.actions.ledger import record, seal
from xiuhua.kernel.actions.outbox import emit, withdraw
from xiuhua.kernel.actions.packs import (
    PackEarly,
    PackKindUnknown,
    PackVersionTaken,
    install_pack,
    pack_faults,
    use_pack,
)
from xiuhua.kernel.actions.tenants import create_tenant, declare_zone

__all__ = [
    "PackEarly",
    "PackKindUnknown",
    "PackVersionTaken",
    "create_tenant",
    "declare_zone",
    "emit",
    "install_pack",
    "pack_faults",
    "record",
    "seal",
    "use_pack",
    "withdraw",
]
