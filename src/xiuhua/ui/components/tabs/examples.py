"""Tabs of the phone."""

from __future__ import annotations

from typing import Any

from xiuhua.ui.components.bar.examples import ITEMS

EXAMPLES: dict[str, dict[str, Any]] = {"四个": {"items": ITEMS, "current": "month"}}
