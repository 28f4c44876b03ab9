"""Lists that go out every night: planned, written in one step as their maker sees them, kept, swept."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import pytest

from xiuhua.exchange.actions import plans
from xiuhua.exchange.actions.plans import (
    MOST,
    PlansFailed,
    PlansMany,
    PlanUnknown,
    durably,
    make_plan,
    run_plans,
    switch_plan,
    take_run,
)
from xiuhua.exchange.jobs import JOBS
from xiuhua.exchange.lists import Asked, FileForm, ListBarred, ListUnknown
from xiuhua.exchange.models import ExportPlan, ExportRun
from xiuhua.exchange.words import ImportReport
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.words import EVERY, Actor, Daily, Grant
from xiuhua.responsibility.models import Post, User
from xiuhua.responsibility.queries import actor_of
from xiuhua.responsibility.words import Role
from xiuhua.tables.writing import Written
from xiuhua.territory.models import Territory

Rows = Callable[..., dict[str, str]]
NIGHT = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)  # three in the morning of the 24th in Shanghai
DAY = date(2026, 11, 24)

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def brought(bring: Callable[..., ImportReport], case: Rows, communities: Tenant) -> Tenant:
    """The office with a case in each community."""
    bring(case("A-1"), case("B-1", 经度="120.015"))
    return communities


def _user(office: Tenant, name: str, role: Role, territory: str = "") -> tuple[User, Actor]:
    user = User.objects.create(username=name, tenant=office)
    where = Territory.objects.get(tenant=office, code=territory) if territory else None
    Post.objects.create(user=user, role=role, territory=where)
    return user, actor_of(user, DAY)


def _plan(office: Tenant, user: User, by: Actor, at: datetime, what: str = "cases", **given: str) -> ExportPlan:
    return make_plan(Asked(office, by, at, given, "number"), what, FileForm.CSV, user)


def _numbers(home: Path, run: ExportRun) -> list[str]:
    with (home / "exports" / run.path).open(encoding="utf-8-sig", newline="") as file:
        return [row[0] for row in csv.reader(file)][1:]


def test_night_when_it_comes_then_each_plan_has_its_file_as_its_maker_sees_it(
    brought: Tenant, at: datetime, home: Path
) -> None:
    whole = _plan(brought, *_user(brought, "lin", Role.STAFF), at)
    part = _plan(brought, *_user(brought, "xia", Role.SECRETARY, "B"), at)
    assert run_plans(brought, NIGHT) == 2
    runs = {run.plan_id: run for run in ExportRun.objects.all()}
    assert (_numbers(home, runs[whole.pk]), _numbers(home, runs[part.pk])) == (["A-1", "B-1"], ["B-1"])
    one = runs[whole.pk]
    place = home / "exports" / f"2026-11-24/street-{whole.pk}-cases.csv"
    assert (one.day, one.rows, one.error, home / "exports" / one.path) == (DAY, 2, "", place)
    assert one.size == place.stat().st_size
    assert sorted(path.name for path in place.parent.iterdir()) == sorted(Path(run.path).name for run in runs.values())


def test_night_when_run_again_then_nothing_is_written_twice(brought: Tenant, at: datetime) -> None:
    _plan(brought, *_user(brought, "lin", Role.STAFF), at)
    assert [run_plans(brought, NIGHT), run_plans(brought, NIGHT + timedelta(hours=1))] == [1, 0]
    assert run_plans(brought, NIGHT + timedelta(days=1)) == 1
    assert ExportRun.objects.count() == 2


def test_plan_when_its_maker_left_then_the_failure_is_shown_and_others_have_their_file(
    brought: Tenant, at: datetime
) -> None:
    gone, by = _user(brought, "xia", Role.STAFF)
    lost = _plan(brought, gone, by, at)
    kept = _plan(brought, *_user(brought, "lin", Role.STAFF), at)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert run_plans(brought, NIGHT) == 1
    runs = {run.plan_id: (run.path != "", run.error) for run in ExportRun.objects.all()}
    assert runs == {lost.pk: (False, "您的岗位看不到“案件”，不能导出。"), kept.pk: (True, "")}


def test_plan_when_the_disk_refuses_then_kept_as_failed_tried_again_and_no_half_file(
    brought: Tenant, at: datetime, home: Path
) -> None:
    plan = _plan(brought, *_user(brought, "lin", Role.STAFF), at)
    (home / "exports").write_text("a file where the folder should be")
    with pytest.raises(PlansFailed):
        run_plans(brought, NIGHT)
    assert ExportRun.objects.get().error.startswith("NotADirectoryError") or ExportRun.objects.get().error.startswith(
        "FileExistsError"
    )
    (home / "exports").unlink()
    assert run_plans(brought, NIGHT) == 1
    assert (ExportRun.objects.get(plan=plan).error, ExportRun.objects.get(plan=plan).rows) == ("", 2)


def test_file_when_writing_breaks_off_then_the_old_one_stays_and_no_draft(tmp_path: Path) -> None:
    place = tmp_path / "exports" / "2026-11-24" / "a.csv"

    def whole(target: BinaryIO) -> Written:
        target.write(b"whole")
        return Written(1)

    def broken(target: BinaryIO) -> Written:
        target.write(b"half")
        raise OSError

    assert durably(place, whole) == (Written(1), 5)
    with pytest.raises(OSError):  # noqa: PT011 - the one that was raised
        durably(place, broken)
    assert [path.read_bytes() for path in place.parent.iterdir()] == [b"whole"]


@pytest.mark.parametrize(("kept", "left"), [(None, 30), (2, 2), ("many", 30), (0, 30)])
def test_files_when_older_than_the_office_keeps_then_swept(
    kept: object, left: int, brought: Tenant, at: datetime, home: Path
) -> None:
    if kept is not None:
        brought.settings = {**brought.settings, "exports_kept": kept}
        brought.save()
    _plan(brought, *_user(brought, "lin", Role.STAFF), at)
    for day in range(left + 2):
        run_plans(brought, NIGHT + timedelta(days=day))
    assert ExportRun.objects.exclude(path="").count() == left
    assert len(list((home / "exports").iterdir())) == left


def test_plan_when_made_again_then_the_same_one_switched_on(brought: Tenant, at: datetime) -> None:
    user, by = _user(brought, "lin", Role.STAFF)
    first = _plan(brought, user, by, at, month="2026-10")
    switch_plan(brought, first.pk, on=False, by=by, at=at)
    assert run_plans(brought, NIGHT) == 0
    again = _plan(brought, user, by, at, month="2026-10", nonsense="x")
    assert (again.pk, again.on, again.given) == (first.pk, True, {"month": "2026-10"})
    assert _plan(brought, user, by, at).pk != first.pk
    verbs = LedgerLine.objects.filter(about=f"export_plan:{first.pk}").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["export.plan", "export.switch", "export.plan"]


def test_plan_when_it_may_not_be_made_then_refused(brought: Tenant, at: datetime) -> None:
    user, by = _user(brought, "lin", Role.CLERK)
    with pytest.raises(ListBarred):
        _plan(brought, user, by, at, "people")
    with pytest.raises(ListUnknown):
        _plan(brought, user, by, at, "findings")
    asked = {"tenant": brought, "user": user, "what": "cases", "made_at": at}
    ExportPlan.objects.bulk_create(ExportPlan(**asked, given={"q": str(n)}) for n in range(MOST))
    with pytest.raises(PlansMany):
        _plan(brought, user, by, at, month="2026-10")


def test_file_when_taken_then_only_by_who_sees_it_and_told(brought: Tenant, at: datetime) -> None:
    _plan(brought, *_user(brought, "lin", Role.STAFF), at)
    mine = _plan(brought, *_user(brought, "xia", Role.SECRETARY, "B"), at)
    run_plans(brought, NIGHT)
    xia = actor_of(User.objects.get(username="xia"), DAY)
    lin = actor_of(User.objects.get(username="lin"), DAY)
    runs = {run.plan_id: run.pk for run in ExportRun.objects.all()}
    before = LedgerLine.objects.filter(verb="export.take").count()
    assert take_run(brought, runs[mine.pk], by=xia, at=at)[1].is_file()
    assert take_run(brought, runs[mine.pk], by=lin, at=at)[1].is_file()
    with pytest.raises(PlanUnknown):
        take_run(brought, next(pk for plan, pk in runs.items() if plan != mine.pk), by=xia, at=at)
    with pytest.raises(PlanUnknown):
        switch_plan(brought, next(plan for plan in runs if plan != mine.pk), on=False, by=xia, at=at)
    with pytest.raises(PlanUnknown):
        take_run(brought, runs[mine.pk], by=Actor("user:eve", grants=(Grant("people.see"),)), at=at)
    assert LedgerLine.objects.filter(verb="export.take").count() == before + 2


def test_job_when_registered_then_daily_after_the_facts() -> None:
    assert [(job.code, job.every) for job in JOBS] == [("exports.nightly", Daily(3))]


def test_staff_when_asked_for_then_everything(brought: Tenant, at: datetime) -> None:
    everyone = Actor("shell:x", grants=(Grant(EVERY),))
    plan = _plan(brought, *_user(brought, "xia", Role.SECRETARY, "B"), at)
    assert plans.may_touch(everyone, plan)
