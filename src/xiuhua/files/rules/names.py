"""What a file's name may say. A name never becomes a path: it is only compared with the content."""

from __future__ import annotations

_EXTENSIONS = {
    "image/jpeg": frozenset({"jpg", "jpeg", "jpe", "jfif"}),
    "image/png": frozenset({"png"}),
    "image/webp": frozenset({"webp"}),
    "image/heif": frozenset({"heic", "heif", "hif"}),
}
#: What people call them.
TITLES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/heif": "HEIC"}


def extension(name: str) -> str:
    """Return what follows the last dot of a name's last part, in lower case; empty where there is none."""
    last = name.replace("\\", "/").rpartition("/")[2].strip()
    return last.rpartition(".")[2].lower() if "." in last else ""


def agrees(name: str, media_type: str) -> bool:
    """Return whether a name may stand for such content. A name without an extension contradicts nothing."""
    found = extension(name)
    return not found or found in _EXTENSIONS[media_type]
