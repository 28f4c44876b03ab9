"""Questions with few answers."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "立案条件，带时限和到期": {
        "name": "sample-condition",
        "label": "立案条件",
        "value": "2",
        "options": [
            ("1", "公共场所桶外有生活垃圾", "4 个工作时，11月19日 10:30 到期"),
            ("2", "绿地内有生活垃圾", "1 个工作日，11月19日 16:30 到期"),
        ],
    },
    "出错": {
        "name": "sample-reason",
        "label": "理由",
        "error": "请选理由。",
        "hint": "退单会计次，占用的时间记在单位名下。",
        "options": [("a", "不在本单位地段", ""), ("b", "不属本单位职责", "")],
    },
}
