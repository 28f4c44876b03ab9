"""Copied photos are found again, other scenes are not; by index, not by comparing with all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance
from tests.files.pictures import encode, scene

from xiuhua.files.actions import store_photo
from xiuhua.files.models import StoredFile
from xiuhua.files.queries import alike
from xiuhua.files.rules.hashes import WIDEST, distance, nearby, quarters
from xiuhua.kernel.actions.inserting import insert_many
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor

Add = Callable[..., StoredFile]


@pytest.fixture
def add(street: Tenant, ana: Actor, at: datetime, home: Path) -> Add:
    """Keep a photo of the street."""
    return lambda data, name="": store_photo(street, data, name=name, by=ana, at=at)


def _again(data: bytes, quality: int) -> bytes:
    with Image.open(BytesIO(data)) as image:
        return encode(image.convert("RGB"), quality=quality)


@cache
def _others() -> list[bytes]:
    return [encode(scene(seed, (1200, 900))) for seed in (50, 51, 52, 53)]


COPIES: dict[str, Callable[[Image.Image], bytes]] = {
    "encoded anew": lambda one: _again(encode(one, quality=90), 60),
    "much smaller": lambda one: encode(one.resize((320, 240)), quality=80),
    "as PNG": lambda one: encode(one, "PNG"),
    "as HEIC": lambda one: encode(one, "HEIF", quality=50),
    "twice through a messenger": lambda one: _again(encode(one.resize((900, 675)), quality=70), 55),
    "brighter": lambda one: encode(ImageEnhance.Brightness(one).enhance(1.15)),
    "in grey": lambda one: encode(one.convert("L")),
    "a little cropped": lambda one: encode(one.crop((6, 4, 1194, 896))),
}


@pytest.mark.parametrize("how", COPIES)
def test_copy_when_changed_as_messengers_do_then_it_is_found(add: Add, street: Tenant, how: str) -> None:
    picture = scene(5, (1200, 900))
    first = add(encode(picture))
    others = [add(data) for data in _others()]
    copy = add(COPIES[how](picture))
    assert [file.pk for file, _bits in alike(street, copy, within=8)] == [first.pk]
    assert [file.pk for other in others for file, _bits in alike(street, other, within=8)] == []


def test_scenes_when_different_then_none_is_like_another(add: Add, street: Tenant) -> None:
    files = [add(encode(scene(seed))) for seed in range(100, 124)]
    assert [len(alike(street, file, within=8)) for file in files] == [0] * len(files)


def test_photo_when_of_another_office_then_it_is_not_found(add: Add, ana: Actor, at: datetime) -> None:
    other = Tenant.objects.create(code="other", name="另一街道")
    add(encode(scene()))
    theirs = store_photo(other, encode(scene(), quality=60), name="", by=ana, at=at)
    assert alike(other, theirs, within=8) == []


def test_photo_when_of_one_colour_then_it_is_like_none(add: Add, street: Tenant) -> None:
    add(encode(Image.new("RGB", (99, 99), "black"), "PNG"))
    assert alike(street, add(encode(Image.new("RGB", (98, 98), "black"), "PNG")), within=8) == []


def _hashed(street: Tenant, at: datetime, hashes: list[str]) -> None:
    """Write rows with hashes and no bytes, as many as an office has after years."""
    rows = [
        {
            "tenant_id": street.pk,
            "sha256": f"{number:064x}",
            "size": 1,
            "media_type": "image/jpeg",
            "kind": "photo",
            "created_at": at,
            "phash": one,
            **{f"quarter_{letter}": part for letter, part in zip("abcd", quarters(one), strict=True)},
        }
        for number, one in enumerate(hashes)
    ]
    insert_many(StoredFile, rows)


@pytest.mark.parametrize("within", [0, 3, 7, 8, WIDEST])
def test_alike_when_among_very_many_then_it_finds_exactly_what_comparing_all_finds(
    street: Tenant,
    at: datetime,
    django_assert_num_queries: Callable[[int], object],
    within: int,
) -> None:
    state, hashes = 1, ["0123456789abcdef"]
    for number in range(1200):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        flipped = state & (state >> 7) & (state << 3) & (2**64 - 1) if number % 4 else state
        hashes.append(f"{int(hashes[0], 16) ^ flipped:016x}" if number % 4 else f"{state:016x}")
    _hashed(street, at, hashes)
    file = StoredFile.objects.get(sha256=f"{0:064x}")
    wanted = sorted(bits for one in hashes[1:] if (bits := distance(hashes[0], one)) <= within)
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        found = alike(street, file, within=within)
    assert [bits for _other, bits in found] == wanted
    assert within < 8 or len(wanted) > 20


@given(st.integers(0, 2**64 - 1), st.sets(st.integers(0, 63), max_size=WIDEST))
def test_quarters_when_hashes_are_near_then_one_quarter_is_nearby(value: int, flips: set[int]) -> None:
    one, other = f"{value:016x}", f"{value ^ sum(1 << bit for bit in flips):016x}"
    assert distance(one, other) == len(flips)
    near = [there in nearby(here, len(flips)) for here, there in zip(quarters(one), quarters(other), strict=True)]
    assert any(near)


@pytest.mark.parametrize(("within", "values"), [(0, 1), (3, 1), (4, 17), (7, 17), (8, 137), (11, 137)])
def test_nearby_when_wider_then_more_values_each_once(within: int, values: int) -> None:
    found = nearby(0xBEEF, within)
    assert (len(found), len(set(found))) == (values, values)
    assert all(0 <= value < 2**16 for value in found)


@pytest.mark.parametrize("within", [-1, 12, 64])
def test_nearby_when_too_wide_then_it_is_a_bug(within: int) -> None:
    with pytest.raises(ValueError, match="within"):
        nearby(0, within)
