"""A table under a double rule; it scrolls inside its own frame where the page is narrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def view(
    caption: str,
    *,
    columns: Sequence[dict[str, Any]] = (),
    rows: Sequence[dict[str, Any]] = (),
    content: str = "",
    foot: str = "",
    sticky: bool = False,
    show_caption: bool = False,
) -> dict[str, Any]:
    """Return the table.

    Either `columns` and `rows`, or the markup of thead and tbody as `content` ({% fill "ledger" … %}).
    A column is {"label", "num": right-aligned, "unit", "href": address that sorts by it, "sorted": "ascending" or
    "descending"}; a row is {"cells": texts or safe HTML, the first heads the row, "kind": "", "me", "group", "na"}.
    `sticky` keeps the head in sight on the desk; on a phone the cell that heads a row always stays;
    `caption` is read aloud, and seen with `show_caption`.
    """
    return {
        "caption": caption,
        "columns": columns,
        "rows": [
            {
                **row,
                "cells": [
                    (cell, place < len(columns) and columns[place].get("num"))
                    for place, cell in enumerate(row["cells"])
                ],
            }
            for row in rows
        ],
        "content": content,
        "foot": foot,
        "sticky": sticky,
        "show_caption": show_caption,
    }
