"""The way back."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {"刚派遣": {"text": "已把 100 件派给环卫所", "action": "/gallery/", "seconds": 7}}
