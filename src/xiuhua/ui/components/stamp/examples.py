"""Heads of lists."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "红榜": {"kind": "red", "title": "红榜 4 家", "text": "每组前 2 名"},
    "黑榜": {"kind": "black", "title": "黑榜 1 家", "text": "每组末位"},
}
