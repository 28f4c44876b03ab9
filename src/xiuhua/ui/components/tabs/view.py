"""The four places a phone goes to, under the thumb."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def view(items: Sequence[dict[str, str]], *, current: str = "") -> dict[str, Any]:
    """Return the tabs: {"key": also the icon's name, "label", "href"}; `current` is the key of the present one."""
    return {"items": items, "current": current}
