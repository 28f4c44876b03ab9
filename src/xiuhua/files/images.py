"""Reading photos of strangers, and making ours of them. Nothing but pixels passes from one to the other."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from datetime import tzinfo
from io import BytesIO
from threading import Lock
from typing import Any

import pillow_heif
from PIL import Image

from xiuhua.files.rules.names import TITLES, agrees, extension
from xiuhua.files.rules.shots import read_shot
from xiuhua.files.words import (
    MAX_PIXELS,
    MAX_WEBP_PIXELS,
    SCREEN_SIDE,
    PhotoDamaged,
    PhotoMisnamed,
    PhotoUnknown,
    PhotoVast,
    Picture,
)

pillow_heif.register_heif_opener()
# Strangers' broken EXIF is no news to whoever runs the server.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")

#: The only decoders that strangers may reach: no TIFF, GIF, SVG, EPS, PDF, …
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
#: Pillow calls a JPEG with a second picture behind it (panoramas, gain maps of phones) MPO; its first picture is a JPEG.
_MEDIA = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "HEIF": "image/heif",
}
QUALITY = 85
#: One photo is decoded at a time in a process: it may take 4 bytes a pixel, some decoders twice that.
_DECODING = Lock()
#: Pixels that are turned into plain colours at a time, and how much larger than wanted they are kept until the last step.
_STRIP = 1 << 21
_GAP = 1.5
_ORIENTATION = 0x0112
_EXIF, _GPS = 0x8769, 0x8825
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"})
#: The size within Pillow's words about a bomb.
_PIXELS = re.compile(r"(\d+) pixels")
_QUARTER_TURNS = frozenset({5, 6, 7, 8})
#: Levels of grey between the darkest and the brightest point below which a picture is of one colour.
_FLAT = 8


def examine(data: bytes, name: str, zone: tzinfo) -> Picture:
    """Return what a photo is, having decoded it to its end; `zone` reads a device's clock that names no offset.

    The size is judged by the header, before any pixel is decoded. Raises PhotoUnknown, PhotoMisnamed, PhotoVast,
    PhotoDamaged.
    """
    with _DECODING, _opened(data) as image:
        media = _MEDIA[str(image.format)]
        if not agrees(name, media):
            raise PhotoMisnamed(named=f".{extension(name)[:12]}", found=TITLES[media])
        sides = image.size
        small = _reduced(image, SCREEN_SIDE)
        exif, gps = _directories(image)
        width, height = sides[::-1] if _orientation(image) in _QUARTER_TURNS else sides
    return Picture(media, width, height, _phash(small), read_shot(exif, gps, zone))


def reduced(data: bytes, side: int) -> Image.Image:
    """Return a photo upright, in RGB, its longest side at most `side` pixels, carrying no data but its pixels.

    Raises PhotoUnknown, PhotoVast, PhotoDamaged.
    """
    with _DECODING, _opened(data) as image:
        return _reduced(image, side)


def encoded(image: Image.Image) -> bytes:
    """Return a picture as a JPEG of our own: no EXIF, no XMP, no IPTC, no comment, no colour profile."""
    image.info.clear()
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _opened(data: bytes) -> Image.Image:
    """Return the picture with its header read and its size judged."""
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        told = _PIXELS.search(str(bomb))
        raise _vast(int(told[1]) if told else 0, MAX_PIXELS) from bomb
    except Exception as error:  # what a decoder makes of hostile bytes is not to be foretold
        raise (PhotoDamaged if _begins_well(data) else PhotoUnknown) from error
    if image.format not in _MEDIA:
        raise PhotoUnknown
    limit = MAX_WEBP_PIXELS if image.format == "WEBP" else MAX_PIXELS
    if image.width * image.height > limit:
        raise _vast(image.width * image.height, limit)
    return image


def _vast(pixels: int, limit: int) -> PhotoVast:
    return PhotoVast(found=pixels // 10_000, limit=limit // 10_000)


def _begins_well(data: bytes) -> bool:
    """Return whether bytes begin as a photo that is taken does: it was one, and broke on the way."""
    return (
        data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))
        or (data[:4], data[8:12]) == (b"RIFF", b"WEBP")
        or (data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS)
    )


def _directories(image: Image.Image) -> tuple[Mapping[int, Any], Mapping[int, Any]]:
    """Return the Exif and the GPS directory; empty where they cannot be read."""
    try:
        exif = image.getexif()
        return exif.get_ifd(_EXIF), exif.get_ifd(_GPS)
    except Exception:  # noqa: BLE001 - a photo with broken EXIF is a photo without EXIF
        return {}, {}


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - the same
        return 1


def _reduced(image: Image.Image, side: int) -> Image.Image:
    try:
        image.draft("RGB", (side, side))  # a JPEG is decoded at a fraction of its size, still to its end
        image.load()  # before any look at EXIF, which would load a PNG and keep its damage to itself
        turn = _UPRIGHT.get(_orientation(image))
        plain = _shrunk(image, side)
        plain.thumbnail((side, side), Image.Resampling.LANCZOS)
        upright = plain if turn is None else plain.transpose(turn)  # flipping is number 0
    except Exception as error:  # the same as in _opened
        raise PhotoDamaged from error
    upright.info.clear()
    return upright


def _shrunk(image: Image.Image, side: int) -> Image.Image:
    """Return the picture in plain colours, shrunk by a whole factor to somewhat more than `side`.

    It goes in strips, whose heights are multiples of the factor, so that beside the decoded picture little is held.
    """
    factor = max(1, int(max(image.size) / side / _GAP))
    width, height = -(-image.width // factor), -(-image.height // factor)
    sheet = Image.new("RGB", (width, height))
    step = factor * max(1, _STRIP // (image.width * factor))
    for top in range(0, image.height, step):
        strip = _plain(image.crop((0, top, image.width, min(top + step, image.height))))
        sheet.paste(strip.reduce(factor), (0, top // factor))
    return sheet


def _plain(image: Image.Image) -> Image.Image:
    """Return the picture in RGB, on white where it is transparent; 16-bit grey becomes 8-bit."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda level: level / 256).convert("L").convert("RGB")
    if image.has_transparency_data:
        clear = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(clear, mask=clear.getchannel("A"))
        return ground
    return image.convert("RGB")


def _phash(image: Image.Image) -> str:
    """Return the hash of 64 bits over the low frequencies (DCT of 32 × 32 grey), empty for a picture of one colour."""
    import imagehash  # noqa: PLC0415 - brings scipy, which only this needs

    grey = image.convert("L")
    darkest, brightest = grey.resize((32, 32)).getextrema()
    if not isinstance(darkest, int | float) or not isinstance(brightest, int | float) or brightest - darkest < _FLAT:
        return ""
    return str(imagehash.phash(grey))
