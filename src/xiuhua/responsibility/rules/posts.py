"""What a post has to be."""

from __future__ import annotations

from datetime import date

from xiuhua.kernel.words import Fault
from xiuhua.responsibility.rules.roles import SCOPED
from xiuhua.responsibility.words import PostAsked, Role


def post_faults(asked: PostAsked) -> list[Fault]:
    """Return what is wrong with a post by itself; whether its codes name anything is the office's matter."""
    faults = []
    if not asked.role:
        faults.append(Fault("post.need_role", column="role"))
    elif asked.role not in Role.values:
        faults.append(Fault("post.role_unknown", column="role", facts={"role": asked.role[:40]}))
    elif Role(asked.role) in SCOPED and not (asked.unit or asked.territory):
        role = str(Role(asked.role).label)
        faults.append(Fault("post.scope_missing", column="unit", facts={"role": role}))
    return faults + period_faults(asked.valid_from, asked.valid_to)


def period_faults(first: date | None, end: date | None) -> list[Fault]:
    """Return the fault of a period that ends before it has begun; `end` is the first day no longer."""
    if first is None or end is None or end > first:
        return []
    return [Fault("post.period", column="valid_to", facts={"first": first.isoformat(), "end": end.isoformat()})]


def overlap(first: tuple[date | None, date | None], second: tuple[date | None, date | None]) -> bool:
    """Return whether two periods share a day; empty ends are open, the second of a pair is the first day no longer."""
    begin = max(first[0] or date.min, second[0] or date.min)
    return begin < min(first[1] or date.max, second[1] or date.max)
