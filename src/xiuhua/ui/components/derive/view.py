"""A deadline read like a bill: what was counted at the left, how much at the right, the sum under a double rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

#: Lines in which the clock ran, lines in which it did not, and the sum; every other line is plain.
_KINDS = {"run": "", "days": "", "make_up": "", "off": "off", "pause": "off", "stage_end": "part", "end": "sum"}


def view(caption: str, lines: Sequence[dict[str, str]], *, foot: str = "") -> dict[str, Any]:
    """Return the bill.

    A line is {"what", "note": a quiet second line, "figure": at the right, "kind": a step of a deadline: "off" and
    "pause" are quiet, "stage_end" closes a part, "end" is the sum}; `caption` is read aloud.
    """
    return {
        "caption": caption,
        "lines": [{**line, "kind": _KINDS.get(line.get("kind", ""), "")} for line in lines],
        "foot": foot,
    }
