"""Keeping files. What an action returns is on the disk: file, name and row."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from xiuhua.files import store as content
from xiuhua.files.images import examine
from xiuhua.files.models import StoredFile
from xiuhua.files.rules.hashes import quarters
from xiuhua.files.store import Kept
from xiuhua.files.words import FileEmpty, FileLarge, Kind, Picture
from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor


def store_photo(tenant: Tenant, data: bytes | BinaryIO, *, name: str, by: Actor, at: datetime) -> StoredFile:
    """Keep a photo as it came and return its record; the same photo again returns the same record.

    The photo is examined first: decoded to its end by one of four decoders, its EXIF read once. `name` is compared with
    the content and not kept. Writes the bytes before the row and outside a transaction: call it before the
    transaction that refers to the photo, since decoding takes a while. Raises FileEmpty, FileLarge, PhotoUnknown,
    PhotoMisnamed, PhotoVast, PhotoDamaged, NoRoom.
    """
    limit = settings.FILES_PHOTO_BYTES
    given = data if isinstance(data, bytes) else data.read(limit + 1)
    if not given:
        raise FileEmpty
    if len(given) > limit:
        raise FileLarge(limit=limit >> 20)
    picture = examine(given, name, _zone(tenant))
    kept = content.keep(tenant.pk, given, limit)
    return _row(tenant, kept, Kind.PHOTO, picture.media_type, _seen(picture), by=by, at=at)


def store(
    tenant: Tenant, data: bytes | BinaryIO, *, kind: Kind, media_type: str, limit: int, by: Actor, at: datetime
) -> StoredFile:
    """Keep content that is no photo, of at most `limit` bytes, and return its record; the same again returns the same.

    Looks at nothing: whoever takes a file from a stranger examines it first, and it is only ever served as an attachment.
    Raises FileEmpty, FileLarge, NoRoom.
    """
    kept = content.keep(tenant.pk, data, limit)
    return _row(tenant, kept, kind, media_type, {}, by=by, at=at)


def _zone(tenant: Tenant) -> tzinfo:
    return ZoneInfo(tenant.zone) if tenant.zone else UTC


def _seen(picture: Picture) -> dict[str, Any]:
    """Return the columns that an examined photo has and other files have not."""
    shot = picture.shot
    row: dict[str, Any] = {
        "width": picture.width,
        "height": picture.height,
        "phash": picture.phash,
        "taken_at": shot.taken_at,
        "taken_assumed": shot.assumed,
        "lon": shot.lon,
        "lat": shot.lat,
    }
    if picture.phash:
        row |= {f"quarter_{letter}": part for letter, part in zip("abcd", quarters(picture.phash), strict=True)}
    return row


def _row(
    tenant: Tenant, kept: Kept, kind: Kind, media_type: str, seen: dict[str, Any], *, by: Actor, at: datetime
) -> StoredFile:
    with transaction.atomic():
        file, new = StoredFile.objects.get_or_create(
            tenant=tenant,
            sha256=kept.sha256,
            defaults={"size": kept.size, "media_type": media_type, "kind": kind, "created_at": at, **seen},
        )
        if new:
            facts = {"kind": str(kind), "size": kept.size, "media_type": media_type}
            record("file.store", about=f"file:{file.pk}", by=by, at=at, tenant=tenant, after=kept.sha256, facts=facts)
    return file
