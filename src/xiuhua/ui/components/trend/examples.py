"""Lines."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

_RATES = (782, 801, 779, 795, 812, 798, 819, 827, 822, 833, 839, 829, 834, 847)


def _points(*gaps: int) -> list[dict[str, Any]]:
    months = [(2025, m) for m in range(9, 13)] + [(2026, m) for m in range(1, 11)]
    return [
        {
            "label": f"{month}月" if place else f"{year}年{month}月",
            "long": f"{year}年{month}月",
            "value": None if place in gaps else Fraction(rate, 10),
            "href": f"/gallery/?month={year}-{month:02}",
        }
        for place, ((year, month), rate) in enumerate(zip(months, _RATES, strict=True))
    ]


EXAMPLES: dict[str, dict[str, Any]] = {
    "有目标": {
        "title": "按期结案率",
        "points": _points(),
        "unit": "%",
        "target": 88,
        "target_label": "目标 88%",
        "ceiling": 100,
    },
    "有缺月": {"title": "按期结案率", "points": _points(4, 5, 9), "unit": "%", "ceiling": 100},
    "只有一个月": {"title": "按期结案率", "points": _points()[-1:], "unit": "%", "ceiling": 100, "table": False},
    "同一刻度": {
        "title": "按期结案率",
        "points": _points(),
        "unit": "%",
        "ceiling": 100,
        "table": False,
        "among": [40, 95],
    },
}
