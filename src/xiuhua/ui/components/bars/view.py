"""Small horizontal bars: a name, a length, a number that opens its list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from xiuhua.ui.formats import thousands


def view(title: str, rows: Sequence[dict[str, Any]], *, unit: str = "", most: int | None = None) -> dict[str, Any]:
    """Return the bars.

    A row is {"label", "value": a whole number of at least 0, "text": as printed if not the number, "href", "kind":
    "plain" or "late"}; all bars share one scale from 0 to `most`, by default the largest value.
    """
    top = max([most or 0, *(row["value"] for row in rows)]) or 1
    return {
        "title": title,
        "unit": unit,
        "rows": [
            {
                "label": row["label"],
                "width": f"{row['value'] * 100 / top:.2f}%",
                "text": row.get("text") or thousands(row["value"]),
                "href": row.get("href", ""),
                "kind": row.get("kind", "plain"),
                "said": _("%(label)s的清单") % {"label": row["label"]},
            }
            for row in rows
        ],
    }
