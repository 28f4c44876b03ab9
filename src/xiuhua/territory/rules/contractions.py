"""How names are shortened in speech, and when a short and a long form mean the same place."""

from __future__ import annotations

import re

from xiuhua.territory.words import Contracted, Contraction

_DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100}
_NUMERAL = re.compile(rf"([0-9]+|[{''.join(_DIGITS)}{''.join(_TENS)}]+)$")


def numeral(text: str) -> int | None:
    """Return the number written in digits or in Chinese below a thousand ("12", "十二", "二〇"), None for anything else."""
    if text.isascii() and text.isdigit():
        return int(text)
    if text and all(sign in _DIGITS for sign in text):
        return int("".join(str(_DIGITS[sign]) for sign in text))
    total, digit = 0, None
    for sign in text:
        if sign in _DIGITS:
            if digit is not None and digit != 0:
                return None
            digit = _DIGITS[sign]
        elif sign in _TENS and (total == 0 or total % _TENS[sign] == 0):
            total += (1 if digit is None else digit) * _TENS[sign]
            digit = None
        else:
            return None
    return (total + (digit or 0)) if text else None


def contracted(folded: str, rule: Contraction) -> Contracted | None:
    """Return a folded name taken apart under the rule; None if too little is left to recognise anything by.

    From its end: a suffix of the rule, then a common noun, a unit and the number it counts, then a common noun before
    that. Whatever would leave a core shorter than `rule.shortest` stays in the core.
    """
    text, _suffix = _without(folded, rule.suffixes, rule.shortest)
    head, after = _without(text, rule.words, rule.shortest)
    counted = _counted(head, rule)
    if counted is None:
        # without a number the noun at the end is the only thing that may be left out
        return Contracted(head, None, before=after) if len(head) >= rule.shortest else None
    core, number, unit = counted
    core, before = _without(core, rule.words, rule.shortest)
    return Contracted(core, number, before, unit, after)


def agree(one: Contracted, other: Contracted) -> bool:
    """Return whether two names with the same core and number can be one: what one says besides, the other may omit.

    A noun in one place and another noun, or the same one in another place, are different places.
    """
    if (one.core, one.number) != (other.core, other.number):
        return False
    pairs = list(zip(_said(one), _said(other), strict=True))
    return all(mine in {"", theirs} for mine, theirs in pairs) or all(theirs in {"", mine} for mine, theirs in pairs)


def _said(name: Contracted) -> tuple[str, str, str]:
    return name.before, name.unit, name.after


def _without(text: str, endings: tuple[str, ...], shortest: int) -> tuple[str, str]:
    """Return the text without the longest of the endings it has, and that ending; unchanged if too little is left."""
    for ending in sorted(endings, key=len, reverse=True):
        if text.endswith(ending) and len(text) - len(ending) >= shortest:
            return text[: -len(ending)].rstrip(), ending
    return text, ""


def _counted(text: str, rule: Contraction) -> tuple[str, int, str] | None:
    """Return (what stands before the number, the number, its unit) if the text ends in a number of the rule."""
    for unit in ("", *sorted(rule.units, key=len, reverse=True)):
        if not text.endswith(unit):
            continue
        body = text[: len(text) - len(unit)]
        found = _NUMERAL.search(body)
        number = numeral(found[1]) if found else None
        if found is None or number is None:
            continue
        core = body[: found.start()]
        if rule.ordinal and core.endswith(rule.ordinal):
            core = core[: -len(rule.ordinal)]
        core = core.rstrip()
        if len(core) >= rule.shortest:
            return core, number, unit
    return None
