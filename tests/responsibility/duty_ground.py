"""A small ground to lay duty matrices on: two communities of two grids, two main classes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from xiuhua.responsibility.words import DutyRow, Ground, Tier

#: The street S with communities A and B, grids A1, A2, B1, B2; classes M (M1, M2) and N (N1).
ABOVE = {"S": None, "A": "S", "B": "S", "A1": "A", "A2": "A", "B1": "B", "B2": "B"}
CLASS_ABOVE = {"M": None, "M1": "M", "M2": "M", "N": None, "N1": "N"}
GROUND = Ground(ABOVE, CLASS_ABOVE)
SUNDAY = date(2026, 10, 4)
MONDAY = date(2026, 10, 5)


def row(line: int, unit: str, tier: str = "territory", **given: object) -> DutyRow:
    """Return a row of line `line` that narrows nothing but what is given."""
    plain = DutyRow(f"m@1:{line}", line, Tier(tier), unit)
    return replace(plain, **given)  # type: ignore[arg-type]
