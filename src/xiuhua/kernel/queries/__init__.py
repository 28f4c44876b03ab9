"""Named reads of the kernel."""

from __future__ import annotations

from xiuhua.kernel.queries.file_packs import is_file_pack, read_file_pack, shipped_file_pack, shipped_file_packs
from xiuhua.kernel.queries.ledger import (
    Proof,
    broken_links,
    chain_head,
    guarded,
    line_content,
    lines_about,
    personal_digest,
    prove,
)
from xiuhua.kernel.queries.outbox import JobState, deliveries, delivery_counts, job_states, waiting_events
from xiuhua.kernel.queries.packs import (
    PackRefused,
    PackUndecided,
    PackUnknown,
    chosen_code,
    content_of,
    installed_packs,
    newest_pack,
    pack_on,
    read_pack,
    shipped_pack,
    shipped_packs,
)
from xiuhua.kernel.queries.tenants import NoTenant, SeveralTenants, ZoneUndecided, tenant_named, zone_of

__all__ = [
    "JobState",
    "NoTenant",
    "PackRefused",
    "PackUndecided",
    "PackUnknown",
    "Proof",
    "SeveralTenants",
    "ZoneUndecided",
    "broken_links",
    "chain_head",
    "chosen_code",
    "content_of",
    "deliveries",
    "delivery_counts",
    "guarded",
    "installed_packs",
    "is_file_pack",
    "job_states",
    "line_content",
    "lines_about",
    "newest_pack",
    "pack_on",
    "personal_digest",
    "prove",
    "read_file_pack",
    "read_pack",
    "shipped_file_pack",
    "shipped_file_packs",
    "shipped_pack",
    "shipped_packs",
    "tenant_named",
    "waiting_events",
    "zone_of",
]
