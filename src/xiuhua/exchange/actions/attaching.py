"""A second list beside a file on its way in: which of its cases were extended, reworked or overdue."""

from __future__ import annotations

from datetime import datetime
from secrets import token_hex

from django.db import transaction

from xiuhua.exchange import shed
from xiuhua.exchange.intakes import IntakeMoved, intake_keyed
from xiuhua.exchange.marklists import read_marks
from xiuhua.exchange.models import Intake
from xiuhua.exchange.rules.mappings import parse_mapping
from xiuhua.exchange.words import IntakeState
from xiuhua.files import store
from xiuhua.files.words import FileEmpty
from xiuhua.kernel.models import Tenant
from xiuhua.tables.words import FileTooLarge

#: Bytes of a list at most: a number and a word for each of some hundred thousand cases.
LIST_BYTES = 16 << 20
_NAME = 255
_STANDING = (IntakeState.CHECKED, IntakeState.FAILED)


def attach_list(tenant: Tenant, key: int, data: bytes, *, name: str, at: datetime) -> Intake:
    """Keep a second list with a file that has its mapping, in place of the one it had; it is imported with the file.

    It is read at once: what cannot be read is refused here, not after the import. Raises IntakeUnknown, IntakeMoved,
    FileEmpty, FileTooLarge, MarksUnworded and the refusals of `tables`; then the list there was stays.
    """
    intake = _standing(tenant, key)
    if not data:
        raise FileEmpty
    if len(data) > LIST_BYTES:
        raise FileTooLarge(bytes=len(data), limit=LIST_BYTES)
    place, mapping = shed.marks_place(intake), parse_mapping(intake.mapping)
    trial = place.with_suffix(f".{token_hex(8)}")
    store.put(trial, data)
    try:
        told = read_marks(trial, mapping).told
    finally:
        store.remove(trial)
    said = {"name": name[-_NAME:], "numbers": len(told.marks), "unread": len(told.faults)}
    with transaction.atomic():  # an import that has begun in the meantime keeps the list it began with
        kept = _kept(intake, said, at)
        store.put(place, data)
    return kept


def detach_list(tenant: Tenant, key: int, *, at: datetime) -> Intake:
    """Take the second list away from a file. Raises IntakeUnknown, IntakeMoved."""
    intake = _standing(tenant, key)
    kept = _kept(intake, {}, at)
    store.remove(shed.marks_place(intake))
    return kept


def _standing(tenant: Tenant, key: int) -> Intake:
    intake = intake_keyed(tenant, key)
    if intake.state not in _STANDING or not intake.mapping:
        raise IntakeMoved(name=intake.name, state=str(intake.get_state_display()))
    return intake


def _kept(intake: Intake, said: dict[str, object], at: datetime) -> Intake:
    same = Intake.objects.filter(pk=intake.pk, state=intake.state, attempt=intake.attempt)
    if not same.update(marks=said, changed_at=at):
        intake.refresh_from_db()
        raise IntakeMoved(name=intake.name, state=str(intake.get_state_display()))
    intake.refresh_from_db()
    return intake
