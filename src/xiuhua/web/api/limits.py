"""How much one program may ask for: so many requests a minute, then it waits.

Counted in the memory of each server process: a count in the database would make every read a write and cost one of the
few statements that a report has. `serve` runs one process; with n of them the limit is n times as high, which still
does what it is for – a program that has gone wild is stopped, a person never is.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from threading import Lock

from django.conf import settings

#: Callers remembered; beyond it those are forgotten who could ask for a full minute's worth anyway.
MOST = 10_000
MINUTE = 60.0


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


_BUCKETS: dict[str, _Bucket] = {}
_LOCK = Lock()


class TooMany(Exception):
    """A caller asked for more than it may; `seconds` says after how many whole seconds the next request is answered."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(seconds)


def spend(who: str, *, tick: float | None = None) -> None:
    """Take one request from what a caller has left; a minute fills it up evenly. Raises TooMany.

    `tick` is a reading of a monotonic clock in seconds, by default now's.
    """
    most = float(settings.API_PER_MINUTE)
    now = time.monotonic() if tick is None else tick
    with _LOCK:
        if len(_BUCKETS) >= MOST:
            _forget(now, most)
        bucket = _BUCKETS.setdefault(who, _Bucket(most, now))
        bucket.left = min(most, bucket.left + (now - bucket.at) * most / MINUTE)
        bucket.at = now
        if bucket.left < 1:
            raise TooMany(max(1, math.ceil((1 - bucket.left) * MINUTE / most)))
        bucket.left -= 1


def forget_all() -> None:
    """Forget what everybody has spent."""
    with _LOCK:
        _BUCKETS.clear()


def _forget(now: float, most: float) -> None:
    full = [who for who, one in _BUCKETS.items() if one.left + (now - one.at) * most / MINUTE >= most]
    for who in full:
        del _BUCKETS[who]
    if len(_BUCKETS) >= MOST:
        _BUCKETS.clear()
