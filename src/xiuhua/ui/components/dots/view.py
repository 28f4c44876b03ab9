"""One row of a dot plot: the score, its interval, last month's score as an open ring."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from xiuhua.ui.scales import Axis, Number


def view(
    axis: Axis,
    value: Number | None,
    *,
    text: str,
    low: Number | None = None,
    high: Number | None = None,
    interval: str = "",
    before: Number | None = None,
    before_text: str = "",
    kind: str = "plain",
) -> dict[str, Any]:
    """Return the row on `axis` (from `ui.scales.axis`, the same for all rows of a table).

    `text` is the printed value ("97.1 分"), `interval` says in words what `low` and `high` are ("95% 区间 95.9 到
    98.2"), `before` is last month with `before_text`; `kind` is plain, red, black, or few (too few cases to rank).
    """
    said = [text if value is not None else _("没有数")]
    said += [interval] if interval else []
    said += [_("上月 %(value)s") % {"value": before_text}] if before_text else []
    return {
        "kind": kind,
        "grid": [place(axis, tick) for tick in axis.ticks],
        "value": place(axis, value),
        "low": place(axis, low),
        "high": place(axis, high),
        "before": place(axis, before),
        "said": "，".join(said),
    }


def place(axis: Axis, value: Number | None) -> str | None:
    """Return the place of `value` in per cent of the row's width, leaving room for a dot at either end."""
    return None if value is None else f"{axis.at(value, start=4, end=96):g}%"
