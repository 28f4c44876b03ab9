"""How far a long work has come: a bar, the count in words, and the hope of an end."""

from __future__ import annotations

from typing import Any

from xiuhua.ui.formats import thousands


def view(label: str, done: int = 0, of: int = 0, *, unit: str = "", text: str = "", id: str = "") -> dict[str, Any]:  # noqa: A002 - the attribute's name
    """Return the bar; `of` 0 means that nobody knows yet how much there is. `text` stands in for the count."""
    counted = f"{thousands(done)} / {thousands(of)}{' ' + unit if unit else ''}" if of else ""
    return {
        "label": label,
        "done": done,
        "of": of,
        "percent": min(100, done * 100 // of) if of else None,
        "text": text or counted,
        "id": id or "progress",
    }
