"""Columns that stand straight in a terminal, where Chinese characters are two cells wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from fractions import Fraction


def width(text: str) -> int:
    """Return how many terminal cells `text` takes."""
    wide = sum(unicodedata.east_asian_width(letter) in {"W", "F"} for letter in text)
    return len(text) + wide


def aligned(rows: Sequence[Sequence[str]], *, right: Collection[int] = ()) -> str:
    """Return rows as lines of aligned columns two cells apart; the columns `right` are set flush right."""
    if not rows:
        return ""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = []
        for index, (text, wide) in enumerate(zip(row, widths, strict=True)):
            gap = " " * (wide - width(text))
            cells.append(gap + text if index in right else text + gap)
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def signed(change: Fraction | None, digits: int) -> str:
    """Return a change with its sign ("▲1.25", "▼0.50"), "—" where there is none to tell."""
    from xiuhua.assessment.rules import printed
    from xiuhua.assessment.words import RoundingMode

    if change is None:
        return "—"
    sign = "▲" if change > 0 else "▼" if change < 0 else "＝"
    return f"{sign}{printed(abs(change), digits, RoundingMode.HALF_UP)}"
