"""Tables of names under which platforms hand out what a case says: read, folded, met with a column's name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from xiuhua.exchange.rules.mappings import FIELDS
from xiuhua.exchange.rules.marks import KINDS
from xiuhua.kernel.rules.packs import read_document
from xiuhua.kernel.words import Fault

_TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string", "minLength": 1}}
_ENTRY: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"names": _TEXTS, "words": _TEXTS, "unlike": _TEXTS},
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["schema", "code", "version", "fields"],
    "properties": {
        "schema": {"const": 1},
        "code": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$", "maxLength": 40},
        "version": {"type": "string", "minLength": 1, "maxLength": 40},
        "name": {"type": "string"},
        "fill": {"type": "object", "additionalProperties": False, "properties": {"before": _TEXTS, "after": _TEXTS}},
        "fields": {"type": "object", "additionalProperties": False, "properties": dict.fromkeys(FIELDS, _ENTRY)},
        "marks": {"type": "object", "additionalProperties": False, "properties": dict.fromkeys(KINDS, _TEXTS)},
    },
}

#: Brackets and what is in them: units, remarks, the English beside the Chinese.
_BRACKETS = re.compile(r"[(\[{【〔<][^)\]}】〕>]*[)\]}】〕>]")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORD = re.compile(r"[a-z]+|[0-9]+|[^\W\d_a-z]+")
#: Latin words of so many letters also occur within other words.
_SHORT = 3

How = Literal["exact", "filled", "part", "no"]


@dataclass(frozen=True, slots=True)
class Entry:
    """The names of one field, folded."""

    #: Name → its place in the tables: where several columns fit, the earlier name counts.
    names: dict[str, int] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Aliases:
    """The names of all fields, and the words around a name that mean nothing."""

    fields: dict[str, Entry] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    #: Words of a second list by the kind of mark they stand for.
    marks: dict[str, tuple[str, ...]] = field(default_factory=dict)


def fold_name(name: str) -> str:
    """Return a column's name without case, width, blanks, underscores, punctuation, and brackets with what they hold.

    A name that is nothing but brackets keeps what is in them.
    """
    plain = unicodedata.normalize("NFKC", name).replace("（", "(").replace("）", ")")
    bare = _BRACKETS.sub(" ", plain)
    return "".join(words_of(bare)) or "".join(words_of(plain))


def words_of(name: str) -> list[str]:
    """Return the words of a name: parted by blanks, signs, digits and the humps of camelCase; a Chinese run is one."""
    return _WORD.findall(_HUMP.sub(" ", unicodedata.normalize("NFKC", name)).lower())


def alias_faults(text: str) -> list[Fault]:
    """Return everything that is wrong with the text of a table of aliases, each at its field."""
    return read_document(text, "", SCHEMA)[1]


def aliases_of(documents: Iterable[dict[str, Any]]) -> Aliases:
    """Return what several tables say together."""
    documents = list(documents)
    fills = [document.get("fill", {}) for document in documents]
    return Aliases(
        fields={one: _entry([document["fields"].get(one, {}) for document in documents]) for one in FIELDS},
        before=_folded(fills, "before"),
        after=_folded(fills, "after"),
        marks={
            kind: tuple(dict.fromkeys(word for one in documents for word in one.get("marks", {}).get(kind, ())))
            for kind in KINDS
        },
    )


def _entry(parts: list[dict[str, list[str]]]) -> Entry:
    names: dict[str, int] = {}
    for name in (name for part in parts for name in part.get("names", ())):
        names.setdefault(fold_name(name), len(names))
    return Entry(names, _folded(parts, "words"), _folded(parts, "unlike"))


def _folded(parts: list[dict[str, list[str]]], key: str) -> tuple[str, ...]:
    """Return the folded texts under `key`, longest first: the longest that fits says most."""
    found = {fold_name(text) for part in parts for text in part.get(key, ())}
    return tuple(sorted(found, key=lambda one: (-len(one), one)))


def meet(name: str, which: str, aliases: Aliases) -> tuple[How, str]:
    """Return how a column's name meets a field's names, and the name or word that it meets.

    exact: it is one of them; filled: it is one once words that mean nothing are taken off; part: it holds a word.
    """
    entry, folded = aliases.fields[which], fold_name(name)
    if folded in entry.names:
        return "exact", folded
    if any(one in folded for one in entry.unlike):
        return "no", ""
    for core in _cores(folded, aliases):
        if core in entry.names:
            return "filled", core
    word = next((one for one in entry.words if _holds(name, folded, one)), "")
    return ("part", word) if word else ("no", "")


def _cores(folded: str, aliases: Aliases) -> list[str]:
    """Return a name with a meaningless word taken off in front, behind, or both."""
    fronts = [folded, *(folded.removeprefix(one) for one in aliases.before if folded.startswith(one))]
    return [
        core
        for front in fronts
        for core in (front, *(front.removesuffix(one) for one in aliases.after if front.endswith(one)))
        if core and core != folded
    ]


def _holds(name: str, folded: str, word: str) -> bool:
    """Return whether a name holds a word: a Latin one from where a word begins, a short one as a whole word.

    A name without any gap ("OPENEDDATETIME") may hold it anywhere.
    """
    if not word.isascii():
        return word in folded
    words = words_of(_BRACKETS.sub(" ", name))
    if len(word) <= _SHORT:
        return word in words
    if len(words) < 2:  # noqa: PLR2004 - a name of one word has no gaps
        return word in folded
    return any("".join(words[at:]).startswith(word) for at in range(len(words)))
