"""What a signed address says, as plain values: signing itself is done where the key is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from xiuhua.files.words import Address, Variant

#: Everybody of the office who is signed in.
TENANT = "tenant"
_PARTS = 5


def audience_of(user: int) -> str:
    """Return the audience that is one account."""
    return f"user:{user}"


def admits(address: Address, user: int) -> bool:
    """Return whether the account may follow the address, as far as the address says."""
    return address.audience in {TENANT, audience_of(user)}


def spelled(address: Address) -> list[Any]:
    """Return an address as a list of plain values; whole seconds are kept of its end."""
    until = int(address.until.timestamp())
    return [address.file, str(address.variant), until, address.audience, address.about]


def understood(values: Sequence[Any]) -> Address:
    """Return the address of a list that `spelled` made. Raises ValueError for another."""
    if len(values) != _PARTS:
        raise ValueError(values)
    file, variant, until, audience, about = values
    return Address(int(file), Variant(variant), datetime.fromtimestamp(until, UTC), str(audience), str(about))
