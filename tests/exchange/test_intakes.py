"""A file on its way in: pieces over a bad line, a mapping, a check and an import by the worker, and the way back."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from xiuhua.cases.models import Case
from xiuhua.exchange import shed
from xiuhua.exchange.actions import (
    add_piece,
    ask_apply,
    ask_check,
    ask_stop,
    begin_intake,
    discard,
    keep_as_is,
    receive_file,
    remap,
    sweep_intakes,
    undo_import,
)
from xiuhua.exchange.actions.asking import FileForgotten, NotChecked, NothingGood
from xiuhua.exchange.intakes import IntakeGone, IntakeMoved, IntakeUnknown, dead, open_intakes, unattended
from xiuhua.exchange.models import ImportBatch, Intake, SourceRecord
from xiuhua.exchange.words import BatchState, IntakeState
from xiuhua.files import progress
from xiuhua.files.words import FileEmpty, UploadLong, UploadOffset, UploadTaken
from xiuhua.kernel.actions import create_tenant
from xiuhua.kernel.actions.working import work
from xiuhua.kernel.models import Delivery, LedgerLine, OutboxEvent, Tenant
from xiuhua.kernel.words import Actor
from xiuhua.tables.words import LIMITS, FileTooLarge

pytestmark = pytest.mark.django_db

KEY = UUID("00000000-0000-4000-8000-0000000000aa")
Rows = Callable[..., Path]
Row = Callable[..., dict[str, str]]


class Desk:
    """What somebody at the desk and the worker behind it do, at one moment after the other."""

    def __init__(self, tenant: Tenant, by: Actor) -> None:
        self.tenant, self.by = tenant, by
        self.now = datetime.now(UTC)

    def send(self, path: Path, key: UUID = KEY, name: str = "六月.csv") -> Intake:
        """Send a file whole."""
        data = path.read_bytes()
        return receive_file(self.tenant, key, BytesIO(data), name=name, size=len(data), by=self.by, at=self.now)

    def check(self, intake: Intake, text: str) -> Intake:
        """Have it checked by a mapping, and let the worker do it."""
        ask_check(self.tenant, intake.pk, text, by=self.by, at=self.now)
        return self.work(intake)

    def apply(self, intake: Intake, *, only_good: bool = True) -> Intake:
        """Have it imported, and let the worker do it."""
        ask_apply(self.tenant, intake.pk, only_good=only_good, by=self.by, at=self.now)
        return self.work(intake)

    def work(self, intake: Intake) -> Intake:
        """Let the worker do all there is to do."""
        while work(lambda: self.now).anything:
            pass
        intake.refresh_from_db()
        return intake


@pytest.fixture
def desk(communities: Tenant, ana: Actor, settings: Any, tmp_path: Path) -> Desk:
    """Ana at her desk, in the office with two communities."""
    settings.FILES = tmp_path / "files"
    return Desk(communities, ana)


@pytest.fixture
def good(table: Rows, case: Row) -> Path:
    """Two rows that can be imported."""
    return table(case("A1"), case("A2"))


@pytest.fixture
def mixed(table: Rows, case: Row) -> Path:
    """Two rows that can be imported and one that cannot."""
    return table(case("A1"), case("A2"), case("A3", 上报="昨天"))


def test_file_when_sent_in_pieces_then_each_stays_and_the_last_makes_it_whole(desk: Desk, good: Path) -> None:
    data = good.read_bytes()
    intake = begin_intake(desk.tenant, KEY, name="a.csv", size=len(data), by=desk.by, at=desk.now)
    first = add_piece(desk.tenant, intake.pk, offset=0, data=data[:50], at=desk.now)
    assert (first.received, first.state) == (50, IntakeState.UPLOADING)
    with pytest.raises(UploadOffset) as refused:
        add_piece(desk.tenant, intake.pk, offset=80, data=data[80:], at=desk.now)
    assert refused.value.facts["expected"] == 50
    again = add_piece(desk.tenant, intake.pk, offset=0, data=data[:50], at=desk.now)
    assert again.received == 50
    begun = begin_intake(desk.tenant, KEY, name="a.csv", size=len(data), by=desk.by, at=desk.now)
    assert (begun.pk, begun.received) == (intake.pk, 50)
    whole = add_piece(desk.tenant, intake.pk, offset=50, data=data[50:], at=desk.now)
    assert (whole.state, shed.place(whole).read_bytes()) == (IntakeState.RECEIVED, data)


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"size": 0}, FileEmpty),
        ({"size": LIMITS.file_bytes + 1}, FileTooLarge),
        ({"size": 11}, UploadTaken),
        ({"name": "b.csv"}, UploadTaken),
        ({"by": Actor("user:bo")}, UploadTaken),
    ],
    ids=["empty", "too large", "another size", "another name", "another person"],
)
def test_file_when_announced_otherwise_then_it_is_refused(
    desk: Desk, told: dict[str, Any], refusal: type[Exception]
) -> None:
    usual: dict[str, Any] = {"name": "a.csv", "size": 10, "by": desk.by, "at": desk.now}
    begin_intake(desk.tenant, KEY, **usual)
    with pytest.raises(refusal):
        begin_intake(desk.tenant, KEY, **usual | told)


def test_piece_when_longer_than_announced_then_it_is_refused(desk: Desk) -> None:
    intake = begin_intake(desk.tenant, KEY, name="a.csv", size=10, by=desk.by, at=desk.now)
    with pytest.raises(UploadLong):
        add_piece(desk.tenant, intake.pk, offset=0, data=b"x" * 11, at=desk.now)


@pytest.mark.parametrize(
    ("name", "kept"),
    [("C:\\Users\\li\\表.csv", "表.csv"), ("../../etc/passwd", "passwd"), ("\x00\n", "table"), ("a" * 300, "a" * 255)],
    ids=["windows", "climbing", "nothing", "long"],
)
def test_name_when_odd_then_only_its_last_part_is_kept(desk: Desk, name: str, kept: str) -> None:
    assert begin_intake(desk.tenant, KEY, name=name, size=1, by=desk.by, at=desk.now).name == kept


def test_file_of_another_office_then_it_is_not_there(desk: Desk, good: Path, at: datetime) -> None:
    intake = desk.send(good)
    other = create_tenant("other", "别处", by=desk.by, at=at)
    with pytest.raises(IntakeUnknown):
        ask_stop(other, intake.pk, at=desk.now)


def test_file_when_checked_then_nothing_is_written_and_the_report_tells(
    desk: Desk, mixed: Path, mapping_text: str
) -> None:
    checked = desk.check(desk.send(mixed), mapping_text)
    assert (checked.state, checked.begun_at) == (IntakeState.CHECKED, None)
    told = {key: checked.report[key] for key in ("rows", "rows_good", "rows_bad", "created")}
    assert told == {"rows": 3, "rows_good": 2, "rows_bad": 1, "created": 2}
    assert checked.report["file"]["name"] == "六月.csv"
    assert (Case.objects.count(), ImportBatch.objects.count()) == (0, 0)
    assert LedgerLine.objects.filter(verb__startswith="import.").count() == 0


def test_file_when_imported_then_it_is_one_batch_that_names_it(desk: Desk, mixed: Path, mapping_text: str) -> None:
    done = desk.apply(desk.check(desk.send(mixed), mapping_text))
    assert done.state == IntakeState.APPLIED
    assert done.batch is not None
    assert (done.batch.file_name, done.batch.actor) == ("六月.csv", desk.by.id)
    assert sorted(Case.objects.values_list("number", flat=True)) == ["A1", "A2"]
    assert LedgerLine.objects.filter(verb="import.apply").count() == 1
    assert open_intakes(desk.tenant) == []


def test_file_when_all_or_nothing_and_one_row_is_bad_then_nothing_and_it_says_why(
    desk: Desk, mixed: Path, mapping_text: str
) -> None:
    failed = desk.apply(desk.check(desk.send(mixed), mapping_text), only_good=False)
    assert (failed.state, failed.failure["code"]) == (IntakeState.FAILED, "import.rows_refused")
    assert [one["row"] for one in failed.failure["faults"]] == [4]
    assert (Case.objects.count(), ImportBatch.objects.count()) == (0, 0)
    assert desk.apply(failed).state == IntakeState.APPLIED


def test_event_when_delivered_again_then_it_is_imported_once(desk: Desk, good: Path, mapping_text: str) -> None:
    done = desk.apply(desk.check(desk.send(good), mapping_text))
    Delivery.objects.filter(event__name__startswith="intake.").update(state="waiting")
    desk.work(done)
    assert (done.state, ImportBatch.objects.count()) == (IntakeState.APPLIED, 1)


def test_import_when_nothing_was_checked_then_it_is_refused(desk: Desk, good: Path) -> None:
    with pytest.raises(NotChecked):
        ask_apply(desk.tenant, desk.send(good).pk, only_good=True, by=desk.by, at=desk.now)


def test_import_when_no_row_is_good_then_it_is_refused(desk: Desk, table: Rows, case: Row, mapping_text: str) -> None:
    checked = desk.check(desk.send(table(case("A1", 上报="昨天"))), mapping_text)
    with pytest.raises(NothingGood):
        ask_apply(desk.tenant, checked.pk, only_good=True, by=desk.by, at=desk.now)


def test_file_when_changed_on_the_disk_after_its_check_then_it_is_not_imported(
    desk: Desk, good: Path, mapping_text: str
) -> None:
    checked = desk.check(desk.send(good), mapping_text)
    data = shed.place(checked).read_bytes()
    shed.place(checked).write_bytes(data.replace(b"A2", b"A9"))
    failed = desk.apply(checked)
    assert (failed.state, failed.failure["code"]) == (IntakeState.FAILED, "import.not_what_was_checked")
    assert Case.objects.count() == 0


def test_file_when_its_bytes_are_gone_then_it_says_so(desk: Desk, good: Path, mapping_text: str) -> None:
    intake = desk.send(good)
    shed.place(intake).unlink()
    with pytest.raises(IntakeGone):
        ask_check(desk.tenant, intake.pk, mapping_text, by=desk.by, at=desk.now)


def test_check_when_two_ask_for_it_then_the_second_is_told(desk: Desk, good: Path, mapping_text: str) -> None:
    intake = desk.send(good)
    ask_check(desk.tenant, intake.pk, mapping_text, by=desk.by, at=desk.now)
    with pytest.raises(IntakeMoved):
        ask_check(desk.tenant, intake.pk, mapping_text, by=desk.by, at=desk.now)
    assert OutboxEvent.objects.filter(name="intake.check").count() == 1


def test_check_when_stopped_before_it_began_then_the_file_is_as_before(
    desk: Desk, good: Path, mapping_text: str
) -> None:
    intake = desk.send(good)
    ask_check(desk.tenant, intake.pk, mapping_text, by=desk.by, at=desk.now)
    ask_stop(desk.tenant, intake.pk, at=desk.now)
    assert desk.work(intake).state == IntakeState.RECEIVED


def test_import_when_stopped_in_the_middle_then_nothing_is_written(
    desk: Desk, good: Path, mapping_text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = desk.check(desk.send(good), mapping_text)
    ask_apply(desk.tenant, checked.pk, only_good=True, by=desk.by, at=desk.now)
    checked.refresh_from_db()
    told = progress.Meter.tell

    def tell(meter: progress.Meter, done: int, of: int) -> None:
        told(meter, done, of)
        ask_stop(desk.tenant, checked.pk, at=desk.now)  # somebody presses the button now

    monkeypatch.setattr(progress.Meter, "tell", tell)
    assert desk.work(checked).state == IntakeState.CHECKED
    assert (Case.objects.count(), ImportBatch.objects.count()) == (0, 0)


def test_job_when_its_worker_died_then_it_is_dead_can_be_asked_again_and_the_old_one_says_so(
    desk: Desk, good: Path, mapping_text: str
) -> None:
    intake = desk.send(good)
    ask_check(desk.tenant, intake.pk, mapping_text, by=desk.by, at=desk.now)
    Intake.objects.filter(pk=intake.pk).update(begun_at=desk.now)
    intake.refresh_from_db()
    progress.Meter(shed.place(intake), intake.attempt).tell(1, 10)
    assert (dead(intake, desk.now), shed.progress_of(intake).percent) == (False, 10)
    mark = shed.place(intake).with_suffix(".progress")
    long_ago = time.time() - 2 * progress.DEAD
    os.utime(mark, (long_ago, long_ago))
    assert dead(intake, desk.now)
    failed = desk.work(intake)
    assert (failed.state, failed.failure["code"]) == (IntakeState.FAILED, "intake.died")
    assert desk.check(failed, mapping_text).state == IntakeState.CHECKED


def test_job_when_no_worker_runs_then_it_is_unattended_after_a_while(desk: Desk, good: Path, mapping_text: str) -> None:
    intake = ask_check(desk.tenant, desk.send(good).pk, mapping_text, by=desk.by, at=desk.now)
    assert not unattended(intake, desk.now)
    assert unattended(intake, desk.now + timedelta(minutes=1))


def test_import_when_undone_and_imported_again_then_cases_come_back(desk: Desk, good: Path, mapping_text: str) -> None:
    done = desk.apply(desk.check(desk.send(good), mapping_text))
    assert done.batch_id is not None
    undo_import(done.batch_id, by=desk.by, at=desk.now)
    assert Case.objects.count() == 0
    again = desk.apply(desk.check(desk.send(good, UUID(int=7)), mapping_text))
    assert (again.state, Case.objects.count()) == (IntakeState.APPLIED, 2)


def test_import_when_read_again_by_another_mapping_then_the_new_takes_the_place_of_the_old(
    desk: Desk, good: Path, mapping_text: str
) -> None:
    first = desk.apply(desk.check(desk.send(good), mapping_text)).batch
    assert first is not None
    other = mapping_text.replace('title = "标题"', 'title = "小类"')
    opened = remap(first, at=desk.now)
    assert Case.objects.count() == 2  # nothing is undone before the new import
    second = desk.apply(desk.check(opened, other)).batch
    first.refresh_from_db()
    assert second is not None
    assert (first.state, second.state, second.replaces_id) == (BatchState.UNDONE, BatchState.APPLIED, first.pk)
    assert sorted(Case.objects.values_list("title", flat=True)) == ["井盖", "井盖"]
    assert list(SourceRecord.objects.values_list("batch", flat=True)) == [second.pk, second.pk]
    verbs = LedgerLine.objects.filter(verb__startswith="import.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["import.apply", "import.undo", "import.apply"]


def test_reading_again_when_it_fails_then_the_old_import_stands(desk: Desk, mixed: Path, mapping_text: str) -> None:
    first = desk.apply(desk.check(desk.send(mixed), mapping_text)).batch
    assert first is not None
    checked = desk.check(remap(first, at=desk.now), mapping_text)
    failed = desk.apply(checked, only_good=False)
    first.refresh_from_db()
    assert (failed.state, first.state, Case.objects.count()) == (IntakeState.FAILED, BatchState.APPLIED, 2)
    kept = keep_as_is(desk.tenant, failed.pk, at=desk.now)
    assert (kept.state, kept.batch_id, kept.replaces_id) == (IntakeState.APPLIED, first.pk, None)


def test_reading_again_when_the_file_is_not_kept_then_it_is_refused(desk: Desk, good: Path, mapping_text: str) -> None:
    done = desk.apply(desk.check(desk.send(good), mapping_text))
    assert done.batch is not None
    shed.clear(done)
    with pytest.raises(FileForgotten):
        remap(done.batch, at=desk.now)


def test_file_when_given_up_then_its_bytes_go_and_its_line_stays(desk: Desk, good: Path) -> None:
    gone = discard(desk.tenant, desk.send(good).pk, at=desk.now)
    assert (gone.state, shed.is_there(gone)) == (IntakeState.CANCELLED, False)


def test_imported_file_when_given_up_then_that_is_refused(desk: Desk, good: Path, mapping_text: str) -> None:
    done = desk.apply(desk.check(desk.send(good), mapping_text))
    with pytest.raises(IntakeMoved):
        discard(desk.tenant, done.pk, at=desk.now)


def test_files_when_nobody_touches_them_then_they_are_forgotten_unless_imported(
    desk: Desk, good: Path, mapping_text: str
) -> None:
    done = desk.apply(desk.check(desk.send(good), mapping_text))
    left = desk.send(good, UUID(int=8))
    days = timedelta(days=14)
    assert sweep_intakes(desk.tenant, desk.now + days - timedelta(seconds=1), lasting=days) == 0
    assert sweep_intakes(desk.tenant, desk.now + days, lasting=days) == 1
    left.refresh_from_db()
    assert (left.state, shed.is_there(left), shed.is_there(done)) == (IntakeState.CANCELLED, False, True)
    assert LedgerLine.objects.filter(verb="intake.sweep").count() == 1
