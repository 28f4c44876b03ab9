"""What strangers send is refused with a sentence, or taken and made harmless."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.files.hostile import PHP, SCRIPT, Hostile, corpus, png
from tests.files.pictures import encode, exif_of, scene

from xiuhua.files.actions import store_photo
from xiuhua.files.copies import copy_of
from xiuhua.files.images import examine
from xiuhua.files.models import StoredFile
from xiuhua.files.queries import content
from xiuhua.files.words import FileRefused, Variant
from xiuhua.kernel.models import LedgerLine, Tenant
from xiuhua.kernel.words import Actor

SRC = Path(__file__).parents[2] / "src"
LIMIT = 1 << 20
HOSTILE = list(corpus(LIMIT))
PARTS = {form: encode(scene(size=(64, 48)), form) for form in ("JPEG", "PNG", "WEBP", "HEIF")}

Stored = Callable[[], list[str]]


def test_corpus_has_sixty_files_and_more_of_each_fate() -> None:
    assert len(HOSTILE) >= 60
    assert len({one.title for one in HOSTILE}) == len(HOSTILE)
    assert len([one for one in HOSTILE if not one.code]) >= 20


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda one: one.title)
def test_hostile_file_when_sent_then_refused_or_made_harmless(
    street: Tenant, ana: Actor, at: datetime, home: Path, stored: Stored, settings: object, hostile: Hostile
) -> None:
    settings.FILES_PHOTO_BYTES = LIMIT  # type: ignore[attr-defined]
    if hostile.code:
        with pytest.raises(FileRefused) as refused:
            store_photo(street, hostile.data, name=hostile.name, by=ana, at=at)
        assert refused.value.code == hostile.code
        assert (stored(), StoredFile.objects.count(), LedgerLine.objects.filter(verb="file.store").count()) == (
            [],
            0,
            0,
        )
        return
    file = store_photo(street, hostile.data, name=hostile.name, by=ana, at=at)
    assert content(file) == hostile.data
    for variant in (Variant.THUMB, Variant.SCREEN, Variant.DISPLAY):
        made = copy_of(file, variant, ("20261123-0007",)).read_bytes()
        assert [mark for mark in (PHP, SCRIPT, b"PK\x03\x04", b"<?php", b"alert(") if mark in made] == []
        with Image.open(BytesIO(made)) as image:
            assert (image.format, getattr(image, "n_frames", 1)) == ("JPEG", 1)
        assert made.endswith(b"\xff\xd9")
        assert made.count(b"\xff\xd8\xff") == 1
    assert all(re.fullmatch(r"(originals|derived)/\d+/[0-9a-f]{2}/[0-9a-f]{64}[-a-z0-9.]*", path) for path in stored())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "refusal", sorted(FileRefused.__subclasses__(), key=lambda one: one.code), ids=lambda one: one.code
)
def test_refusal_when_shown_then_it_says_what_to_do(refusal: type[FileRefused], language: str) -> None:
    with translation.override(language):
        told = str(refusal(limit=20, named=".png", found="JPEG", reason="EIO"))
    wanted = "请" if language == "zh-hans" else r"[Cc]hoose|take it|Keep your|let the phone"
    assert re.search(wanted, told), told


def _fate(data: bytes, name: str) -> str:
    try:
        return examine(data, name, UTC).media_type
    except FileRefused as refusal:
        return refusal.code


@given(st.binary(max_size=2000))
@settings(max_examples=300)
def test_bytes_when_random_then_refused_and_never_a_crash(data: bytes) -> None:
    assert _fate(data, "a.jpg") in {"files.not_a_photo", "files.damaged"}


@given(st.sampled_from(sorted(PARTS)), st.data())
@settings(max_examples=300)
def test_photo_when_any_bytes_are_changed_then_taken_or_refused_and_never_a_crash(
    form: str, data: st.DataObject
) -> None:
    photo = bytearray(PARTS[form])
    for _change in range(data.draw(st.integers(1, 6))):
        photo[data.draw(st.integers(0, len(photo) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(photo)))
    fates = {"image/jpeg", "image/png", "image/webp", "image/heif", "files.not_a_photo", "files.damaged"}
    assert {_fate(bytes(photo), ""), _fate(bytes(photo[:cut]), "")} <= fates | {"files.too_many_pixels"}


@given(st.binary(max_size=400))
@settings(max_examples=200)
def test_photo_when_its_exif_is_garbage_then_it_is_taken_without(garbage: bytes) -> None:
    body = b"Exif\0\0" + garbage
    data = PARTS["JPEG"][:2] + b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body + PARTS["JPEG"][2:]
    assert _fate(data, "a.jpg") == "image/jpeg"


@given(st.integers(8, 1000), st.integers(0, 255))
@settings(max_examples=200)
def test_photo_when_a_byte_of_true_exif_is_changed_then_it_is_taken(place: int, value: int) -> None:
    exif = exif_of(lat=31.25, lon=121.5, offset="+08:00").tobytes()
    changed = bytearray(exif)
    changed[place % len(exif)] = value
    assert _fate(encode(scene(size=(64, 48)), exif=bytes(changed)), "a.jpg") == "image/jpeg"


WEIGHED = """
import sys
from datetime import UTC
from pathlib import Path
from xiuhua.files.images import examine
examine(open(sys.argv[1], "rb").read(), "", UTC)
told = Path("/proc/self/status").read_text()
print(int(told.split("VmHWM:")[1].split()[0]) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
@pytest.mark.parametrize(("depth", "colour", "wide"), [(8, 6, 4), (16, 0, 2)], ids=["with alpha", "16-bit grey"])
def test_photo_when_of_all_fifty_megapixels_then_its_worker_stays_below_512_megabytes(
    tmp_path: Path, depth: int, colour: int, wide: int
) -> None:
    pixels = b"\0" * (5_000 * (1 + 10_000 * wide))
    path = tmp_path / "vast.png"
    path.write_bytes(png(10_000, 5_000, pixels=pixels, depth=depth, colour=colour))
    env = {**os.environ, "PYTHONPATH": str(SRC)}
    done = subprocess.run(
        [sys.executable, "-c", WEIGHED, str(path)], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 512
