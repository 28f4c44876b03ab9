"""What falls due before a month ends, and from when on chances may be named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from xiuhua.analytics.rules import microseconds
from xiuhua.assessment.words import Falling

#: Closed months that a probability of being listed must be calibrated on first (docs/scoring.md 9.3): until then none is named.
MONTHS_NEEDED = 6
WEEK = timedelta(days=7)


def falling(
    names: Mapping[str, str], rows: Mapping[str, Sequence[Mapping[str, Any]]], as_of: datetime
) -> tuple[Falling, ...]:
    """Return for each subject how many open cases fall due up to the month's end, how many within seven days, how many are late.

    `rows` are by subject the cases that were open at `as_of` and are due by the month's end, with `due_us`. Most falling due first,
    then by code; who has nothing open is there with zeros.
    """
    moment, week = microseconds(as_of), microseconds(as_of + WEEK)
    found = []
    for code, name in names.items():
        dues = [row["due_us"] for row in rows.get(code, ())]
        found.append(
            Falling(
                code=code,
                name=name,
                falling_due=sum(due > moment for due in dues),
                within_week=sum(moment < due <= week for due in dues),
                late_open=sum(due <= moment for due in dues),
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.falling_due, -one.late_open, one.code)))
