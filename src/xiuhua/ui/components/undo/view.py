"""What was just done, and the way back."""

from __future__ import annotations

from typing import Any


def view(text: str, *, action: str = "", seconds: int | None = None) -> dict[str, Any]:
    """Return the bar: what was done (with its count), the address that undoes it by POST, the seconds left."""
    return {"text": text, "action": action, "seconds": seconds}
