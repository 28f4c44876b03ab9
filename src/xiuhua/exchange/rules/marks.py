"""Lists that mark cases as extended, reworked or overdue: a second table, or a text such as a chat message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from xiuhua.kernel.words import Fault
from xiuhua.tables.rules import cell_text, half_width
from xiuhua.tables.words import Cell

#: What a mark can be; the words for each come from the mapping.
KINDS = ("extension", "rework", "overdue")
#: Characters of a number: more is a sentence.
NUMBER_LENGTH = 80
_QUOTED = 200
_APART = re.compile(r"[\s,;、|/]+")
_NUMBER = re.compile(r"(?=.*\d)[^\s:]+")
_MANGLED = re.compile(r"\d(?:\.\d+)?[Ee]\+\d+")
_HEAD = re.compile(r"([^:]{1,40}):(.*)", re.DOTALL)


class Marked(NamedTuple):
    """What a list says: the kinds of mark by case number, and a fault for each thing in it that could not be read."""

    marks: dict[str, frozenset[str]]
    faults: tuple[Fault, ...]


class _Reader:
    """Collects marks and faults; words are compared in half width, without case and white space."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = {_plain(word): kind for word, kind in words.items()}
        self._marks: dict[str, set[str]] = {}
        self.faults: list[Fault] = []

    def kind(self, text: str) -> str:
        """Return the kind that a word stands for, empty for none."""
        return self._words.get(_plain(text), "")

    def refuse(self, code: str, row: int, column: str, text: str) -> None:
        self.faults.append(Fault(code, row, column, {"text": text[:_QUOTED]}))

    def add(self, number: str, kind: str, row: int, column: str) -> None:
        """Take a mark, or a fault where the number cannot be one, was mangled by a spreadsheet, or is marked so already."""
        if _MANGLED.fullmatch(number):
            self.refuse("marks.number_mangled", row, column, number)
        elif len(number) > NUMBER_LENGTH or not _NUMBER.fullmatch(number):
            self.refuse("marks.number_unreadable", row, column, number)
        elif kind in self._marks.setdefault(number, set()):
            self.refuse("marks.repeated", row, column, number)
        else:
            self._marks[number].add(kind)

    def done(self) -> Marked:
        return Marked({number: frozenset(kinds) for number, kinds in self._marks.items()}, tuple(self.faults))


def _plain(text: str) -> str:
    return "".join(half_width(text).casefold().split())


def marks_in_rows(rows: Iterable[tuple[int, Sequence[Cell]]], words: Mapping[str, str]) -> Marked:
    """Return the marks in a table's rows: a number, and one or more words (in one cell, apart by 、 or in several).

    `words` give the kind each word stands for. Number and words may stand in any order; the first row is passed over
    where it has neither. Faults name row and column ("A" is the first).
    """
    reader = _Reader(words)
    first = True
    for row, cells in rows:
        texts = [half_width(cell_text(cell)) for cell in cells]
        if any(texts):
            _row(reader, row, texts, heading=first)
            first = False
    return reader.done()


def _row(reader: _Reader, row: int, texts: Sequence[str], *, heading: bool) -> None:
    kinds = [kind for text in texts for kind in _kinds(reader, text)]
    others = [(place, text) for place, text in enumerate(texts) if text and not _kinds(reader, text)]
    number = next(((place, text) for place, text in others if any(sign.isdigit() for sign in text)), None)
    unknown = [one for one in others if one != number]
    if heading and number is None and not kinds:
        return
    if number is None:
        reader.refuse("marks.number_missing", row, "", " ".join(texts).strip())
        return
    if unknown or not kinds:
        place, text = unknown[0] if unknown else (number[0], number[1])
        reader.refuse("marks.kind_unknown" if unknown else "marks.kind_missing", row, _letter(place), text)
    for kind in kinds:
        reader.add(number[1], kind, row, _letter(number[0]))


def _kinds(reader: _Reader, text: str) -> list[str]:
    """Return the kinds that a cell's words stand for, none where one of them stands for nothing."""
    if kind := reader.kind(text):
        return [kind]
    found = [reader.kind(part) for part in _APART.split(text) if part]
    return found if all(found) else []


def _letter(place: int) -> str:
    """Return the letters of a column by its place from 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def marks_in_text(text: str, words: Mapping[str, str]) -> Marked:
    """Return the marks in a plain text: "word: number, number" a line, or the word on a line and numbers below it.

    A colon may be missing after the word; numbers are apart by white space, comma, semicolon, 、, | or /, in full or
    half width. Faults name the line; nothing is taken from a line whose word is not known, nor below it.
    """
    reader, kind = _Reader(words), ""
    for number, line in enumerate(text.splitlines(), start=1):
        word, rest = _headed(reader, half_width(line))
        if word:
            kind = reader.kind(word)
        if kind:
            for one in filter(None, _APART.split(rest)):
                reader.add(one, kind, number, "")
        elif word or rest:
            reader.refuse("marks.kind_unknown" if word else "marks.kind_missing", number, "", word or rest)
    return reader.done()


def _headed(reader: _Reader, line: str) -> tuple[str, str]:
    """Return the word at the head of a line, known or before a colon, and what follows; no word: the whole line."""
    if found := _HEAD.fullmatch(line):
        return found[1].strip(), found[2]
    first, _space, rest = line.partition(" ")
    return (first, rest) if reader.kind(first) else ("", line)
