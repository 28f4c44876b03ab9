"""Strips of days."""

from __future__ import annotations

from typing import Any

_OFFICE = [(510, 720), (810, 1080)]
EXAMPLES: dict[str, dict[str, Any]] = {
    "过一夜": {
        "days": [
            {"label": "11月18日", "shifts": _OFFICE, "runs": [(990, 1080)], "end": None},
            {"label": "11月19日", "shifts": _OFFICE, "runs": [(510, 660)], "end": 660},
        ],
        "note": "浅色为工作时段，深色为走表，竖线为到期。",
    },
    "日夜都走": {
        "days": [
            {"label": "11月22日", "shifts": [], "runs": [(1380, 1440)], "end": None},
            {"label": "11月23日", "shifts": [], "runs": [(0, 60)], "end": 60},
        ]
    },
}
