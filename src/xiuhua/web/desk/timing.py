"""How a case stands to its deadline, in the words of the component `due`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

#: Less than this left is soon. A look of the list, not a rule of the field.
SOON = timedelta(days=1)


def due_words(due: datetime | None, closed: datetime | None, now: datetime, *, roughly: bool = False) -> dict[str, Any]:
    """Return the parameters of `due`: closed in time or late, open and over, soon or fine, or without a deadline.

    `roughly` keeps the largest unit of what is left: enough to choose the next one of a list.
    """
    found = _words(due, closed, now)
    return found | {"span": _rough(found["span"])} if roughly and found["span"] else found


def _rough(span: timedelta) -> timedelta:
    for unit in (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)):
        if span >= unit:
            return span // unit * unit
    return span


def _words(due: datetime | None, closed: datetime | None, now: datetime) -> dict[str, Any]:
    if due is None:
        return {"state": "none", "span": None}
    if closed is not None:
        return {"state": "done", "span": None} if closed <= due else {"state": "done_late", "span": closed - due}
    if now > due:
        return {"state": "late", "span": now - due}
    return {"state": "soon" if due - now < SOON else "fine", "span": due - now}
