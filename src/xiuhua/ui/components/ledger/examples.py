"""Tables."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.utils.safestring import mark_safe

from xiuhua.ui.rendering import render

_LINK = mark_safe('<a href="/gallery/">桂花社区</a>')
_MONTHS = tuple(range(1, 13))
EXAMPLES: dict[str, dict[str, Any]] = {
    "排序、合并组、突出、样本不足": {
        "caption": "2026年10月排名",
        "columns": [
            {"label": "社区"},
            {"label": "总分", "num": True, "href": "/gallery/?sort=total", "sorted": "descending"},
            {"label": "应结", "unit": "件", "num": True, "href": "/gallery/?sort=due"},
        ],
        "rows": [
            {"kind": "group", "cells": ["老旧小区组", "7 家"]},
            {"cells": [_LINK, "97.1", "58"]},
            {"kind": "me", "cells": ["槐荫社区", "77.3", "71"]},
            {"kind": "na", "cells": ["荷叶浦社区", "—", "9"]},
        ],
        "foot": "总分显示一位小数；名次按未舍入值，同分并列。",
    },
    "露出标题": {
        "caption": "逐条依据",
        "show_caption": True,
        "columns": [{"label": "指标"}, {"label": "得分", "num": True}],
        "rows": [{"cells": ["按期结案率", "39.14"]}, {"cells": ["返工率", "9.80"]}],
    },
    "宽表在自己的框里滚": {
        "caption": "逐月变化",
        "columns": [{"label": "社区"}, *({"label": f"{month}月", "num": True} for month in _MONTHS)],
        "rows": [
            {"cells": [name, *(render("move", {"change": Fraction(month * step % 7 - 3)}) for month in _MONTHS)]}
            for name, step in (("桂花社区", 2), ("槐荫社区", 5))
        ],
    },
}
