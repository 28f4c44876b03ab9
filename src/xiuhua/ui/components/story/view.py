"""What happened, in order: the ledger lines of one thing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

from django.utils.translation import get_language

from xiuhua.ui.formats import day, iso


def view(
    lines: Sequence[dict[str, Any]], zone: tzinfo, *, this_year: int | None = None, foot: str = ""
) -> dict[str, Any]:
    """Return the lines on the clock of `zone`; the date is printed where it changes.

    A line is {"at": datetime, "title", "text", "who", "kind": "plain", "strong", "back" (returned, refused),
    "undone" (taken back: struck out) or "done"}; `foot` says how the lines are held together.
    """
    shown, last = [], None
    for line in lines:
        local = line["at"].astimezone(zone)
        shown.append(
            {
                **line,
                "kind": line.get("kind", "plain"),
                "day": "" if local.date() == last else day(local.date(), get_language(), this_year=this_year),
                "time": f"{local:%H:%M}",
                "iso": iso(line["at"], zone),
            }
        )
        last = local.date()
    return {"lines": shown, "foot": foot}
