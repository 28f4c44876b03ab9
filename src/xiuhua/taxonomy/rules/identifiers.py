"""Identifiers checked segment by segment, and local codes given out from 99 downward."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from xiuhua.kernel.words import Fact, Fault
from xiuhua.taxonomy.words import Identifier

#: What a spreadsheet makes of a long code once it takes it for a number: "4.40305E+14", "101001242404.0".
_MANGLED = re.compile(r"\d+(?:\.\d+)?[eE]\+?\d+|\d+\.\d*")


def check_identifier(
    text: str, pattern: Identifier, *, divisions: Collection[str] | None = None, codes: Collection[str] | None = None
) -> list[Fault]:
    """Return what is wrong with an identifier, each fault with the name of its segment as column; [] if it is right.

    `divisions` are the known codes of administrative divisions, `codes` the known codes of sub-classes (main and sub
    digits in one); None: not checked. Nothing is repaired: a code is text, and its leading zeros are part of it.
    """
    if fault := mangled(text):
        return [fault]
    if not (text.isascii() and text.isdigit()):
        return [Fault("identifier.not_digits", facts={"text": text})]
    if len(text) != pattern.length:
        facts: dict[str, Fact] = {"text": text, "length": len(text), "expected": pattern.length}
        return [Fault("identifier.length", facts=facts)]
    return [*_segments(text, pattern, divisions), *_class(text, pattern, codes)]


def mangled(text: str) -> Fault | None:
    """Return the fault of a code that a spreadsheet has written as a number, or None; its last digits are lost."""
    return Fault("identifier.mangled", facts={"text": text}) if _MANGLED.fullmatch(text) else None


def parts(text: str, pattern: Identifier) -> dict[str, str]:
    """Return the segments of an identifier of the right length by their kind."""
    found, at = {}, 0
    for segment in pattern.segments:
        found[segment.kind] = text[at : at + segment.length]
        at += segment.length
    return found


def _segments(text: str, pattern: Identifier, divisions: Collection[str] | None) -> list[Fault]:
    faults, at = [], 0
    for segment in pattern.segments:
        value = text[at : at + segment.length]
        at += segment.length
        if not value.strip("0"):
            facts: dict[str, Fact] = {"value": value, "kind": segment.kind}
            faults.append(Fault("identifier.zero", column=segment.name, facts=facts))
        elif segment.kind == "division" and divisions is not None and value not in divisions:
            faults.append(Fault("identifier.division_unknown", column=segment.name, facts={"value": value}))
    return faults


def _class(text: str, pattern: Identifier, codes: Collection[str] | None) -> list[Fault]:
    found = parts(text, pattern)
    if codes is None or "main" not in found or "sub" not in found:
        return []
    code = found["main"] + found["sub"]
    column = next(segment.name for segment in pattern.segments if segment.kind == "sub")
    return [] if code in codes else [Fault("identifier.class_unknown", column=column, facts={"value": code})]


def next_local_code(main: str, taken: Iterable[str], *, digits: int = 2) -> str | None:
    """Return the code for the next local sub-class of a main class: the highest free one from 99 down, None if full.

    The standard's own numbers grow from 01 upward, local ones from 99 downward, so that they do not meet.
    """
    used = set(taken)
    candidates = (f"{main}{number:0{digits}d}" for number in range(10**digits - 1, 0, -1))
    return next((code for code in candidates if code not in used), None)
