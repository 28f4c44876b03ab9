"""Numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "领头的数": {
        "label": "按期结案率",
        "value": "84.7",
        "unit": "%",
        "href": "/gallery/",
        "change": {"change": Fraction(18, 10), "unit": "点"},
        "large": True,
    },
    "件数": {
        "label": "超期未结",
        "value": 26,
        "unit": "件",
        "href": "/gallery/",
        "change": {"change": -7, "unit": "件", "good": "down", "digits": 0},
    },
    "大数": {"label": "应结案", "value": 184588, "unit": "件", "href": "/gallery/"},
    "用时": {"label": "结案用时中位", "value": "2 小时 48 分", "href": "/gallery/", "note": "517 件已结"},
    "没有数": {"label": "返工率", "value": "—", "note": "本月没有结案"},
}
