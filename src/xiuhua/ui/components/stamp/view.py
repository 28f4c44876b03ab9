"""The head of a red or black list: a carved stamp, the list's name, what put places on it."""

from __future__ import annotations

from typing import Any


def view(kind: str, title: str, *, text: str = "") -> dict[str, Any]:
    """Return the head; `kind` is red or black, `text` the rule in words."""
    return {"kind": kind, "title": title, "text": text}
