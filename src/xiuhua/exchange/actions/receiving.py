"""Receiving a file in pieces: what has arrived stays, a broken line goes on where it stopped.

Call these outside a transaction: each piece is on the disk before the row says so. Nothing here is in the books yet, so
nothing here is in the ledger.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from xiuhua.exchange import shed
from xiuhua.exchange.intakes import IntakeMoved, intake_keyed
from xiuhua.exchange.models import Intake
from xiuhua.exchange.words import IntakeState
from xiuhua.files import store
from xiuhua.files.words import FileEmpty, UploadLong, UploadOffset, UploadTaken
from xiuhua.kernel.actions import record
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import SYSTEM, Actor
from xiuhua.tables.words import LIMITS, FileTooLarge

_NAME = 255
#: Bytes of one piece at most.
PIECE_BYTES = 4 << 20
#: A file may be remapped and imported again as long as it is kept.
_RESTING = (IntakeState.UPLOADING, IntakeState.RECEIVED, IntakeState.CHECKED, IntakeState.FAILED, IntakeState.APPLIED)


def begin_intake(
    tenant: Tenant, client_uuid: UUID, *, name: str, size: int, by: Actor, at: datetime, stamp: int = 0
) -> Intake:
    """Announce a file of `size` bytes and return its intake; the same again returns the same, with what has arrived.

    `stamp` is when the file was last changed where it lies, in milliseconds. Raises FileEmpty, FileTooLarge, and
    UploadTaken where the number stands for something else.
    """
    if size <= 0:
        raise FileEmpty
    if size > LIMITS.file_bytes:
        raise FileTooLarge(bytes=size, limit=LIMITS.file_bytes)
    told = {"name": _plain(name), "size": size, "stamp": stamp, "by": by.id, "created_at": at, "changed_at": at}
    intake, _new = Intake.objects.get_or_create(tenant=tenant, client_uuid=client_uuid, defaults=told)
    if (intake.size, intake.name, intake.by) != (size, told["name"], by.id):
        raise UploadTaken
    return intake


def _plain(name: str) -> str:
    """Return the last part of a file's name, without signs that no name has."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(sign for sign in last if sign.isprintable()).strip()
    return kept[-_NAME:] or "table"


def add_piece(tenant: Tenant, key: int, *, offset: int, data: bytes, at: datetime) -> Intake:
    """Add a piece that begins at `offset`; it is on the disk when this returns. A piece that is there changes nothing.

    Raises IntakeUnknown, UploadLong, NoRoom, and UploadOffset naming the byte that is expected next.
    """
    intake = intake_keyed(tenant, key)
    end = offset + len(data)
    if intake.state != IntakeState.UPLOADING or end <= intake.received:
        return intake
    if offset != intake.received:
        raise UploadOffset(expected=intake.received, size=intake.size)
    if end > intake.size:
        raise UploadLong(size=intake.size)
    if offset == 0:
        shed.clear(intake)
    store.write_at(shed.place(intake), offset, data)
    state = IntakeState.RECEIVED if end == intake.size else IntakeState.UPLOADING
    open_ones = Intake.objects.filter(pk=key, received=offset, state=IntakeState.UPLOADING)
    open_ones.update(received=end, state=state, changed_at=at)
    intake.refresh_from_db()
    if intake.received < end:  # somebody else's shorter piece was first
        raise UploadOffset(expected=intake.received, size=intake.size)
    return intake


def receive_file(
    tenant: Tenant, client_uuid: UUID, content: BinaryIO, *, name: str, size: int, by: Actor, at: datetime
) -> Intake:
    """Take a whole file that lies open, piece by piece, and return its intake; the same number again returns the same.

    Raises what `begin_intake` and `add_piece` raise.
    """
    intake = begin_intake(tenant, client_uuid, name=name, size=size, by=by, at=at)
    content.seek(intake.received)
    while intake.state == IntakeState.UPLOADING and (data := content.read(PIECE_BYTES)):
        intake = add_piece(tenant, intake.pk, offset=intake.received, data=data, at=at)
    return intake


def discard(tenant: Tenant, key: int, *, at: datetime) -> Intake:
    """Give a file up: its bytes go, its line stays. One that is being worked on has to be stopped first.

    Raises IntakeUnknown, IntakeMoved.
    """
    intake = intake_keyed(tenant, key)
    resting = Intake.objects.filter(pk=key, state__in=_RESTING)
    resting = resting.exclude(state=IntakeState.APPLIED)
    if not resting.update(state=IntakeState.CANCELLED, report={}, changed_at=at):
        raise IntakeMoved(name=intake.name, state=str(intake.get_state_display()))
    shed.clear(intake)
    intake.refresh_from_db()
    return intake


def sweep_intakes(tenant: Tenant, at: datetime, *, lasting: timedelta) -> int:
    """Forget the files nobody has touched for so long and that were not imported; returns how many. One ledger line if any.

    An imported file stays as long as its import can be explained by it: it may be read again by another mapping.
    """
    old = Intake.objects.filter(tenant=tenant, changed_at__lte=at - lasting, batch=None)
    stale = list(old.exclude(state__in=(IntakeState.CANCELLED, IntakeState.APPLYING, IntakeState.CHECKING)))
    with transaction.atomic():
        for intake in stale:
            Intake.objects.filter(pk=intake.pk).update(state=IntakeState.CANCELLED, report={})
        if stale:
            about, facts = f"tenant:{tenant.code}", {"count": len(stale)}
            record("intake.sweep", about=about, by=SYSTEM, at=at, tenant=tenant, facts=facts)
    for intake in stale:
        shed.clear(intake)
    return len(stale)
