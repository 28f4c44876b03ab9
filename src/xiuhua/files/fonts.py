"""A font that can write Chinese onto pictures, wherever this machine keeps one.

XIUHUA_FONT names a file; else well-known fonts are looked for in the folders fontconfig and other systems use. Where
there is none, what Latin letters and digits can say is written, and a character that a font lacks is left out: a mark in
boxes proves nothing.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from PIL import ImageFont

#: Beginnings of file names, the most legible on a photo first.
_KNOWN = (
    "NotoSansCJK-Regular",
    "NotoSansCJKsc-Regular",
    "NotoSansSC",
    "SourceHanSans",
    "wqy-microhei",
    "wqy-zenhei",
    "DroidSansFallback",
    "msyh",
    "PingFang",
    "Hiragino Sans GB",
    "STHeiti",
    "simhei",
    "FandolHei",
    "NotoSansCJK",
    "NotoSerifCJK-Regular",
    "NotoSerifSC",
    "SourceHanSerif",
    "simsun",
    "uming",
    "ukai",
)
_KINDS = frozenset({".ttf", ".ttc", ".otf"})
_SAMPLE = "街道案件照片绣花"
#: Asked of a font to see what it draws for what it does not have.
_NOBODYS = "\U0010fffe"
#: Faces in a collection that are tried for the simplified one.
_FACES = 12
_PROBE = 24

Font = ImageFont.FreeTypeFont


def has_cjk_font() -> bool:
    """Return whether display copies can be marked in Chinese on this machine."""
    return _found() is not None


def font(size: int) -> Font:
    """Return a font of `size` pixels: a Chinese one where there is one, else Pillow's own."""
    return _loaded(_found(), size)


def legible(text: str) -> str:
    """Return the text without the characters that `font` cannot draw."""
    name = _found()
    kept = "".join(char for char in text if char == " " or _draws(name, char))
    return " ".join(kept.split())


def _found() -> tuple[str, int] | None:
    """Return the file and the face of the Chinese font, or None."""
    return _search(settings.FILES_FONT, tuple(settings.FILES_FONT_FOLDERS))


@lru_cache(maxsize=8)
def _search(given: str, folders: tuple[str, ...]) -> tuple[str, int] | None:
    for path in ([given] if given else []) + _candidates(folders):
        face = _simplified(path)
        if face is not None:
            return path, face
    return None


def _candidates(folders: tuple[str, ...]) -> list[str]:
    """Return the files of well-known fonts, in our order of preference."""
    files = [
        path
        for folder in folders
        for path in sorted(Path(folder).expanduser().rglob("*"))
        if path.suffix.lower() in _KINDS
    ]
    ranked = [
        (rank, str(path))
        for path in files
        for rank, start in enumerate(_KNOWN)
        if path.name.lower().startswith(start.lower())
    ]
    return [path for _rank, path in sorted(ranked)]


def _simplified(path: str) -> int | None:
    """Return the face of a font file that writes simplified Chinese, or the first that writes Chinese, or None."""
    able = None
    for face in range(_FACES):
        try:
            found = ImageFont.truetype(path, _PROBE, index=face)
        except OSError:  # no such face, or no font
            break
        if not all(_draws((path, face), char) for char in _SAMPLE):
            continue
        if (found.getname()[0] or "").endswith("SC"):
            return face
        able = face if able is None else able
    return able


@lru_cache(maxsize=32)
def _loaded(name: tuple[str, int] | None, size: int) -> Font:
    if name is None:
        own = ImageFont.load_default(size)
        if not isinstance(own, ImageFont.FreeTypeFont):  # only a Pillow built without FreeType
            raise TypeError("Pillow has no FreeType here")
        return own
    return ImageFont.truetype(name[0], size, index=name[1])


@lru_cache(maxsize=8192)
def _draws(name: tuple[str, int] | None, char: str) -> bool:
    """Return whether a font has a glyph of its own for a printable character."""
    probe = _loaded(name, _PROBE)
    return char.isprintable() and _shape(probe, char) not in {_shape(probe, _NOBODYS), _shape(probe, " ")}


def _shape(probe: Font, char: str) -> tuple[tuple[int, int], bytes]:
    mask = probe.getmask(char, mode="L")
    return mask.size, bytes(mask)
