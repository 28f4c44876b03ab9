"""Copies for looking at: upright, small, marked, and bare of everything a device or a person wrote into the file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops, PngImagePlugin
from tests.files.pictures import encode, exif_of, scene

from xiuhua.files.actions import store_photo
from xiuhua.files.copies import copy_of, display_copy, screen_copy, thumbnail
from xiuhua.files.fonts import font, has_cjk_font, legible
from xiuhua.files.marks import wrapped
from xiuhua.files.models import StoredFile
from xiuhua.files.queries import content
from xiuhua.files.words import Variant
from xiuhua.kernel.models import Tenant
from xiuhua.kernel.words import Actor

LINES = ("2026-11-23 09:30（服务器）", "星河街道桂花社区 121.50000, 31.25000", "案件 20261123-0007")
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description>HiddenXmp</rdf:Description></x:xmpmeta>'
#: Beginnings of what formats carry beside pixels, and the secrets that our photos carry in it.
MARKERS = (
    *(b"Exif", b"http://ns.adobe.com", b"xmpmeta", b"8BIM", b"Photoshop", b"ICC_PROFILE", b"MPF", b"II*\0", b"MM\0*"),
    *(b"Hidden", b"SERIAL-4711", b"MakerNoteSecret", b"GPS", b"2026:11:23"),
)

Add = Callable[..., StoredFile]


@pytest.fixture
def add(street: Tenant, ana: Actor, at: datetime, home: Path) -> Add:
    """Keep a photo: `add(bytes, "a.jpg")`."""
    return lambda data, name="a.jpg": store_photo(street, data, name=name, by=ana, at=at)


@pytest.fixture(params=["fonts of this machine", "no font"])
def fonts(request: pytest.FixtureRequest, settings: object) -> bool:
    """Whether Chinese can be written."""
    if request.param == "no font":
        settings.FILES_FONT_FOLDERS = ()  # type: ignore[attr-defined]
        return False
    if not has_cjk_font():
        pytest.skip("no Chinese font here (Debian: fonts-noto-cjk)")
    return True


@cache
def _full(form: str) -> bytes:
    """Return a photo with everything in it that a format can carry."""
    options: dict[str, object] = {"exif": exif_of(lat=31.25, lon=121.5)}
    if form == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", "HiddenComment")
        text.add_itxt("XML:com.adobe.xmp", XMP.decode())
        options["pnginfo"] = text
    else:
        options["xmp"] = XMP
    if form == "JPEG":
        options["comment"] = b"HiddenComment"
    data = encode(scene(size=(1000, 750)), form, **options)
    if form == "JPEG":  # IPTC, as photo agencies write it
        block = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0e\x1c\x02\x78\0\x09HiddenIpt"
        data = data[:2] + b"\xff\xed" + (len(block) + 2).to_bytes(2) + block + data[2:]
    return data


@pytest.mark.parametrize("variant", [Variant.THUMB, Variant.SCREEN, Variant.DISPLAY])
@pytest.mark.parametrize(
    ("form", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp"), ("HEIF", "a.heic")]
)
def test_copy_when_made_then_nothing_but_pixels_is_in_it(add: Add, form: str, name: str, variant: Variant) -> None:
    data = _full(form)
    assert {word for word in (b"Hidden Maker", b"SERIAL-4711", b"HiddenXmp") if word not in data} == set()
    made = copy_of(add(data, name), variant, LINES).read_bytes()
    assert {marker for marker in MARKERS if marker in made} == set()
    with Image.open(copy_of(add(data, name), variant, LINES)) as image:
        assert image.format == "JPEG"
        assert dict(image.getexif()) == {}
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_original_when_copies_are_made_then_its_bytes_are_as_they_came(add: Add) -> None:
    data = _full("JPEG")
    file = add(data)
    for variant in (Variant.THUMB, Variant.SCREEN, Variant.DISPLAY):
        copy_of(file, variant, LINES)
    assert content(file) == data


def test_original_when_asked_for_as_a_copy_then_it_is_none(add: Add) -> None:
    with pytest.raises(ValueError, match="no copy"):
        copy_of(add(encode(scene())), Variant.ORIGINAL)


@pytest.mark.parametrize(
    ("size", "thumb", "screen"),
    [
        ((2000, 1500), (320, 240), (1600, 1200)),
        ((900, 1600), (180, 320), (900, 1600)),
        ((64, 48), (64, 48), (64, 48)),
        ((3000, 10), (320, 1), (1600, 5)),
    ],
    ids=["large", "upright", "tiny", "strip"],
)
def test_copy_when_made_then_its_longest_side_is_limited(
    add: Add, size: tuple[int, int], thumb: tuple[int, int], screen: tuple[int, int]
) -> None:
    file = add(encode(scene(size=size)))
    sizes = []
    for place in (thumbnail(file), screen_copy(file)):
        with Image.open(place) as image:
            sizes.append(image.size)
    assert sizes == [thumb, screen]


#: Where the red corner of the stored picture stands once it is upright, by EXIF's orientation: (right, below).
CORNERS = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}


@pytest.mark.parametrize(("form", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp")])
@pytest.mark.parametrize(("turn", "corner"), CORNERS.items())
def test_copy_when_exif_says_turned_then_it_is_upright(
    add: Add, form: str, name: str, turn: int, corner: tuple[int, int]
) -> None:
    picture = Image.new("RGB", (120, 80), "white")
    picture.paste("red", (0, 0, 40, 40))
    file = add(encode(picture, form, exif=exif_of(turn=turn)), name)
    with Image.open(screen_copy(file)) as image:
        assert image.size == ((80, 120) if turn >= 5 else (120, 80))
        assert (file.width, file.height) == image.size
        spots = {
            (right, below): image.getpixel((8 + right * (image.width - 17), 8 + below * (image.height - 17)))
            for right in (0, 1)
            for below in (0, 1)
        }
    assert [place for place, colour in spots.items() if colour[1] < 128] == [corner]  # type: ignore[index]


def test_copy_when_transparent_then_it_lies_on_white(add: Add) -> None:
    picture = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    picture.paste((0, 0, 255, 255), (50, 0, 100, 100))
    with Image.open(screen_copy(add(encode(picture, "PNG"), "a.png"))) as image:
        assert min(image.getpixel((10, 50))) > 250  # type: ignore[type-var, arg-type]


def test_copy_when_grey_of_sixteen_bits_then_light_stays_light(add: Add) -> None:
    levels = np.zeros((100, 100), dtype=np.uint16)
    levels[:, 50:] = 60000
    picture = Image.fromarray(levels)
    assert picture.mode == "I;16"
    with Image.open(screen_copy(add(encode(picture, "PNG"), "a.png"))) as image:
        assert image.getpixel((90, 50))[0] > 220  # type: ignore[index]
        assert image.getpixel((10, 50))[0] < 20  # type: ignore[index]


def test_copy_when_wanted_again_then_it_is_not_made_again(add: Add) -> None:
    file = add(encode(scene()))
    before = display_copy(file, LINES).stat().st_mtime_ns
    assert display_copy(file, LINES).stat().st_mtime_ns == before
    assert display_copy(file, LINES[:1]) != display_copy(file, LINES)


def test_mark_when_burnt_in_then_picture_is_whole_and_band_has_letters(add: Add, fonts: bool) -> None:
    file = add(encode(scene(size=(1200, 900))))
    with Image.open(screen_copy(file)) as bare, Image.open(display_copy(file, LINES)) as shown:
        assert (shown.width, shown.height > bare.height) == (bare.width, True)
        picture = shown.crop((0, 0, bare.width, bare.height - 8))  # JPEG blocks meet at the seam
        difference = ImageChops.difference(picture, bare.crop((0, 0, bare.width, bare.height - 8))).convert("L")
        assert difference.getextrema()[1] < 16  # type: ignore[operator]
        levels = shown.crop((0, bare.height, shown.width, shown.height)).convert("L").histogram()
    dark, light = sum(levels[:64]) / sum(levels), sum(levels[192:]) / sum(levels)
    assert (dark > 0.6, 0.01 < light < 0.3) == (True, True), (dark, light)


def test_mark_when_lines_differ_by_one_sign_then_bands_differ(add: Add, fonts: bool) -> None:
    file = add(encode(scene()))
    assert display_copy(file, ("20261123-0007",)).read_bytes() != display_copy(file, ("20261123-0008",)).read_bytes()


def test_mark_when_chinese_can_be_written_then_all_of_it_is(fonts: bool) -> None:
    told = [legible(line) for line in (*LINES, "\u0007乱\U0010fffd码 ok")]
    if fonts:
        assert told == [*LINES, "乱码 ok"]
        assert has_cjk_font()
    else:
        assert told == ["2026-11-23 09:30", "121.50000, 31.25000", "20261123-0007", "ok"]
        assert not has_cjk_font()


def test_mark_when_nothing_can_be_written_then_only_the_short_digest_is(add: Add, settings: object) -> None:
    settings.FILES_FONT_FOLDERS = ()  # type: ignore[attr-defined]
    file = add(encode(scene()))
    assert display_copy(file, ("星河街道",)).read_bytes() == display_copy(file, ()).read_bytes()


def test_mark_when_the_font_named_is_none_then_others_are_looked_for(settings: object) -> None:
    settings.FILES_FONT = __file__  # type: ignore[attr-defined]
    settings.FILES_FONT_FOLDERS = ()  # type: ignore[attr-defined]
    assert not has_cjk_font()


@pytest.mark.parametrize(
    "text", ["2026-11-23 09:30 one two three four", "星河街道桂花社区一二三四五六七八九十", "x" * 60]
)
def test_mark_when_long_then_it_is_wrapped_and_nothing_is_lost(text: str, fonts: bool) -> None:
    letters = font(20)
    rows = wrapped(text, letters, 200)
    assert "".join(rows).replace(" ", "") == text.replace(" ", "")
    assert all(letters.getlength(row) <= 200 for row in rows)
