"""A photo over a bad line: pieces stay, the line goes on where it broke, and what arrives is what was sent."""

from __future__ import annotations

import hashlib
import itertools
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.files.pictures import encode, scene

from xiuhua.files import store
from xiuhua.files.actions import append, begin, finish
from xiuhua.files.jobs import sweep_uploads
from xiuhua.files.models import StoredFile, Upload
from xiuhua.files.queries import content
from xiuhua.files.words import (
    FileEmpty,
    FileLarge,
    NoRoom,
    PhotoUnknown,
    UploadBroken,
    UploadLong,
    UploadMalformed,
    UploadOffset,
    UploadTaken,
    UploadUnknown,
)
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.words import Actor

PHOTO = encode(scene())
KEY = UUID("00000000-0000-4000-8000-000000000001")
BO = Actor("user:bo")

Stored = Callable[[], list[str]]


@pytest.fixture
def line(street: Tenant, ana: Actor, at: datetime, stored: Stored) -> Line:
    """A line of Ana's to the server."""
    return Line(street, ana, at)


class Line:
    """What a client does, by one person at one moment."""

    def __init__(self, tenant: Tenant, by: Actor, at: datetime) -> None:
        self.tenant, self.by, self.at = tenant, by, at

    def begin(self, data: bytes = PHOTO, **changed: object) -> Upload:
        """Announce a photo."""
        told = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "name": "a.jpg", **changed}
        return begin(self.tenant, KEY, by=self.by, at=self.at, **told)  # type: ignore[arg-type]

    def append(self, offset: int, data: bytes) -> int:
        """Send a piece; return how much has arrived."""
        return append(self.tenant, KEY, offset=offset, data=data, by=self.by, at=self.at).received

    def finish(self) -> StoredFile:
        """Say that all was sent."""
        return finish(self.tenant, KEY, by=self.by, at=self.at)


def test_upload_when_all_pieces_came_then_photo_is_kept_and_pieces_are_gone(line: Line, stored: Stored) -> None:
    line.begin()
    assert [line.append(at, PHOTO[at : at + 5000]) for at in range(0, len(PHOTO), 5000)][-1] == len(PHOTO)
    file = line.finish()
    assert content(file) == PHOTO
    assert stored() == [f"originals/{line.tenant.pk}/{file.sha256[:2]}/{file.sha256}"]
    assert line.finish().pk == file.pk
    assert line.append(0, PHOTO[:10]) == len(PHOTO)
    assert line.begin().received == len(PHOTO)


def test_upload_when_begun_again_then_it_says_what_has_arrived(line: Line) -> None:
    line.begin()
    line.append(0, PHOTO[:700])
    assert line.begin().received == 700


@pytest.mark.parametrize(
    ("offset", "length"), [(699, 2), (701, 5), (10_000, 1), (500, 300)], ids=["overlap", "gap", "far", "astride"]
)
def test_piece_when_at_the_wrong_offset_then_refusal_names_the_expected_one(
    line: Line, offset: int, length: int
) -> None:
    line.begin()
    line.append(0, PHOTO[:700])
    with pytest.raises(UploadOffset) as told:
        line.append(offset, PHOTO[offset : offset + length])
    assert told.value.facts == {"expected": 700, "size": len(PHOTO)}


def test_piece_when_sent_again_then_nothing_changes(line: Line) -> None:
    line.begin()
    line.append(0, PHOTO[:700])
    line.append(700, PHOTO[700:900])
    assert [line.append(0, PHOTO[:700]), line.append(700, PHOTO[700:900]), line.append(100, b"other")] == [900] * 3
    line.append(900, PHOTO[900:])
    assert content(line.finish()) == PHOTO


def test_piece_when_more_than_announced_then_refused(line: Line) -> None:
    line.begin()
    with pytest.raises(UploadLong):
        line.append(0, PHOTO + b"x")


def test_upload_when_finished_early_then_refusal_names_the_expected_offset(line: Line) -> None:
    line.begin()
    line.append(0, PHOTO[:700])
    with pytest.raises(UploadOffset) as told:
        line.finish()
    assert told.value.facts["expected"] == 700


def test_upload_when_bytes_are_not_what_was_announced_then_it_begins_again(line: Line, stored: Stored) -> None:
    line.begin()
    line.append(0, PHOTO[:-1] + b"x")
    with pytest.raises(UploadBroken):
        line.finish()
    assert stored() == []
    assert line.begin().received == 0
    line.append(0, PHOTO)
    assert content(line.finish()) == PHOTO


def test_upload_when_its_pieces_are_lost_then_it_begins_again(line: Line) -> None:
    upload = line.begin()
    line.append(0, PHOTO)
    store.uploading(line.tenant.pk, str(upload.client_uuid)).unlink()
    with pytest.raises(UploadBroken):
        line.finish()
    line.append(0, PHOTO)
    assert content(line.finish()) == PHOTO


