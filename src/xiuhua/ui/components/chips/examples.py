"""Conditions."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "三个条件": {
        "items": [
            {"label": "2026年10月"},
            {"label": "槐荫社区", "href": "/gallery/"},
            {"label": "超期未结", "href": "/gallery/"},
        ],
        "clear": "/gallery/",
    }
}
