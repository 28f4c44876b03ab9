"""Progress."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "检查到一半": {"label": "正在检查", "done": 41_200, "of": 100_000, "unit": "行", "id": "progress-half"},
    "还不知道有多少": {"label": "正在打开", "text": "正在数有多少行", "id": "progress-unknown"},
}
