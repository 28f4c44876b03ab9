"""Photos in an archive, named by task number: which numbers a name may mean, and whether it shows before or after."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

#: What archives carry beside photos without anybody's doing.
_LITTER = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
_NESTED = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".cab", ".iso", ".jar")
_MARKS = {
    "before": ("整改前", "处置前", "处理前", "before", "前"),
    "after": ("整改后", "处置后", "处理后", "after", "后"),
}
_INDEX = re.compile(r"[\s_\-.#]*[(（\[]?\d{1,3}[)）\]]?$")
_BORDER = " _-.()（）[]#"
#: A mark at the end of a name, or standing alone in it, and the number of the photo behind it.
_MARK = re.compile(
    r"(?:^|[\s_\-.(（\[]|(?<=[0-9A-Za-z]))(整改前|处置前|处理前|整改后|处置后|处理后|before|after|前|后)(?:照片?|图)?[\s_\-.(（\[]*\d{0,3}[)）\]]*$",
    re.IGNORECASE,
)


def member_name(name: str, *, unicode: bool) -> str:
    """Return a member's name as its maker wrote it: archives of Chinese Windows hold GBK that reads as code page 437."""
    if unicode:
        return unicodedata.normalize("NFC", name)
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for codec in ("utf-8", "gb18030"):
        try:
            return unicodedata.normalize("NFC", raw.decode(codec))
        except UnicodeDecodeError:
            continue
    return name


def escapes(name: str) -> bool:
    """Return whether a member's name leads out of the archive, or is none: absolute, with a drive, "..", a control sign."""
    path = name.replace("\\", "/")
    parts = path.split("/")
    return (
        not name
        or path.startswith("/")
        or ":" in parts[0][:2]
        or ".." in parts
        or any(unicodedata.category(sign) == "Cc" for sign in name)
    )


def nested(name: str) -> bool:
    """Return whether a member is itself an archive, by its name."""
    return name.lower().endswith(_NESTED)


def litter(name: str) -> bool:
    """Return whether a member is what a computer leaves in archives: nobody put it there."""
    parts = name.replace("\\", "/").split("/")
    return "__MACOSX" in parts or parts[-1].lower() in _LITTER or parts[-1].startswith("._")


def side_of(name: str) -> str:
    """Return "before" or "after" where a member's name, or a folder above it, says so, else "other"."""
    for part in _parts(name):
        found = _MARK.search(part)
        if found:
            word = found[1].lower()
            return next(side for side, words in _MARKS.items() if word in words)
    return "other"


def numbers_in(name: str) -> list[str]:
    """Return the task numbers that a member's name may mean, the likeliest first.

    The file's own name in full, without a mark, without the number of the photo; then the folders above it, the nearest
    first. Which of them is a task only the records know.
    """
    found: dict[str, None] = {}
    for part in _parts(name):
        found |= dict.fromkeys(_readings(part))
    return list(found)


def _parts(name: str) -> list[str]:
    """Return the file's name without its ending, then the folders above it from the inside out."""
    *folders, file = [part for part in name.replace("\\", "/").split("/") if part]
    stem = file.rpartition(".")[0] or file
    return [stem.strip(), *(folder.strip() for folder in reversed(folders))]


def _readings(part: str) -> Iterator[str]:
    yield part
    bare = _MARK.sub("", part).strip(_BORDER)
    for text in (part, bare):
        shorter = text
        for _step in range(2):
            if shorter:
                yield shorter
            shorter = _INDEX.sub("", shorter).strip(_BORDER)
        if shorter:
            yield shorter
