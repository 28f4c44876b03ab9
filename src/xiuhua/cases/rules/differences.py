"""Why a platform's deadline is not ours, and why its verdict is not: each difference under one cause.

The platform gives a moment and no reason. A cause is found by trying what a platform may have done differently, one thing
at a time and the simplest first: the first that arrives at its moment is the cause (the way one checks a bill). What
nothing explains stays under “other”, so that the share explained can be seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiuhua.cases.words import Cause, Verdict

Instants = NDArray[np.int64]

#: No moment, among instants in microseconds.
NOWHEN = np.iinfo(np.int64).min
#: Exports are often cut to the minute: deadlines nearer than that are the same.
NEAR_US = 60_000_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the platform may have done: the cause, the moments it leads to (NOWHEN where it leads nowhere), and facts."""

    cause: Cause
    due_us: Instants
    facts: dict[str, Any]


def differing(ours: Instants, theirs: Instants) -> tuple[list[str], NDArray[np.intp]]:
    """Return what can be said of each pair of deadlines (microseconds since 1970) by itself, and which rows differ.

    "" where one is missing, Cause.SAME where they are less than a minute apart, Cause.OTHER until it is explained.
    """
    both = (ours != NOWHEN) & (theirs != NOWHEN)
    same = both & _near(ours, theirs)
    causes = np.where(same, Cause.SAME.value, np.where(both, Cause.OTHER.value, ""))
    return causes.tolist(), np.flatnonzero(both & ~same)


def explained(theirs: Instants, candidates: Iterable[Candidate]) -> tuple[list[str], list[dict[str, Any]]]:
    """Return the cause of each of these deadlines of a platform, none of which is ours, and its facts.

    It is the first candidate that meets the platform's moment, Cause.OTHER if none does. Candidates are asked for only
    while rows are unexplained.
    """
    causes = [Cause.OTHER.value] * len(theirs)
    facts: list[dict[str, Any]] = [{} for _row in causes]
    left = np.arange(len(theirs))
    for candidate in candidates if len(theirs) else ():
        due = candidate.due_us[left]
        met = (due != NOWHEN) & _near(due, theirs[left])
        for row in left[met].tolist():
            causes[row], facts[row] = candidate.cause.value, candidate.facts
        left = left[~met]
        if not len(left):
            break
    return causes, facts


def _near(a: Instants, b: Instants) -> NDArray[np.bool_]:
    # NOWHEN would overflow: it is replaced, and the callers leave those rows out
    left, right = np.where(a == NOWHEN, 0, a), np.where(b == NOWHEN, 0, b)
    near: NDArray[np.bool_] = np.abs(left - right) < NEAR_US
    return near


def verdict(due_at: datetime | None, closed_at: datetime | None) -> str:
    """Return on time where the close is not after the deadline (docs/scoring.md 1.4), empty where one is missing."""
    if due_at is None or closed_at is None:
        return ""
    return Verdict.ON_TIME.value if closed_at <= due_at else Verdict.OVERDUE.value


def verdict_cause(*, platform: str, by_their_times: str, own: str, due_cause: str) -> str:
    """Return why the platform's verdict on a case is not ours; empty where they agree or one is missing.

    A verdict that contradicts the platform's own times is its statement (an appeal, a rework, a hand), whatever the
    deadlines; otherwise the verdicts differ because the deadlines do.
    """
    if not platform or not own or platform == own:
        return ""
    if by_their_times and by_their_times != platform:
        return Cause.STATEMENT.value
    return due_cause if due_cause not in {"", Cause.SAME.value} else Cause.OTHER.value
