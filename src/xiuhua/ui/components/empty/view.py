"""Nothing here yet, and the first step."""

from __future__ import annotations

from typing import Any


def view(title: str, text: str = "", *, action: str = "", href: str = "") -> dict[str, Any]:
    """Return the empty state: what is missing, why, and a link that is the first step."""
    return {"title": title, "text": text, "action": action, "href": href}
