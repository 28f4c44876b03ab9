"""Two versions of a paragraph in one: what is gone and what is new, told by a line and a word, not by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def view(runs: Sequence[tuple[str, str]], *, change: str = "changed") -> dict[str, Any]:
    """Return the paragraph; a run is ("same", "gone" or "new", its text), `change` same, changed, added or removed."""
    return {"runs": runs, "change": change}
