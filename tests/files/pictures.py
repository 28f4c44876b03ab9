"""Photos as a phone would make them, drawn without chance."""

from __future__ import annotations

from io import BytesIO

from PIL import ExifTags, Image, ImageDraw, TiffImagePlugin


def scene(seed: int = 1, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """Return a picture of gradients and blocks that differs with `seed`."""
    width, height = size
    ramp = Image.linear_gradient("L").resize(size)
    picture = Image.merge("RGB", (ramp, ramp.rotate(180), Image.radial_gradient("L").resize(size)))
    draw = ImageDraw.Draw(picture)
    state = seed
    for _block in range(24):
        numbers = []
        for _number in range(7):
            state = (state * 1103515245 + 12345) % 2**31
            numbers.append(state >> 8)
        left, top = numbers[0] % width, numbers[1] % height
        box = (
            left,
            top,
            left + width // 12 + numbers[2] % (width // 4),
            top + height // 12 + numbers[3] % (height // 4),
        )
        draw.rectangle(box, fill=(numbers[4] % 256, numbers[5] % 256, numbers[6] % 256))
    return picture


def exif_of(
    *,
    when: str = "2026:11:23 09:30:00",
    offset: str = "",
    lat: float | None = None,
    lon: float | None = None,
    turn: int = 1,
) -> Image.Exif:
    """Return EXIF as a phone writes it, with maker's notes and a serial number that nobody needs."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Hidden Maker"
    exif[ExifTags.Base.Orientation] = turn
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    inner[ExifTags.Base.DateTimeOriginal] = when
    if offset:
        inner[ExifTags.Base.OffsetTimeOriginal] = offset
    inner[ExifTags.Base.BodySerialNumber] = "SERIAL-4711"
    inner[ExifTags.Base.MakerNote] = b"MakerNoteSecret"
    if lat is not None and lon is not None:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[1], gps[2] = "N" if lat >= 0 else "S", _dms(lat)
        gps[3], gps[4] = "E" if lon >= 0 else "W", _dms(lon)
    return exif


def _dms(degrees: float) -> tuple[TiffImagePlugin.IFDRational, ...]:
    value = abs(degrees)
    whole = int(value)
    minutes = int((value - whole) * 60)
    seconds = round(((value - whole) * 60 - minutes) * 60 * 10000)
    return (
        TiffImagePlugin.IFDRational(whole, 1),
        TiffImagePlugin.IFDRational(minutes, 1),
        TiffImagePlugin.IFDRational(seconds, 10000),
    )


def encode(picture: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    """Return a picture as the bytes of a file."""
    out = BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()
