"""When to try again, and which instant of a rhythm has come: pure functions of their arguments."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from xiuhua.kernel.words import Daily, Rhythm

#: After so many attempts a delivery is a dead letter: with the pauses below that is after about four hours.
MOST_ATTEMPTS = 12
#: The first pause, doubled after every further attempt up to the longest.
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
#: How long a worker may be silent about what it took before another takes it.
LEASE = timedelta(minutes=5)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def pause(attempts: int, seed: str) -> timedelta:
    """Return how long to wait after the `attempts`-th failure (1 for the first).

    Doubling with equal jitter (Brooker, "Exponential Backoff and Jitter", 2015): between half the doubled pause and the
    whole, where in it is drawn from `seed` and the attempt, so that the same failure waits the same time again.
    """
    whole = min(FIRST_PAUSE * (1 << min(attempts - 1, 30)), LONGEST_PAUSE)
    drawn = int.from_bytes(hashlib.sha256(f"{seed}:{attempts}".encode()).digest()[:4], "big") / 2**32
    return whole / 2 + whole / 2 * drawn


def slot(rhythm: Rhythm, zone: ZoneInfo, at: datetime) -> datetime:
    """Return the latest instant of a rhythm at or before `at`, in UTC.

    A rhythm of so much time counts from 1970-01-01 UTC; a daily one is at its hour in `zone`. On a day without that
    hour it is the instant that the clock of before the change would show it (PEP 495, fold=0).
    """
    if not isinstance(rhythm, Daily):
        return _EPOCH + (at - _EPOCH) // rhythm * rhythm
    day = at.astimezone(zone).date()
    found = datetime.combine(day, time(rhythm.hour), zone).astimezone(UTC)
    if found <= at:
        return found
    return datetime.combine(day - timedelta(days=1), time(rhythm.hour), zone).astimezone(UTC)
