"""Years."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

_FIRST = date(2025, 1, 1)
_WEEKENDS = {
    day
    for number in range(365)
    if (day := _FIRST + timedelta(days=number)).weekday() >= 5  # noqa: PLR2004 - Saturday
}
EXAMPLES: dict[str, dict[str, Any]] = {
    "2025年": {
        "year": 2025,
        "off": _WEEKENDS,
        "marks": {
            **{date(2025, 10, day): ("holiday", "国庆节、中秋节") for day in range(1, 9)},
            date(2025, 9, 28): ("workday", "国庆节、中秋节"),
            date(2025, 10, 11): ("workday", "国庆节、中秋节"),
        },
        "unknown": {11, 12},
        "today": date(2025, 10, 9),
    }
}
