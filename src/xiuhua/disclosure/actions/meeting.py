"""Making the pack for a meeting: at once for the command, and as the worker's work for everybody else."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import close_old_connections, connection, models, transaction
from django.utils.translation import override

from xiuhua.assessment.actions import assess
from xiuhua.assessment.queries import latest
from xiuhua.disclosure.models import MeetingPack, PackFile
from xiuhua.disclosure.pack import MANIFEST, Progress, pack
from xiuhua.disclosure.packing import PackState
from xiuhua.disclosure.queries.packs import (
    PackUnknown,
    dead,
    made_already,
    pack_keyed,
    place_of,
    progress_of,
    source_of,
)
from xiuhua.disclosure.queries.told import told_of
from xiuhua.files import progress as marks
from xiuhua.files.actions import store
from xiuhua.files.models import StoredFile
from xiuhua.files.words import Kind
from xiuhua.kernel.actions import emit, one_at_a_time, record
from xiuhua.kernel.actions.working import named
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.phrases import refusal_kept
from xiuhua.kernel.rules import Period
from xiuhua.kernel.rules.digests import digest
from xiuhua.kernel.words import Actor, NotYet, Refusal, marked
from xiuhua.tables.words import MIB

log = logging.getLogger(__name__)

MAKE = "meeting.make"
#: Media types of a pack's files, by the end of their names.
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "png": "image/png",
    "json": "application/json",
}
#: Nothing that a pack holds comes near it.
LARGEST = 200 * MIB
_LATER = timedelta(minutes=1)
Tell = Callable[[int, int, str], None]


class PackStopped(Refusal):
    """Somebody wanted the work to stop; nothing of it is kept."""

    code = "meeting.stopped"
    sentence = marked("已停下，没有留下材料包。")


class PackBroken(Refusal):
    """A fault of the program."""

    code = "meeting.broken"
    sentence = marked("程序出错（%(what)s），没有做成。请再试一次；还不行就把这句话告诉管理员。")


class PackDied(Refusal):
    """The worker ended in the middle."""

    code = "meeting.died"
    sentence = marked("后台在做到一半时停了，没有做成。请再试一次。")


def _quiet(_done: int, _of: int, _name: str) -> None:
    return


def make_pack(
    tenant: Tenant,
    period: Period,
    *,
    scheme: str,
    by_level: str,
    month_by: str = "due",
    language: str,
    by: Actor,
    at: datetime,
    progress: Progress = _quiet,
) -> dict[str, bytes]:
    """Return the files of a month's pack; a month that has not been assessed is assessed first, as of its end.

    The files hang on the written assessment, its snapshot and the labels alone, never on `at`. Raises what `assess` and
    `told_of` raise, FontMissing.
    """
    _assessed(tenant, period, scheme, by_level, month_by, by=by, at=at)
    with override("en" if language.startswith("en") else "zh-hans"):
        told = told_of(tenant, period, scheme=scheme, by=by_level, month_by=month_by)
        return pack(told, progress)


def _assessed(
    tenant: Tenant, period: Period, scheme: str, by_level: str, month_by: str, *, by: Actor, at: datetime
) -> None:
    if latest(tenant, period, scheme, by_level, month_by) is None:
        assess(tenant, period, scheme=scheme, by_level=by_level, month_by=month_by, by=by, at=at)


def ask_pack(
    tenant: Tenant,
    period: Period,
    *,
    scheme: str,
    by_level: str,
    month_by: str = "due",
    language: str,
    by: Actor,
    at: datetime,
) -> MeetingPack:
    """Return the pack of a choice: the one that is made and still stands, the one at work, or a new one for the worker.

    Asking twice gives the same. One that failed, was stopped or has died is begun again.
    """
    choice = {"scheme": scheme, "by": by_level, "month_by": month_by}
    whole = {"period": str(period), "language": "en" if language.startswith("en") else "zh", **choice}
    source = source_of(tenant, period, scheme, by_level, month_by)
    with transaction.atomic():
        one_at_a_time(f"meeting:{tenant.pk}")
        kept = MeetingPack.objects.filter(tenant=tenant, **whole).order_by("-pk")
        at_work = kept.filter(state=PackState.MAKING).first()
        if at_work is not None:
            return _begun_again(at_work, by=by, at=at) if dead(at_work, at) else at_work
        same = kept.filter(source=source).first()
        if same is not None and source and made_already(same):
            return same
        if same is not None:
            return _begun_again(same, by=by, at=at)
        asked = {"asked_by": by.id, "asked_post": by.post, "changed_at": at}
        made = MeetingPack.objects.create(tenant=tenant, source=source, **whole, **asked)
        _tell_worker(made, at)
    return made


def _begun_again(pack_: MeetingPack, *, by: Actor, at: datetime) -> MeetingPack:
    change = {"asked_by": by.id, "asked_post": by.post, "changed_at": at, "begun_at": None, "failure": {}}
    attempt = pack_.attempt + 1
    MeetingPack.objects.filter(pk=pack_.pk).update(state=PackState.MAKING, attempt=attempt, **change)
    pack_.refresh_from_db()
    _tell_worker(pack_, at)
    return pack_


def _tell_worker(pack_: MeetingPack, at: datetime) -> None:
    facts = {"key": pack_.pk, "attempt": pack_.attempt}
    emit(MAKE, tenant=pack_.tenant, about=f"meeting:{pack_.pk}", at=at, facts=facts)


def stop_pack(tenant: Tenant, key: int, *, at: datetime) -> MeetingPack:
    """Stop the making of a pack: at once where no worker has begun or it has died, else before its next file; return it.

    One that is not being made stays as it is. Raises PackUnknown.
    """
    found = pack_keyed(tenant, key)
    if found.state != PackState.MAKING:
        return found
    mine = _at_hand(found)
    waiting = mine if dead(found, at) else mine.filter(begun_at=None)
    if not waiting.update(state=PackState.STOPPED, attempt=found.attempt + 1, begun_at=None, changed_at=at):
        marks.want_stop(place_of(found), found.attempt)
    found.refresh_from_db()
    return found


def take_up_pack(tenant: Tenant, key: int, attempt: int, *, now: datetime) -> None:
    """Make the pack that was asked for; again, or an attempt that was overtaken, does nothing.

    Whatever goes wrong is kept with the pack and not raised: it would go wrong again. Raises NotYet while another worker
    is at it.
    """
    try:
        found = pack_keyed(tenant, key)
    except PackUnknown:  # pragma: no cover - rows of packs are never deleted
        return
    if found.state != PackState.MAKING or found.attempt != attempt:
        return
    if not _at_hand(found).filter(begun_at=None).update(begun_at=now):
        if not dead(found, now):
            raise NotYet(now + _LATER)
        _fail(found, PackDied(), now)
        return
    found.refresh_from_db()
    with marks.metered(place_of(found), found.attempt) as meter:
        _tried(found, meter.tell, now)


def _tried(found: MeetingPack, tell: Tell, now: datetime) -> None:
    try:
        _make(found, tell, now)
    except PackStopped:
        _at_hand(found).update(state=PackState.STOPPED, begun_at=None, changed_at=now)
    except Refusal as refusal:
        _fail(found, refusal, now)
    except Exception as error:
        if not connection.in_atomic_block:
            close_old_connections()
        log.exception("pack %s", found.pk)
        _fail(found, PackBroken(what=named(error)), now)


def _make(found: MeetingPack, tell: Tell, now: datetime) -> None:
    """Make the files, keep their contents, and write what they are called: the last in one transaction."""
    by, period = Actor(found.asked_by, post=found.asked_post), Period.parse(found.period)
    choice = {"scheme": found.scheme, "month_by": found.month_by}

    def watched(done: int, of: int, name: str) -> None:
        tell(done, of, name)
        if marks.stop_wanted(place_of(found), found.attempt):
            raise PackStopped

    _assessed(found.tenant, period, found.scheme, found.by, found.month_by, by=by, at=now)
    source = source_of(found.tenant, period, found.scheme, found.by, found.month_by)
    files = make_pack(
        found.tenant, period, by_level=found.by, language=found.language, by=by, at=now, progress=watched, **choice
    )
    kept = {name: _kept(found.tenant, name, data, by=by, at=now) for name, data in files.items()}
    _close(found, source, files[MANIFEST].decode(), kept, by=by, at=now)


def _kept(tenant: Tenant, name: str, data: bytes, *, by: Actor, at: datetime) -> StoredFile:
    media_type = TYPES[name.rpartition(".")[2]]
    return store(tenant, data, kind=Kind.DOCUMENT, media_type=media_type, limit=LARGEST, by=by, at=at)


def _close(
    found: MeetingPack, source: str, manifest: str, files: dict[str, StoredFile], *, by: Actor, at: datetime
) -> None:
    made = {"source": source, "manifest": json.loads(manifest), "made_at": at, "begun_at": None, "changed_at": at}
    with transaction.atomic():
        if not _at_hand(found).update(state=PackState.MADE, failure={}, **made):
            return  # overtaken: the later attempt makes its own
        found.files.all().delete()
        PackFile.objects.bulk_create(PackFile(pack=found, name=name, file=file) for name, file in files.items())
        facts = {"period": found.period, "scheme": found.scheme, "by": found.by, "files": len(files)}
        about = f"period:{found.period}"
        record("meeting.pack", about=about, by=by, at=at, tenant=found.tenant, after=digest(manifest), facts=facts)


def _at_hand(found: MeetingPack) -> models.QuerySet[MeetingPack]:
    return MeetingPack.objects.filter(pk=found.pk, state=PackState.MAKING, attempt=found.attempt)


def _fail(found: MeetingPack, refusal: Refusal, now: datetime) -> None:
    """Keep why a pack was not made, at which file, in a form that can be worded in any language."""
    failure = refusal_kept(refusal, progress_of(found).what)
    _at_hand(found).update(state=PackState.FAILED, failure=failure, begun_at=None, changed_at=now)
