"""The worker's part of bringing a file in: check it, import it, and say plainly how that ended."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import close_old_connections, connection, models, transaction

from xiuhua.exchange import shed
from xiuhua.exchange.actions.asking import before
from xiuhua.exchange.actions.importing import import_cases, look_through
from xiuhua.exchange.actions.undoing import undo_import
from xiuhua.exchange.health import CheckCancelled, check_file, stored
from xiuhua.exchange.intakes import AT_WORK, IntakeUnknown, dead, intake_keyed
from xiuhua.exchange.marklists import read_marks
from xiuhua.exchange.models import ImportBatch, Intake
from xiuhua.exchange.rules.mappings import parse_mapping
from xiuhua.exchange.words import BatchState, IntakeState
from xiuhua.files.progress import Meter
from xiuhua.kernel.actions.working import named
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.phrases import refusal_kept
from xiuhua.kernel.words import Actor, NotYet, Refusal, marked

log = logging.getLogger(__name__)

_LATER = timedelta(minutes=1)


class Stopped(Refusal):
    """Somebody wanted the job to stop; what it had done is rolled back."""

    code = "intake.stopped"
    sentence = marked("已停下，什么都没有写入。")


class Overtaken(Refusal):
    """The job was asked for again while this attempt was still at it."""

    code = "intake.overtaken"
    sentence = marked("这次入库已被另一次取代，什么都没有写入。")


class Broken(Refusal):
    """A fault of the program, not of the file."""

    code = "intake.broken"
    sentence = marked("程序出错（%(what)s），什么都没有写入。请再试一次；还不行就把这句话告诉管理员。")


class Died(Refusal):
    """The worker ended in the middle."""

    code = "intake.died"
    sentence = marked("后台在做到一半时停了，什么都没有写入。请再试一次。")


def take_up(tenant: Tenant, key: int, attempt: int, *, now: datetime) -> None:
    """Do the job that was asked for a file; again, or one that was overtaken, does nothing.

    Whatever goes wrong is kept with the file and not raised: it would go wrong again. Raises NotYet while another worker
    is at it.
    """
    try:
        intake = intake_keyed(tenant, key)
    except IntakeUnknown:  # pragma: no cover - rows of intakes are never deleted
        return
    if intake.state not in AT_WORK or intake.attempt != attempt:
        return
    waiting = Intake.objects.filter(pk=key, state=intake.state, attempt=attempt, begun_at=None)
    if not waiting.update(begun_at=now):
        if not dead(intake, now):
            raise NotYet(now + _LATER)
        _fail(intake, Died(), now)
        return
    intake.refresh_from_db()
    _do(intake, now)


def _do(intake: Intake, now: datetime) -> None:
    job = _check if intake.state == IntakeState.CHECKING else _apply
    try:
        with shed.metered(intake) as meter:
            job(intake, meter, now)
    except (Stopped, CheckCancelled):
        _settle(intake, before(intake), now)
    except Overtaken:
        log.warning("intake %s was overtaken", intake.pk)
    except Refusal as refusal:
        _fail(intake, refusal, now)
    except Exception as error:
        if not connection.in_atomic_block:
            close_old_connections()
        log.exception("intake %s", intake.pk)
        _fail(intake, Broken(what=named(error)), now)


def _check(intake: Intake, meter: Meter, now: datetime) -> None:
    health = check_file(
        intake.tenant,
        shed.place(intake),
        parse_mapping(intake.mapping),
        at=now,
        progress=meter.tell,
        cancelled=lambda: shed.stop_wanted(intake),
    )
    _settle(intake, IntakeState.CHECKED, now, report=replace(health, file_name=intake.name).contract())


def _apply(intake: Intake, meter: Meter, now: datetime) -> None:
    """Undo what this import takes the place of and import: both, with the file's new state, or nothing."""
    by = Actor(intake.asked_by, post=intake.asked_post)

    def progress(done: int, of: int) -> None:
        meter.tell(done, of)
        if shed.stop_wanted(intake):
            raise Stopped

    mapping = parse_mapping(intake.mapping)
    marks = read_marks(shed.marks_place(intake), mapping) if intake.marks else None
    looked = look_through(shed.place(intake), mapping, checked=stored(intake.report).checked, marks=marks)
    with transaction.atomic():
        if intake.replaces is not None and intake.replaces.state == BatchState.APPLIED:
            undo_import(intake.replaces.pk, by=by, at=now)
        report = import_cases(
            intake.tenant,
            shed.place(intake),
            mapping,
            by=by,
            at=now,
            name=intake.name,
            only_good=intake.only_good,
            progress=progress,
            looked=looked,
        )
        if intake.replaces is not None and report.batch is not None:
            ImportBatch.objects.filter(pk=report.batch).update(replaces=intake.replaces)
        done = {"batch_id": report.batch, "replaces": None, "changed_at": now, "begun_at": None}
        if not _at_hand(intake).update(state=IntakeState.APPLIED, **done):
            raise Overtaken


def _at_hand(intake: Intake) -> models.QuerySet[Intake]:
    return Intake.objects.filter(pk=intake.pk, state=intake.state, attempt=intake.attempt)


def _settle(intake: Intake, state: IntakeState, now: datetime, **change: object) -> None:
    _at_hand(intake).update(state=state, changed_at=now, begun_at=None, **change)


def _fail(intake: Intake, refusal: Refusal, now: datetime) -> None:
    """Keep why a job did not end well, in a form that can be worded in any language."""
    _settle(intake, IntakeState.FAILED, now, failure=refusal_kept(refusal, intake.state))
