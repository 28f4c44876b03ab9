"""How often a password may be tried: five times in a quarter of an hour, per account and address.

Counted in Django's cache, which is this process's memory unless another is configured: one serving process counts
exactly, several count each for itself. Behind a proxy that hides addresses the limit is per account alone.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.core.cache import cache

LIMIT = 5
SPAN = timedelta(minutes=15)


def blocked_until(username: str, address: str, at: datetime) -> datetime | None:
    """Count one more try; return when to come back if there were too many, else None.

    The try is counted before the password is looked at, so that tries made at the same moment cannot slip through.
    """
    key = _key(username, address)
    cache.add(f"{key}:until", at + SPAN, SPAN.total_seconds())
    cache.add(key, 0, SPAN.total_seconds())
    try:
        tries = cache.incr(key)
    except ValueError:  # ran out between the two lines: the count starts anew
        cache.set(key, 1, SPAN.total_seconds())
        tries = 1
    return (cache.get(f"{key}:until") or at + SPAN) if tries > LIMIT else None


def forget(username: str, address: str) -> None:
    """Start the count anew: the password was right."""
    key = _key(username, address)
    cache.delete_many([key, f"{key}:until"])


def _key(username: str, address: str) -> str:
    digest = hashlib.sha256(f"{username.strip().casefold()}\n{address}".encode()).hexdigest()
    return f"login:{digest}"
