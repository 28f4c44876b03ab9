"""Photos in pieces: a bad line may break anywhere, what has arrived stays.

Call these outside a transaction: each piece is on the disk before the row says so. Pieces leave no ledger line; the
photo they become does.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from xiuhua.files import store
from xiuhua.files.actions.storing import store_photo
from xiuhua.files.models import StoredFile, Upload
from xiuhua.files.words import (
    FileEmpty,
    FileLarge,
    FileRefused,
    NoRoom,
    UploadBroken,
    UploadLong,
    UploadMalformed,
    UploadOffset,
    UploadTaken,
    UploadUnknown,
)
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor

#: How long an upload waits for its next piece.
LASTING = timedelta(days=1)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = 200


def begin(tenant: Tenant, client_uuid: UUID, *, size: int, sha256: str, name: str, by: Actor, at: datetime) -> Upload:
    """Announce a photo of `size` bytes with its digest; the same again returns the same, with what has arrived.

    Raises UploadMalformed, FileEmpty, FileLarge, and UploadTaken where the number stands for something else.
    """
    if not _SHA256.fullmatch(sha256):
        raise UploadMalformed
    if size <= 0:
        raise FileEmpty
    if size > settings.FILES_PHOTO_BYTES:
        raise FileLarge(limit=settings.FILES_PHOTO_BYTES >> 20)
    upload, new = Upload.objects.get_or_create(
        tenant=tenant,
        client_uuid=client_uuid,
        defaults={"size": size, "sha256": sha256, "name": name[-_NAME:], "by": by.id, "expires_at": at + LASTING},
    )
    if (upload.size, upload.sha256, upload.by) != (size, sha256, by.id):
        raise UploadTaken
    return upload if new else _touched(upload, at)


def append(tenant: Tenant, client_uuid: UUID, *, offset: int, data: bytes, by: Actor, at: datetime) -> Upload:
    """Add a piece that begins at `offset`; it is on the disk when this returns. A piece that is there changes nothing.

    Raises UploadUnknown, UploadLong, NoRoom, and UploadOffset naming the byte that is expected next.
    """
    upload = _open(tenant, client_uuid, by, at)
    end = offset + len(data)
    if upload.file_id or end <= upload.received:
        return upload
    if offset != upload.received:
        raise UploadOffset(expected=upload.received, size=upload.size)
    if end > upload.size:
        raise UploadLong(size=upload.size)
    store.write_at(_place(upload), offset, data)
    Upload.objects.filter(pk=upload.pk, received=offset).update(received=end, expires_at=at + LASTING)
    upload.refresh_from_db()
    if upload.received < end:  # somebody else's shorter piece was first
        raise UploadOffset(expected=upload.received, size=upload.size)
    return upload


def finish(tenant: Tenant, client_uuid: UUID, *, by: Actor, at: datetime) -> StoredFile:
    """Return the photo the pieces make, kept; again the same.

    Raises UploadUnknown, UploadOffset while bytes are missing, UploadBroken where the digest differs (it begins at 0
    again), and what `store_photo` raises; a photo that is refused ends its upload, a full disk does not.
    """
    upload = _open(tenant, client_uuid, by, at)
    if upload.file:
        return upload.file
    if upload.received < upload.size:
        raise UploadOffset(expected=upload.received, size=upload.size)
    data = _whole(upload)
    try:
        file = store_photo(tenant, data, name=upload.name, by=by, at=at)
    except NoRoom:
        raise  # the pieces stay: there may be room later
    except FileRefused:
        drop(upload)
        raise
    Upload.objects.filter(pk=upload.pk).update(file=file)
    store.remove(_place(upload))
    return file


def drop(upload: Upload) -> None:
    """Forget an upload and its pieces."""
    store.remove(_place(upload))
    upload.delete()


def _open(tenant: Tenant, client_uuid: UUID, by: Actor, at: datetime) -> Upload:
    upload = Upload.objects.filter(tenant=tenant, client_uuid=client_uuid, by=by.id, expires_at__gt=at).first()
    if upload is None:
        raise UploadUnknown
    return upload


def _touched(upload: Upload, at: datetime) -> Upload:
    """Return the upload, alive again if it had expired and was not swept yet."""
    upload.expires_at = max(upload.expires_at, at + LASTING)
    upload.save(update_fields=["expires_at"])
    return upload


def _whole(upload: Upload) -> bytes:
    """Return all bytes of an upload. Raises UploadBroken where they are not what was announced."""
    place = _place(upload)
    data = place.read_bytes() if place.is_file() else b""
    if len(data) != upload.size or hashlib.sha256(data).hexdigest() != upload.sha256:
        Upload.objects.filter(pk=upload.pk).update(received=0)
        store.remove(place)
        raise UploadBroken
    return data


def _place(upload: Upload) -> Path:
    return store.uploading(upload.tenant_id, str(upload.client_uuid))
