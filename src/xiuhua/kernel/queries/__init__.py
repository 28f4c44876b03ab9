"""Named reads of the kernel."""

from __future__ import annotations

from xiuhua.kernel.queries.file_packs import is_file_pack, read_file_pack, shipped_file_pack, shipped_file_packs
from xiuhua.kernel.queries.ledger import broken_links, line_content, lines_about
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
    "NoTenant",
    "PackRefused",
    "PackUndecided",
    "PackUnknown",
    "SeveralTenants",
    "ZoneUndecided",
    "broken_links",
    "chosen_code",
    "content_of",
    "installed_packs",
    "is_file_pack",
    "line_content",
    "lines_about",
    "newest_pack",
    "pack_on",
    "read_file_pack",
    "read_pack",
    "shipped_file_pack",
    "shipped_file_packs",
    "shipped_pack",
    "shipped_packs",
    "tenant_named",
    "zone_of",
]
