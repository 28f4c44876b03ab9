"""Stories."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

EXAMPLES: dict[str, dict[str, Any]] = {
    "一件案件的经过": {
        "zone": ZoneInfo("Asia/Shanghai"),
        "this_year": 2026,
        "lines": [
            {
                "at": datetime(2026, 11, 18, 8, 21, tzinfo=UTC),
                "title": "上报",
                "text": "桶外袋装垃圾约 6 袋",
                "who": "巡查员，照片 2 张",
                "kind": "strong",
            },
            {
                "at": datetime(2026, 11, 18, 8, 30, tzinfo=UTC),
                "title": "派遣",
                "text": "安和物业，4 工作时",
                "who": "派遣员",
            },
            {
                "at": datetime(2026, 11, 18, 9, 2, tzinfo=UTC),
                "title": "退单",
                "text": "“不属本单位，应归环卫所”",
                "who": "安和物业",
                "kind": "back",
            },
            {
                "at": datetime(2026, 11, 18, 9, 7, tzinfo=UTC),
                "title": "改派",
                "text": "改派给环卫所",
                "who": "派遣员",
                "kind": "undone",
            },
            {
                "at": datetime(2026, 11, 19, 7, 40, tzinfo=UTC),
                "title": "核查合格，结案",
                "who": "核查员，与处置人不是同一人",
                "kind": "done",
            },
        ],
        "foot": "4 条记录首尾相连，未见改动。",
    }
}
