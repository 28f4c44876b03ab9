"""Says on every page of a made-up office that its data are made up."""

from __future__ import annotations

from typing import Any


def view() -> dict[str, Any]:
    """Return the banner."""
    return {}