def test_upload_when_it_is_no_photo_then_refused_and_forgotten(line: Line, stored: Stored) -> None:
    line.begin(b"<html>")
    line.append(0, b"<html>")
    with pytest.raises(PhotoUnknown):
        line.finish()
    assert (Upload.objects.count(), stored()) == (0, [])


def test_upload_when_the_disk_is_full_then_pieces_stay_for_later(line: Line) -> None:
    line.begin()
    line.append(0, PHOTO)
    with pytest.MonkeyPatch.context() as disk:
        disk.setattr(os, "replace", _full)
        with pytest.raises(NoRoom):
            line.finish()
    assert content(line.finish()) == PHOTO


def test_piece_when_the_disk_is_full_then_it_is_not_counted(line: Line) -> None:
    line.begin()
    with pytest.MonkeyPatch.context() as disk:
        disk.setattr(os, "write", _full)
        with pytest.raises(NoRoom):
            line.append(0, PHOTO)
    assert line.begin().received == 0


def _full(*_given: object) -> int:
    raise OSError(28, "no space")


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"size": 0}, FileEmpty),
        ({"size": -1}, FileEmpty),
        ({"size": 21 << 20}, FileLarge),
        ({"sha256": "../../etc/passwd"}, UploadMalformed),
        ({"sha256": "A" * 64}, UploadMalformed),
        ({"sha256": "a" * 63}, UploadMalformed),
    ],
    ids=["nothing", "less than nothing", "too large", "a path", "capitals", "short"],
)
def test_upload_when_announced_wrongly_then_refused(
    line: Line, changed: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        line.begin(**changed)
    assert Upload.objects.count() == 0


@pytest.mark.parametrize("changed", [{"size": 7}, {"sha256": "a" * 64}], ids=["size", "digest"])
def test_upload_when_its_number_stands_for_other_content_then_refused(line: Line, changed: dict[str, object]) -> None:
    line.begin()
    with pytest.raises(UploadTaken):
        line.begin(**changed)


def test_upload_when_somebody_else_comes_then_it_is_not_theirs(line: Line) -> None:
    line.begin()
    other = Line(line.tenant, BO, line.at)
    with pytest.raises(UploadTaken):
        other.begin()
    with pytest.raises(UploadUnknown):
        other.append(0, PHOTO)
    with pytest.raises(UploadUnknown):
        other.finish()


def test_upload_when_its_day_is_over_then_it_is_swept_and_the_photo_stays(line: Line, stored: Stored) -> None:
    line.begin()
    line.append(0, PHOTO)
    file = line.finish()
    late = line.at + timedelta(days=1)
    with pytest.raises(UploadUnknown):
        Line(line.tenant, line.by, late).finish()
    assert sweep_uploads(line.tenant, late - timedelta(seconds=1)) == 0
    assert sweep_uploads(line.tenant, late) == 1
    assert (Upload.objects.count(), content(file)) == (0, PHOTO)
    assert LedgerLine.objects.get(verb="upload.sweep").facts == {"count": 1}
    assert sweep_uploads(line.tenant, late) == 0
    assert LedgerLine.objects.filter(verb="upload.sweep").count() == 1


def test_sweep_when_unfinished_pieces_and_dead_drafts_lie_about_then_they_are_gone(line: Line, stored: Stored) -> None:
    line.begin()
    line.append(0, PHOTO[:700])
    for name, age in (("dead", timedelta(days=1, seconds=1)), ("alive", timedelta(hours=23))):
        draft = store.root() / "drafts" / name
        draft.parent.mkdir(exist_ok=True)
        draft.write_bytes(b"half")
        os.utime(draft, times=((line.at + timedelta(days=1) - age).timestamp(),) * 2)
    assert len(stored()) == 3
    assert sweep_uploads(line.tenant, line.at + timedelta(days=1)) == 1
    assert stored() == ["drafts/alive"]


def test_sweep_when_another_office_has_uploads_then_they_stay(line: Line) -> None:
    other = Tenant.objects.create(code="other", name="另一街道")
    Line(other, line.by, line.at).begin()
    assert sweep_uploads(line.tenant, line.at + timedelta(days=9)) == 0
    assert Upload.objects.count() == 1


@given(
    cuts=st.lists(st.integers(0, 4000), max_size=6),
    lost=st.lists(st.booleans(), min_size=8, max_size=8),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_upload_when_answers_are_lost_and_pieces_sent_again_then_what_arrives_is_what_was_sent(
    line: Line, cuts: list[int], lost: list[bool]
) -> None:
    Upload.objects.all().delete()
    line.begin()
    edges = sorted({0, len(PHOTO), *cuts})
    for (start, end), again in zip(itertools.pairwise(edges), lost, strict=False):
        line.append(start, PHOTO[start:end])
        if again:  # the answer was lost: the client asks and sends the same
            assert line.begin().received == end
            assert line.append(start, PHOTO[start:end]) == end
    assert content(line.finish()) == PHOTO
