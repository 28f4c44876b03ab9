"""The conditions of a list, each with the way to take it off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def view(items: Sequence[dict[str, Any]], *, clear: str = "") -> dict[str, Any]:
    """Return the conditions: {"label", "href": the address without it, "" if it cannot be taken off}.

    `clear` is the address without any of them.
    """
    return {"items": items, "clear": clear}
