"""Every drawing."""

from __future__ import annotations

from typing import Any

from xiuhua.ui.components.icon.view import PATHS

EXAMPLES: dict[str, dict[str, Any]] = {name: {"name": name} for name in PATHS}
