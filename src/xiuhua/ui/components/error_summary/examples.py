"""Error summaries."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "指到输入框": {
        "focus": False,
        "title": "还差 1 处才能派遣",
        "errors": [("sample-body", "请选责任单位。没有责任单位不能立案。")],
    }
}
