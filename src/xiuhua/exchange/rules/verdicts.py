"""On time or not: our own reading of target and close, beside the platform's."""

from __future__ import annotations

from datetime import datetime

from xiuhua.cases.words import Verdict

_ON_TIME, _OVERDUE = Verdict.ON_TIME.value, Verdict.OVERDUE.value


def own_verdict(due_at: datetime | None, closed_at: datetime | None) -> str:
    """Return on time where the close is not after the target (docs/scoring.md 1.4: at the deadline is on time).

    Empty where one of them is missing. This reads the platform's own two columns; whether the case may be judged at
    all is another question.
    """
    if due_at is None or closed_at is None:
        return ""
    return _ON_TIME if closed_at <= due_at else _OVERDUE
