"""Named reads of files on their way in, and why they are not moved on."""

from __future__ import annotations

from datetime import datetime

from xiuhua.exchange import shed
from xiuhua.exchange.models import ImportBatch, Intake
from xiuhua.exchange.words import IntakeState
from xiuhua.files import progress
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Refusal, marked

AT_WORK = (IntakeState.CHECKING, IntakeState.APPLYING)


class IntakeUnknown(Refusal):
    """The office has no such file."""

    code = "intake.unknown"
    sentence = marked("没有这个文件，或者它已经过期删除；请重新上传。")


class IntakeMoved(Refusal):
    """The file stands elsewhere by now."""

    code = "intake.moved"
    sentence = marked("“%(name)s”现在是“%(state)s”，这一步做不了；请刷新页面看看。")


class IntakeGone(Refusal):
    """The row is there, the bytes are not."""

    code = "intake.gone"
    sentence = marked("“%(name)s”的内容已经不在了，请重新上传。")


def intake_keyed(tenant: Tenant, key: int) -> Intake:
    """Return a file on its way in, with its import and the one it replaces. One query. Raises IntakeUnknown."""
    found = Intake.objects.select_related("tenant", "batch", "replaces").filter(tenant=tenant, pk=key).first()
    if found is None:
        raise IntakeUnknown
    return found


def open_intakes(tenant: Tenant) -> list[Intake]:
    """Return the files on their way in that are neither imported nor given up, newest first. One query."""
    over = (IntakeState.APPLIED, IntakeState.CANCELLED)
    return list(Intake.objects.filter(tenant=tenant).exclude(state__in=over).order_by("-pk"))


def intake_of(batch: ImportBatch) -> Intake | None:
    """Return the file from which a batch was imported, if it is still kept. One query."""
    found = Intake.objects.filter(batch=batch).order_by("-pk").first()
    return found if found is not None and shed.is_there(found) else None


def unattended(intake: Intake, now: datetime) -> bool:
    """Return whether a job that was asked for waits longer than any running worker would let it. No query."""
    return intake.state in AT_WORK and progress.unattended(intake.begun_at, intake.changed_at, now)


def dead(intake: Intake, now: datetime) -> bool:
    """Return whether a job that began has not given a sign of life for a minute. No query."""
    return intake.state in AT_WORK and progress.dead(intake.begun_at, shed.progress_of(intake), now)
