"""Fields."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "文字": {"name": "place", "label": "地点", "hint": "如：槐荫二村 14 幢北侧", "value": "槐荫街 52 号"},
    "出错": {
        "name": "body",
        "id": "sample-body",
        "label": "责任单位",
        "kind": "select",
        "options": [("", "请选择"), ("a", "安和物业"), ("b", "环卫所")],
        "error": "请选责任单位。没有责任单位不能立案。",
        "required": True,
    },
    "长文": {"name": "text", "label": "描述", "kind": "textarea", "value": "桶已满，桶外袋装垃圾约 8 袋。"},
    "文件": {"name": "file", "label": "案件表", "kind": "file", "accept": ".csv,.xlsx", "hint": "CSV 或 Excel"},
    "几张照片": {"name": "photo", "label": "照片", "kind": "file", "accept": "image/*", "multiple": True},
}
