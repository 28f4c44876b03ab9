"""Calendar months of civil time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from xiuhua.kernel.words import Refusal, marked

_PERIOD = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


class PeriodMalformed(Refusal):
    """The period is not written YYYY-MM."""

    code = "period.malformed"
    sentence = marked("“%(text)s”不是月份，请写成 2026-10 这样。")


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
