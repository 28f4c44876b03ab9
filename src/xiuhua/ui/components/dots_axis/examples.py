"""Heads of dot plots."""

from __future__ import annotations

from typing import Any

from xiuhua.ui.components.dots.examples import AXIS

EXAMPLES: dict[str, dict[str, Any]] = {"刻度": {"axis": AXIS, "label": "总分，空圈是上月"}}
