"""Where one stands in a work of several steps: those behind lead back, those ahead only say what comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _


def view(title: str, steps: Sequence[tuple[str, str]], current: int) -> dict[str, Any]:
    """Return the steps; each is (label, address to go back to or ""), `current` the number of the one at hand from 1.

    Beyond the last, all are done.
    """
    made = []
    for number, (label, href) in enumerate(steps, start=1):
        state = "done" if number < current else "here" if number == current else "ahead"
        made.append({"number": number, "label": label, "href": href if state == "done" else "", "state": state})
    return {"title": title, "steps": made, "done": _("已完成")}
