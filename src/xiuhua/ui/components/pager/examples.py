"""Pagers."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "中间": {"total": 184588, "first": 51, "last": 100, "previous_href": "/gallery/", "next_href": "/gallery/"},
    "只知总数": {"total": 26, "next_href": "/gallery/"},
    "多得不数": {"total": 100000, "beyond": True, "next_href": "/gallery/"},
    "没有": {"total": 0},
}
