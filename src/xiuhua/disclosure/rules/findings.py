"""What must not go out with a text: personal data, names of the office's own people, numbers that are not the system's."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from xiuhua.disclosure.bulletin import Block, Finding, FindingKind, NumberField
from xiuhua.disclosure.rules.numbers import TOKEN, Fields
from xiuhua.privacy.rules import find, hide
from xiuhua.privacy.rules.surnames import DOUBLE, SINGLE
from xiuhua.privacy.words import Kind

TITLE = -1
#: Where a clause ends, and with it what a word says of a number.
_CLAUSE = re.compile(r"[^，。；、！？,;!?\n：:（）()]+")
_NUMBER = re.compile(r"(?<![0-9A-Za-z.])[0-9]+(?:\.[0-9]+)?%?(?![0-9A-Za-z])")
#: A number with one of these after it is a day, a place in a list or a span, no count of cases.
_OTHER = re.compile(r"\s*(?:年|月|日|时|分钟|小时|天|号|条|个月|季度|周)")
_BEFORE = ("第", "前", "后", "满分")
_HALF = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)} | {ord("％"): ord("%"), ord("．"): ord(".")}
#: Signs between a word and the number that it is about, at most.
NEAR = 12
_NAME = re.compile(r"[一-鿿]{2,4}|[A-Za-z][A-Za-z .'-]{2,}")


def findings(
    title: str, blocks: Sequence[Block], fields: Fields, *, names: Collection[str] = (), waived: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Return what is wrong with a text, in the order in which it stands there; what is waived blocks no longer.

    `names` are those of the office's people. Linear in the text for each name and each word of a number.
    """
    people = tuple(sorted({name for name in names if is_name(name)}, key=len, reverse=True))
    spoken = _spoken(fields)
    found: list[Finding] = []
    for number, text in ((TITLE, title), *enumerate(one.text for one in blocks)):
        here = [*_personal(number, text), *_typed(number, text, spoken)]
        here += [one for one in _colleagues(number, text, people) if not _within(one, here)]
        found += sorted(here, key=lambda one: (one.start, one.end))
    return tuple(one if one.key not in waived else _let(one) for one in found)


def _let(one: Finding) -> Finding:
    return Finding(one.kind, one.block, one.start, one.end, one.text, one.instead, one.key, one.what, blocks=False)


def masked(text: str, found: Iterable[Finding]) -> str:
    """Return a stored text with what was found in it replaced by what should stand there."""
    for one in sorted(found, key=lambda one: -one.start):
        text = f"{text[: one.start]}{one.instead}{text[one.end :]}"
    return text


def is_name(text: str) -> bool:
    """Return whether an account's name can be a person's: a surname and one or two signs, or Latin words."""
    if not _NAME.fullmatch(text):
        return False
    return text[0].isascii() or text[0] in SINGLE or text[:2] in DOUBLE


def _key(kind: FindingKind, *parts: str) -> str:
    return hashlib.sha256("\n".join((str(kind), *parts)).encode()).hexdigest()[:16]


def _veiled(text: str) -> str:
    """Return a stored text with its locked numbers made signs that say nothing: places stay where they are."""
    return TOKEN.sub(lambda found: "□" * len(found[0]), text)


def _personal(number: int, text: str) -> Iterator[Finding]:
    for one in find(_veiled(text)):
        said = text[one.start : one.end]
        key = _key(FindingKind.PERSONAL, str(one.kind), said)
        yield Finding(FindingKind.PERSONAL, number, one.start, one.end, said, one.masked, key, str(one.kind))


def _colleagues(number: int, text: str, names: Iterable[str]) -> Iterator[Finding]:
    veiled = _veiled(text)
    for name in names:
        edge = (r"(?<![A-Za-z])", r"(?![A-Za-z])") if name[0].isascii() else ("", "")
        for one in re.finditer(edge[0] + re.escape(name) + edge[1], veiled):
            key = _key(FindingKind.COLLEAGUE, name)
            yield Finding(FindingKind.COLLEAGUE, number, one.start(), one.end(), name, hide(Kind.NAME, name), key)


def _within(one: Finding, others: Iterable[Finding]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)


def _spoken(fields: Fields) -> Mapping[str, list[NumberField]]:
    found: dict[str, list[NumberField]] = {}
    for field in fields.values():
        for word in field.words:
            found.setdefault(word, []).append(field)
    return found


def _typed(number: int, text: str, spoken: Mapping[str, list[NumberField]]) -> Iterator[Finding]:
    """Yield numbers that were typed beside the words of a locked one."""
    if not spoken:
        return
    word = re.compile("|".join(re.escape(one) for one in sorted(spoken, key=len, reverse=True)))
    for clause in _CLAUSE.finditer(_veiled(text).translate(_HALF)):
        said = clause[0]
        words = list(word.finditer(said))
        for typed in _NUMBER.finditer(said) if words else ():
            about = _beside(said, typed, words)
            if about and not _something_else(said, typed):
                start, end = clause.start() + typed.start(), clause.start() + typed.end()
                yield _finding((number, start, end), said, text[start:end], spoken[about[0]])


def _beside(said: str, typed: re.Match[str], words: Iterable[re.Match[str]]) -> re.Match[str] | None:
    """Return the word that a number is about: the nearest within reach without a number, locked or typed, between."""
    near: list[tuple[int, re.Match[str]]] = []
    for one in words:
        low, high = (one.end(), typed.start()) if one.end() <= typed.start() else (typed.end(), one.start())
        between = said[low:high]
        if high - low <= NEAR and "□" not in between and not _NUMBER.search(between):
            near.append((high - low, one))
    return min(near, key=lambda one: one[0], default=(0, None))[1]


def _something_else(said: str, typed: re.Match[str]) -> bool:
    return bool(_OTHER.match(said, typed.end())) or said[: typed.start()].rstrip().endswith(_BEFORE)


def _finding(place: tuple[int, int, int], said: str, typed: str, fields: Sequence[NumberField]) -> Finding:
    """Return a typed number as a finding; where it is the system's own, one click puts the locked one in its place."""
    value = _value(typed.translate(_HALF))
    same = [one for one in fields if _value(one.value) == value]
    kind = FindingKind.TYPED if same else FindingKind.NUMBER
    meant = _meant(same, said)
    instead = f"{{{{{meant[0].name}}}}}" if len(meant) == 1 else ""
    wanted = (meant or same or list(fields))[0]
    return Finding(kind, *place, typed, instead, _key(kind, said), wanted.title, blocks=not same)


def _meant(fields: Sequence[NumberField], said: str) -> list[NumberField]:
    """Return which of several equal numbers a clause can mean: those of a subject that it names, else the whole office's."""
    subjects = {one.name: one.title.rpartition("·")[0] for one in fields}
    named = [one for one in fields if subjects[one.name] and subjects[one.name] in said]
    return named or [one for one in fields if not subjects[one.name]]


def _value(text: str) -> tuple[Decimal, bool] | None:
    bare = text.rstrip("%")
    return (Decimal(bare), text.endswith("%")) if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", bare) else None
