"""Steps."""

from __future__ import annotations

from typing import Any

_STEPS = [("上传", "/gallery/"), ("对照", "/gallery/"), ("体检", ""), ("入库", ""), ("结果", "")]

EXAMPLES: dict[str, dict[str, Any]] = {
    "第一步": {"title": "导入一份表", "steps": _STEPS, "current": 1},
    "中间": {"title": "导入一份表", "steps": _STEPS, "current": 3},
    "都做完了": {"title": "导入一份表", "steps": _STEPS, "current": 6},
}
