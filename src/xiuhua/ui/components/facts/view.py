"""The few facts of a thing in one row under the double rule: what, where, who, by when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def view(items: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the row; an item is {"label", "value": text or safe HTML, "note": a second line, "href"}."""
    return {"items": items}
