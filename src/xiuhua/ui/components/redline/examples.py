"""Two versions in one."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "改了词": {"runs": [("same", "按期结案率较上月"), ("gone", "上升"), ("new", "下降"), ("same", "1.2个百分点。")]},
    "新的一段": {"runs": [("new", "各单位要逐件核查。")], "change": "added"},
    "删的一段": {"runs": [("gone", "完整排名见附件。")], "change": "removed"},
    "没有变": {"runs": [("same", "特此通报。")], "change": "same"},
}
