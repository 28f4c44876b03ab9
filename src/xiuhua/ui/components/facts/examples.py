"""Facts."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "一件案件": {
        "items": [
            {"label": "哪里", "value": "槐荫社区", "note": "槐荫二村 14 幢北侧", "href": "/gallery/"},
            {"label": "谁负责", "value": "安和物业"},
            {"label": "何时到期", "value": "11月19日 10:30", "note": "4 工作时"},
            {"label": "结果", "value": "超期 5 小时 10 分", "note": "与平台认定一致"},
        ]
    }
}
