"""Pure decisions about one case."""

from __future__ import annotations

from datetime import datetime

from xiuhua.cases.words import NOT_COUNTED, Standing, Undetermined
from xiuhua.cases.words.moves import Verb

#: Moves that say otherwise what a case was: a month that has gone by would count it otherwise too. Closing late does
#: not, since at the month's end the case was open, and stays so.
REWRITES = frozenset({Verb.CORRECT, Verb.VOID, Verb.DECLINE, Verb.REOPEN, Verb.MERGE, Verb.UNMERGE})


def contradiction(reported_at: datetime, due_at: datetime | None, closed_at: datetime | None) -> Undetermined | None:
    """Return why the times of a case cannot be judged, or None if they can (docs/scoring.md 1.5).

    A case that closed, or was due, before it was reported is listed and stands in no denominator.
    """
    if closed_at is not None and closed_at < reported_at:
        return Undetermined.CLOSED_FIRST
    if due_at is not None and due_at < reported_at:
        return Undetermined.DUE_FIRST
    return None


def standing(
    *, stage: str, undetermined: str, due_at: datetime | None, closed_at: datetime | None, as_of: datetime
) -> Standing:
    """Return what a case counts as at `as_of` (docs/scoring.md 1.3, 1.4): done at the deadline is on time.

    What closed after `as_of` is open then; a case due at `as_of` is decided.
    """
    if stage in NOT_COUNTED:
        return Standing.VOID
    if undetermined:
        return Standing.UNDETERMINED
    if due_at is None:
        return Standing.NO_DEADLINE
    if due_at > as_of:
        return Standing.NOT_DUE
    if closed_at is None or closed_at > as_of:
        return Standing.OVERDUE_OPEN
    return Standing.ON_TIME if closed_at <= due_at else Standing.LATE
