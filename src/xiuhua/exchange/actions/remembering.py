"""Remembering how files with one set of columns are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from xiuhua.exchange.models import KnownMapping
from xiuhua.exchange.rules.guessing import fingerprint
from xiuhua.exchange.rules.mappings import parse_mapping
from xiuhua.exchange.words import Mapping
from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.rules import digest
from xiuhua.kernel.words import Actor, Refusal, marked


class ColumnsUnlike(Refusal):
    """The mapping names columns that the header does not have: it cannot be how such files are read."""

    code = "import.columns_unlike"
    sentence = marked("映射里的栏（%(missing)s）不在这份表头里，不能这样记住。")


def remember_mapping(tenant: Tenant, header: Sequence[str], text: str, *, by: Actor, at: datetime) -> KnownMapping:
    """Remember a confirmed mapping for files with these columns, in place of one remembered before; one ledger line.

    The same mapping again changes nothing and is not recorded. Raises MappingMalformed, ColumnsUnlike.
    """
    mapping = parse_mapping(text)
    if missing := [name for name in mapping.needed if name not in header]:
        raise ColumnsUnlike(missing=", ".join(missing))
    key = fingerprint(header)
    with transaction.atomic():
        found = KnownMapping.objects.select_for_update().filter(tenant=tenant, fingerprint=key).first()
        if found and found.text == text:
            return found
        before = digest(found.text) if found else ""
        known, _made = KnownMapping.objects.update_or_create(
            tenant=tenant, fingerprint=key, defaults={"text": text, "confirmed_by": by.id, "confirmed_at": at}
        )
        record(
            "import.mapping_remember",
            about=f"mapping:{key[:16]}",
            by=by,
            at=at,
            tenant=tenant,
            before=before,
            after=digest(text),
            facts={"mapping": mapping.code, "fingerprint": key, "columns": len(header)},
        )
    return known


def count_use(tenant: Tenant, header: Sequence[str], mapping: Mapping) -> None:
    """Count that a remembered mapping served an import; nothing where the file was read otherwise."""
    KnownMapping.objects.filter(tenant=tenant, fingerprint=fingerprint(header), text=mapping.text).update(
        times_used=F("times_used") + 1
    )
