"""The way here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def view(items: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return the way: pairs of a name and an address, the last (this page) with the address ""."""
    return {"items": items}
