"""How a webhook's receiver knows that a call is ours and fresh."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime


def signed(secret: str, body: bytes, at: datetime) -> dict[str, str]:
    """Return the headers that sign a call: seconds since 1970, and the HMAC-SHA256 of "seconds.body" in hexadecimal.

    The receiver computes the same over the bytes it got, compares in constant time, and refuses what is minutes old.
    """
    seconds = str(int(at.timestamp()))
    made = hmac.new(secret.encode(), seconds.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"X-Xiuhua-Timestamp": seconds, "X-Xiuhua-Signature": f"sha256={made}"}
