"""The meeting's pack as background work: asked once, made once, kept, stopped, failed and begun again."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.db.models import F
from tests.disclosure.bulletin_offices import MONTH, assessed_office
from tests.living import Office

from xiuhua.analytics.actions import freeze
from xiuhua.assessment.actions import assess
from xiuhua.cases.models import Case
from xiuhua.disclosure.actions.meeting import ask_pack, stop_pack, take_up_pack
from xiuhua.disclosure.models import MeetingPack
from xiuhua.disclosure.pack import MANIFEST
from xiuhua.disclosure.packing import PackState
from xiuhua.disclosure.queries.packs import (
    PackUnknown,
    content_of,
    dead,
    file_of,
    members_of,
    pack_keyed,
    packs_of,
    place_of,
    progress_of,
    still_standing,
    unattended,
)
from xiuhua.files.archives import zipped
from xiuhua.files.progress import DEAD, Meter
from xiuhua.kernel.models import LedgerLine, OutboxEvent
from xiuhua.kernel.rules import Period
from xiuhua.kernel.words import NotYet


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The office with one pack made, built once; what tests write is rolled back."""
    before = django_settings.HOME, django_settings.FILES
    django_settings.HOME = tmp_path_factory.mktemp("packs")
    django_settings.FILES = django_settings.HOME / "files"
    with django_db_blocker.unblock(), transaction.atomic():
        office = assessed_office("packs")
        asked = ask(office)
        take_up_pack(office.tenant, asked.pk, asked.attempt, now=office.later(minutes=1))
        yield office
        transaction.set_rollback(True)
    django_settings.HOME, django_settings.FILES = before


@pytest.fixture
def office(ground: Office, db: None) -> Office:
    """The office as it was built."""
    return ground


@pytest.fixture
def made(office: Office) -> MeetingPack:
    """The pack that is made, where this machine can set Chinese."""
    found = MeetingPack.objects.get(tenant=office.tenant)
    if found.failure.get("code") == "documents.font_missing":
        pytest.skip("no Chinese font on this machine")
    return found


def ask(office: Office, period: Period = MONTH, language: str = "zh", by: str = "bo") -> MeetingPack:
    choice = {"scheme": "basic", "by_level": "community", "language": language}
    return ask_pack(office.tenant, period, **choice, by=office.actor(by), at=office.later(minutes=1))


def events(pack: MeetingPack) -> int:
    return OutboxEvent.objects.filter(about=f"meeting:{pack.pk}").count()


def worked(office: Office, pack: MeetingPack) -> MeetingPack:
    take_up_pack(office.tenant, pack.pk, pack.attempt, now=office.later(seconds=1))
    return pack_keyed(office.tenant, pack.pk)


# ---- made and kept ----


def test_pack_when_the_worker_has_made_it_then_its_files_are_kept_with_one_ledger_line(
    office: Office, made: MeetingPack
) -> None:
    assert (made.state, made.begun_at, made.failure) == (PackState.MADE, None, {})
    listed = {one["name"]: one["sha256"] for one in made.manifest["files"]}
    kept = {one.name: one.file.sha256 for one in made.files.select_related("file")}
    assert {name: kept[name] for name in listed} == listed
    assert set(kept) - set(listed) == {MANIFEST}
    line = LedgerLine.objects.get(tenant=office.tenant, verb="meeting.pack")
    assert (line.about, line.actor, line.facts["files"]) == ("period:2026-11", office.actor("bo").id, len(kept))
    assert not place_of(made).with_suffix(".progress").exists()


def test_pack_when_asked_for_again_then_the_kept_one_is_given_at_once(office: Office, made: MeetingPack) -> None:
    assert (ask(office, by="sue"), events(made)) == (made, 1)
    worked(office, made)  # the event comes a second time
    assert LedgerLine.objects.filter(tenant=office.tenant, verb="meeting.pack").count() == 1


def test_pack_when_a_file_of_it_is_gone_then_it_is_made_anew(office: Office, made: MeetingPack) -> None:
    gone = content_of(made.files.select_related("file").get(name=MANIFEST))
    data = gone.read_bytes()
    gone.unlink()
    try:
        assert [(one.pk, one.state) for one in [ask(office)]] == [(made.pk, PackState.MAKING)]
    finally:
        gone.write_bytes(data)


def test_pack_when_the_month_is_assessed_anew_then_it_is_older_and_another_is_made(
    office: Office, made: MeetingPack
) -> None:
    assert still_standing(office.tenant)(made)
    Case.objects.filter(tenant=office.tenant, closed_at=None).update(closed_at=F("due_at"), stage="closed")
    who = {"by": office.actor("stan"), "at": office.later(hours=1)}
    freeze(office.tenant, MONTH, **who)
    assess(office.tenant, MONTH, scheme="basic", by_level="community", **who)
    assert not still_standing(office.tenant)(made)
    other = ask(office)
    assert (other.state, other.pk > made.pk) == (PackState.MAKING, True)
    assert packs_of(office.tenant) == [other, made]


