"""What people decide about a file on its way in: how it is read, that it is checked, that it is imported, that it stops."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from xiuhua.exchange import shed
from xiuhua.exchange.actions.remembering import remember_mapping
from xiuhua.exchange.intakes import AT_WORK, IntakeGone, IntakeMoved, dead, intake_keyed, intake_of
from xiuhua.exchange.models import ImportBatch, Intake
from xiuhua.exchange.rules.mappings import parse_mapping
from xiuhua.exchange.words import IntakeState
from xiuhua.kernel.actions import emit
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Refusal, marked

#: From where each step may begin.
_READABLE = (IntakeState.RECEIVED, IntakeState.CHECKED, IntakeState.FAILED)
CHECK, APPLY = "intake.check", "intake.apply"


class NotChecked(Refusal):
    """The file was not checked by the mapping that it has now."""

    code = "intake.not_checked"
    sentence = marked("“%(name)s”还没有照现在的映射检查过，先检查再导入。")


class NothingGood(Refusal):
    """No row of the file can be imported."""

    code = "intake.nothing_good"
    sentence = marked("“%(name)s”没有一行能导入：请按体检报告改好再上传，或换一份映射。")


class FileForgotten(Refusal):
    """The file behind a batch is not kept any more."""

    code = "intake.forgotten"
    sentence = marked("批次 %(batch)s 的文件没有留着，不能换映射重读；请撤销后重新上传。")


def keep_answers(tenant: Tenant, key: int, answers: Mapping[str, Any], *, at: datetime) -> Intake:
    """Keep what the form about a file holds, ready or not; a report by an earlier mapping stands no longer.

    Raises IntakeUnknown, IntakeMoved.
    """
    intake = intake_keyed(tenant, key)
    change = {"answers": dict(answers), "report": {}, "failure": {}, "changed_at": at}
    return _moved(intake, _READABLE, IntakeState.RECEIVED, **change)


def ask_check(tenant: Tenant, key: int, text: str, *, by: Actor, at: datetime) -> Intake:
    """Declare how a file is read and have the worker check it. `text` is the mapping's TOML.

    Raises IntakeUnknown, IntakeMoved, IntakeGone, MappingMalformed.
    """
    parse_mapping(text)
    intake = intake_keyed(tenant, key)
    change = {"mapping": text, "report": {}}
    return _asked(intake, CHECK, _from(intake, IntakeState.CHECKING, at), IntakeState.CHECKING, by=by, at=at, **change)


def ask_apply(
    tenant: Tenant, key: int, *, only_good: bool, by: Actor, at: datetime, header: Sequence[str] = ()
) -> Intake:
    """Have the worker import a file that was checked: its good rows, or (not `only_good`) all of them or nothing.

    With its `header` the mapping is remembered for files with the same columns.

    Raises IntakeUnknown, IntakeMoved, IntakeGone, NotChecked, NothingGood.
    """
    intake = intake_keyed(tenant, key)
    if not intake.report:
        raise NotChecked(name=intake.name)
    if not intake.report.get("rows_good"):
        raise NothingGood(name=intake.name)
    begin = (_from(intake, IntakeState.APPLYING, at) | {IntakeState.CHECKED}) - {IntakeState.RECEIVED}
    with transaction.atomic():
        moved = _asked(intake, APPLY, begin, IntakeState.APPLYING, by=by, at=at, only_good=only_good)
        if header:
            remember_mapping(tenant, header, intake.mapping, by=by, at=at)
    return moved


def ask_stop(tenant: Tenant, key: int, *, at: datetime) -> Intake:
    """Stop the job at hand: at once where no worker has begun it, else as soon as the worker looks up. Nothing is kept of it.

    Raises IntakeUnknown, IntakeMoved.
    """
    intake = intake_keyed(tenant, key)
    if intake.state not in AT_WORK:
        raise IntakeMoved(name=intake.name, state=str(intake.get_state_display()))
    waiting = Intake.objects.filter(pk=key, state=intake.state, attempt=intake.attempt, begun_at=None)
    if not waiting.update(state=before(intake), attempt=intake.attempt + 1, changed_at=at):
        shed.want_stop(intake)
    intake.refresh_from_db()
    return intake


def remap(batch: ImportBatch, *, at: datetime) -> Intake:
    """Open the file of an import again so that it can be read by another mapping; the next import takes this one's place.

    Nothing is undone before that. Raises FileForgotten, IntakeMoved.
    """
    intake = intake_of(batch)
    if intake is None:
        raise FileForgotten(batch=batch.pk)
    change = {"replaces": batch, "report": {}, "failure": {}, "changed_at": at}
    return _moved(intake, (IntakeState.APPLIED,), IntakeState.RECEIVED, **change)


def keep_as_is(tenant: Tenant, key: int, *, at: datetime) -> Intake:
    """Close a file that was opened to be read again: its import stays as it is. Raises IntakeUnknown, IntakeMoved."""
    intake = intake_keyed(tenant, key)
    if intake.replaces_id is None:
        raise IntakeMoved(name=intake.name, state=str(intake.get_state_display()))
    change: dict[str, Any] = {"mapping": intake.replaces.mapping if intake.replaces else "", "failure": {}}
    return _moved(intake, _READABLE, IntakeState.APPLIED, replaces=None, changed_at=at, **change)


def before(intake: Intake) -> IntakeState:
    """Return the state to which a file goes back when its job is stopped."""
    return IntakeState.RECEIVED if intake.state == IntakeState.CHECKING else IntakeState.CHECKED


def _from(intake: Intake, job: IntakeState, at: datetime) -> set[IntakeState]:
    """Return the states from which a job may be asked for: at rest, or a job of the same kind that has died."""
    return {*_READABLE, *({job} if intake.state == job and dead(intake, at) else ())}


def _asked(
    intake: Intake,
    event: str,
    begin: Collection[IntakeState],
    state: IntakeState,
    *,
    by: Actor,
    at: datetime,
    **change: Any,
) -> Intake:
    """Move a file to where a job takes it up, and let the worker know; both or neither."""
    if not shed.is_there(intake):
        raise IntakeGone(name=intake.name)
    attempt = intake.attempt + 1
    change |= {"attempt": attempt, "asked_by": by.id, "asked_post": by.post, "begun_at": None, "failure": {}}
    with transaction.atomic():
        moved = _moved(intake, begin, state, changed_at=at, **change)
        emit(
            event,
            tenant=intake.tenant,
            about=f"intake:{intake.pk}",
            at=at,
            facts={"key": intake.pk, "attempt": attempt},
        )
    return moved


def _moved(intake: Intake, begin: Collection[IntakeState], state: IntakeState, **change: Any) -> Intake:
    """Compare and set: of two who move the same file, the later one is told. Raises IntakeMoved."""
    same = Intake.objects.filter(pk=intake.pk, state__in=begin, attempt=intake.attempt)
    if not same.update(state=state, **change):
        intake.refresh_from_db()
        raise IntakeMoved(name=intake.name, state=str(intake.get_state_display()))
    intake.refresh_from_db()
    return intake
