"""Times written as a file writes its own: the same order, separators, zeros in front and precision."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from xiuhua.exchange.rules.times import parts_of
from xiuhua.exchange.words import DateOrder

_NOON = 12
#: Parts of a date that are sometimes written with a zero in front: all of them or none.
_OF_DAYS = ("m", "d", "m2", "d2")


@dataclass(frozen=True, slots=True)
class TimeStyle:
    """How a column writes its times: an example, where its parts stand, which of them have zeros in front."""

    example: str
    spans: Mapping[str, tuple[int, int]]
    padded: Mapping[str, bool]

    def write(self, moment: datetime, zone: ZoneInfo) -> str:
        """Return a moment as the column would write it, its end cut off where the column writes none."""
        offset = self._offset()
        local = moment.astimezone(offset or zone)
        text = self.example
        for name, (begin, end) in sorted(self.spans.items(), key=lambda one: -one[1][0]):
            text = text[:begin] + self._part(name, local, self.example[begin:end]) + text[end:]
        return text

    def _part(self, name: str, local: datetime, old: str) -> str:
        if name == "off":
            return old
        if name in {"ch", "ap"}:
            return _half(old, later=local.hour >= _NOON)
        if name == "f":
            return f"{local.microsecond:06}".ljust(len(old), "0")[: len(old)]
        if name == "y":
            return f"{local.year:04}"
        value = {"m": local.month, "d": local.day, "H": self._hour(local), "M": local.minute, "S": local.second}[
            name[0]
        ]
        return f"{value:02}" if self.padded.get(name, True) else str(value)

    def _hour(self, local: datetime) -> int:
        return local.hour % _NOON or _NOON if {"ch", "ap"} & set(self.spans) else local.hour

    def _offset(self) -> timezone | None:
        if "off" not in self.spans:
            return None
        begin, end = self.spans["off"]
        text = self.example[begin:end]
        if text in "Zz":
            return UTC
        size = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
        return timezone(-size if text[0] == "-" else size)


def _half(old: str, *, later: bool) -> str:
    """Return the half of a day as the example writes its own."""
    if not old.isascii():
        return "下午" if later else "上午"
    letter = ("p" if later else "a") if old[0].islower() else ("P" if later else "A")
    return letter + old[1:]


def style_of(texts: Iterable[str], order: DateOrder) -> TimeStyle | None:
    """Return how some texts of a column write times: as the first that can be read; None where none can be.

    A month, a day or an hour has a zero in front unless one of the texts writes one with a single digit.
    """
    example, spans, single = "", {}, set()
    for text in texts:
        plain = unicodedata.normalize("NFKC", text.strip())
        found = parts_of(plain, order)
        if not found:
            continue
        if not example:
            example = plain
            spans = {name: found.span(name) for name, part in found.groupdict().items() if part and name != "s"}
        single |= {name for name in (*_OF_DAYS, "H") if len(found.groupdict().get(name) or "00") == 1}
    if single & set(_OF_DAYS):
        single |= set(_OF_DAYS)
    return TimeStyle(example, spans, {name: name not in single for name in (*_OF_DAYS, "H")}) if example else None
