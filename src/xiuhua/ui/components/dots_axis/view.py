"""The head of a column of dot plots: tick labels above the same lines."""

from __future__ import annotations

from typing import Any

from xiuhua.ui.components.dots.view import place
from xiuhua.ui.formats import decimal
from xiuhua.ui.scales import Axis


def view(axis: Axis, *, label: str) -> dict[str, Any]:
    """Return the ticks of `axis` under the column's `label`."""
    return {"label": label, "ticks": [(place(axis, tick), decimal(tick, axis.digits)) for tick in axis.ticks]}
