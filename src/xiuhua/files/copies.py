"""Copies of photos for looking at: of our own encoding, made when first wanted, kept beside the store."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from xiuhua.files import store
from xiuhua.files.fonts import has_cjk_font
from xiuhua.files.images import encoded, reduced
from xiuhua.files.marks import marked_copy
from xiuhua.files.models import StoredFile
from xiuhua.files.queries import content
from xiuhua.files.words import SCREEN_SIDE, THUMB_SIDE, Variant

#: Raised when copies are made otherwise than before: older ones are then not looked at any more.
EDITION = 1
MEDIA_TYPE = "image/jpeg"


def thumbnail(file: StoredFile) -> Path:
    """Return the photo at most 320 pixels long, upright and bare. Raises ContentMissing, PhotoDamaged, NoRoom."""
    return _made(file, str(Variant.THUMB), lambda: reduced(content(file), THUMB_SIDE))


def screen_copy(file: StoredFile) -> Path:
    """Return the photo at most 1600 pixels long, upright and bare. Raises as `thumbnail`."""
    return _made(file, str(Variant.SCREEN), lambda: reduced(content(file), SCREEN_SIDE))


def display_copy(file: StoredFile, lines: tuple[str, ...]) -> Path:
    """Return the screen copy with the lines and the short digest burnt in under it. Raises as `thumbnail`.

    A machine that gets a Chinese font makes its copies anew.
    """
    wanted = (*lines, file.short)
    key = "\n".join([*wanted, "cjk" if has_cjk_font() else "latin"])
    name = f"{Variant.DISPLAY}-{hashlib.sha256(key.encode()).hexdigest()[:24]}"
    return _made(file, name, lambda: marked_copy(reduced(content(file), SCREEN_SIDE), wanted))


def copy_of(file: StoredFile, variant: Variant, lines: tuple[str, ...] = ()) -> Path:
    """Return the copy an address names; the original is none. Raises as `thumbnail`, ValueError for the original."""
    if variant is Variant.THUMB:
        return thumbnail(file)
    if variant is Variant.SCREEN:
        return screen_copy(file)
    if variant is Variant.DISPLAY:
        return display_copy(file, lines)
    raise ValueError("the original is no copy")


def _made(file: StoredFile, name: str, draw: Callable[[], Image.Image]) -> Path:
    place = store.derived(file.tenant_id, file.sha256, f"{name}.{EDITION}.jpg")
    if not place.is_file():
        store.put(place, encoded(draw()))
    return place
