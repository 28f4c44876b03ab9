"""When two written names mean the same place, and which code a place without one gets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from xiuhua.territory.words import CODE_LENGTH, NameRule

_APART = re.compile(r"[;；|、]")
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def fold(name: str) -> str:
    """Return the form of a name that is compared: compatibility forms, case and spaces do not count."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", plain).split())


def stem(folded: str, rule: NameRule) -> str:
    """Return a folded name without the longest of the rule's suffixes it ends in; empty if too little is left."""
    for suffix in sorted(rule.suffixes, key=len, reverse=True):
        if folded.endswith(suffix):
            folded = folded[: -len(suffix)].rstrip()
            break
    return folded if len(folded) >= rule.shortest else ""


def aliases_in(text: str) -> tuple[str, ...]:
    """Return the names listed in one cell, apart by ; ； | or 、 (never by / or a comma, which names contain)."""
    return tuple(part.strip() for part in _APART.split(text) if part.strip())


def fresh_code(level: str, name: str, taken: Container[str]) -> str:
    """Return a code for a place without one: level and name where the name is Latin, else level and a number.

    Never one of `taken`, and at most CODE_LENGTH long.
    """
    latin = unicodedata.normalize("NFKD", fold(name)).encode("ascii", "ignore").decode()
    slug = _NOT_PLAIN.sub("-", latin).strip("-") if _mostly_latin(name) else ""
    base = f"{level}-{slug}"[: CODE_LENGTH - 6].rstrip("-") if slug else ""
    if base and base not in taken:
        return base
    number = 2 if base else 1
    while (code := f"{base}-{number}" if base else f"{level}-{number:02d}") in taken:
        number += 1
    return code


def _mostly_latin(name: str) -> bool:
    letters = [sign for sign in name if sign.isalpha()]
    return bool(letters) and all("LATIN" in unicodedata.name(sign, "") for sign in letters)
