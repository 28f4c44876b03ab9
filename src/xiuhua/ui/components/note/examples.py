"""Remarks."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "出处": {"text": "数据截至 2026年11月4日 24:00，快照 7c1e·40a9，可复算。"},
    "说明": {"kind": "info", "text": "横线是按期结案率的 95% 区间。"},
    "提醒": {"kind": "warn", "text": "17 件没有落到任何社区，不计入排名。"},
    "核过": {"kind": "good", "text": "9 条记录首尾相连，未见改动。"},
}
