"""Reads of the content store."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core import signing

from xiuhua.files import store
from xiuhua.files.models import StoredFile, Upload
from xiuhua.files.rules.addresses import spelled, understood
from xiuhua.files.rules.hashes import distance, nearby, quarters
from xiuhua.files.words import Address, ContentMissing, Variant
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor

_QUARTERS = ("quarter_a", "quarter_b", "quarter_c", "quarter_d")
_SALT = "xiuhua.files.address"


def file_of(tenant: Tenant, key: int) -> StoredFile | None:
    """Return a file of the office by its key, or None. One query."""
    return StoredFile.objects.filter(tenant=tenant, pk=key).first()


def upload_of(tenant: Tenant, client_uuid: UUID, by: Actor, at: datetime) -> Upload | None:
    """Return the actor's upload with a number, None where there is none, it is another's or it has expired. One query."""
    return Upload.objects.filter(tenant=tenant, client_uuid=client_uuid, by=by.id, expires_at__gt=at).first()


def content(file: StoredFile) -> bytes:
    """Return the original bytes. Raises ContentMissing. No query."""
    try:
        return store.original(file.tenant_id, file.sha256).read_bytes()
    except FileNotFoundError as gone:
        raise ContentMissing(sha256=file.short) from gone


def alike(tenant: Tenant, file: StoredFile, *, within: int) -> list[tuple[StoredFile, int]]:
    """Return the office's other photos that look like `file`, nearest first, each with its distance in bits.

    `within` is at most `hashes.WIDEST` (11 of 64 bits). A photo without a hash is like none. Two queries (one more per 999 found): a union of
    four index look-ups for near quarters of the hash, whose finds are compared in full here, and the photos found. (One
    condition with OR would make SQLite read all photos of the office.)
    """
    if not file.phash:
        return []
    others = StoredFile.objects.filter(tenant=tenant).exclude(pk=file.pk).values_list("pk", "phash")
    near = [
        others.filter(**{f"{name}__in": nearby(quarter, within)})
        for name, quarter in zip(_QUARTERS, quarters(file.phash), strict=True)
    ]
    bits = {key: distance(file.phash, phash) for key, phash in near[0].union(*near[1:])}
    found = StoredFile.objects.in_bulk([key for key, apart in bits.items() if apart <= within])
    return sorted(((one, bits[one.pk]) for one in found.values()), key=lambda pair: (pair[1], pair[0].pk))


def sign(file: StoredFile, variant: Variant, until: datetime, audience: str, about: str = "") -> str:
    """Return the last part of an address that shows `audience` a variant of a file until a moment. No query.

    Nobody without the office's key can make one or change it. `about` is what it belongs to ("evidence:17").
    """
    return signing.dumps(spelled(Address(file.pk, variant, until, audience, about)), salt=_SALT)


def unsign(text: str, now: datetime) -> Address | None:
    """Return what a signed address says, or None for one that is not ours, was changed or has expired. No query."""
    try:
        address = understood(signing.loads(text, salt=_SALT))
    except (signing.BadSignature, ValueError):
        return None
    return address if now < address.until else None
