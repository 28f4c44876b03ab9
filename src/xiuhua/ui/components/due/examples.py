"""Deadlines."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {
    "超期": {"state": "late", "span": timedelta(days=3, hours=2)},
    "快到期": {"state": "soon", "span": timedelta(minutes=25)},
    "还早": {"state": "fine", "span": timedelta(days=2)},
    "按期结案": {"state": "done"},
    "超期结案": {"state": "done_late", "span": timedelta(hours=5, minutes=10)},
    "没有期限": {"state": "none"},
}
