"""Bars."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "各类案件": {
        "title": "各类案件",
        "unit": "件",
        "rows": [
            {"label": "暴露垃圾", "value": 142, "href": "/gallery/"},
            {"label": "非机动车乱停", "value": 97, "href": "/gallery/"},
            {"label": "店外经营", "value": 64, "href": "/gallery/"},
            {"label": "井盖缺损", "value": 0, "href": "/gallery/"},
        ],
    },
    "超期": {"title": "超期未结", "rows": [{"label": "槐荫社区", "value": 9, "text": "9 件", "kind": "late"}]},
}
