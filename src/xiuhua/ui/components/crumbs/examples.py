"""Ways."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "三层": {"items": [("案件", "/gallery/"), ("槐荫社区，10 月到期", "/gallery/"), ("XH261118-0042", "")]}
}
