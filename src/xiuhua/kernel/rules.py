"""Pure decisions of the kernel: digests, the chain, periods."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from xiuhua.kernel.words import Refusal, marked

GENESIS = "0" * 64
_PERIOD = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


class PeriodMalformed(Refusal):
    """The period is not written YYYY-MM."""

    code = "period.malformed"
    sentence = marked("“%(text)s”不是月份，请写成 2026-10 这样。")


def canonical(value: Any) -> bytes:
    """Return `value` as JSON bytes that are the same for equal values: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest(value: Any) -> str:
    """Return the SHA-256 of `value`'s canonical JSON as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def link(prev_hash: str, line: dict[str, Any]) -> str:
    """Return the chain hash of a ledger line that follows `prev_hash` (GENESIS for the first)."""
    return hashlib.sha256(prev_hash.encode() + b"\n" + canonical(line)).hexdigest()


def merkle_root(leaves: Iterable[str]) -> str:
    """Return the Merkle root of hexadecimal digests in their order; an odd node moves up unpaired.

    Leaves and inner nodes are hashed with different prefixes (RFC 6962, 2.1), so that one cannot pose as the other.
    Returns GENESIS for no leaves.
    """
    level = [hashlib.sha256(b"\0" + bytes.fromhex(leaf)).digest() for leaf in leaves]
    if not level:
        return GENESIS
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\1" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = pairs + (level[-1:] if len(level) % 2 else [])
    return level[0].hex()


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A calendar month of one zone's civil time."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """Return the period written "YYYY-MM"; raises PeriodMalformed."""
        match = _PERIOD.fullmatch(text.strip())
        if not match:
            raise PeriodMalformed(text=text)
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, moment: datetime, zone: ZoneInfo) -> Period:
        """Return the month that holds `moment` in `zone`."""
        local = moment.astimezone(zone)
        return cls(local.year, local.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def shift(self, months: int) -> Period:
        """Return the period `months` later (earlier when negative)."""
        index = self.year * 12 + self.month - 1 + months
        return Period(index // 12, index % 12 + 1)

    def start(self, zone: ZoneInfo) -> datetime:
        """Return the first instant of the month in `zone` (00:00 local), aware."""
        return datetime(self.year, self.month, 1, tzinfo=zone)

    def end(self, zone: ZoneInfo) -> datetime:
        """Return the first instant of the next month in `zone`: the last permitted instant of this month's deadlines."""
        return self.shift(1).start(zone)
