"""Before and after side by side, on a phone too: both in one look, or nobody compares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xiuhua.ui.rendering import render


def view(before: Mapping[str, Any], after: Mapping[str, Any], *, label: str) -> dict[str, Any]:
    """Return the pair; `before` and `after` are parameters of `photo`, `label` names the pair for readers who hear it."""
    return {"before": render("photo", before), "after": render("photo", after), "label": label}
