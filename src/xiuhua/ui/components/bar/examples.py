"""The roof."""

from __future__ import annotations

from typing import Any

ITEMS: list[dict[str, Any]] = [
    {"key": "month", "label": "本月", "href": "/gallery/"},
    {"key": "ranking", "label": "排名", "href": "/gallery/"},
    {"key": "map", "label": "地图", "href": "/gallery/"},
    {"key": "cases", "label": "案件", "href": "/gallery/"},
]
GROUP: dict[str, Any] = {
    "key": "registers",
    "label": "底册",
    "group": [
        {"key": "sites", "label": "点位", "href": "/gallery/"},
        {"key": "units", "label": "单位", "href": "/gallery/"},
    ],
}
EXAMPLES: dict[str, dict[str, Any]] = {
    "登录后": {
        "office": "星河街道",
        "items": [*ITEMS, GROUP],
        "current": "ranking",
        "user": "顾若川",
        "look_action": "/look/",
        "language_action": "/language/",
        "logout_action": "/logout/",
        "account": "/account/",
        "back": "/gallery/",
        "inbox": "/gallery/",
        "unread": 3,
    },
    "登录前": {"office": "绣花", "look_action": "/look/", "language_action": "/language/", "back": "/gallery/"},
}
