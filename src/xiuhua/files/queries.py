"""Reads of the content store."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q

from xiuhua.files import store
from xiuhua.files.models import StoredFile
from xiuhua.files.rules.hashes import distance, nearby, quarters
from xiuhua.files.words import ContentMissing
from xiuhua.kernel.models import Tenant

_QUARTERS = ("quarter_a", "quarter_b", "quarter_c", "quarter_d")


def file_of(tenant: Tenant, key: int) -> StoredFile | None:
    """Return a file of the office by its key, or None. One query."""
    return StoredFile.objects.filter(tenant=tenant, pk=key).first()


def content(file: StoredFile) -> bytes:
    """Return the original bytes. Raises ContentMissing. No query."""
    try:
        return store.original(file.tenant_id, file.sha256).read_bytes()
    except FileNotFoundError as gone:
        raise ContentMissing(sha256=file.short) from gone


def alike(tenant: Tenant, file: StoredFile, *, within: int) -> list[tuple[StoredFile, int]]:
    """Return the office's other photos that look like `file`, nearest first, each with its distance in bits.

    `within` is at most `hashes.WIDEST` (11 of 64 bits). A photo without a hash is like none. One query: four index
    look-ups for near quarters of the hash, whose finds are compared in full here.
    """
    if not file.phash:
        return []
    wanted = [
        Q(**{f"{name}__in": nearby(quarter, within)})
        for name, quarter in zip(_QUARTERS, quarters(file.phash), strict=True)
    ]
    found = StoredFile.objects.filter(reduce(or_, wanted), tenant=tenant).exclude(pk=file.pk)
    pairs = [(other, distance(file.phash, other.phash)) for other in found]
    return sorted((pair for pair in pairs if pair[1] <= within), key=lambda pair: (pair[1], pair[0].pk))
