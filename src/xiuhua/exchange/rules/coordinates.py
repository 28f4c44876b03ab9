"""Coordinates as texts of a file: numbers, and degrees with minutes and seconds."""

from __future__ import annotations

import re

from xiuhua.tables.rules import half_width

_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d*)?(?:[Ee][+-]?\d{1,2})?")
_SEXAGESIMAL = re.compile(
    r"(?P<before>[NSEW北南东西])?(?:纬|经)?\s*(?P<d>\d{1,3})\s*[°度º]\s*(?:(?P<m>\d{1,2}(?:\.\d+)?)\s*['′’分]\s*)?"
    r"(?:(?P<s>\d{1,2}(?:\.\d+)?)\s*(?:[\"″”秒]|'')\s*)?(?P<after>[NSEWnsew])?"
)
_NEGATIVE = frozenset("SWsw南西")
_SIXTY = 60


def coordinate_value(text: str) -> float | None:
    """Return the number that a coordinate's text states, None if it states none.

    Plain numbers as they are, in full width or half; 31°34′12.5″, 31度34分12.5秒, 120°18.2′E as degrees, south and west negative.
    """
    if _NUMBER.fullmatch(plain := half_width(text)):
        return float(plain)
    found = _SEXAGESIMAL.fullmatch(text)
    if not found or (found["before"] and found["after"]):
        return None
    minutes, seconds = float(found["m"] or 0), float(found["s"] or 0)
    if minutes >= _SIXTY or seconds >= _SIXTY:
        return None
    size = int(found["d"]) + minutes / 60 + seconds / 3600
    return -size if (found["before"] or found["after"] or " ") in _NEGATIVE else size