def test_file_when_named_then_only_by_the_offices_own_packs(office: Office, made: MeetingPack) -> None:
    found = file_of(office.tenant, made.pk, MANIFEST)
    assert found is not None
    assert content_of(found).read_bytes().startswith(b"{")
    assert [file_of(office.tenant, made.pk, odd) for odd in ("../secret", "", "..", "nothing.pdf")] == [None] * 4
    elsewhere = assessed_office("other-packs")
    assert file_of(elsewhere.tenant, made.pk, MANIFEST) is None
    with pytest.raises(PackUnknown):
        pack_keyed(elsewhere.tenant, made.pk)


# ---- on its way ----


def test_pack_when_pressed_twice_then_it_is_one_job(office: Office) -> None:
    first, second = ask(office, language="en"), ask(office, language="en-gb", by="sue")
    assert (second.pk, second.attempt, events(first)) == (first.pk, 1, 1)
    assert unattended(first, first.changed_at + timedelta(seconds=16))
    assert not unattended(first, first.changed_at + timedelta(seconds=14))


def test_pack_when_stopped_before_it_began_then_nothing_is_made_and_asking_begins_it_again(office: Office) -> None:
    asked = ask(office, language="en")
    stopped = stop_pack(office.tenant, asked.pk, at=office.later(seconds=1))
    assert stopped.state == PackState.STOPPED
    take_up_pack(office.tenant, asked.pk, 1, now=office.now)
    assert pack_keyed(office.tenant, asked.pk).files.count() == 0
    assert asked.pk not in [one.pk for one in packs_of(office.tenant)]
    again = ask(office, language="en")
    assert (again.pk, again.state, again.attempt, events(again)) == (asked.pk, PackState.MAKING, 3, 2)


def test_pack_when_stopped_in_the_middle_then_nothing_of_it_is_kept(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, tell, told = ask(office, language="en"), Meter.tell, []

    def watched(meter: Meter, done: int, of: int, what: str = "") -> None:
        tell(meter, done, of, what)
        told.append((done, progress_of(asked).what))
        stop_pack(office.tenant, asked.pk, at=office.now)  # somebody presses the button now

    monkeypatch.setattr(Meter, "tell", watched)
    stopped = worked(office, asked)
    assert (told, stopped.state, stopped.files.count()) == ([(0, "1-bulletin.docx")], PackState.STOPPED, 0)


def test_pack_when_it_cannot_be_made_then_it_says_why_and_can_be_tried_again(office: Office) -> None:
    asked = ask(office, Period(1999, 10))
    failed = worked(office, asked)
    assert (failed.state, failed.failure["code"], failed.begun_at) == (PackState.FAILED, "scheme.not_yet", None)
    assert failed in packs_of(office.tenant)
    again = ask(office, Period(1999, 10))
    assert (again.pk, again.state, again.failure) == (asked.pk, PackState.MAKING, {})


def test_pack_when_its_worker_died_then_it_is_dead_and_the_next_attempt_takes_over(office: Office) -> None:
    asked = ask(office, language="en")
    MeetingPack.objects.filter(pk=asked.pk).update(begun_at=office.now)
    asked.refresh_from_db()
    Meter(place_of(asked), asked.attempt).tell(2, 11, "2-tables.xlsx")
    assert (dead(asked, office.now), progress_of(asked).percent) == (False, 18)
    with pytest.raises(NotYet):
        worked(office, asked)
    assert ask(office, language="en").attempt == 1
    long_ago = time.time() - 2 * DEAD
    os.utime(place_of(asked).with_suffix(".progress"), (long_ago, long_ago))
    assert dead(asked, office.now)
    assert worked(office, asked).failure["code"] == "meeting.died"


# ---- one download ----


def test_archive_when_made_twice_then_the_same_bytes_sorted_dated_alike_and_named_in_utf8(made: MeetingPack) -> None:
    members = [(name, path.read_bytes()) for name, path in members_of(made)]
    first, second = (b"".join(zipped(members)) for _time in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        infos = archive.infolist()
        assert archive.testzip() is None
        assert [one.filename for one in infos] == sorted(name for name, _data in members)
        assert {one.date_time for one in infos} == {(1980, 1, 1, 0, 0, 0)}
        assert [bool(one.flag_bits & 0x800) for one in infos] == [not one.filename.isascii() for one in infos]
        assert {one.filename: archive.read(one) for one in infos} == dict(members)
