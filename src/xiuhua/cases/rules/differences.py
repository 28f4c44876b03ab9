"""Why a platform's deadline is not ours, and why its verdict is not: each difference under one cause.

The platform gives a moment and no reason. A cause is found by trying what a platform may have done differently, one thing
at a time and the simplest first: the first that arrives at its moment is the cause (the way one checks a bill). What
nothing explains stays under “other”, so that the share explained can be seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

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
    facts: dict[str, str]


def explained(
    ours: Instants, theirs: Instants, candidates: Iterable[Candidate]
) -> tuple[list[str], list[dict[str, str]]]:
    """Return for each row the cause of the difference between two deadlines (microseconds since 1970) and its facts.

    Empty where one of them is missing; Cause.SAME where they differ by less than a minute; else the first candidate that
    meets the platform's moment, Cause.OTHER if none does. Candidates are asked only while rows are unexplained.
    """
    both = (ours != NOWHEN) & (theirs != NOWHEN)
    causes = np.where(both, Cause.OTHER.value, "").astype(object)
    facts: list[dict[str, str]] = [{} for _row in causes]
    same = both & _near(ours, theirs)
    causes[same] = Cause.SAME.value
    open_ = both & ~same
    for candidate in candidates:
        if not open_.any():
            break
        met = open_ & (candidate.due_us != NOWHEN) & _near(candidate.due_us, theirs)
        causes[met] = candidate.cause.value
        for row in np.flatnonzero(met):
            facts[row] = candidate.facts
        open_ &= ~met
    return causes.tolist(), facts


def _near(a: Instants, b: Instants) -> NDArray[np.bool_]:
    # NOWHEN would overflow: it is replaced, and the callers leave those rows out
    left, right = np.where(a == NOWHEN, 0, a), np.where(b == NOWHEN, 0, b)
    return np.abs(left - right) < NEAR_US


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
