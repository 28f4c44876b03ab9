"""Digests of values and the links of the chain."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Any

GENESIS = "0" * 64


def canonical(value: Any) -> bytes:
    """Return `value` as JSON bytes that are the same for equal values: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest(value: Any) -> str:
    """Return the SHA-256 of `value`'s canonical JSON as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def keyed_digest(key: bytes, text: str) -> str:
    """Return the HMAC-SHA256 (RFC 2104) of `text` in UTF-8 as 64 hexadecimal digits: nobody can guess it without the key."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def link(prev_hash: str, line: dict[str, Any]) -> str:
    """Return the chain hash of a ledger line that follows `prev_hash` (GENESIS for the first)."""
    return hashlib.sha256(prev_hash.encode() + b"\n" + canonical(line)).hexdigest()


def merkle_root(leaves: Iterable[str]) -> str:
    """Return the Merkle root of hexadecimal digests in their order; an odd node moves up unpaired.

    Leaves and inner nodes are hashed with different prefixes (RFC 6962, 2.1), so that one cannot pose as the other.
    Returns GENESIS for no leaves.
    """
    level = [hashlib.sha256(b"\0" + bytes.fromhex(leaf)).digest() for leaf in leaves]
    if not level:
        return GENESIS
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\1" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = pairs + (level[-1:] if len(level) % 2 else [])
    return level[0].hex()
