"""How often a secret may be tried: pure counting over the moments of earlier failures."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta

#: ASVS 6.3.1, GB/T 22239 8.1.4.1 b): so many failures in so much time.
LIMIT = 5
SPAN = timedelta(minutes=15)
#: Of an IPv6 address the network counts: one subscriber has all addresses of it.
_SUBSCRIBER = 64


def open_again(failures: Sequence[datetime], limit: int, at: datetime) -> datetime | None:
    """Return when the next try is allowed if `failures` reach the limit within SPAN before `at`, else None.

    The window slides: it opens when the oldest of the last `limit` failures has left it.
    """
    recent = sorted(one for one in failures if at - SPAN < one <= at)
    return recent[-limit] + SPAN if len(recent) >= limit else None


def neighbourhood(address: str) -> str:
    """Return what is counted as one place: an IPv4 address itself, of an IPv6 address its /64; other texts as they are."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _SUBSCRIBER), strict=False))
