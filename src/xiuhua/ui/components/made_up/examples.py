"""The banner."""

from __future__ import annotations

from typing import Any

EXAMPLES: dict[str, dict[str, Any]] = {"横幅": {}}
