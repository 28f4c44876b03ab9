"""Buttons."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "主要动作": {"label": "派遣", "main": True, "key": "A"},
    "其他动作": {"label": "退回", "name": "verb", "value": "return"},
    "去别处": {"label": "打印", "href": "/gallery/", "icon": "print"},
    "小": {"label": "改条件", "href": "/gallery/", "small": True},
    "还不能": {"label": "结案", "why_not": "还缺整改后照片"},
}
