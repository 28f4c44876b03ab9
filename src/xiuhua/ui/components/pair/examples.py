"""Pairs of photos."""

from __future__ import annotations

from typing import Any

from xiuhua.ui.components.photo.examples import EXAMPLES as PHOTOS

EXAMPLES: dict[str, dict[str, Any]] = {
    "整改前后": {"label": "整改前后", "before": PHOTOS["整改前"], "after": PHOTOS["有疑点"]},
    "还没整改": {"label": "整改前后", "before": PHOTOS["整改前"], "after": PHOTOS["还没有"]},
}
