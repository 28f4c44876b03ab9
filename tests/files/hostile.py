"""Sixty and more files that somebody might send as a photo: made here, none real.

Each has a name under which it is sent and the code of its refusal, or "" where it is taken and made harmless.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from tests.files.pictures import encode, exif_of, scene

UNKNOWN, MISNAMED, VAST, DAMAGED, EMPTY, LARGE = (
    "files.not_a_photo",
    "files.misnamed",
    "files.too_many_pixels",
    "files.damaged",
    "files.empty",
    "files.too_large",
)
SCRIPT = b"<script>alert(document.domain)</script>"
PHP = b"<?php system($_GET['c']); ?>"


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file, the name it is sent under, and what must become of it."""

    title: str
    name: str
    data: bytes
    code: str = ""


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *more: bytes, pixels: bytes | None = None, depth: int = 8, colour: int = 0) -> bytes:
    """Return a PNG with a header of our choice, more chunks and any pixels; colour 0 is grey, 6 is RGB with alpha."""
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    body = zlib.compress(pixels if pixels is not None else b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _jpeg_sized(width: int, height: int) -> bytes:
    """Return a JPEG whose header claims another size than it has."""
    data = bytearray(encode(scene(size=(64, 64))))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def _webp_sized(width: int, height: int) -> bytes:
    header = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + (width - 1).to_bytes(3, "little")
    body = header + (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _segment(data: bytes, marker: int, body: bytes) -> bytes:
    """Return a JPEG with one more segment right after its beginning."""
    return data[:2] + bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body + data[2:]


def _zip() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../evil.sh", "rm -rf /")
    return out.getvalue()


def _bmp_in_ico() -> bytes:
    return encode(scene(size=(64, 64)), "ICO")


def corpus(limit: int) -> Iterator[Hostile]:
    """Return all of them; `limit` is the size in bytes beyond which a photo is too large."""
    yield from _texts()
    yield from _other_formats()
    yield from _misnamed()
    yield from _vast()
    yield from _damaged()
    yield from _carriers()
    yield from _names()
    yield Hostile("zero bytes", "a.jpg", b"", EMPTY)
    yield Hostile("a byte too large", "a.jpg", encode(scene()).ljust(limit + 1, b"\0"), LARGE)


def _texts() -> Iterator[Hostile]:
    svg = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    for title, data in {
        "SVG": svg,
        "SVG with an entity bomb": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>',
        "SVG with an outside entity": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>',
        "HTML": b"<!DOCTYPE html><html><body>" + SCRIPT + b"</body></html>",
        "HTML after a GIF mark": b"GIF89a/*" + SCRIPT,
        "PHP": PHP,
        "PHP after a GIF mark": b"GIF89a" + PHP,
        "shell script": b"#!/bin/sh\nrm -rf /\n",
        "MVG of ImageTragick": b"push graphic-context\nviewbox 0 0 9 9\nfill 'url(https://x/\"|ls \"-la)'\npop graphic-context",
        "MSL of ImageTragick": b'<?xml version="1.0"?><image><read filename="caption:&lt;?php ?&gt;"/></image>',
        "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%id) (w) file\n",
        "PDF": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF",
        "XPM": b'/* XPM */ static char *a[]={"1 1 1 1"," c None"," "};',
        "XBM": b"#define a_width 8\n#define a_height 8\nstatic char a_bits[] = {0x00};",
        "PPM": b"P6\n99999 99999\n255\n\0\0\0",
        "text": "随手拍".encode(),
        "spaces": b" " * 4096,
        "NULs": b"\0" * 4096,
        "FITS": b"SIMPLE  =                    T".ljust(80) + b"NAXIS   = 999".ljust(80),
        "ELF program": b"\x7fELF\x02\x01\x01" + b"\0" * 64,
        "Windows program": b"MZ" + b"\0" * 64,
        "ZIP": _zip(),
        "PNG mark only": b"\x89PNG\r\n\x1a\n",
        "WEBP mark only": b"RIFF\x04\0\0\0WEBP",
        "HEIC mark only": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        "JPEG mark only": b"\xff\xd8\xff",
        "JPEG mark and HTML": b"\xff\xd8\xff\xe0" + SCRIPT,
    }.items():
        begun = title.split()[0] in {"PNG", "WEBP", "HEIC", "JPEG"}
        yield Hostile(f"{title} as .jpg", "photo.jpg", data, DAMAGED if begun else UNKNOWN)


def _other_formats() -> Iterator[Hostile]:
    small = scene(size=(64, 64))
    for form in ("GIF", "TIFF", "BMP", "ICO", "TGA", "PCX", "JPEG2000", "AVIF", "ICNS", "DDS"):
        yield Hostile(f"{form} as .jpg", "photo.jpg", encode(small, form), UNKNOWN)
    yield Hostile("GIF under its own name", "photo.gif", encode(small, "GIF"), UNKNOWN)
    yield Hostile("TIFF under its own name", "photo.tiff", encode(small, "TIFF"), UNKNOWN)
    frames = encode(small, "GIF", save_all=True, append_images=[small.rotate(turn) for turn in range(1, 30)])
    yield Hostile("GIF of thirty frames", "photo.png", frames, UNKNOWN)
    bomb = bytearray(encode(small, "TIFF", compression="tiff_lzw"))
    bomb[4:8] = struct.pack("<I", 0xFFFFFF00)
    yield Hostile("TIFF whose directory is nowhere", "photo.tif", bytes(bomb), UNKNOWN)


def _misnamed() -> Iterator[Hostile]:
    jpeg = encode(scene(size=(64, 64)))
    for name in ("a.png", "a.webp", "a.heic", "a.php", "a.jpg.php", "a.svg", "a.html", "a.exe", "a.jpg\0.php", "a."):
        yield Hostile(f"JPEG as {name!r}", name, jpeg, "" if name == "a." else MISNAMED)
    yield Hostile("PNG as .jpg", "a.jpg", encode(scene(size=(64, 64)), "PNG"), MISNAMED)
    yield Hostile("WEBP as .png", "a.png", encode(scene(size=(64, 64)), "WEBP"), MISNAMED)
    yield Hostile("HEIC as .jpg", "a.jpg", encode(scene(size=(64, 64)), "HEIF"), MISNAMED)


def _vast() -> Iterator[Hostile]:
    yield Hostile("PNG of 50 001 × 50 001", "a.png", png(50_001, 50_001), VAST)
    yield Hostile("PNG of 2³¹ − 1 squared", "a.png", png(2**31 - 1, 2**31 - 1), VAST)
    yield Hostile("PNG one row beyond 50 MP", "a.png", png(10_000, 5_001), VAST)
    yield Hostile("JPEG of 65 500 × 65 500", "a.jpg", _jpeg_sized(65_500, 65_500), VAST)
    yield Hostile("JPEG of 8 000 × 8 000", "a.jpg", _jpeg_sized(8_000, 8_000), VAST)
    whole = png(20_000, 20_000, pixels=b"\0" * (20_000 * 2_501), depth=1)
    yield Hostile("PNG bomb of 50 kB with all its 400 MP", "a.png", whole, VAST)
    yield Hostile(
        "WEBP one column beyond 25 MP", "a.webp", encode(Image.new("RGB", (6_251, 4_000)), "WEBP", method=0), VAST
    )
    yield Hostile("WEBP of 16 383 × 16 383", "a.webp", _webp_sized(16_383, 16_383), VAST)


def _damaged() -> Iterator[Hostile]:
    for form, name in (("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp"), ("HEIF", "a.heic")):
        data = encode(scene(), form)
        yield Hostile(f"half a {form}", name, data[: len(data) // 2], DAMAGED)
    yield Hostile("PNG whose pixels are missing", "a.png", png(5_000, 5_000), DAMAGED)
    yield Hostile(
        "PNG whose pixels are no zlib", "a.png", png(9, 9).replace(zlib.compress(b"\0" * 1000), b"\xff" * 17), DAMAGED
    )
    yield Hostile("JPEG larger than its pixels", "a.jpg", _jpeg_sized(4_000, 4_000))
    yield Hostile("PNG with no width", "a.png", png(0, 9), DAMAGED)
    yield Hostile(
        "PNG text bomb", "a.png", png(9, 9, _chunk(b"zTXt", b"a\0\0" + zlib.compress(b"\0" * (80 << 20)))), DAMAGED
    )
    yield Hostile(
        "PNG profile bomb", "a.png", png(9, 9, _chunk(b"iCCP", b"a\0\0" + zlib.compress(b"\0" * (80 << 20)))), DAMAGED
    )


def _carriers() -> Iterator[Hostile]:
    """Return true pictures that carry something else: taken, and what is shown of them carries nothing."""
    jpeg, picture = encode(scene()), encode(scene(), "PNG")
    yield Hostile("JPEG with HTML behind", "a.jpg", jpeg + SCRIPT)
    yield Hostile("JPEG with PHP behind", "a.jpg", jpeg + PHP)
    yield Hostile("JPEG with a ZIP behind", "a.jpg", jpeg + _zip())
    yield Hostile("JPEG with another JPEG behind", "a.jpg", jpeg + jpeg)
    yield Hostile("JPEG with a script as comment", "a.jpg", _segment(jpeg, 0xFE, SCRIPT))
    yield Hostile("JPEG with PHP as EXIF", "a.jpg", _segment(jpeg, 0xE1, b"Exif\0\0" + PHP))
    yield Hostile("JPEG with PHP as XMP", "a.jpg", _segment(jpeg, 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PHP))
    yield Hostile("JPEG with PHP as profile", "a.jpg", _segment(jpeg, 0xE2, b"ICC_PROFILE\0\x01\x01" + PHP))
    yield Hostile(
        "JPEG with a broken multi-picture index", "a.jpg", _segment(jpeg, 0xE2, b"MPF\0II*\0\x08\0\0\0" + PHP)
    )
    yield Hostile("JPEG with an odd orientation", "a.jpg", encode(scene(), exif=exif_of(turn=99)))
    yield Hostile("JPEG of inks", "a.jpg", encode(scene().convert("CMYK")))
    yield Hostile("PNG with PHP behind", "a.png", picture + PHP)
    yield Hostile(
        "PNG with a script as text", "a.png", png(1, 1, _chunk(b"tEXt", b"Comment\0" + SCRIPT), pixels=b"\0\0")
    )
    yield Hostile("PNG with a chunk of PHP", "a.png", png(1, 1, _chunk(b"phPp", PHP), pixels=b"\0\0"))
    yield Hostile("animated PNG", "a.png", encode(scene(), "PNG", save_all=True, append_images=[scene(2)]))
    yield Hostile("animated WEBP", "a.webp", encode(scene(), "WEBP", save_all=True, append_images=[scene(2)]))
    yield Hostile("palette with transparency", "a.png", encode(scene().convert("P"), "PNG", transparency=3))
    yield Hostile("one pixel", "a.png", encode(Image.new("RGB", (1, 1)), "PNG"))


def _names() -> Iterator[Hostile]:
    jpeg = encode(scene())
    for name in (
        "../../../etc/passwd.jpg",
        "..\\..\\windows\\system32\\a.jpg",
        "/etc/cron.d/a.jpg",
        "C:\\a.jpg",
        "a.php/.jpg",
        "\r\nSet-Cookie: a=b.jpg",
        "<img src=x onerror=alert(1)>.jpg",
        "%2e%2e%2fa.jpg",
        "\u202egpj.exe.jpg",
        "a" * 5000 + ".jpg",
        ".jpg",
        "a.jpg ",
    ):
        yield Hostile(f"named {name[:30]!r}", name, jpeg)
