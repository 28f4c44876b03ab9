"""Limits as values that a database or a file can keep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from xiuhua.clock.words import Limit, Limits, LimitStage, Unit


def kept(limits: Limits) -> list[dict[str, str]]:
    """Return limits as JSON values: [{"amount": "4", "unit": "work_hour", "title": ""}], amounts as exact texts."""
    return [
        {"amount": str(stage.limit.amount), "unit": stage.limit.unit.value, "title": stage.title} for stage in limits
    ]


def read(values: Iterable[Mapping[str, str]]) -> Limits:
    """Return the limits that `kept` wrote. Raises ValueError or KeyError for anything else."""
    return tuple(
        LimitStage(Limit(Fraction(each["amount"]), Unit(each["unit"])), each.get("title", "")) for each in values
    )
