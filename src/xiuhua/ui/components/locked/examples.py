"""Locked numbers."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "有清单": {"value": "588", "title": "应结案数", "href": "/gallery/"},
    "没有清单": {"value": "95.33", "title": "槐荫里社区·总分"},
    "句子之外": {"value": "88.0%", "title": "按期结案率", "href": "/gallery/", "named": True},
}
