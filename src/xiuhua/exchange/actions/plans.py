"""Lists that go out every night: planned, written in one step, kept for some days, swept."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from xiuhua.exchange.actions.exporting import export_list, note_taken
from xiuhua.exchange.lists import LISTS, ListUnknown, kind_named
from xiuhua.exchange.lists.words import Asked
from xiuhua.exchange.models import ExportPlan, ExportRun
from xiuhua.exchange.words import FileForm
from xiuhua.kernel.actions import record
from xiuhua.kernel.actions.working import named
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor, Refusal, marked
from xiuhua.responsibility.models import User
from xiuhua.responsibility.queries import actor_of
from xiuhua.tables.writing import Written

#: Days that files are kept where the office's settings ("exports_kept") do not say.
KEPT = 30
#: Plans of one office: each is a file a night.
MOST = 40


class PlanUnknown(Refusal):
    """No such plan of the office, or none that the actor may touch."""

    code = "export.plan_unknown"
    sentence = marked("没有编号为 %(plan)s 的每晚导出。")


class PlansMany(Refusal):
    """The office has as many plans as it may."""

    code = "export.plans_many"
    sentence = marked("每晚导出最多 %(limit)s 项；先停掉或改掉不用的。")


class PlansFailed(Exception):
    """Some of the night's files could not be written for a reason that may pass: the worker tries again."""


def may_touch(actor: Actor, plan: ExportPlan) -> bool:
    """Return whether the actor may see a plan and take its files: its maker, and who sees its whole list anyway."""
    kind = LISTS.get(plan.what)
    if kind is None:
        return False
    return actor.may_everywhere(kind.right) or (actor.user == plan.user_id and actor.may(kind.right))


def make_plan(asked: Asked, name: str, form: FileForm, user: User) -> ExportPlan:
    """Plan that a list goes out every night as its maker sees it; the same plan again is the same plan, switched on.

    One ledger line. Raises ListUnknown (also for lists that belong to one thing), ListBarred, PlansMany.
    """
    kind = kind_named(name, asked.by)
    if not kind.alone:
        raise ListUnknown(name=name, names=", ".join(code for code, one in LISTS.items() if one.alone))
    given = {key: asked.given[key] for key in kind.labels if asked.given.get(key)}
    with transaction.atomic():
        plans = ExportPlan.objects.select_for_update().filter(tenant=asked.tenant)
        same = next((one for one in plans.filter(user=user, what=name, form=form) if one.given == given), None)
        if same is None and plans.count() >= MOST:
            raise PlansMany(limit=MOST)
        if same is None:
            same = ExportPlan.objects.create(
                tenant=asked.tenant,
                what=name,
                given=given,
                sort=asked.sort[:20],
                form=form,
                user=user,
                made_at=asked.at,
            )
        same.on = True
        same.save(update_fields=["on"])
        _told("export.plan", same, asked.by, asked.at)
    return same


def switch_plan(tenant: Tenant, key: int, *, on: bool, by: Actor, at: datetime) -> ExportPlan:
    """Switch a plan on or off and return it. One ledger line. Raises PlanUnknown."""
    with transaction.atomic():
        plan = ExportPlan.objects.select_for_update().filter(tenant=tenant, pk=key).first()
        if plan is None or not may_touch(by, plan):
            raise PlanUnknown(plan=key)
        plan.on = on
        plan.save(update_fields=["on"])
        _told("export.switch", plan, by, at)
    return plan


def _told(verb: str, plan: ExportPlan, by: Actor, at: datetime) -> None:
    facts = {"list": plan.what, "form": plan.form, "on": plan.on}
    record(verb, about=f"export_plan:{plan.pk}", by=by, at=at, tenant=plan.tenant, facts=facts)


