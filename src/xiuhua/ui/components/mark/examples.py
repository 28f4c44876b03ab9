"""Stamps."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "红榜": {"kind": "red"},
    "黑榜": {"kind": "black"},
    "标签": {"kind": "line", "label": "样本不足"},
    "提醒": {"kind": "warn", "label": "待更正"},
}
