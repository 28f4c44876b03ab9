"""The only writers of tenants, packs, the ledger and the outbox."""

from __future__ import annotations

from xiuhua.kernel.actions.anchoring import anchor
from xiuhua.kernel.actions.ledger import record, seal, seal_pending
from xiuhua.kernel.actions.locking import one_at_a_time, without_waiting
from xiuhua.kernel.actions.outbox import drop, emit, retry, sweep, withdraw
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
    "anchor",
    "create_tenant",
    "declare_zone",
    "drop",
    "emit",
    "install_pack",
    "one_at_a_time",
    "pack_faults",
    "record",
    "retry",
    "seal",
    "seal_pending",
    "sweep",
    "use_pack",
    "withdraw",
    "without_waiting",
]