def run_plans(tenant: Tenant, at: datetime) -> int:
    """Write tonight's file of every plan of an office that is on; returns how many were written.

    What has been written today is not written again. A failure is kept with the plan and keeps no other plan from its file.
    Files older than the office keeps are swept. Raises PlansFailed where trying again may help.
    """
    zone = ZoneInfo(tenant.zone) if tenant.zone else ZoneInfo("UTC")
    day = at.astimezone(zone).date()
    written, failed = 0, []
    with override(settings.LANGUAGE_CODE):
        for plan in ExportPlan.objects.filter(tenant=tenant, on=True).select_related("tenant", "user").order_by("pk"):
            if ExportRun.objects.filter(plan=plan, day=day).exclude(path="").exists():
                continue
            try:
                _run(plan, day, at)
                written += 1
            except Refusal as refusal:
                _failed(plan, day, at, str(refusal))
            except Exception as error:  # noqa: BLE001 - whatever went wrong is shown, and tried again
                _failed(plan, day, at, named(error))
                failed.append(plan.pk)
    sweep_exports(tenant, day)
    if failed:
        raise PlansFailed(", ".join(map(str, failed)))
    return written


def _run(plan: ExportPlan, day: date, at: datetime) -> None:
    by = actor_of(plan.user, day)
    kind = kind_named(plan.what, by)
    asked = Asked(plan.tenant, by, at, plan.given, plan.sort)
    name = f"{day.isoformat()}/{plan.tenant.code}-{plan.pk}-{plan.what}.{plan.form}"
    done, size = durably(folder() / name, lambda target: export_list(kind.code, FileForm(plan.form), asked, target))
    values = {"at": at, "path": name, "rows": done.rows, "size": size, "error": ""}
    ExportRun.objects.update_or_create(plan=plan, day=day, defaults=values)


def _failed(plan: ExportPlan, day: date, at: datetime, why: str) -> None:
    values = {"at": at, "path": "", "rows": None, "size": None, "error": why[:300]}
    ExportRun.objects.update_or_create(plan=plan, day=day, defaults=values)


def folder() -> Path:
    """Return where the files of the nights lie: a folder for each day."""
    return Path(settings.HOME) / "exports"


def durably(place: Path, write: Callable[[BinaryIO], Written]) -> tuple[Written, int]:
    """Write a file beside its place, put it there in one step, and return what was written and its bytes.

    When this returns, file and name are on the disk; a crash leaves the old file or none, never half of one.
    """
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = place.parent / f".{token_hex(8)}.part"
    try:
        with draft.open("w+b") as target:
            draft.chmod(0o600)
            done = write(target)
            target.flush()
            os.fsync(target.fileno())
        size = draft.stat().st_size
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)
    for above in (place.parent, place.parent.parent):
        handle = os.open(above, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    return done, size


def sweep_exports(tenant: Tenant, day: date) -> int:
    """Remove an office's files that are older than it keeps, and say in their runs that they are gone; returns how many."""
    kept = tenant.settings.get("exports_kept", KEPT)
    kept = kept if isinstance(kept, int) and kept >= 1 else KEPT
    old = ExportRun.objects.filter(plan__tenant=tenant, day__lte=day - timedelta(days=kept)).exclude(path="")
    gone = 0
    for run in list(old):
        place = folder() / run.path
        place.unlink(missing_ok=True)
        with suppress(OSError):  # others still have files of that day
            place.parent.rmdir()
        run.path = ""
        run.save(update_fields=["path"])
        gone += 1
    return gone


def take_run(tenant: Tenant, key: int, *, by: Actor, at: datetime) -> tuple[ExportRun, Path]:
    """Return a night's file to whoever may see it; of a list that names people the ledger notes it.

    Raises PlanUnknown, also where the file was swept.
    """
    run = ExportRun.objects.filter(plan__tenant=tenant, pk=key).exclude(path="").select_related("plan__tenant").first()
    place = folder() / run.path if run else None
    if run is None or place is None or not may_touch(by, run.plan) or not place.is_file():
        raise PlanUnknown(plan=key)
    kind = LISTS[run.plan.what]
    if kind.personal:
        note_taken(kind, Asked(tenant, by, at, run.plan.given), form=run.plan.form, rows=run.rows)
    return run, place
