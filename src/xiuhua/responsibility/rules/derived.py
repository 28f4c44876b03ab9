"""Secrets that the database does not hold: derived from a stored salt and the server's own key.

Deriving is HKDF-Expand of RFC 5869 with SHA-256 in one block. Whoever has only the database has salts; whoever changes
the server's key makes all of them void.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

import pyotp

#: Seconds of a step of RFC 6238, and how many steps early or late a code may come.
STEP, DRIFT = 30, 1
#: Letters and digits that nobody confuses when typing them from paper.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
#: Bytes of a TOTP secret: RFC 4226 recommends 160 bits.
_TOTP_BYTES = 20
_BLOCK = hashlib.sha256().digest_size


def derive(key: str, purpose: str, salt: str, size: int = _BLOCK) -> bytes:
    """Return `size` bytes (at most 32) that only the holder of `key` can compute for this purpose and salt."""
    if not 0 < size <= _BLOCK:
        raise ValueError(size)
    info = f"xiuhua:{purpose}:{salt}\x01"
    return hmac.new(key.encode(), info.encode(), hashlib.sha256).digest()[:size]


def keyed(key: str, purpose: str, text: str) -> str:
    """Return a digest of a text, 64 hex digits, that cannot be guessed at without the key."""
    return derive(key, purpose, text).hex()


def totp_secret(key: str, salt: str) -> str:
    """Return the secret of a second factor in base 32, as authenticators take it."""
    return base64.b32encode(derive(key, "totp", salt, _TOTP_BYTES)).decode()


def matching_step(secrets: Sequence[str], code: str, at: datetime, *, after: int) -> int | None:
    """Return the step of RFC 6238 whose code this is, of those within DRIFT of `at` and later than `after`, else None.

    A code that was used names a step that is not later, so it cannot be used again.
    """
    given = "".join(code.split())
    now = int(at.timestamp()) // STEP
    for secret in secrets:
        totp = pyotp.TOTP(secret)
        for step in range(now - DRIFT, now + DRIFT + 1):
            if step > after and hmac.compare_digest(totp.generate_otp(step).encode(), given.encode()):
                return step
    return None


def recovery_text(code: str) -> str:
    """Return a recovery code as it is compared: small letters, nothing between them."""
    return "".join(one for one in code.casefold() if one.isalnum())
