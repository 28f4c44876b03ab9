"""Photos come in: kept as they came, once, with what their device says of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from tests.files.pictures import encode, exif_of, scene

from xiuhua.files import store as content_store
from xiuhua.files.actions import store, store_photo
from xiuhua.files.models import StoredFile
from xiuhua.files.queries import content
from xiuhua.files.words import ContentMissing, FileEmpty, FileLarge, Kind
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.words import Actor

Stored = Callable[[], list[str]]


def test_photo_when_stored_then_original_lies_under_its_digest(
    street: Tenant, ana: Actor, at: datetime, stored: Stored
) -> None:
    data = encode(scene(), exif=exif_of())
    file = store_photo(street, data, name="IMG_1.jpg", by=ana, at=at)
    digest = hashlib.sha256(data).hexdigest()
    assert file.sha256 == digest
    assert stored() == [f"originals/{street.pk}/{digest[:2]}/{digest}"]
    assert content(file) == data
    assert (file.size, file.media_type, file.kind, file.width, file.height) == (
        len(data),
        "image/jpeg",
        Kind.PHOTO,
        640,
        480,
    )
    line = LedgerLine.objects.get(verb="file.store")
    assert (line.about, line.after, line.actor, line.facts) == (
        f"file:{file.pk}",
        digest,
        "user:ana",
        {"kind": "photo", "size": len(data), "media_type": "image/jpeg"},
    )


@pytest.mark.parametrize(
    ("form", "name", "media"),
    [
        ("JPEG", "a.JPG", "image/jpeg"),
        ("JPEG", "blob", "image/jpeg"),
        ("PNG", "a.png", "image/png"),
        ("WEBP", "a.webp", "image/webp"),
        ("HEIF", "a.heic", "image/heif"),
    ],
)
def test_photo_when_of_a_kind_that_phones_make_then_it_is_taken(
    street: Tenant, ana: Actor, at: datetime, home: Path, form: str, name: str, media: str
) -> None:
    file = store_photo(street, BytesIO(encode(scene(), form)), name=name, by=ana, at=at)
    assert (file.media_type, file.width, file.height) == (media, 640, 480)


def test_photo_when_sent_again_then_nothing_is_written(
    street: Tenant, ana: Actor, at: datetime, stored: Stored
) -> None:
    data = encode(scene())
    first = store_photo(street, data, name="a.jpg", by=ana, at=at)
    second = store_photo(street, data, name="b.jpg", by=Actor("user:bo"), at=at.replace(hour=5))
    assert (second.pk, StoredFile.objects.count(), len(stored())) == (first.pk, 1, 1)
    assert LedgerLine.objects.filter(verb="file.store").count() == 1


@pytest.mark.parametrize("harm", ["gone", "cut", "rotten"])
def test_photo_when_its_bytes_are_harmed_and_it_is_sent_again_then_the_store_is_mended(
    street: Tenant, ana: Actor, at: datetime, stored: Stored, harm: str
) -> None:
    data = encode(scene())
    file = store_photo(street, data, name="a.jpg", by=ana, at=at)
    place = content_store.original(street.pk, file.sha256)
    if harm == "gone":
        place.unlink()
        with pytest.raises(ContentMissing):
            content(file)
    else:
        place.write_bytes(data[:-9] if harm == "cut" else data[:-1] + b"\0")
    assert store_photo(street, data, name="a.jpg", by=ana, at=at).pk == file.pk
    assert content(file) == data
    assert len(stored()) == 1


def test_photo_when_two_offices_send_the_same_then_each_has_its_own(
    street: Tenant, ana: Actor, at: datetime, stored: Stored
) -> None:
    other = Tenant.objects.create(code="other", name="另一街道")
    data = encode(scene())
    files = [store_photo(office, data, name="a.jpg", by=ana, at=at) for office in (street, other)]
    assert files[0].pk != files[1].pk
    assert len(stored()) == 2


@pytest.mark.parametrize(
    ("options", "taken", "assumed"),
    [
        ({}, datetime(2026, 11, 23, 1, 30, tzinfo=UTC), True),
        ({"offset": "+09:00"}, datetime(2026, 11, 23, 0, 30, tzinfo=UTC), False),
        ({"offset": "-0530"}, datetime(2026, 11, 23, 15, 0, tzinfo=UTC), False),
        ({"when": "0000:00:00 00:00:00"}, None, False),
        ({"when": "2026:02:30 10:00:00"}, None, False),
        ({"when": "yesterday"}, None, False),
        ({"offset": "+99:99"}, datetime(2026, 11, 23, 1, 30, tzinfo=UTC), True),
    ],
    ids=["office zone", "offset", "west", "zeros", "no such day", "words", "no such offset"],
)
def test_photo_when_its_clock_is_read_then_moment_is_utc(
    street: Tenant,
    ana: Actor,
    at: datetime,
    home: Path,
    options: dict[str, str],
    taken: datetime | None,
    assumed: bool,
) -> None:
    file = store_photo(street, encode(scene(), exif=exif_of(**options)), name="a.jpg", by=ana, at=at)  # type: ignore[arg-type]
    assert (file.taken_at, file.taken_assumed) == (taken, assumed)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ((31.25, 121.5), (31.25, 121.5)),
        ((-33.5, -70.125), (-33.5, -70.125)),
        ((0.0, 0.0), (None, None)),
        ((95.0, 121.5), (None, None)),
        ((None, None), (None, None)),
    ],
    ids=["north-east", "south-west", "nowhere", "no such latitude", "none"],
)
def test_photo_when_its_place_is_read_then_degrees_are_signed(
    street: Tenant,
    ana: Actor,
    at: datetime,
    home: Path,
    given: tuple[float | None, ...],
    read: tuple[float | None, ...],
) -> None:
    data = encode(scene(), exif=exif_of(lat=given[0], lon=given[1]))
    file = store_photo(street, data, name="a.jpg", by=ana, at=at)
    assert (file.lat, file.lon) == read


def test_photo_when_turned_by_exif_then_size_is_as_people_see_it(
    street: Tenant, ana: Actor, at: datetime, home: Path
) -> None:
    file = store_photo(street, encode(scene(), exif=exif_of(turn=6)), name="a.jpg", by=ana, at=at)
    assert (file.width, file.height) == (480, 640)


def test_photo_when_of_one_colour_then_it_has_no_hash(street: Tenant, ana: Actor, at: datetime, home: Path) -> None:
    file = store_photo(street, encode(Image.new("RGB", (64, 64), "black"), "PNG"), name="a.png", by=ana, at=at)
    assert (file.phash, file.quarter_a) == ("", None)


def test_document_when_stored_as_a_stream_then_its_bytes_are_kept(
    street: Tenant, ana: Actor, at: datetime, stored: Stored
) -> None:
    data = b"%PDF-1.7 " + b"x" * (3 << 20)
    file = store(street, BytesIO(data), kind=Kind.DOCUMENT, media_type="application/pdf", limit=4 << 20, by=ana, at=at)
    assert (file.size, file.kind, file.phash, file.width) == (len(data), "document", "", None)
    assert content(file) == data
    assert len(stored()) == 1


@pytest.mark.parametrize(("data", "refusal"), [(b"", FileEmpty), (b"x" * 11, FileLarge)])
@pytest.mark.parametrize("wrap", [bytes, BytesIO], ids=["bytes", "stream"])
def test_document_when_empty_or_large_then_refused_and_nothing_is_left(
    street: Tenant,
    ana: Actor,
    at: datetime,
    stored: Stored,
    data: bytes,
    refusal: type[Exception],
    wrap: Callable[[bytes], bytes],
) -> None:
    with pytest.raises(refusal):
        store(street, wrap(data), kind=Kind.DOCUMENT, media_type="text/plain", limit=10, by=ana, at=at)
    assert (stored(), StoredFile.objects.count()) == ([], 0)
