"""Photos."""

from __future__ import annotations

from typing import Any

#: A drawn scene: no photo of a real place belongs into a gallery.
SCENE = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 40 30'%3E%3Cpath fill='%23dfe6ea' "
    "d='M0 0h40v30H0z'/%3E%3Cpath fill='%23a9a9a4' d='M0 20h40v10H0z'/%3E%3Cpath fill='%232f5f93' d='M12 13h5l-1 9h-3z'/%3E%3C/svg%3E"
)
EXAMPLES: dict[str, dict[str, Any]] = {
    "整改前": {
        "src": SCENE,
        "alt": "整改前：桶外堆有垃圾",
        "title": "整改前",
        "note": "巡查员，11月18日 16:21 收到",
        "href": "/gallery/",
    },
    "有疑点": {
        "src": SCENE,
        "alt": "整改后",
        "title": "整改后",
        "note": "安和物业，11月19日 15:12 收到",
        "warnings": ["照片自带的位置离案件 940 米（容许 300 米）；请核对拍摄地点。"],
        "original": "/gallery/",
    },
    "还没有": {"src": "", "alt": "还没有整改后的照片", "title": "整改后"},
    "表单里留着": {"src": SCENE, "alt": "已上传的照片", "title": "用这张", "pick": ("sample-photos", "7", True)},
}
