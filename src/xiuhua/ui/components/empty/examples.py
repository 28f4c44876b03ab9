"""Empty states."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "还没有案件": {"title": "还没有案件", "text": "先导入区里发来的表。", "action": "导入案件表", "href": "/gallery/"},
    "没有符合的": {"title": "没有符合条件的案件", "text": "去掉一个条件再看。"},
}
