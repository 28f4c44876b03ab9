"""Rows of a dot plot."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from xiuhua.ui.scales import axis

AXIS = axis([Fraction(74), Fraction(99)], ceiling=100)
EXAMPLES: dict[str, dict[str, Any]] = {
    "红榜": {"axis": AXIS, "value": 97, "low": 95, "high": 98, "text": "97.1 分", "kind": "red"},
    "平常，空圈是上月": {
        "axis": AXIS,
        "value": 89,
        "low": 86,
        "high": 92,
        "interval": "95% 区间 86 到 92",
        "before": 87,
        "before_text": "87.0 分",
        "text": "89.2 分",
    },
    "黑榜": {
        "axis": AXIS,
        "value": 77,
        "low": 75,
        "high": 80,
        "before": 83,
        "before_text": "83.6 分",
        "text": "77.3 分",
        "kind": "black",
    },
    "样本不足": {"axis": AXIS, "value": 86, "low": 79, "high": 92, "text": "85.9 分", "kind": "few"},
    "没有数": {"axis": AXIS, "value": None, "text": ""},
}
